"""Tables of what patrons keep of their reading, and of rankings."""

from __future__ import annotations

from peewee import (
    SQL,
    BooleanField,
    CharField,
    Check,
    CompositeKey,
    DateField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from tables.base import InstantField, Table, holder_key, later_key, later_text, one_of
from tables.catalog import Title
from tables.mail import OutboxMail
from tables.patrons import Patron


class HistoryEntry(Table):
    """借りたことがある資料: what a patron who chose 残す borrowed. Kept as text, so that a withdrawn title stays readable.

    ``memo`` and ``rating`` (1 to 5, 0 for none) are of the title: all entries of it that a patron has say the same.
    """

    patron = holder_key(Patron, backref="history")
    patron_id: IntegerField[int]
    title_text = CharField()
    author_text = CharField(default="")
    branch_text = CharField(default="")
    lent_on = DateField()
    title = later_key(Title)
    title_id: IntegerField[int | None]
    ndc_text = later_text()
    memo = later_text()
    rating = IntegerField(default=0, constraints=[SQL("DEFAULT 0"), Check("rating BETWEEN 0 AND 5")])
    sealed_for = later_key(Patron, "CASCADE", backref="+")
    sealed_for_id: IntegerField[int | None]

    class Meta:
        indexes = ((("patron", "lent_on"), False),)


class Shelf(Table):
    """本棚: titles that a patron put together. ``token`` stands in its public link, empty while there is none."""

    patron = holder_key(Patron, backref="shelves", index=False)
    patron_id: IntegerField[int]
    name = CharField()
    description = TextField(default="")
    position = IntegerField()
    as_list = BooleanField(default=False)
    token = CharField(default="")
    sealed_for = later_key(Patron, "CASCADE", backref="+")
    sealed_for_id: IntegerField[int | None]

    class Meta:
        indexes = (
            (("patron", "name"), True),
            SQL("CREATE UNIQUE INDEX shelf_token ON shelf (token) WHERE token <> ''"),
        )


class ShelvedTitle(Table):
    """A title on a shelf, with the patron's note. Its name is stored as text, so that a withdrawn one stays readable."""

    shelf = ForeignKeyField(Shelf, backref="books", on_delete="CASCADE", index=False)
    shelf_id: IntegerField[int]
    title = ForeignKeyField(Title, null=True, backref="+", on_delete="SET NULL")
    title_id: IntegerField[int | None]
    position = IntegerField()
    title_text = TextField()
    volume_text = TextField(default="")
    author_text = TextField(default="")
    ndc = CharField(default="")
    call_number = CharField(default="")
    note = TextField(default="")
    read_on = DateField(null=True)
    added_on = DateField()

    class Meta:
        indexes = ((("shelf", "title"), True), (("shelf", "position"), False))


class SdiCondition(Table):
    """SDI: a search that a patron saved, as its address says it (``library.catalog.search.query``); ``active``: new
    titles are mailed.
    """

    patron = holder_key(Patron, backref="sdi_conditions", index=False)
    patron_id: IntegerField[int]
    name = TextField()
    query = TextField()
    active = BooleanField(default=True)
    created_at = InstantField()
    sealed_for = later_key(Patron, "CASCADE", backref="+")

    class Meta:
        indexes = ((("patron", "query"), True),)


class SdiTitle(Table):
    """A title that is not new for a condition any more: mailed on ``told_on``, or (no day) there when the condition was
    made.
    """

    condition = ForeignKeyField(SdiCondition, backref="titles", on_delete="CASCADE", index=False)
    title = ForeignKeyField(Title, backref="+", on_delete="CASCADE")
    title_id: IntegerField[int]
    told_on = DateField(null=True)
    mail = ForeignKeyField(OutboxMail, null=True, backref="sdi_titles", on_delete="SET NULL")

    class Meta:
        primary_key = CompositeKey("condition", "title")
        without_rowid = True


class Ranking(Table):
    """貸出ベスト and 予約ベスト: which title stands at which place of a list. How often it was lent is not kept
    (``library.discovery.rankings``).

    ``before``: its place in the month before, 0 for none, null where that isn't known.
    """

    name = CharField(constraints=[one_of("name", "loans", "holds")])
    span = CharField(constraints=[one_of("span", "month", "half", "year")])
    audience = CharField(constraints=[one_of("audience", "", "adult", "child")])
    place = IntegerField()
    title = ForeignKeyField(Title, backref="+", on_delete="CASCADE")
    before = IntegerField(null=True)

    class Meta:
        primary_key = CompositeKey("name", "span", "audience", "place")
        without_rowid = True


class RankingOfMonth(Table):
    """予約ベスト as it stood last in a month, ``2026-11``: of this month and the one before, with which it is compared."""

    month = CharField()
    span = CharField(constraints=[one_of("span", "month", "half", "year")])
    audience = CharField(constraints=[one_of("audience", "", "adult", "child")])
    place = IntegerField()
    title = ForeignKeyField(Title, backref="+", on_delete="CASCADE")

    class Meta:
        primary_key = CompositeKey("month", "span", "audience", "place")
        without_rowid = True
