"""Tables of mails, and of what patrons were told by them."""

from __future__ import annotations

from peewee import CharField, DateField, ForeignKeyField, IntegerField, TextField

from tables.base import InstantField, JSONField, Table, later_flag, one_of
from tables.lending import Hold, Loan
from tables.people import Patron
from tables.running import Audit


class OutboxMail(Table):
    """A mail that is to be sent, or was. ``key`` makes it one of its kind; the text is there after sending, for 14 days."""

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
    sealed = later_flag()

    class Meta:
        indexes = ((("state", "next_try_at"), False), (("patron", "created_at"), False))


class LoanNotice(Table):
    """A notice: one row a loan, due date, kind and stage (days late, of 督促), the last word against doubles."""

    loan = ForeignKeyField(Loan, backref="notices", on_delete="CASCADE")
    loan_id: IntegerField[int]
    kind = CharField(constraints=[one_of("kind", "due", "overdue")])
    due_on = DateField()
    mail = ForeignKeyField(OutboxMail, null=True, backref="loan_notices", on_delete="SET NULL")
    stage = IntegerField(default=0)

    class Meta:
        indexes = ((("loan", "kind", "due_on", "stage"), True),)


class HoldNotice(Table):
    """A notice to a patron of a hold: ready (since a day), near its deadline (that day), or over."""

    hold = ForeignKeyField(Hold, backref="notices", on_delete="CASCADE")
    kind = CharField(constraints=[one_of("kind", "ready", "deadline", "ended")])
    day = DateField()
    mail = ForeignKeyField(OutboxMail, null=True, backref="hold_notices", on_delete="SET NULL")

    class Meta:
        indexes = ((("hold", "kind", "day"), True),)
