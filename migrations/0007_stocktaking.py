"""Stocktaking: what was read at the shelves of a branch."""

from peewee import CharField, Check, DateTimeField, ForeignKeyField, IntegerField, Model


class Table(Model):
    class Meta:
        legacy_table_names = False


class Branch(Table):
    pass


class Item(Table):
    pass


class Stocktaking(Table):
    branch = ForeignKeyField(Branch, on_delete="RESTRICT")
    shelf = CharField(default="")
    started_at = DateTimeField()
    closed_at = DateTimeField(null=True)
    missing = IntegerField(default=0)


class StocktakingScan(Table):
    stocktaking = ForeignKeyField(Stocktaking, backref="scans", on_delete="CASCADE", index=False)
    barcode = CharField()
    item = ForeignKeyField(Item, null=True, backref="+", on_delete="SET NULL")
    verdict = CharField(
        constraints=[
            Check(
                "verdict IN ('ok', 'elsewhere', 'shelf', 'on_loan', 'kept', 'found', 'withdrawn', 'unknown')",
            )
        ]
    )
    scanned_at = DateTimeField()

    class Meta:
        indexes = ((("stocktaking", "barcode"), True), (("stocktaking", "verdict"), False))


def up(migrator, db):
    db.bind([Branch, Item, Stocktaking, StocktakingScan], bind_refs=False, bind_backrefs=False)
    db.create_tables([Stocktaking, StocktakingScan])
