"""Note of each ISBN what the source of covers has for it."""

from peewee import CharField, DateTimeField, IntegerField, Model, PostgresqlDatabase


class Cover(Model):
    isbn = CharField(primary_key=True)
    size = IntegerField(default=0)
    again_at = DateTimeField(null=True)

    class Meta:
        legacy_table_names = False


def up(migrator, db):
    db.bind([Cover], bind_refs=False, bind_backrefs=False)
    db.create_tables([Cover])
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql('ALTER TABLE cover ALTER COLUMN isbn TYPE text COLLATE "C"')
