"""Tables of mails, and of the notices that patrons got."""

from __future__ import annotations

from peewee import SQL, BooleanField, CharField, DateField, ForeignKeyField, IntegerField, TextField

from tables.base import InstantField, JSONField, Table, later_text, one_of
from tables.lending import Hold, Loan
from tables.patrons import Patron
from tables.running import Audit


class OutboxMail(Table):
    """A mail to be sent, or sent. ``key`` is unique; the text stays for 14 days after sending.

    ``channel`` push: a notice to a patron's device (``PushSubscription``), named in ``address``.
    """

    kind = CharField()
    key = CharField(unique=True)
    patron = ForeignKeyField(Patron, null=True, backref="mails", on_delete="SET NULL")
    patron_id: IntegerField[int | None]
    address = CharField()
    address_kind = CharField(default="pc", constraints=[one_of("address_kind", "pc", "mobile")])
    facts = JSONField(default=dict)
    message_id = CharField(unique=True)
    state = CharField(
        default="queued", constraints=[one_of("state", "queued", "sending", "sent", "failed", "cancelled")]
    )
    created_at = InstantField()
    next_try_at = InstantField()
    tries = IntegerField(default=0)
    sent_at = InstantField(null=True)
    subject = CharField(default="")
    text = TextField(default="")
    error = CharField(default="")
    cause = ForeignKeyField(Audit, null=True, backref="mails", on_delete="SET NULL")
    channel = TextField(default="mail", constraints=[SQL("DEFAULT 'mail'"), one_of("channel", "mail", "push")])
    language = later_text()  # in which it was sent

    class Meta:
        indexes = ((("state", "next_try_at"), False), (("patron", "created_at"), False))


class LoanNotice(Table):
    """A notice on a loan: unique by loan, due date, kind and stage (days late, for 督促), against doubles."""

    loan = ForeignKeyField(Loan, backref="notices", on_delete="CASCADE")
    loan_id: IntegerField[int]
    kind = CharField(constraints=[one_of("kind", "due", "overdue")])
    due_on = DateField()
    mail = ForeignKeyField(OutboxMail, null=True, backref="loan_notices", on_delete="SET NULL")
    stage = IntegerField(default=0)

    class Meta:
        indexes = ((("loan", "kind", "due_on", "stage"), True),)


class DunningCall(Table):
    """督促の電話: a call about an overdue loan, one a day. ``stage``: the days late that it stands for, as in a notice."""

    loan = ForeignKeyField(Loan, backref="dunning_calls", on_delete="CASCADE")
    called_on = DateField()
    stage = IntegerField()
    result = CharField(constraints=[one_of("result", "spoke", "message", "missed")])

    class Meta:
        indexes = ((("loan", "called_on"), True),)


class HoldNotice(Table):
    """A notice on a hold: ready (since a day), near its deadline (that day), or over."""

    hold = ForeignKeyField(Hold, backref="notices", on_delete="CASCADE")
    kind = CharField(constraints=[one_of("kind", "ready", "deadline", "ended")])
    day = DateField()
    mail = ForeignKeyField(OutboxMail, null=True, backref="hold_notices", on_delete="SET NULL")

    class Meta:
        indexes = ((("hold", "kind", "day"), True),)


class PushSubscription(Table):
    """スマートフォンへの通知: a device for pushes: address and keys made by its browser, and the kinds it gets.

    ``browser``: hash of its mark (``KnownDevice``), whose last sign-in is the device's.
    """

    patron = ForeignKeyField(Patron, backref="push_subscriptions", on_delete="CASCADE")
    patron_id: IntegerField[int]
    name = CharField()
    endpoint = TextField(unique=True)
    p256dh = CharField()
    auth = CharField()
    browser = CharField(index=True)
    created_at = InstantField()
    due = BooleanField(default=False)
    hold_ready = BooleanField(default=False)
    hold_deadline = BooleanField(default=False)
    closure = BooleanField(default=False)
    sdi = BooleanField(default=False)

    class Meta:
        indexes = ((("patron", "name"), True),)
