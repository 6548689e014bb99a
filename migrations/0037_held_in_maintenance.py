"""Forms that wait are those of patrons and of visitors, too, each until its own moment. Those of the staff waited half an hour at most: they go."""

from peewee import CharField, Check, DateTimeField, ForeignKeyField, Model, TextField


class Table(Model):
    class Meta:
        legacy_table_names = False


class Patron(Table):
    """Only what is referred to; its table is there."""


class Staff(Table):
    """Only what is referred to; its table is there."""


class HeldForm(Table):
    token_hash = CharField(unique=True)
    staff = ForeignKeyField(Staff, null=True, on_delete="CASCADE")
    patron = ForeignKeyField(Patron, null=True, on_delete="CASCADE")
    address = TextField()
    page = TextField()
    entered = TextField()
    held_until = DateTimeField()

    class Meta:
        constraints = [Check("patron_id IS NULL OR staff_id IS NULL")]


def up(migrator, db):
    db.execute_sql('DROP TABLE "held_form"')
    db.bind((Patron, Staff, HeldForm), bind_refs=False, bind_backrefs=False)
    db.create_tables((HeldForm,))
