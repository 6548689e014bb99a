"""家族のカード: cards that a patron sees, patrons who see theirs; asking, ending, and drawing a child."""

from datetime import date

from flask import request
from flask_login import current_user

from blueprints.my.family.blueprint import back_with, bp, tie_or_404
from library import clock
from library.patrons.family import addresses, ages, ties
from models import FamilyTie, Patron
from web import access, flash, forms, htmx
from web.parts import card_numbers

COLOURS = ("緑", "赤紫", "青", "黄土", "紫")  # who-0 to who-4


class AskForm(forms.Form):
    family_number = forms.Text("カードの番号", maximum=100)


class DrawForm(forms.Form):
    label = forms.Text("印", maximum=20)
    colour = forms.Radio("色", tuple(enumerate(COLOURS)))


# -- the page --------------------------------------------------------------------------------------------------------
@bp.get("/ties", endpoint="ties")
@access.patron_required
def list_ties() -> access.Reply:
    answer = flash.take("family.ties")
    tie = FamilyTie.get_or_none(ties.of_either(current_user.patron), FamilyTie.id == answer.get("tie"))
    return ties_page(AskForm(formdata=None), messages=answer | {"name": _name_of_other(tie) if tie else ""})


def _name_of_other(tie: FamilyTie) -> str:
    other = tie.child if tie.viewer_id == current_user.patron.id else tie.viewer
    return other.name if other else ""


def ties_page(form: AskForm | DrawForm, messages: dict | None = None, sent: dict | None = None) -> access.Reply:
    """Return the page of ties with ``form``; ``sent``: refused choices of one tie."""
    patron, today = current_user.patron, clock.today()
    around = ties.of_child(patron)
    return form.page(
        "family/ties.html",
        form=AskForm(formdata=None).views() | form.views(),
        looked_at=[_looked_at(tie, tie.child, sent) for tie in ties.of_viewer(patron) if tie.child],
        asked_for=[{"id": tie.id, "number": tie.number, "day": _until(tie)} for tie in ties.requests_of(patron)],
        onlookers=[_onlooker(tie, patron, today, sent) for tie in around if tie.agreed_at],
        asking=[_onlooker(tie, patron, today, sent) for tie in around if not tie.agreed_at],
        shared=addresses.without_titles(patron),
        may_hide=ties.may_hide(patron, today=today),
        colours=COLOURS,
        most=ties.MOST,
        days=ties.ASKED_KEPT.days,
        messages=messages,
        card_field=card_numbers.field(),
    )


def _looked_at(tie: FamilyTie, child: Patron, sent: dict | None) -> dict:
    """Return a child whose card is looked at, with the letter and the colour that were chosen or typed."""
    drawn = {"label": tie.label, "colour": tie.colour}
    typed = sent if sent and sent["tie"] == tie.id and "label" in sent else {"open": False}
    return {
        "id": tie.id,
        "name": child.name,
        "number": child.card_number,
        "day": clock.day_of(tie.agreed_at) if tie.agreed_at else None,
        "initial": ties.badge_letter(tie, child.name),
        "allows": ties.allows(tie),
        "titles_hidden": tie.titles_hidden,
        "ends_on": None if tie.stays_on or not tie.ending_told_on else ages.ends_on(tie, child.birth_date),
        "now": {"colour": tie.colour},
    } | {"drawn": drawn | typed}


def _onlooker(tie: FamilyTie, patron: Patron, today: date, sent: dict | None) -> dict:
    """Return a viewer, or somebody who asks to be one, with what is allowed; refused ticks as they were sent."""
    typed = sent if sent and sent["tie"] == tie.id and "allows" in sent else {}
    return {
        "id": tie.id,
        "name": tie.viewer.name,
        "number": tie.viewer.card_number,
        "day": clock.day_of(tie.agreed_at) if tie.agreed_at else _until(tie),
        "seen_on": tie.seen_on,
        "allows": ties.allows(tie),
        "titles_hidden": tie.titles_hidden,
        "hides_on": ages.hides_on(tie),
        "ends_on": ages.ends_on(tie, patron.birth_date) if ages.may_stay(tie, patron.birth_date, today=today) else None,
        "stays": tie.stays_on is not None,
        "problems": (),
    } | typed


def _until(tie: FamilyTie) -> date:
    return clock.day_of(tie.asked_at + ties.ASKED_KEPT)


# -- asking, ending, drawing -----------------------------------------------------------------------------------------
@bp.post("/ties")
@access.patron_required
def ask() -> access.Reply:
    """Ask to see a card; the answer is the same whether there is such a card or not."""
    form = AskForm()
    form.submit(lambda: ties.ask(current_user.patron, form.family_number.data, now=clock.now()), at="family_number")
    return ties_page(form) if form.problems else back_with("asked")


@bp.get("/ties/<row_id:tie_id>/end")
@access.patron_required
def ask_end(tie_id: int) -> access.Reply:
    """Show who would see what no longer, or whose answer would not be waited for any more."""
    tie = tie_or_404(tie_id, ties.of_either(current_user.patron))
    if tie.viewer_id == current_user.patron.id:
        side = "looks" if tie.agreed_at else "asked_for"
    else:
        side = "looked_at" if tie.agreed_at else "asking"
    name = "" if side == "asked_for" else _name_of_other(tie)  # of who has not answered, no name is told
    return htmx.page("family/ending.html", id=tie.id, side=side, name=name, number=tie.number)


@bp.post("/ties/<row_id:tie_id>/end")
@access.patron_required
def end(tie_id: int) -> access.Reply:
    """やめる, ことわる, 取り下げる: end a tie or a request, from either side."""
    tie = tie_or_404(tie_id, ties.of_either(current_user.patron))
    ties.end(tie, current_user.patron, now=clock.now())
    if tie.agreed_at:
        return back_with("ended")
    return back_with("taken_back" if tie.viewer_id == current_user.patron.id else "declined")


@bp.post("/ties/<row_id:tie_id>/drawing")
@access.patron_required
def draw(tie_id: int) -> access.Reply:
    """Store the letter and the colour by which the viewer sees a child."""
    tie, form = tie_or_404(tie_id, ties.agreed_with(current_user.patron)), DrawForm()
    form.in_summary = [("label", "印", f"label-{tie.id}"), ("colour", "色", f"colour-{tie.id}")]
    colour = request.form.get("colour", "")
    form.submit(lambda: ties.set_badge(tie, form.label.data, int(colour)))
    if not form.problems:
        return back_with("drawn", tie)
    typed = {"label": form.label.data or "", "colour": forms.number(colour), "problems": form.problems, "open": True}
    return ties_page(form, sent={"tie": tie.id, **typed})
