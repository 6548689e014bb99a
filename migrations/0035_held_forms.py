"""Forms of the staff that wait until who sent them has signed in or proved it again; wrong proofs are counted in the session."""

from peewee import CharField, DateTimeField, ForeignKeyField, Model, TextField


class Table(Model):
    class Meta:
        legacy_table_names = False


class Staff(Table):
    """Only what is referred to; its table is there."""


class HeldForm(Table):
    token_hash = CharField(unique=True)
    staff = ForeignKeyField(Staff, on_delete="CASCADE")
    address = TextField()
    page = TextField()
    entered = TextField()
    held_at = DateTimeField()


def up(migrator, db):
    db.bind((Staff, HeldForm), bind_refs=False, bind_backrefs=False)
    db.create_tables((HeldForm,))
    db.execute_sql('ALTER TABLE "session" ADD COLUMN "wrong_proofs" INTEGER NOT NULL DEFAULT 0')
