"""ほかの番号: old cards and the マイキーID of one person."""

from flask import Blueprint, request

from library import clock, errors, wording
from library.numbers import cards
from models import CardNumber, Patron
from web import access, flash, forms, htmx
from web.desk import counter, patron_pages

bp = Blueprint("other_numbers", __name__)
PAGE = "desk.other_numbers.index"


class OldCardForm(forms.Form):
    old_number = forms.Text("旧カードの番号", maximum=100)


class MykeyForm(forms.Form):
    mykey = forms.Text("マイキーID", maximum=100)
    confirmed = forms.Tick("本人の申し出を確かめました")


@bp.get("/<row_id:patron_id>/numbers")
@access.staff_required
def index(patron_id: int) -> access.Reply:
    return _page(patron_pages.opened(patron_id), OldCardForm(formdata=None))


def _page(patron: Patron, form: OldCardForm | MykeyForm) -> access.Reply:
    """Return the page. ``form``: the one of the two forms that was sent; the other is empty."""
    views = OldCardForm(formdata=None).views() | MykeyForm(formdata=None).views() | form.views()
    return form.page(
        "desk/other_numbers/index.html",
        patron_id=patron.id,
        name=patron.name,
        card_number=patron.card_number,
        is_closed=patron.state == "closed",
        numbers=[_row(row) for row in cards.other_numbers(patron)],
        most=cards.MOST_OTHERS,
        messages=flash.take(PAGE),
        form=views,
    )


def _row(row: CardNumber) -> dict:
    return {
        "id": row.id,
        "kind": wording.NUMBER_KINDS[row.kind],
        "number": cards.shown(row),
        "day": clock.day_of(row.since) if row.since else None,
    }


@bp.post("/<row_id:patron_id>/numbers")
@access.staff_required
def add(patron_id: int) -> access.Reply:
    """Add a マイキーID where its form was sent, else an old card."""
    patron = patron_pages.opened(patron_id)
    form = MykeyForm() if "mykey" in request.form else OldCardForm()
    form.submit(lambda: _add(patron, form), at="old_number")
    return _page(patron, form) if form.problems else _back(patron_id, "added")


def _add(patron: Patron, form: OldCardForm | MykeyForm) -> None:
    if patron.state == "closed":
        raise errors.CardClosed()
    if isinstance(form, OldCardForm):
        cards.add_old(patron, form.old_number.data, **counter.acting())
        return
    try:
        cards.add_mykey(patron, form.mykey.data, is_confirmed=form.confirmed.data, **counter.acting())
    except errors.MykeyNotConfirmed as refusal:
        raise errors.RefusedTogether({"confirmed": [refusal]}) from None
    except errors.Refused as refusal:
        raise errors.RefusedTogether({"mykey": [refusal]}) from None


@bp.get("/<row_id:patron_id>/numbers/<row_id:number_id>/removal")
@access.staff_required
def ask_removal(patron_id: int, number_id: int) -> access.Reply:
    """Show the number that would be deleted; one that is gone leads back to the list."""
    patron = patron_pages.opened(patron_id)
    found = [_row(row) for row in cards.other_numbers(patron) if row.id == number_id]
    if not found:
        return _page(patron, OldCardForm(formdata=None))
    return htmx.page("desk/other_numbers/removal.html", patron_id=patron.id, name=patron.name, number=found[0])


@bp.post("/<row_id:patron_id>/numbers/<row_id:number_id>/removal")
@access.staff_required
def remove(patron_id: int, number_id: int) -> access.Reply:
    cards.remove(patron_pages.opened(patron_id), number_id, **counter.acting())
    return _back(patron_id, "removed")


def _back(patron_id: int, done: str) -> access.Reply:
    return flash.leave(PAGE, {"patron_id": patron_id}, done=done)
