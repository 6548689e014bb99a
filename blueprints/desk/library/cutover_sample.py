"""見本20人: patrons whose fields are compared with the old system, walked one by one, or printed."""

from collections.abc import Sequence

from flask import Blueprint, abort, redirect, url_for

from library import clock, errors
from library.cutover import opening, sample, steps
from library.patrons import lookups
from web import access, flash, forms, htmx
from web.desk import counter

bp = Blueprint("move_sample", __name__)
PAGE = "desk.move.index"


class JudgeForm(forms.Form):
    verdict = forms.Radio("比べた結果", ((sample.RIGHT, "合っています"), (sample.WRONG, "違います")))
    note = forms.Text("違うところ", maximum=sample.LONGEST)


@bp.get("")
@access.staff_required(role="admin")
def index() -> access.Reply:
    return _page()


def _page(status: int = 200, refused: Sequence[errors.Refused] = ()) -> access.Reply:
    people = sample.every()
    return htmx.page(
        "desk/move/sample.html",
        status,
        step=steps.by_name("sample"),
        people=[(row, sample.KINDS[row.kind], _address(row)) for row in people],
        left=[_address(row) for row in people if not row.verdict],
        refused="".join(reason.sentence for reason in refused),
    )


def _address(row: sample.Sampled) -> str:
    return url_for("desk.move_sample.person", patron_id=row.patron.id)


@bp.post("")
@access.staff_required(role="admin")
def draw() -> access.Reply:
    """見本を選ぶ: choose other patrons at random."""
    try:
        opening.going_on(now=clock.now())
    except errors.Refused as refusal:
        return _page(422, [refusal])
    sample.draw(today=clock.today(), **counter.acting())
    return redirect(url_for("desk.move_sample.index"), 303)


@bp.post("/confirmation")
@access.staff_required(role="admin")
def confirm() -> access.Reply:
    try:
        opening.going_on(now=clock.now())
        sample.confirm(**counter.acting())
    except (errors.Refused, errors.Refusals) as refusal:
        return _page(422, getattr(refusal, "reasons", [refusal]))
    return flash.leave(PAGE, done="confirmed", name=steps.LABELS["sample"])


@bp.get("/paper")
@access.staff_required(role="admin")
def paper() -> access.Reply:
    """Show all of the sample to be printed, for those who compare on paper; each look is written down."""
    people = sample.every()
    for row in people:
        lookups.note_view(row.patron, **counter.acting())
    return htmx.page(
        "desk/move/paper.html",
        people=[{"kind": sample.KINDS[row.kind], "data": sample.compared(row.patron)} for row in people],
    )


# -- one of them -----------------------------------------------------------------------------------------------------
@bp.get("/<row_id:patron_id>", endpoint="person")
@access.staff_required(role="admin")
def patron(patron_id: int) -> access.Reply:
    row = _one(patron_id)
    return _patron_page(row, JudgeForm(formdata=None, verdict=row.verdict, note=row.note))


def _one(patron_id: int) -> sample.Sampled:
    """Return one patron of the sample and write the look down; 404 for all other patrons."""
    row = next((each for each in sample.every() if each.patron.id == patron_id), None) or abort(404)
    lookups.note_view(row.patron, **counter.acting())
    return row


def _patron_page(row: sample.Sampled, form: JudgeForm) -> access.Reply:
    people = sample.every()
    place = [each.patron.id for each in people].index(row.patron.id) + 1
    return form.page(
        "desk/move/person.html",
        data=sample.compared(row.patron),
        kind=sample.KINDS[row.kind],
        place=place,
        count=len(people),
        judged=sum(bool(each.verdict) for each in people),
        verdict=row.verdict,
        before=_address(people[place - 2]) if place > 1 else "",
        after=_address(people[place]) if place < len(people) else "",
        action=url_for("desk.move_sample.judge", patron_id=row.patron.id),
    )


@bp.post("/<row_id:patron_id>")
@access.staff_required(role="admin")
def judge(patron_id: int) -> access.Reply:
    """Store the result of one comparison, and go on to the next patron without one."""
    row, form = _one(patron_id), JudgeForm()
    form.submit(
        lambda: sample.judge(row.patron, form.verdict.data, form.note.data, **counter.acting()),
        at="verdict",
        without=() if form.verdict.sent == sample.WRONG else ("note",),
    )
    if form.problems:
        return _patron_page(row, form)
    people = sample.every()
    place = [each.patron.id for each in people].index(patron_id)
    left = [each for each in people[place:] + people[:place] if not each.verdict]
    return redirect(_address(left[0]) if left else url_for("desk.move_sample.index"), 303)
