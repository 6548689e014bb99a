"""紛失: another number for a card that was lost: asked for, shown, then given."""

from flask import Blueprint, redirect, request, url_for

from library import errors
from library.account import registration
from library.numbers import cards, free
from models import Patron
from web import access, flash, forms, htmx
from web.desk import again, counter, lookups, patron_pages
from web.parts import stored_policy

bp = Blueprint("lost_cards", __name__)
LOST_CARD = "lost_card"  # the page that is asked for by the token of a new number


@bp.get("/<row_id:patron_id>/new-number")
@access.staff_required
def ask_number(patron_id: int) -> access.Reply:
    """Ask for the number of the new card, the next that is free at first."""
    return _page(patron_pages.opened(patron_id), free.card_number(stored_policy.number_forms("card")))


def _page(row: Patron, number: str, problems: forms.Problems | None = None) -> access.Reply:
    is_closed = row.state == "closed"
    return htmx.page(
        "desk/patrons/number.html",
        409 if is_closed else 422 if problems else 200,
        patron_id=row.id,
        name=row.name,
        card_number=row.card_number,
        number=number,
        reasons=[errors.CardClosed().sentence] if is_closed else [],
        **forms.error_values(problems or {}),
    )


@bp.post("/<row_id:patron_id>/new-number")
@access.staff_required
def give_number(patron_id: int) -> access.Reply:
    """Take the number of a new card to the page that asks before it replaces the old one."""
    row = patron_pages.opened(patron_id)
    token = lookups.keep(LOST_CARD, request.form.get("number", "")[:100])
    return redirect(url_for("desk.lost_cards.ask_new_number", patron_id=row.id, s=token), 303)


@bp.get("/<row_id:patron_id>/lost")
@access.staff_required
def ask_new_number(patron_id: int) -> access.Reply:
    """Show what a new number does before it is given: the old one can't be had again."""
    row, number = patron_pages.opened(patron_id), lookups.asked(LOST_CARD)
    if row.state == "closed":
        return _page(row, number)
    try:
        number = cards.require_new(number)
    except errors.Refused as refusal:
        return _page(row, number, {"number": [refusal]})
    return htmx.page(
        "desk/patrons/new_number.html", patron_id=row.id, name=row.name, card_number=row.card_number, number=number
    )


@bp.post("/<row_id:patron_id>/lost")
@access.staff_required
@again.required("lost_card")
def replace(patron_id: int) -> access.Reply:
    """Give the account its new number; the old card is refused from now on."""
    row, number = patron_pages.opened(patron_id), request.form.get("number", "")[:100]
    if row.state == "closed":
        return _page(row, number)
    try:
        registration.replace_card(row, number, **counter.acting())
    except errors.Refused as refusal:
        return _page(row, number, {"number": [refusal]})
    return flash.leave("desk.patrons.show", {"patron_id": row.id}, done="lost")
