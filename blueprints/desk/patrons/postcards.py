"""はがき: 督促 on paper for the patrons ticked in the list: printed, then noted as sent."""

from flask import Blueprint, request, url_for

from library import clock, dates, errors, policy
from library.lending import postcards
from web import access, flash, forms, htmx
from web.desk import counter

bp = Blueprint("postcards", __name__)

ON_SHEET = {"card": 1, "a4": 4}  # by the paper that the list offers
LIST = "desk.overdue.index"
MOST = 2_000  # loans of all cards


@bp.post("")
@access.staff_required
def make() -> access.Reply:
    """Show the postcards to print, and name patrons without an address. Only that addresses were shown
    is written down.
    """
    days = forms.number(request.form.get("days")) or 1
    paper = request.form.get("paper")
    paper = paper if paper in ON_SHEET else "card"
    cards, without = postcards.made(_numbers("patron"), days=days, today=clock.today())
    if not cards and not without:
        return flash.leave(LIST, {"days": days}, refused=[errors.NobodyForPostcards()])
    postcards.note_printing(len(cards), **counter.acting())
    shown = [_card(card) for card in cards]
    size = ON_SHEET[paper]
    return htmx.page(
        "desk/postcards/index.html",
        paper=paper,
        sheets=[shown[first : first + size] for first in range(0, len(shown), size)],
        count=len(shown),
        loans=[loan.id for card in cards for loan in card.loans],
        without=[
            {
                "name": patron.name,
                "card_number": patron.card_number,
                "url": url_for("desk.patrons.show", patron_id=patron.id),
            }
            for patron in without
        ],
        days=days,
        list_url=url_for(LIST, days=days),
        sender=policy.several("address", "phone"),
        today=dates.without_weekday(clock.today()),
    )


def _numbers(name: str) -> set[int]:
    return set(filter(None, map(forms.number, request.form.getlist(name)[:MOST])))


def _card(card: postcards.Postcard) -> dict:
    return {
        "postal_code": card.patron.postal_code,
        "address": card.patron.address,
        "name": card.patron.name,
        "honorific": card.honorific,
        "to": card.to,
        "count": len(card.loans),
        "due_on": dates.with_weekday(card.due_on),
        "titles": card.titles,
        "more": card.more,
    }


@bp.post("/sent")
@access.staff_required
def note_sent() -> access.Reply:
    """はがきを出した: note these loans as asked for, so that no mail of this stage follows."""
    days = forms.number(request.form.get("days")) or 1
    count = postcards.note_sending(_numbers("loan"), today=clock.today(), **counter.acting())
    return flash.leave(LIST, {"days": days}, done="sent" if count else "none_sent", count=count)
