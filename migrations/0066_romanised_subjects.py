"""件名: how a subject is romanised whose records have no reading of it. Records are read again by the program, which takes it from there."""

from peewee import SQL, PostgresqlDatabase, TextField


def up(migrator, db):
    latin = TextField(default="", constraints=[SQL("DEFAULT ''")])
    migrator.migrate(migrator.add_column("subject", "latin", latin, allow_not_null=True))
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql('ALTER TABLE subject ALTER COLUMN latin TYPE text COLLATE "C"')
    # library/importing/rereading.py goes by it
    db.execute_sql(
        "INSERT INTO setting (name, value) SELECT 'reread', '{}' "
        "WHERE EXISTS (SELECT 1 FROM title) AND NOT EXISTS (SELECT 1 FROM setting WHERE name = 'reread')"
    )
