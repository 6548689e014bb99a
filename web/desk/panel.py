"""利用者: the patron at the desk, shown beside the work: card, counts, ready holds, warnings."""

from collections.abc import Iterable
from datetime import date

from flask import url_for

from library import clock, dates, errors
from library.account import registration
from library.lending import loans
from library.lending.holds import hold_shelf
from library.patrons import patrons
from models import Hold, Loan, Patron
from web.parts import stored_policy

MOST_LATE = 5  # overdue titles that are named


def show(patron: Patron, have: list[Loan]) -> dict:
    """Return the values of the panel: card, category, refusals, counts with limits, late loans, ready holds,
    warnings. ``have``: the patron's open loans.
    """
    today = clock.today()
    rules, held = stored_policy.read().lending(patron.category), hold_shelf.open_of(patron)
    late = [loan for loan in have if loans.is_overdue(loan, today=today)]
    return {
        "card_number": patron.card_number,
        "name": patron.name,
        "name_kana": patron.name_kana,
        "category": patron.category,
        "expires_on": dates.with_weekday(patron.expires_on),
        "refusals": sentences(patrons.card_refusals(patron, today=today), patron),
        "loans": len(have),
        "loan_limit": rules["loan_limit"],
        "holds": len(held),
        "hold_limit": rules["hold_limit"],
        "note": patron.desk_note.splitlines(),
        "overdue": len(late),
        "late": [_late(loan, today) for loan in late[:MOST_LATE]],
        "ready": [_ready(hold) for hold in held if hold.state == "ready"],
        "undeliverable": _undeliverable(patron),
        "url": url_for("desk.patrons.show", patron_id=patron.id),
        "renew_url": _renew_url(patron, today),
    }


def _renew_url(patron: Patron, today: date) -> str:
    """Return the page that renews a card that has run out, on the way back to 貸出; "" for one that has not."""
    if patron.state == "closed" or not patron.expires_on or patron.expires_on >= today:
        return ""
    back = url_for("desk.checkout.index")
    return url_for("desk.procedures.ask", patron_id=patron.id, what="renew", next=back)


def sentences(reasons: Iterable[errors.Refused], patron: Patron) -> list[str]:
    """Return the sentences of refusals as staff read them."""
    return [reason.sentence for reason in registration.for_staff(reasons, patron, today=clock.today())]


def _late(loan: Loan, today: date) -> dict:
    return {
        "title": loan.item.title.full_name,
        "days": (today - loan.due_on).days,
        "due_on": dates.with_weekday(loan.due_on, year=loan.due_on.year != today.year),
    }


def _ready(hold: Hold) -> dict:
    return {
        "title": hold.title.full_name,
        "branch": hold.pickup_branch.name,
        "aside_at": hold.item.aside_at if hold.item else "",
        "until": dates.with_weekday(hold.pickup_by, year=False),
    }


def _undeliverable(patron: Patron) -> str:
    since = [row.undeliverable_at for row in patrons.addresses(patron) if row.undeliverable_at]
    return dates.with_weekday(clock.day_of(min(since)), year=False) if since else ""
