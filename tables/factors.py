"""Tables of the second factor: passkeys, authenticator apps, recovery codes, and browsers that gave it lately."""

from __future__ import annotations

from peewee import CharField, Check, ForeignKeyField, IntegerField, TextField

from tables.base import InstantField, Table, one_of
from tables.patrons import Patron, Staff


class Passkey(Table):
    """The public half of a passkey of staff or a patron; ``name``: its browser, or the patron's name for it."""

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
    """A challenge to one browser for a few minutes: a passkey's signature, or the second factor after a right password.

    ``browser``: hash of a secret of this browser; ``wrong``: number of wrong codes.
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
    """A member of staff's authenticator app. Secrets are encrypted; ``pending``: not yet confirmed by a code.

    ``last_step``: time step of the last accepted code; codes up to it are used up.
    """

    staff = ForeignKeyField(Staff, unique=True, on_delete="CASCADE")
    secret = TextField(default="")
    pending = TextField(default="")
    last_step = IntegerField(default=0)


class RecoveryCode(Table):
    """An unused recovery code, as a hash."""

    staff = ForeignKeyField(Staff, on_delete="CASCADE")
    code_hash = CharField()


class ProvedBrowser(Table):
    """A browser in which a member of staff gave the second factor, and when."""

    staff = ForeignKeyField(Staff, on_delete="CASCADE")
    token_hash = CharField(unique=True)
    proved_at = InstantField()
