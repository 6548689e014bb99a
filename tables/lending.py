"""Tables of loans (貸出), holds (予約) and the cart, sets (セット), and acts without the server (非常用の窓口)."""

from __future__ import annotations

from peewee import SQL, CharField, Check, DateField, ForeignKeyField, IntegerField, ModelSelect

from tables.base import InstantField, Table, holder_key, later_flag, later_key, later_number, later_text, one_of
from tables.branches import Branch
from tables.catalog import Item, Title
from tables.patrons import Patron


class Loan(Table):
    """貸出: ``patron`` is empty once the loan was unlinked; ``due_on`` includes that day.

    ``trouble``: unresolved: lost, damaged, or claimed to be returned (返しました). ``request``: token of the form, so that
    one sent twice lends once. ``category`` and ``age_group``: of loans before facts, until they are
    unlinked.
    """

    item = ForeignKeyField(Item, backref="loans", on_delete="RESTRICT")
    item_id: IntegerField[int]
    patron = ForeignKeyField(Patron, null=True, backref="loans", on_delete="RESTRICT")
    patron_id: IntegerField[int | None]
    branch = ForeignKeyField(Branch, on_delete="RESTRICT")
    branch_id: IntegerField[int]
    lent_on = DateField()
    due_on = DateField()
    returned_on = DateField(null=True)
    renewals = IntegerField(default=0)
    trouble = CharField(
        default="", constraints=[SQL("DEFAULT ''"), one_of("trouble", "", "lost", "damaged", "claimed")]
    )
    category = later_text()
    age_group = later_text()
    returned_at = InstantField(null=True)
    returned_to = later_key(Branch, "RESTRICT", index=False, backref="+")
    request = later_text()

    class Meta:
        constraints = [Check("due_on >= lent_on"), Check("returned_on IS NOT NULL OR patron_id IS NOT NULL")]
        indexes = (
            (("patron", "returned_on"), False),
            SQL("CREATE UNIQUE INDEX loan_one_open_per_item ON loan (item_id) WHERE returned_on IS NULL"),
            SQL("CREATE INDEX loan_statistics ON loan (lent_on, branch_id, category, age_group, item_id)"),
            SQL("CREATE UNIQUE INDEX loan_request ON loan (request) WHERE request <> ''"),
            SQL("CREATE INDEX loan_due ON loan (due_on, trouble, patron_id) WHERE returned_on IS NULL"),
            SQL("CREATE INDEX loan_unsettled ON loan (trouble, lent_on) WHERE trouble <> ''"),
            SQL("CREATE INDEX loan_returned ON loan (returned_on, returned_to_id) WHERE returned_on IS NOT NULL"),
        )


class HoldGroup(Table):
    """Holds placed together: 順番どおり (in_order) or いずれか一つ (any_one)."""

    patron = ForeignKeyField(Patron, backref="hold_groups", on_delete="CASCADE")
    kind = CharField(constraints=[one_of("kind", "in_order", "any_one")])


class Hold(Table):
    """予約: a place in the line for a title, by ``rank``, then time. States: ``library.lending.holds.hold_states``.

    ``item``: the copy fetched, in transit or on the hold shelf for it. ``told_on``: the day the patron was told; shelf
    days count from the next day, to ``pickup_by``. ``suspended_until``: last day of 一時停止. ``preparing_on``,
    ``sent_on``: days a copy was found and sent. ``cancel_at``: cancelled by the patron, who can restore it until then.
    """

    patron = ForeignKeyField(Patron, backref="holds", on_delete="RESTRICT")
    patron_id: IntegerField[int]
    title = ForeignKeyField(Title, backref="holds", on_delete="RESTRICT")
    title_id: IntegerField[int]
    pickup_branch = ForeignKeyField(Branch, on_delete="RESTRICT")
    pickup_branch_id: IntegerField[int]
    contact_method = CharField(default="none", constraints=[one_of("contact_method", "none", "mail", "phone")])
    state = CharField(
        default="waiting",
        constraints=[
            one_of("state", "waiting", "preparing", "in_transit", "ready", "collected", "cancelled", "expired")
        ],
    )
    placed_at = InstantField()
    item = later_key(Item, index=False, backref="holds")
    item_id: IntegerField[int | None]
    loan = later_key(Loan, backref="holds")
    loan_id: IntegerField[int | None]
    group = later_key(HoldGroup, backref="holds")
    group_id: IntegerField[int | None]
    position = later_number()
    rank = later_number()
    suspended_until = DateField(null=True)
    on_shelf_on = DateField(null=True)
    told_on = DateField(null=True)
    pickup_by = DateField(null=True)
    extended = later_flag()
    ended_at = InstantField(null=True)
    reason = later_text()
    preparing_on = DateField(null=True)
    sent_on = DateField(null=True)
    cancel_at = InstantField(null=True)
    sealed = later_flag()

    class Meta:
        indexes = (
            SQL(
                "CREATE UNIQUE INDEX hold_one_open_per_title ON hold (patron_id, title_id) "
                "WHERE state IN ('waiting', 'preparing', 'in_transit', 'ready')"
            ),
            SQL(
                "CREATE UNIQUE INDEX hold_one_per_item ON hold (item_id) "
                "WHERE state IN ('preparing', 'in_transit', 'ready')"
            ),
            (("title", "state", "placed_at"), False),
            (("state", "pickup_by"), False),
            SQL("CREATE INDEX hold_item ON hold (item_id) WHERE item_id IS NOT NULL"),
            SQL("CREATE INDEX hold_cancel ON hold (cancel_at) WHERE cancel_at IS NOT NULL"),
        )


class SaidOut(Table):
    """A copy that its file called 貸出中: a loan must be imported for it, or staff look for it."""

    item = ForeignKeyField(Item, unique=True, on_delete="CASCADE")
    item_id: IntegerField[int]


class CartRow(Table):
    """予約かご: a title to place a hold on, by ``position``, then time."""

    patron = holder_key(Patron, backref="cart")
    title = ForeignKeyField(Title, on_delete="CASCADE")
    title_id: IntegerField[int]
    added_at = InstantField()
    position = later_number()
    sealed_for = later_key(Patron, "CASCADE", backref="+")

    class Meta:
        indexes = ((("patron", "title"), True),)


class OfflineEntry(Table):
    """非常時の記録: a loan or return without the server. Its ``key`` is remembered, so that it is entered once.

    ``conflict``: empty once resolved, when patron, copy and reason are erased; until then ``card`` and ``barcode`` are
    as scanned, ``patron`` and ``item`` what they mean. ``loan``: the loan made from it, without a patron once returned.
    ``due_on``: the day that the patron was told.
    """

    key = CharField(unique=True)
    kind = CharField(constraints=[one_of("kind", "loan", "return")])
    at = InstantField()
    branch = ForeignKeyField(Branch, on_delete="RESTRICT")
    branch_id: IntegerField[int]
    arrived_at = InstantField(index=True)
    conflict = CharField(default="")
    card = CharField(default="")
    barcode = CharField(default="")
    why = CharField(default="")
    due_on = DateField(null=True)
    patron = ForeignKeyField(Patron, null=True, backref="+", on_delete="SET NULL")
    patron_id: IntegerField[int | None]
    item = ForeignKeyField(Item, null=True, backref="+", on_delete="SET NULL")
    item_id: IntegerField[int | None]
    loan = ForeignKeyField(Loan, null=True, backref="+", on_delete="SET NULL")
    loan_id: IntegerField[int | None]

    class Meta:
        indexes = ((("conflict", "at"), False),)


class OfflineSlip(Table):
    """非常時の票: a numbered paper slip; ``used_at``: when it was entered."""

    number = CharField(unique=True)
    used_at = InstantField(null=True)


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
