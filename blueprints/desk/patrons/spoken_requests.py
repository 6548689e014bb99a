"""リクエストの受付: what somebody asks for at the desk or by telephone."""

from typing import Any

from flask import Blueprint, request

from library import errors
from library.interlibrary import borrowings, partners
from library.numbers import cards
from library.patrons import profile
from library.requests import receipt
from models import Patron, PatronRequest
from web import access, flash, forms
from web.desk import counter
from web.parts import stored_policy
from web.parts.rows import request_rows

bp = Blueprint("spoken_requests", __name__)


class SpokenForm(request_rows.RequestForm):
    card = forms.Text("利用者番号", maximum=100)
    partner = forms.Choice("相手館")


def _form(**given: Any) -> SpokenForm:
    form = SpokenForm(profile.pickup_branches(None, stored_policy.branches_in_order()), **given)
    form.partner.offer(partners.choices())
    form.contact_method.offer([("", "ご本人の登録のとおり"), *form.contact_method.offered])
    return form


@bp.get("/new")
@access.staff_required
@counter.at_a_branch
def new() -> access.Reply:
    told = {name: forms.printable(request.args.get(name, ""))[: receipt.LONGEST] for name in receipt.TOLD}
    return _page(_form(formdata=None, pickup_branch=str(counter.here().id), may_borrow=True, **told))


def _page(form: SpokenForm) -> access.Reply:
    return form.page(
        "desk/requests/new.html", not_taken=stored_policy.read().get("requests_not_taken"), borrows=_borrows()
    )


def _borrows() -> bool:
    """Tell whether the work is asked of a partner at once (借受を書き入れる)."""
    return "borrowing" in request.args


@bp.post("/new")
@access.staff_required
@counter.at_a_branch
def enter() -> access.Reply:
    """Write the request down for the patron with this card, or say every reason why not."""
    form = _form()
    try:
        made = form.submit(lambda: _enter(form), without=() if _borrows() else ("partner",))
    except errors.Refusals as refused:
        made, form.problems = None, request_rows.at_fields(refused.reasons, "card")
    if made and _borrows():
        return flash.leave("desk.interlibrary.index", done="asked")
    return flash.leave("desk.requests.index", done="taken", work=made.wanted_id) if made else _page(form)


def _enter(form: SpokenForm) -> PatronRequest:
    patron = _patron(counter.scanned("card"))
    chosen = form.chosen()
    chosen["contact_method"] = chosen["contact_method"] or patron.contact_method
    if _borrows():
        return borrowings.ask(patron, form.wish(), partners.find(form.partner.data), **chosen, **counter.acting())
    return receipt.ask(patron, form.wish(), **chosen, **counter.acting())


def _patron(card: str) -> Patron:
    patron = counter.patron_of(card)
    if patron is None:
        refusal = cards.refusal(card, at_desk=True) if card else errors.FieldEmpty()
        raise errors.RefusedTogether({"card": [refusal]})
    return patron
