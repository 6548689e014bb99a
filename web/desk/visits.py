"""One person's turn at the desk, from the first scan of the card to the next person or ten minutes later.

A scanned copy is lent without the card for one minute after the last scan, on the page that read the card: who is asked for later, or
after another page, may be somebody else.
"""

from dataclasses import dataclass, field

from flask import session, url_for

from library import clock, errors
from library.catalog import isbn
from library.numbers import cards, formats, parsing
from library.patrons import lookups as people_searches, patrons
from models import Patron
from web.desk import counter, lookups

NEW_CARD = "new_card"  # the page that is asked for by the token of a number that nobody has
SERVED = 10 * 60  # seconds without a scan, after which the next person is somebody else
LENDS = 60  # seconds without a scan, after which the card is asked for again


@dataclass
class Visit:
    """One person at the desk, and what was done for them: ``[loan id, time]``, the latest last.

    ``turn`` is what the card that was just read did: it began the visit, changed the person, or went on with the same one.
    ``lends_until``: the last second at which a copy is lent to them without their card.
    """

    patron: Patron
    lent: list = field(default_factory=list)
    renewed: list = field(default_factory=list)
    turn: str = "goes_on"
    lends_until: int = 0

    @property
    def lends(self) -> bool:
        return _second() <= self.lends_until


def current() -> Visit | None:
    """Return the visit of this desk, as long as something is done in it."""
    stored = session.get("visit")
    if not stored or _second() - stored["at"] > SERVED:
        return None
    patron = patrons.by_id(stored["patron"])
    if patron is None:
        return None
    return Visit(patron, stored["lent"], stored["renewed"], lends_until=stored.get("lends_until", 0))


def lends_to(patron: Patron) -> bool:
    """Tell if a copy that is scanned now is lent to this person without their card."""
    visit = current()
    return visit is not None and visit.patron.id == patron.id and visit.lends


def receive(patron: Patron, *, lends: bool = False) -> Visit:
    """Begin this person's visit, or go on with it; that a card was opened at the desk is written down. ``lends``: copies may follow."""
    visit = current()
    if visit is None or visit.patron.id != patron.id:
        visit = Visit(patron, turn="changed" if visit else "begun")
        people_searches.note_view(patron, **counter.acting())
    if lends:
        visit.lends_until = _second() + LENDS
    save(visit)
    return visit


def save(visit: Visit) -> None:
    session["visit"] = {
        "patron": visit.patron.id,
        "lent": visit.lent,
        "renewed": visit.renewed,
        "at": _second(),
        "lends_until": visit.lends_until,
    }


def leave() -> None:
    """Ask for the card again before the next copy is lent: the page was left."""
    if session.get("visit", {}).get("lends_until"):
        session["visit"] = session["visit"] | {"lends_until": 0}


def end() -> None:
    session.pop("visit", None)


def unknown_card(card: str, barcode: str = "") -> dict:
    """Return why nobody has this card, and where one is registered; or which cards are meant. ``barcode``: what was read after it."""
    if people := cards.meant(card, at_desk=True):
        choices = [
            {"number": row.card_number, "name": row.name, "branch": row.branch.name if row.branch else ""}
            for row in people
        ]
        return {"choices": choices, "barcode": barcode}
    known = formats.cards()
    number = parsing.as_new(card, known)
    refusal = isbn.refusal(card) or cards.refusal(card, at_desk=True)
    is_new = isinstance(refusal, errors.PatronUnknown) and formats.fitting(number, known)
    return {
        "number": number,
        "sentence": refusal.sentence,
        "register_url": url_for("desk.patrons.new", s=lookups.keep(NEW_CARD, number)) if is_new else None,
    }


def _second() -> int:
    return int(clock.now().timestamp())
