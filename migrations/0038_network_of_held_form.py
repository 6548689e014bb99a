"""From which network, as a hash, a visitor's form came: so many from one wait at most. What waits already came from anywhere."""

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
    network = CharField()

    class Meta:
        constraints = [Check("patron_id IS NULL OR staff_id IS NULL")]


def up(migrator, db):
    db.execute_sql("CREATE TEMPORARY TABLE waiting AS SELECT * FROM held_form")
    db.execute_sql("DROP TABLE held_form")
    db.bind((Patron, Staff, HeldForm), bind_refs=False, bind_backrefs=False)
    db.create_tables((HeldForm,))
    db.execute_sql(
        "INSERT INTO held_form (id, token_hash, staff_id, patron_id, address, page, entered, held_until, network) "
        "SELECT id, token_hash, staff_id, patron_id, address, page, entered, held_until, '' FROM waiting"
    )
    db.execute_sql("DROP TABLE waiting")
