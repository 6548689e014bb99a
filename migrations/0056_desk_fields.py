"""The parts of a title that were changed by hand: the others follow its source record when that is read again."""

from peewee import SQL, PostgresqlDatabase, TextField


def up(migrator, db):
    text = TextField(default="", constraints=[SQL("DEFAULT ''")])
    migrator.migrate(migrator.add_column("title", "desk_fields", text, allow_not_null=True))
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql('ALTER TABLE title ALTER COLUMN desk_fields TYPE text COLLATE "C"')
