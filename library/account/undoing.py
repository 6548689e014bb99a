"""元に戻す: undos that a page offers, and carrying one out, as a whole or not at all."""

from datetime import datetime
from typing import NamedTuple

from library import clock, dates, errors
from library.access import undos
from library.account import family_loans
from library.language import quoted
from library.lending import renewals
from library.lending.holds import cart
from library.reading import shelved
from library.store import database
from models import Item, Loan, Patron, Title, Undo

_RULES = {
    "renewals": renewals.take_back,
    "family": family_loans.take_back,
    "cart": cart.put_back,
    "shelf": shelved.put_back,
}


class Offer(NamedTuple):
    """An undo on offer: the number of things, their names where they are titles (the first quoted.MOST), the loans,
    its end
    on the library's clock, and whether it takes holds back.
    """

    id: int
    kind: str
    things: int
    names: tuple[str, ...]
    loans: tuple[int, ...]
    until: datetime
    of_holds: bool

    @property
    def called(self) -> str:
        """Return the things by name: 「草枕」「門」ほか2点."""
        return quoted.titles(self.names, self.things)

    @property
    def ends_at(self) -> str:
        """Return the time of day at which it is over: 10時42分."""
        return dates.time_of_day(self.until)


def offers(patron: Patron, *kinds: str, now: datetime, shelf_id: int | None = None) -> list[Offer]:
    """Return the undos of these kinds that a patron still has, the latest first; ``shelf_id``: those of one shelf
    alone.
    """
    rows = undos.of_patron(patron, *kinds, now=now)
    rows = [row for row in rows if shelf_id is None or row.facts["shelf"] == shelf_id]
    names = _names([row for row in rows if row.kind in ("renewals", "cart")])
    return [
        Offer(
            row.id,
            row.kind,
            _count(row.facts),
            tuple(names[number] for number in _of(row.facts)[: quoted.MOST] if number in names)
            if row.kind != "family"
            else (),
            tuple(_of(row.facts)) if row.kind == "renewals" else (),
            clock.local(row.until),
            "holds" in row.facts,
        )
        for row in rows
    ]


def _count(facts: dict) -> int:
    return len(facts.get("loans") or facts.get("holds") or facts.get("books") or ["title"])


def _of(facts: dict) -> list[int]:
    """Return the ids of the loans renewed, or of the titles reserved or removed, from the facts of an undo."""
    if "holds" in facts:
        return [row["title"] for row in facts["holds"]]
    return [number for number, *_ in facts["loans"]] if "loans" in facts else [facts.get("title", 0)]


def _names(rows: list[Undo]) -> dict[int, str]:
    """Return id → name of its title, for the loans or titles in the facts of these undos, which are of one kind."""
    if not rows:
        return {}
    numbers = [number for row in rows for number in _of(row.facts)]
    if rows[0].kind == "cart":
        return {title.id: title.full_name for title in Title.select().where(Title.id.in_(numbers))}
    found = Loan.select(Loan.id, Item, Title).join(Item).join(Title).where(Loan.id.in_(numbers))
    return {loan.id: loan.item.title.full_name for loan in found}


def take_back(patron: Patron, undo_id: int, *, now: datetime) -> Undo:
    """Undo an act of a patron; return the undo. Raises: UndoOver when its time is over or it was undone; UndoChanged
    when something changed since.
    """
    with database.writing():
        row = Undo.get_or_none(Undo.id == undo_id, Undo.patron == patron.id, Undo.until > now)
        if row is None:
            raise errors.UndoOver()
        if "holds" in row.facts:
            cart.take_back(patron, row.facts, now=now)
        else:
            _RULES[row.kind](patron, row.facts)
        Undo.delete().where(Undo.id == row.id).execute()
    return row
