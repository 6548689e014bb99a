"""カードの廃止: its consequences are shown first, as it can't be undone."""

from flask import Blueprint, url_for

from library import audit, clock, errors
from library.account import account_closing, retention
from library.lending.holds import cart, hold_list
from library.requests import receipt
from library.store import database
from models import Patron
from web import access, flash, htmx
from web.desk import again, counter, patron_pages

bp = Blueprint("closing", __name__)

CARDS = next(row.period for row in retention.RETENTION if row.name == "cards")


@bp.get("/closing-requests")
@access.staff_required
def index() -> access.Reply:
    """List what patrons asked for on the web, the oldest first."""
    found = account_closing.requests()
    owing = account_closing.count_owing([row.patron_id for row in found])
    asked = [
        {
            "card_number": row.patron.card_number,
            "name": row.patron.name,
            "day": clock.day_of(row.asked_at),
            "owing": owing.get(row.patron_id, 0),
            "url": url_for("desk.patrons.show", patron_id=row.patron_id),
            "closing_url": url_for("desk.closing.ask", patron_id=row.patron_id),
        }
        for row in found
    ]
    with database.writing():
        audit.record("closing_requests.listed", actor=counter.actor(), now=clock.now(), count=len(asked))
    return htmx.page("desk/closing/index.html", rows=asked)


@bp.get("/<row_id:patron_id>/closing")
@access.staff_required
def ask(patron_id: int) -> access.Reply:
    return _page(patron_pages.opened(patron_id))


@bp.post("/<row_id:patron_id>/closing")
@access.staff_required
@again.required("close_card")
def close(patron_id: int) -> access.Reply:
    patron = patron_pages.opened(patron_id)
    try:
        account_closing.close(patron, **counter.acting())
    except errors.Refusals:
        return _page(patron, 409)
    return flash.leave("desk.patrons.show", {"patron_id": patron.id}, done="closed")


def _page(patron: Patron, status: int = 200) -> access.Reply:
    return htmx.page(
        "desk/closing/ask.html",
        status,
        patron_id=patron.id,
        name=patron.name,
        card_number=patron.card_number,
        holds=hold_list.count_open(patron),
        asked=receipt.open_of(patron).count(),
        cart=cart.count(patron),
        home_days=retention.HOMES.days,
        kept_years=CARDS.days // 365,
        reasons=[reason.sentence for reason in account_closing.refusals(patron)],
    )
