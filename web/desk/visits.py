"""One person's turn at the desk, from the first scan of the card to the next person or ten minutes later."""

from dataclasses import dataclass, field

from flask import session, url_for

from library import clock, errors
from library.numbers import cards, forms, reading
from library.people import patrons, searches as people_searches
from models import Patron
from web.desk import counter, searches

NEW_CARD = "new_card"  # the page that is asked for by the token of a number that nobody has
SERVED = 10 * 60  # seconds without a scan, after which the next person is somebody else


@dataclass
class Visit:
    """One person at the desk, and what was done for them: ``[loan id, time]``, the latest last.

    ``turn`` is what the card that was just read did: it began the visit, changed the person, or went on with the same one.
    """

    patron: Patron
    lent: list = field(default_factory=list)
    renewed: list = field(default_factory=list)
    turn: str = "goes_on"


def current() -> Visit | None:
    """Return the visit of this desk, as long as something is done in it."""
    stored = session.get("visit")
    if not stored or clock.now().timestamp() - stored["at"] > SERVED:
        return None
    patron = patrons.by_id(stored["patron"])
    return Visit(patron, stored["lent"], stored["renewed"]) if patron else None


def receive(patron: Patron) -> Visit:
    """Begin this person's visit, or go on with it; that a card was opened at the desk is written down."""
    visit = current()
    if visit is None or visit.patron.id != patron.id:
        visit = Visit(patron, turn="changed" if visit else "begun")
        people_searches.note_view(patron, **counter.acting())
    save(visit)
    return visit


def save(visit: Visit) -> None:
    session["visit"] = {
        "patron": visit.patron.id,
        "lent": visit.lent,
        "renewed": visit.renewed,
        "at": int(clock.now().timestamp()),
    }


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
    known = forms.cards()
    number, refusal = reading.as_new(card, known), cards.refusal(card, at_desk=True)
    is_new = isinstance(refusal, errors.PatronUnknown) and forms.fitting(number, known)
    return {
        "number": number,
        "sentence": refusal.sentence,
        "register_url": url_for("desk.patrons.new", s=searches.keep(NEW_CARD, number)) if is_new else None,
    }
