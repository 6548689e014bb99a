"""件名: how a subject is romanised whose records have no reading of it, so that readers find it by kana and by romaji."""

from peewee import SQL, PostgresqlDatabase, TextField


def up(migrator, db):
    latin = TextField(default="", constraints=[SQL("DEFAULT ''")])
    migrator.migrate(migrator.add_column("subject", "latin", latin, allow_not_null=True))
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql('ALTER TABLE subject ALTER COLUMN latin TYPE text COLLATE "C"')
