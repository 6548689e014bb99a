"""家族のカード at the desk: the ties of a patron, and the consent of both for a child without a sign-in."""

from collections.abc import Callable, Sequence

from flask import Blueprint, request, url_for
from peewee import ModelSelect

from library import clock, errors
from library.patrons.family import ages, ties
from models import FamilyTie, Patron
from web import access, flash, forms, htmx
from web.desk import counter, patron_pages

bp = Blueprint("family", __name__)
PAGE = "desk.family.index"


class ConsentForm(forms.Form):
    viewer = forms.Text("見る方の利用者番号", maximum=100)
    consent = forms.Tick("お二人がそろって、同意しています")
    in_summary = (("allowed", "見せてよいもの", "allowed"),)


@bp.get("/<row_id:patron_id>/family")
@access.staff_required
def index(patron_id: int) -> access.Reply:
    return _page(patron_pages.opened(patron_id), ConsentForm(formdata=None))


def _page(patron: Patron, form: ConsentForm) -> access.Reply:
    return form.page(
        "desk/family/index.html",
        patron_id=patron.id,
        name=patron.name,
        card_number=patron.card_number,
        onlookers=[_row(tie, tie.viewer, patron) for tie in ties.of_child(patron) if tie.agreed_at],
        looked_at=[_row(tie, tie.child, tie.child) for tie in ties.of_viewer(patron) if tie.child],
        reasons=[reason.sentence for reason in ties.consent_refusals(patron)],
        may_hide=ties.may_hide(patron, today=clock.today()),
        allowed=request.form.getlist("allow"),
        messages=flash.take(PAGE),
    )


def _row(tie: FamilyTie, patron: Patron, child: Patron) -> dict:
    return {
        "id": tie.id,
        "name": patron.name,
        "number": patron.card_number,
        "url": url_for("desk.patrons.show", patron_id=patron.id),
        "day": clock.day_of(tie.agreed_at) if tie.agreed_at else None,
        "seen_on": tie.seen_on,
        "allows": ties.allows(tie),
        "titles_hidden": tie.titles_hidden,
        "may_stay": ages.may_stay(tie, child.birth_date, today=clock.today()),
    }


@bp.post("/<row_id:patron_id>/family")
@access.staff_required
def write_consent(patron_id: int) -> access.Reply:
    patron, form, allowed = patron_pages.opened(patron_id), ConsentForm(), request.form.getlist("allow")
    if not form.consent.data:
        form.problems = {"consent": [errors.FamilyConsentMissing()]}
    if ties.LOOK not in allowed:
        form.problems["allowed"] = [errors.FamilyLookMissing()]
    form.submit(lambda: ties.write_consent(patron, form.viewer.data, allowed, **counter.acting()), at="viewer")
    return _page(patron, form) if form.problems else _back(patron_id, "agreed")


@bp.post("/<row_id:patron_id>/family/<row_id:tie_id>/ticks")
@access.staff_required
def change(patron_id: int, tie_id: int) -> access.Reply:
    """Set what a child without a sign-in allows, as it asks at the desk. 書名を見せない can be begun here, not ended."""
    allowed = request.form.getlist("allow")
    hidden = True if "hidden" in request.form.getlist("titles") else None
    done = "changed" if allowed else "ended"
    return _answer(patron_id, tie_id, done, lambda tie: ages.answer(tie, allowed, hidden=hidden, **counter.acting()))


@bp.post("/<row_id:patron_id>/family/<row_id:tie_id>/staying")
@access.staff_required
def stay(patron_id: int, tie_id: int) -> access.Reply:
    """18歳からも続ける, for a child without a sign-in who asks for it at the desk."""
    return _answer(patron_id, tie_id, "stays", lambda tie: ages.stay(tie, **counter.acting()))


def _answer(patron_id: int, tie_id: int, done: str, rule: Callable) -> access.Reply:
    """Do what the child wants, or say why not; a child who can sign in answers alone."""
    patron = patron_pages.opened(patron_id)
    mine = (FamilyTie.id == tie_id) & (FamilyTie.child == patron) & FamilyTie.agreed_at.is_null(False)
    tie = access.mine_or_404(FamilyTie.select().where(mine))
    try:
        ties.require_consent_at_desk(patron)
        rule(tie)
    except (errors.Refused, errors.Refusals) as refused:
        return _back(patron_id, "refused", refused=getattr(refused, "reasons", [refused]))
    return _back(patron_id, done)


def _agreed(patron: Patron, tie_id: int) -> "ModelSelect[FamilyTie]":
    mine = (FamilyTie.id == tie_id) & ties.of_either(patron) & FamilyTie.agreed_at.is_null(False)
    return FamilyTie.select().where(mine)


@bp.get("/<row_id:patron_id>/family/<row_id:tie_id>/end")
@access.staff_required
def ask_end(patron_id: int, tie_id: int) -> access.Reply:
    """Show who would see whose loans no longer; a tie that is over leads back to the list."""
    patron = patron_pages.opened(patron_id)
    tie = _agreed(patron, tie_id).first()
    if tie is None:
        return _page(patron, ConsentForm(formdata=None))
    return htmx.page(
        "desk/family/ending.html", patron_id=patron.id, tie_id=tie.id, viewer=tie.viewer.name, child=tie.child.name
    )


@bp.post("/<row_id:patron_id>/family/<row_id:tie_id>/end")
@access.staff_required
def end(patron_id: int, tie_id: int) -> access.Reply:
    ties.end_agreed(access.mine_or_404(_agreed(patron_pages.opened(patron_id), tie_id)), **counter.acting())
    return _back(patron_id, "ended")


def _back(patron_id: int, done: str, refused: Sequence[errors.Refused] = ()) -> access.Reply:
    return flash.leave(PAGE, {"patron_id": patron_id}, done=done, refused=refused)
