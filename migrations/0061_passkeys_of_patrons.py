"""Give each patron who makes a passkey a random number, by which their devices know whose it is."""

from peewee import SQL, PostgresqlDatabase, TextField


def up(migrator, db):
    text = TextField(default="", constraints=[SQL("DEFAULT ''")])
    migrator.migrate(migrator.add_column("patron", "passkey_handle", text, allow_not_null=True))
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql('ALTER TABLE patron ALTER COLUMN passkey_handle TYPE text COLLATE "C"')
