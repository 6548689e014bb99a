"""Remember the machines that may fetch the newest copy: a hash of the token of each, and the addresses that it comes from."""

from peewee import CharField, DateTimeField, Model, PostgresqlDatabase, TextField


class BackupToken(Model):
    name = CharField(unique=True)
    token_hash = CharField(unique=True)
    addresses = TextField()
    made_at = DateTimeField()
    used_at = DateTimeField(null=True)

    class Meta:
        legacy_table_names = False


def up(migrator, db):
    db.bind([BackupToken], bind_refs=False, bind_backrefs=False)
    db.create_tables([BackupToken])
    if isinstance(db, PostgresqlDatabase):
        for column in ("name", "token_hash", "addresses"):
            db.execute_sql(f'ALTER TABLE backup_token ALTER COLUMN "{column}" TYPE text COLLATE "C"')
