"""Tables of the second factor: passkeys, authenticator apps, recovery codes, and browsers in which it was asked lately."""

from __future__ import annotations

from peewee import CharField, Check, ForeignKeyField, IntegerField, TextField

from tables.base import InstantField, Table, one_of
from tables.patrons import Patron, Staff


class Passkey(Table):
    """A passkey: its public half. Of a member of staff or of a patron; ``name``: the browser in which it was made, or
    what its patron calls it.
    """

    staff = ForeignKeyField(Staff, null=True, on_delete="CASCADE")
    patron = ForeignKeyField(Patron, null=True, on_delete="CASCADE")
    credential = CharField(unique=True)
    public_key = TextField()
    uses = IntegerField(default=0)
    name = CharField()
    created_at = InstantField()
    used_at = InstantField(null=True)

    class Meta:
        constraints = [Check("(patron_id IS NULL) <> (staff_id IS NULL)")]


class Challenge(Table):
    """Something asked once, for a few minutes, of one browser: a signature of a passkey, or the second factor after a
    right password.

    ``browser``: a hash of what this browser alone knows; ``wrong``: how often a code was wrong.
    """

    value = CharField(unique=True)
    purpose = CharField(constraints=[one_of("purpose", "sign_in", "register", "prove")])
    staff = ForeignKeyField(Staff, null=True, on_delete="CASCADE")
    staff_id: IntegerField[int | None]
    patron = ForeignKeyField(Patron, null=True, on_delete="CASCADE")
    browser = CharField()
    wrong = IntegerField(default=0)
    expires_at = InstantField()

    class Meta:
        constraints = [Check("(patron_id IS NULL) <> (staff_id IS NULL)")]


class Authenticator(Table):
    """An authenticator app of a member of staff. Secrets are encrypted; ``pending``: not yet confirmed by a code of the
    app.

    ``last_step``: the step of the last code that was taken; it and those before are used up.
    """

    staff = ForeignKeyField(Staff, unique=True, on_delete="CASCADE")
    secret = TextField(default="")
    pending = TextField(default="")
    last_step = IntegerField(default=0)


class RecoveryCode(Table):
    """A recovery code that was not used yet: its hash."""

    staff = ForeignKeyField(Staff, on_delete="CASCADE")
    code_hash = CharField()


class ProvedBrowser(Table):
    """A browser in which a member of staff gave the second factor, and when."""

    staff = ForeignKeyField(Staff, on_delete="CASCADE")
    token_hash = CharField(unique=True)
    proved_at = InstantField()
