"""Tables against guessing: counted tries, networks of cards, check numbers of the desk, requests for new passwords."""

from __future__ import annotations

from peewee import CharField, ForeignKeyField, IntegerField

from tables.base import InstantField, Table
from tables.patrons import Patron


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
