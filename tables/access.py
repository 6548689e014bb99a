"""Tables of signing in and against guessing: sessions, devices, links in mails; counted tries, known networks."""

from __future__ import annotations

from peewee import CharField, Check, ForeignKeyField, IntegerField, TextField

from tables.base import InstantField, JSONField, Table, later_flag, later_number, one_of
from tables.patrons import Patron, Staff


class Session(Table):
    """A signed-in browser, by a hash of its token. ``scope`` first_password opens that page only.

    At a ``terminal`` it ends sooner. ``wrong_proofs``: failed proofs of staff (もう一度確認します) since the last right one.
    """

    token_hash = CharField(unique=True)
    patron = ForeignKeyField(Patron, null=True, backref="sessions", on_delete="CASCADE")
    staff = ForeignKeyField(Staff, null=True, backref="sessions", on_delete="CASCADE")
    staff_id: IntegerField[int | None]
    scope = CharField(default="full", constraints=[one_of("scope", "full", "first_password")])
    created_at = InstantField()
    seen_at = InstantField()
    authenticated_at = InstantField()
    client = CharField(default="")
    terminal = later_flag()
    wrong_proofs = later_number()

    class Meta:
        constraints = [Check("(patron_id IS NULL) <> (staff_id IS NULL)")]


class DeskLookup(Table):
    """Words by which staff searched for patrons. The page has ``?s=`` and the token, valid in its session only.

    So no address has a name or a number.
    """

    session = ForeignKeyField(Session, on_delete="CASCADE")
    token = CharField(unique=True)
    kind = CharField()
    words = TextField()
    at = InstantField()

    class Meta:
        table_name = "desk_search"


class KnownDevice(Table):
    """A browser's mark for a card or login, known since ``known_since`` (empty: before that was recorded).

    Failures of strangers don't lock it out. A browser has one mark for all who sign in there. ``is_key``: known under a
    proved password of the patron's own, away from the desk; after some days it opens what a later password seals.
    """

    patron = ForeignKeyField(Patron, null=True, on_delete="CASCADE")
    staff = ForeignKeyField(Staff, null=True, on_delete="CASCADE")
    token_hash = CharField()
    seen_at = InstantField()
    known_since = InstantField(null=True)
    is_key = later_flag()

    class Meta:
        constraints = [Check("(patron_id IS NULL) <> (staff_id IS NULL)")]
        indexes = ((("token_hash", "patron"), True), (("token_hash", "staff"), True))


class Throttle(Table):
    """A counter of a key, which starts anew after ``allowed_at``."""

    name = CharField(primary_key=True)
    failures = IntegerField(default=0)
    since = InstantField()
    allowed_at = InstantField()


class OneTimeLink(Table):
    """A link mailed to an address: GET shows a button, POST uses it up."""

    token_hash = CharField(unique=True)
    purpose = CharField(constraints=[one_of("purpose", "reset", "verify", "open_seal", "stop")])
    patron = ForeignKeyField(Patron, on_delete="CASCADE")
    patron_id: IntegerField[int]
    address = CharField()
    expires_at = InstantField()
    used_at = InstantField(null=True)


class ParkedForm(Table):
    """A form of a member of staff, parked until they have signed in again or proved themselves, in the same browser.

    ``entered``: names and values in order; ``address``: where it was sent; ``page``: where it stands.
    """

    token_hash = CharField(unique=True)
    staff = ForeignKeyField(Staff, on_delete="CASCADE")
    address = TextField()
    page = TextField()
    entered = JSONField()
    held_at = InstantField()

    class Meta:
        table_name = "held_form"


# -- against guessing -------------------------------------------------------------------------------------------------
class Guess(Table):
    """Wrong tries of one ``kind`` of limit: ``who`` was tried, from ``source``; one may be empty.

    ``until``: the end of the wait, or of special care.
    """

    kind = CharField()
    who = CharField(default="")
    source = CharField(default="")
    failures = IntegerField(default=0)
    since = InstantField()
    until = InstantField()

    class Meta:
        indexes = ((("kind", "who", "source"), True), (("who",), False))


class KnownNetwork(Table):
    """A network from which a card signed in, as a hash under the library's key; tries from there count as its own."""

    patron = ForeignKeyField(Patron, on_delete="CASCADE", index=False)
    network_hash = CharField()
    seen_at = InstantField()

    class Meta:
        indexes = ((("patron", "network_hash"), True),)


class CheckNumber(Table):
    """確認番号 for one patron: six digits, hashed under the library's key; valid for minutes, and once."""

    patron = ForeignKeyField(Patron, unique=True, on_delete="CASCADE")
    number_hash = CharField()
    expires_at = InstantField()


class ResetRequest(Table):
    """パスワードを忘れた方: the typed values, until a job has checked them and mailed a link or none."""

    card = CharField()
    address = CharField()
    asked_at = InstantField()
