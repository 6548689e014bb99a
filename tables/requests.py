"""Tables of リクエスト: works that the library has not, who asks for them, and what it borrows from other libraries."""

from __future__ import annotations

from peewee import SQL, BooleanField, CharField, Check, DateField, ForeignKeyField, IntegerField, ModelSelect, TextField

from tables.base import InstantField, Table, later_flag, one_of
from tables.branches import Branch, Partner
from tables.catalog import Item, Title
from tables.lending import Hold
from tables.patrons import Patron


class Wanted(Table):
    """A work that the library has not and decides on once, however many ask for it. None has a patron.

    ``key``: the same for the same work (``library.requests.same_work``). States: ``library.requests.states``.
    ``reason``: that of 謝絶. ``title``: the record, once there is one. ``decided_on``: the day of 購入, 借受 or 謝絶.
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
