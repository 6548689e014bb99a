"""Tables of what comes through the door: リクエスト, 借受 from other libraries, and 雑誌."""

from __future__ import annotations

from peewee import SQL, BooleanField, CharField, Check, DateField, ForeignKeyField, IntegerField, ModelSelect, TextField

from tables.base import InstantField, Table, later_flag, one_of
from tables.branches import Branch, Partner
from tables.catalog import Item, Title, full_name
from tables.lending import Hold
from tables.patrons import Patron


class Wanted(Table):
    """A work that the library has not and decides on once, however many ask for it. None has a patron.

    ``key``: of title, volume and author (``library.requests.same_work``); ``isbn``: of 13 digits, or none. States:
    ``library.requests.states``. ``reason``: that of 謝絶. ``title``: the record, once there is one. ``decided_on``: the
    day of 購入, 借受 or 謝絶.
    """

    title_text = TextField()
    author = TextField(default="")
    publisher = TextField(default="")
    year_text = TextField(default="")
    isbn = CharField(default="")
    volume = TextField(default="")
    key = TextField(index=True)
    state = CharField(
        default="received",
        constraints=[
            one_of("state", "received", "considered", "buying", "borrowing", "declined", "arrived", "cancelled")
        ],
    )
    reason = CharField(default="")
    title = ForeignKeyField(Title, null=True, backref="wanted", on_delete="RESTRICT")
    title_id: IntegerField[int | None]
    made_at = InstantField()
    decided_on = DateField(null=True)
    ended_at = InstantField(null=True)
    requests: ModelSelect[PatronRequest]

    class Meta:
        indexes = (SQL("CREATE INDEX wanted_open ON wanted (state, made_at) WHERE ended_at IS NULL"),)

    @property
    def full_name(self) -> str:
        return full_name(self.title_text, self.volume)


class PatronRequest(Table):
    """リクエスト of a patron for a wanted work. ``may_borrow``: a copy of another library will do.

    ``note``: to the staff; ``reply``: from them (職員からの返事). ``hold``: made from it as the work arrives.
    ``cancelled``: ended by the patron. ``sealed``: as a hold.
    """

    wanted = ForeignKeyField(Wanted, backref="requests", on_delete="RESTRICT")
    wanted_id: IntegerField[int]
    patron = ForeignKeyField(Patron, backref="requests", on_delete="RESTRICT")
    patron_id: IntegerField[int]
    may_borrow = BooleanField(default=True)
    note = TextField(default="")
    reply = TextField(default="")
    pickup_branch = ForeignKeyField(Branch, on_delete="RESTRICT", index=False)
    pickup_branch_id: IntegerField[int]
    contact_method = CharField(default="none", constraints=[one_of("contact_method", "none", "mail", "phone")])
    hold = ForeignKeyField(Hold, null=True, backref="+", on_delete="SET NULL")
    hold_id: IntegerField[int | None]
    asked_at = InstantField()
    ended_at = InstantField(null=True)
    cancelled = BooleanField(default=False)
    sealed = later_flag()

    class Meta:
        indexes = (
            SQL("CREATE UNIQUE INDEX patron_request_open ON patron_request (patron_id, wanted_id) WHERE NOT cancelled"),
            SQL("CREATE INDEX patron_request_ended ON patron_request (ended_at) WHERE ended_at IS NOT NULL"),
        )


class Borrowing(Table):
    """借受: a wanted work asked of another library, for a branch. ``arrived``: its copy is here, on loan or not.

    ``due_on``: the lender's day; ``in_house``: 館内利用のみ; ``no_renewal``: 延長不可. ``item``: the copy, once it is here.
    """

    wanted = ForeignKeyField(Wanted, backref="borrowings", on_delete="RESTRICT")
    wanted_id: IntegerField[int]
    partner = ForeignKeyField(Partner, backref="+", on_delete="RESTRICT", index=False)
    partner_id: IntegerField[int]
    branch = ForeignKeyField(Branch, on_delete="RESTRICT", index=False)
    branch_id: IntegerField[int]
    item = ForeignKeyField(Item, null=True, unique=True, backref="borrowings", on_delete="RESTRICT")
    item_id: IntegerField[int | None]
    state = CharField(default="asked", constraints=[one_of("state", "asked", "arrived", "sent_back", "refused")])
    asked_on = DateField()
    arrived_on = DateField(null=True)
    due_on = DateField(null=True)
    sent_back_on = DateField(null=True)
    in_house = BooleanField(default=False)
    no_renewal = BooleanField(default=True)

    class Meta:
        table_name = "ill_borrowing"
        constraints = [Check("state NOT IN ('arrived', 'sent_back') OR item_id IS NOT NULL")]
        indexes = (
            SQL("CREATE INDEX ill_borrowing_open ON ill_borrowing (state, due_on)"),
            SQL("CREATE INDEX ill_borrowing_arrived ON ill_borrowing (arrived_on) WHERE arrived_on IS NOT NULL"),
        )


# -- 雑誌 -------------------------------------------------------------------------------------------------------------
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
    """The number of copies of each issue that a branch takes."""

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
