"""A patron's visit to the desk, from the first scan of the card to the next patron or ten minutes later.

A copy is lent without the card for one minute after the last scan, on the page that read the card; later, or on another
page, the next copy may be somebody else's.
"""

from dataclasses import dataclass, field

from flask import session, url_for

from library import clock, errors
from library.catalog import isbn
from library.numbers import cards, formats, parsing
from library.patrons import lookups as people_searches
from models import Patron
from web.desk import counter, lookups

NEW_CARD = "new_card"  # the page that is asked for by the token of a number that nobody has
SERVED = 10 * 60  # seconds without a scan, after which the next person is somebody else
LENDS = 60  # seconds without a scan, after which the card is asked for again


@dataclass
class Visit:
    """A patron at the desk, and what was done for them: ``[loan id, time]``, latest last; ``renewed``: the last
    renewals, as ``renewals.undo_rows`` has them.

    ``turn``: the last card began the visit (begun), changed the patron (changed), or was the same (goes_on).
    ``lends_until``: the second until which copies are lent without the card.
    """

    patron: Patron
    lent: list = field(default_factory=list)
    renewed: list = field(default_factory=list)
    turn: str = "goes_on"
    lends_until: int = 0

    @property
    def lends(self) -> bool:
        return _second() <= self.lends_until


def current(scanned: Patron | None = None) -> Visit | None:
    """Return the visit at this desk; None after ten minutes without a scan. ``scanned``: a patron who was read."""
    stored = session.get("visit")
    if not stored or _second() - stored["at"] > SERVED:
        return None
    is_theirs = scanned is not None and scanned.id == stored["patron"]
    patron = scanned if is_theirs else cards.by_id(stored["patron"])
    if patron is None:
        return None
    return Visit(patron, stored["lent"], stored.get("undo_renewals", []), lends_until=stored.get("lends_until", 0))


def lends_to(patron: Patron) -> bool:
    """Tell whether a copy scanned now is lent to this patron without their card."""
    visit = current(patron)
    return visit is not None and visit.patron.id == patron.id and visit.lends


def receive(patron: Patron, *, lends: bool = False) -> Visit:
    """Begin or go on with this patron's visit, noting in the log that the card was opened. ``lends``: copies may
    follow.
    """
    visit = current(patron)
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
        "undo_renewals": visit.renewed,
        "at": _second(),
        "lends_until": visit.lends_until,
    }


def leave() -> None:
    """Have the card asked for again before the next copy, as the page was left; the visit goes on."""
    if session.get("visit", {}).get("lends_until"):
        session["visit"] = session["visit"] | {"lends_until": 0}


def end() -> None:
    session.pop("visit", None)


def unknown_card(card: str, barcode: str = "") -> dict:
    """Return the values for a card that opens no patron: ``sentence``, where to register it; or ``choices`` of patrons.

    ``barcode``: the copy that was scanned after it.
    """
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
