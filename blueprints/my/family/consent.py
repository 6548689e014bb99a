"""Consent of the child: three ticks, and the questions as the child grows up, to be answered at any time."""

from collections.abc import Callable

from flask import request
from flask_login import current_user
from peewee import Expression

from blueprints.my.family.blueprint import back_with, bp, tie_or_404
from blueprints.my.family.ties import AskForm, ties_page
from library import clock, errors
from library.patrons.family import addresses, ages, ties
from models import FamilyTie, PatronAddress
from web import access


def _of_mine() -> Expression:
    """Return the condition for agreed ties by which somebody looks at this patron's card."""
    return (FamilyTie.child == current_user.patron) & FamilyTie.agreed_at.is_null(False)


@bp.post("/ties/<row_id:tie_id>/agreement")
@access.patron_required
def agree(tie_id: int) -> access.Reply:
    """Answer who asks, with the ticks that were chosen."""
    tie = tie_or_404(tie_id, ties.open_request_to(current_user.patron))
    return _try("agreed", tie, lambda allowed: ties.agree(tie, allowed, now=clock.now()))


@bp.post("/ties/<row_id:tie_id>/ticks")
@access.patron_required
def change(tie_id: int) -> access.Reply:
    """Set the ticks, and whether titles are hidden, where the page asked for that. With no tick at all the tie ends."""
    tie = tie_or_404(tie_id, _of_mine())
    hidden = "hidden" in request.form.getlist("titles") if "titles_shown" in request.form else None
    done = "changed" if request.form.getlist("allow") else "ended"
    return _try(done, tie, lambda allowed: ages.answer(tie, allowed, hidden=hidden, now=clock.now()))


def _try(done: str, tie: FamilyTie, rule: Callable) -> access.Reply:
    """Call the rule with what was ticked; refused, show the page again with the ticks and the reason."""
    allowed = set(request.form.getlist("allow"))
    try:
        rule(allowed)
    except errors.Refused as refused:
        form = AskForm(formdata=None)
        form.problems = {f"allow-{tie.id}": [refused]}
        ticked = {"allows": allowed, "titles_hidden": "hidden" in request.form.getlist("titles")}
        return ties_page(form, sent={"tie": tie.id, **ticked, "problems": [refused]})
    return back_with(done, tie)


@bp.post("/ties/<row_id:tie_id>/staying")
@access.patron_required
def stay(tie_id: int) -> access.Reply:
    """18歳からも続ける: keep the tie as the child comes of age."""
    tie = tie_or_404(tie_id, _of_mine())
    try:
        ages.stay(tie, now=clock.now())
    except errors.FamilyStayTooEarly as refused:
        return back_with("refused", tie, [refused])
    return back_with("stays", tie)


@bp.post("/addresses/<row_id:address_id>/confirmation")
@access.patron_required
def confirm_address(address_id: int) -> access.Reply:
    """Name titles again in mails to an address that somebody of the family has, too."""
    mine_only = (PatronAddress.id == address_id) & (PatronAddress.patron == current_user.patron)
    addresses.confirm(access.mine_or_404(PatronAddress.select().where(mine_only)), now=clock.now())
    return back_with("confirmed")
