"""Tables of the branches (館) and of the days on which they are closed."""

from __future__ import annotations

from peewee import SQL, BooleanField, CharField, DateField, ForeignKeyField, IntegerField

from tables.base import JSONField, Table, later_text


class Branch(Table):
    """館: a building of the library. ``closed_weekdays``: digits, Monday 0; ``hours``: as in ``library.calendar.hours``.

    From ``closed_on`` (閉館) on, a branch is only a name in statistics.
    """

    code = CharField(unique=True)
    name = CharField(unique=True)
    name_kana = CharField(default="")
    address = CharField(default="")
    phone = CharField(default="")
    position = IntegerField(default=0, index=True)
    pickup = BooleanField(default=True)
    closed_weekdays = CharField(default="")
    postal_code = later_text()
    map_url = later_text()
    hours = JSONField(default=dict, constraints=[SQL("DEFAULT '{}'")])
    closed_on = DateField(null=True)


class ClosedDay(Table):
    """休館日 or, with ``open``, an exceptional opening of a branch."""

    branch = ForeignKeyField(Branch, backref="closed_days", on_delete="CASCADE")
    day = DateField()
    open = BooleanField(default=False)
    note = CharField(default="")

    class Meta:
        indexes = ((("branch", "day"), True),)


class ClosingRule(Table):
    """Regular closed days of a branch (empty: all): 第3水曜, 月末, 12/29-1/3 (``library.calendar.closing_rules``)."""

    branch = ForeignKeyField(Branch, null=True, backref="closing_rules", on_delete="CASCADE")
    rule = CharField()

    class Meta:
        indexes = ((("branch", "rule"), True),)


class Partner(Table):
    """相手館: another library, to which copies go and from which they come (相互貸借). ``isil``: its 国際標準識別子, if known.
    ``is_stopped``: no copy is asked of it any more.
    """

    name = CharField(unique=True)
    isil = CharField(default="")
    is_stopped = BooleanField(default=False)
