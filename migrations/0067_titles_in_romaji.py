"""書名のローマ字: titles and names that records in Japanese have in romaji alone get readings. Records are read again by the program."""


def up(migrator, db):
    # library/importing/rereading.py goes by it
    db.execute_sql(
        "INSERT INTO setting (name, value) SELECT 'reread', '{}' "
        "WHERE EXISTS (SELECT 1 FROM title) AND NOT EXISTS (SELECT 1 FROM setting WHERE name = 'reread')"
    )
