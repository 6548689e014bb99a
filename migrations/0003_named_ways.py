"""Titles are found by a named way alone: the index is made anew without the rows of loose spellings, while searches go on."""


def up(migrator, db):
    db.execute_sql(
        "INSERT INTO setting (name, value) SELECT 'reread', '{}' "
        "WHERE EXISTS (SELECT 1 FROM title) AND NOT EXISTS (SELECT 1 FROM setting WHERE name = 'reread')"
    )
