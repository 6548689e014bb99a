"""Tables of 蔵書点検."""

from __future__ import annotations

from peewee import CharField, ForeignKeyField, IntegerField

from tables.base import InstantField, Table, one_of
from tables.branches import Branch
from tables.catalog import Item


class Stocktaking(Table):
    """蔵書点検 of a branch, or of one of its shelves. ``missing``: number of copies that became 不明 at its end."""

    branch = ForeignKeyField(Branch, on_delete="RESTRICT")
    branch_id: IntegerField[int]
    shelf = CharField(default="")
    started_at = InstantField()
    closed_at = InstantField(null=True)
    missing = IntegerField(default=0)


class StocktakingScan(Table):
    """A number scanned at the shelf, once in a stocktaking; ``verdict``: its state at that moment."""

    stocktaking = ForeignKeyField(Stocktaking, backref="scans", on_delete="CASCADE", index=False)
    barcode = CharField()
    item = ForeignKeyField(Item, null=True, backref="+", on_delete="SET NULL")
    verdict = CharField(
        constraints=[one_of("verdict", "ok", "elsewhere", "shelf", "on_loan", "kept", "found", "withdrawn", "unknown")]
    )
    scanned_at = InstantField()

    class Meta:
        indexes = ((("stocktaking", "barcode"), True), (("stocktaking", "verdict"), False))
