"""Tables of patrons' reading (履歴, 本棚, SDI), and of rankings."""

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
    """借りたことがある資料: a loan of a patron who chose 残す, kept as text in case the title is withdrawn.

    ``memo`` and ``rating`` (1 to 5, 0 for none) are the title's: equal in all of a patron's entries for it.
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
    """本棚: a patron's list of titles. ``token`` is part of its public link, empty without one."""

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
    """A title on a shelf, with the patron's note. Its name is stored as text in case it is withdrawn."""

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
    """SDI: a patron's saved search, as in its address (``library.catalog.query.query``); ``active``: new titles are
    mailed.
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
    """A title that is not new for a condition: mailed on ``told_on``, or (no day) older than the condition."""

    condition = ForeignKeyField(SdiCondition, backref="titles", on_delete="CASCADE", index=False)
    title = ForeignKeyField(Title, backref="+", on_delete="CASCADE")
    title_id: IntegerField[int]
    told_on = DateField(null=True)
    mail = ForeignKeyField(OutboxMail, null=True, backref="sdi_titles", on_delete="SET NULL")

    class Meta:
        primary_key = CompositeKey("condition", "title")
        without_rowid = True


class Ranking(Table):
    """貸出ベスト, 予約ベスト: a title's place in a list, without its number of loans (``library.discovery.rankings``).

    ``before``: its place in the month before, 0 for none, null if unknown.
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
    """The last 予約ベスト of a month, ``2026-11``: of this month and the one before, to compare with."""

    month = CharField()
    span = CharField(constraints=[one_of("span", "month", "half", "year")])
    audience = CharField(constraints=[one_of("audience", "", "adult", "child")])
    place = IntegerField()
    title = ForeignKeyField(Title, backref="+", on_delete="CASCADE")

    class Meta:
        primary_key = CompositeKey("month", "span", "audience", "place")
        without_rowid = True
