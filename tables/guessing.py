"""Tables of those who guess: what is counted, the networks that a card comes from, numbers of the desk, requests for a
new password.
"""

from __future__ import annotations

from peewee import CharField, ForeignKeyField, IntegerField

from tables.base import InstantField, Table
from tables.patrons import Patron


class Guess(Table):
    """Wrong tries counted for one line of the table of limits (``kind``): ``who`` was tried, ``source`` tried; one may
    be empty.

    ``until``: the wait, or the care, lasts so long.
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
    """A network that a card signed in from, told by a hash under the library's key. Its tries are no strangers'."""

    patron = ForeignKeyField(Patron, on_delete="CASCADE", index=False)
    network_hash = CharField()
    seen_at = InstantField()

    class Meta:
        indexes = ((("patron", "network_hash"), True),)


class CheckNumber(Table):
    """確認番号 of the desk for one patron: six digits, hashed under the library's key; good for minutes, and once."""

    patron = ForeignKeyField(Patron, unique=True, on_delete="CASCADE")
    number_hash = CharField()
    expires_at = InstantField()


class ResetRequest(Table):
    """パスワードを忘れた方: what was typed, until a job has looked it up and mailed a link or none."""

    card = CharField()
    address = CharField()
    asked_at = InstantField()
