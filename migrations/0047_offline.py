"""Keep what was done at the offline desk until it is settled, and which slips of paper were entered."""

from peewee import CharField, Check, DateField, DateTimeField, ForeignKeyField, Model, PostgresqlDatabase


class Table(Model):
    class Meta:
        legacy_table_names = False


class Branch(Table):
    """Only what is referred to, as the next three; their tables are there."""


class Patron(Table):
    pass


class Item(Table):
    pass


class Loan(Table):
    pass


class OfflineEntry(Table):
    key = CharField(unique=True)
    kind = CharField(constraints=[Check("kind IN ('loan', 'return')")])
    at = DateTimeField()
    branch = ForeignKeyField(Branch, on_delete="RESTRICT")
    arrived_at = DateTimeField(index=True)
    conflict = CharField()
    card = CharField()
    barcode = CharField()
    why = CharField()
    due_on = DateField(null=True)
    patron = ForeignKeyField(Patron, null=True, backref="+", on_delete="SET NULL")
    item = ForeignKeyField(Item, null=True, backref="+", on_delete="SET NULL")
    loan = ForeignKeyField(Loan, null=True, backref="+", on_delete="SET NULL")

    class Meta:
        indexes = ((("conflict", "at"), False),)


class OfflineSlip(Table):
    number = CharField(unique=True)
    used_at = DateTimeField(null=True)


TEXTS = {OfflineEntry: ("key", "kind", "conflict", "card", "barcode", "why"), OfflineSlip: ("number",)}


def up(migrator, db):
    db.bind((Branch, Patron, Item, Loan, *TEXTS), bind_refs=False, bind_backrefs=False)
    db.create_tables(list(TEXTS))
    if isinstance(db, PostgresqlDatabase):
        for table, columns in TEXTS.items():
            for column in columns:
                name = table._meta.table_name
                db.execute_sql(f'ALTER TABLE "{name}" ALTER COLUMN "{column}" TYPE text COLLATE "C"')
