"""元に戻す: what a page offers to take back and, once it is pressed, all of it or nothing."""

from datetime import datetime
from typing import NamedTuple

from library import clock, errors
from library.access import undos
from library.lending import family_loans, renewals
from library.lending.holds import cart
from library.reading import shelved
from library.store import database
from models import Patron, Title, Undo

_RULES = {
    "renewals": renewals.take_back,
    "family": family_loans.take_back,
    "cart": cart.put_back,
    "shelf": shelved.put_back,
}


class Offer(NamedTuple):
    """Something that can be taken back: of how many things, the name of the title where it is one, and until when on the library's clock."""

    id: int
    kind: str
    things: int
    name: str
    until: datetime


def offers(patron: Patron, kind: str, *, now: datetime, shelf_id: int | None = None) -> list[Offer]:
    """Return what a patron did and can take back, the latest first; ``shelf_id``: on one shelf alone."""
    rows = undos.of_patron(patron, kind, now=now)
    rows = [row for row in rows if shelf_id is None or row.facts["shelf"] == shelf_id]
    numbers = [row.facts["title"] for row in rows if kind == "cart"]
    names = {title.id: title.full_name for title in Title.select().where(Title.id.in_(numbers))} if numbers else {}
    return [
        Offer(row.id, kind, _count(row.facts), names.get(row.facts.get("title"), ""), clock.local(row.until))
        for row in rows
    ]


def _count(facts: dict) -> int:
    return len(facts.get("loans") or facts.get("books") or ["title"])


def take_back(patron: Patron, undo_id: int, *, now: datetime) -> Undo:
    """Have it as it was before. Raises: UndoOver, when its time is over or it was undone; UndoChanged, when something changed since."""
    with database.writing():
        row = Undo.get_or_none(Undo.id == undo_id, Undo.patron == patron.id, Undo.until > now)
        if row is None:
            raise errors.UndoOver()
        _RULES[row.kind](patron, row.facts)
        Undo.delete().where(Undo.id == row.id).execute()
    return row
