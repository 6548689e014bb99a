"""Jobs remember their last success and how often they failed since; words that staff searched people by wait outside of addresses."""

from peewee import CharField, DateTimeField, ForeignKeyField, Model, TextField


class Table(Model):
    class Meta:
        legacy_table_names = False


class Session(Table):
    """Only what is referred to; its table is there."""


class DeskSearch(Table):
    session = ForeignKeyField(Session, on_delete="CASCADE")
    token = CharField(unique=True)
    kind = CharField()
    words = TextField()
    at = DateTimeField()


def up(migrator, db):
    db.bind((Session, DeskSearch), bind_refs=False, bind_backrefs=False)
    db.execute_sql('ALTER TABLE "job_run" ADD COLUMN "succeeded_at" DATETIME')
    db.execute_sql('ALTER TABLE "job_run" ADD COLUMN "failures" INTEGER NOT NULL DEFAULT 0')
    db.execute_sql("UPDATE job_run SET succeeded_at = finished_at WHERE last_error = ''")
    db.create_tables((DeskSearch,))
