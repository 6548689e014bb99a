"""Tables of セット: copies that a 団体 borrows together."""

from __future__ import annotations

from peewee import CharField, ForeignKeyField, IntegerField, ModelSelect

from tables.base import Table
from tables.branches import Branch
from tables.catalog import Item


class ItemSet(Table):
    """セット: copies lent by one scan of ``barcode``."""

    name = CharField()
    barcode = CharField(unique=True)
    branch = ForeignKeyField(Branch, on_delete="RESTRICT", index=False)
    branch_id: IntegerField[int]
    rows: ModelSelect[SetRow]


class SetRow(Table):
    """A copy of a set, in the order of ``position``. A copy is in one set at most."""

    item_set = ForeignKeyField(ItemSet, backref="rows", on_delete="CASCADE")
    item_set_id: IntegerField[int]
    item = ForeignKeyField(Item, unique=True, backref="set_rows", on_delete="CASCADE")
    item_id: IntegerField[int]
    position = IntegerField()
