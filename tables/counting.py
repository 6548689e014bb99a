"""Tables of counting: acts as frozen facts, figures frozen or entered by hand, 蔵書点検; 引き継ぎ. None has a patron."""

from __future__ import annotations

from peewee import BigIntegerField, BooleanField, CharField, DateField, ForeignKeyField, IntegerField

from tables.base import InstantField, Table, later_flag, one_of
from tables.branches import Branch
from tables.catalog import Item
from tables.lending import Hold, Loan


class UseFact(Table):
    """利用: one act (loan, renewal, hold, request) as it was that day, under a random number: order tells nothing.

    ``day``: the first of its month after some years; ``hour``: empty after some months, or unknown. ``stage``:
    学校段階 by 学年 (幼 小 中 高 一般), empty without a birth date. ``borrowed``: of a copy of another library;
    ``is_partner``: to one.
    ``opens_visit``: the first loan of the card there that day; ``first_in_year``: its first of the 年度; both empty where
    nobody recorded it. ``loan``, ``hold``: until these are unlinked or over. Words of a fact that nobody recorded are
    empty.
    """

    id = BigIntegerField(primary_key=True)
    act = CharField(constraints=[one_of("act", "loan", "renewal", "hold", "request")])
    day = DateField()
    hour = IntegerField(null=True)
    branch = ForeignKeyField(Branch, on_delete="RESTRICT", index=False)
    branch_id: IntegerField[int]
    channel = CharField(constraints=[one_of("channel", "desk", "offline", "site", "import")])
    category = CharField(default="")
    is_group = BooleanField(default=False)
    stage = CharField(default="")
    age_group = CharField(default="")
    residence = CharField(default="")
    material_type = CharField(default="")
    audience = CharField(default="")
    ndc = CharField(default="")
    borrowed = BooleanField(default=False)
    opens_visit = BooleanField(null=True)
    first_in_year = BooleanField(null=True)
    loan = ForeignKeyField(Loan, null=True, backref="facts", on_delete="SET NULL")
    loan_id: IntegerField[int | None]
    hold = ForeignKeyField(Hold, null=True, backref="+", on_delete="SET NULL")
    hold_id: IntegerField[int | None]
    is_partner = later_flag()

    class Meta:
        without_rowid = True
        indexes = ((("day", "act", "branch"), False),)


class MonthFigure(Table):
    """A figure of a branch in a month (its first day): frozen at its end, or entered by hand. ``word``: its part."""

    month = DateField()
    branch = ForeignKeyField(Branch, on_delete="RESTRICT", index=False)
    branch_id: IntegerField[int]
    name = CharField()
    word = CharField(default="")
    number = IntegerField()

    class Meta:
        indexes = ((("month", "branch", "name", "word"), True),)


class YearFigure(Table):
    """A figure of the library in a 年度, entered by hand: 奉仕人口 (persons), 延床面積 (m²), 職員 (persons), 予算, 決算 (1,000 yen)."""

    year = IntegerField()
    name = CharField()
    number = IntegerField()

    class Meta:
        indexes = ((("year", "name"), True),)


class RecordedSince(Table):
    """The first day from which figures of a kind are counted: ``loans``, or ``facts`` for all that only facts tell."""

    name = CharField(primary_key=True)
    day = DateField()


class DeskNote(Table):
    """引き継ぎ: the one note of a branch's desk."""

    branch = ForeignKeyField(Branch, unique=True, on_delete="CASCADE")
    branch_id: IntegerField[int]
    text = CharField()
    by = CharField()
    at = InstantField()


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
