"""カードの廃止: what it does is shown before it is done, as it can't be undone."""

from flask import redirect

from blueprints.desk import bp
from blueprints.desk import patrons as desk_patrons
from library import clock, errors
from library.account import account_closing, retention
from library.lending.holds import cart, holds
from web import access, htmx
from web.links import url_for

KEPT = next(kept.period for kept in retention.RETENTION if kept.name == "cards")


@bp.get("/patrons/closing-requests", endpoint="closing_requests")
@access.staff_required
def list_requests():
    """What patrons asked for on the web, the oldest first."""
    found = account_closing.requests()
    owing = account_closing.count_owing([row.patron_id for row in found])
    rows = [
        {
            "card_number": row.patron.card_number,
            "name": row.patron.name,
            "day": clock.day_of(row.asked_at),
            "owing": owing.get(row.patron_id, 0),
            "url": url_for("desk.patron", patron_id=row.patron_id),
            "closing_url": url_for("desk.ask_closing", patron_id=row.patron_id),
        }
        for row in found
    ]
    return htmx.page("desk/closing_requests.html", rows=rows)


@bp.get("/patrons/<int(max=2147483647):patron_id>/closing")
@access.staff_required
def ask_closing(patron_id):
    return _page(desk_patrons.mine_to_serve(patron_id))


@bp.post("/patrons/<int(max=2147483647):patron_id>/closing")
@access.staff_required
def close_card(patron_id):
    patron = desk_patrons.mine_to_serve(patron_id)
    try:
        account_closing.close(patron, by=desk_patrons.actor(), now=clock.now())
    except errors.Refusals:
        return _page(patron, 409)
    return redirect(url_for("desk.patron", patron_id=patron.id), 303)


def _page(patron, status=200):
    return htmx.page(
        "desk/patron_closing.html",
        status,
        patron_id=patron.id,
        name=patron.name,
        card_number=patron.card_number,
        holds=holds.count_open(patron),
        cart=cart.count(patron),
        kept_years=KEPT.days // 365,
        reasons=[reason.sentence for reason in account_closing.refusals(patron)],
    )
