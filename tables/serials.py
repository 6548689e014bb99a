"""Tables of 雑誌: serials, how many copies each branch takes, and the issues received."""

from __future__ import annotations

from peewee import BooleanField, CharField, DateField, ForeignKeyField, IntegerField, ModelSelect, TextField

from tables.base import Table, one_of
from tables.branches import Branch
from tables.catalog import Title


class Serial(Table):
    """雑誌: what its issues have in common. ``interval``: 刊行頻度 (``library.serials.intervals``).

    ``keep_years``: 保存年限, empty for ever. ``acquired_how``: 購入 or 寄贈. ``lends_newest``: 最新号も貸し出す.
    ``began_on``, ``ended_on``: the first and the last day (休刊) on which the library takes it.
    """

    name = TextField()
    name_kana = TextField(default="")
    publisher = TextField(default="")
    issn = CharField(default="")
    interval = CharField(
        constraints=[
            one_of(
                "interval",
                *("daily", "weekly", "biweekly", "twice_monthly", "monthly", "bimonthly", "quarterly"),
                *("half_yearly", "yearly", "irregular"),
            )
        ]
    )
    keep_years = IntegerField(null=True)
    acquired_how = CharField(default="購入")
    lends_newest = BooleanField(default=False)
    began_on = DateField()
    ended_on = DateField(null=True)
    copies: ModelSelect[SerialCopies]
    issues: ModelSelect[Issue]


class SerialCopies(Table):
    """How many copies of each issue a branch takes."""

    serial = ForeignKeyField(Serial, backref="copies", on_delete="CASCADE", index=False)
    serial_id: IntegerField[int]
    branch = ForeignKeyField(Branch, on_delete="RESTRICT", index=False)
    branch_id: IntegerField[int]
    number = IntegerField(default=1)

    class Meta:
        indexes = ((("serial", "branch"), True),)


class Issue(Table):
    """号: a title under its serial, in the order of ``position``. ``kind``: 合併号 covers two numbers, 増刊 none.

    ``name``: as on its cover (2026年12月号), also the volume of the title. The day on which a branch received it is that
    of its copies there (``Item.acquired_on``).
    """

    serial = ForeignKeyField(Serial, backref="issues", on_delete="RESTRICT", index=False)
    serial_id: IntegerField[int]
    title = ForeignKeyField(Title, unique=True, backref="issues", on_delete="CASCADE")
    title_id: IntegerField[int]
    position = IntegerField()
    name = TextField()
    kind = CharField(default="single", constraints=[one_of("kind", "single", "double", "extra")])

    class Meta:
        indexes = ((("serial", "position"), True),)
