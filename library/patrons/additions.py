"""この間に加わったもの: additions to a card while its password was not proved, by which somebody else may come in again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import Field, ModelSelect

from library.access import sessions
from library.patrons import patrons
from library.patrons.family import ties
from models import (
    CalendarLink,
    EbookLink,
    FamilyTie,
    FormerAddress,
    KnownDevice,
    Passkey,
    Patron,
    PatronAddress,
    PushSubscription,
)


@dataclass(frozen=True)
class Addition:
    """Something that was added: its kind, its name where it has one, and its moment. ``key``: its value in a form."""

    kind: str
    row: Any
    name: str
    at: datetime

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.row.id}"


def made_since(patron: Patron, since: datetime, *, browser: str | None = None) -> Iterator[Addition]:
    """Yield the additions to a card since a moment, kind by kind, without the mark of this ``browser``."""
    for row in _since(PatronAddress, patron, PatronAddress.since, since):
        yield Addition("address", row, row.address, row.since)
    agreed = ties.of_either(patron) & (FamilyTie.agreed_at >= since)
    asked = (FamilyTie.viewer == patron.id) & FamilyTie.agreed_at.is_null() & (FamilyTie.asked_at >= since)
    for row in FamilyTie.select().where(agreed | asked).order_by(FamilyTie.id):
        name = row.number if row.viewer_id == patron.id else row.viewer.name
        yield Addition("tie", row, name, row.agreed_at or row.asked_at)
    for row in _since(Passkey, patron, Passkey.created_at, since):
        yield Addition("passkey", row, row.name, row.created_at)
    for row in _since(PushSubscription, patron, PushSubscription.created_at, since):
        yield Addition("push", row, row.name, row.created_at)
    for row in _since(CalendarLink, patron, CalendarLink.created_at, since):
        yield Addition("calendar", row, "", row.created_at)
    for row in _since(EbookLink, patron, EbookLink.made_at, since):
        yield Addition("ebooks", row, "", row.made_at)
    for row in _since(KnownDevice, patron, KnownDevice.known_since, since):
        if row.token_hash != sessions.hash_token(browser or ""):
            yield Addition("browser", row, "", row.known_since)


def _since(model: Any, patron: Patron, column: Field, moment: datetime) -> ModelSelect[Any]:
    return model.select().where(model.patron == patron.id, column >= moment).order_by(model.id)


def end(
    patron: Patron, since: datetime, *, keep: Collection[str] = (), browser: str | None = None, now: datetime
) -> None:
    """End the additions since a moment, except those with a key in ``keep``, in the caller's transaction. Former
    addresses of that time are deleted too, so that they prove nothing.
    """
    ended = [each for each in made_since(patron, since, browser=browser) if each.key not in keep]
    for each in ended:
        if each.kind == "tie":
            ties.end(each.row, patron, now=now)
        elif each.kind != "address":
            each.row.delete_instance()
    patrons.remove_addresses(patron, [each.row for each in ended if each.kind == "address"])
    FormerAddress.delete().where(FormerAddress.patron == patron.id, FormerAddress.since >= since).execute()
