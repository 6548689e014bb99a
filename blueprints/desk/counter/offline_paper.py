"""紙の票: slips to print beforehand, and the entries written on them."""

from flask import Blueprint, redirect, request, url_for

from library import clock, errors
from library.counting import labels
from library.numbers import formats as numbers
from library.offline import entries, slips
from web import access, flash, forms, htmx
from web.desk import barcodes, counter

bp = Blueprint("offline_paper", __name__)

HERE = "desk.offline_paper.index"
MOST_SHEETS = 20
BARS = [numbers.Form(length=11, prefix=slips.LETTER, bars="code39")]
WIDE = labels.Sheet("slip", "", 2, 2, 90)  # mm for the bars of a slip


class SheetsForm(forms.Form):
    sheets = forms.Text("枚数", maximum=10)


class SlipForm(forms.Form):
    slip = forms.Text("票の番号", maximum=100)
    kind = forms.Radio("したこと", (("loan", "貸出"), ("return", "返却")))
    day = forms.Text("日", maximum=40)
    hour = forms.Text("時刻", maximum=20)
    card = forms.Text("利用者番号", maximum=100)
    copies = forms.Lines("資料番号", maximum=slips.LINES * 100)


def _new_slip(kind: str = "loan", day: str = "") -> SlipForm:
    return SlipForm(formdata=None, kind=kind, day=day or clock.today().isoformat())


@bp.get("")
@access.staff_required
@counter.at_a_branch
def index() -> access.Reply:
    answer = flash.take(HERE)
    return _page(_new_slip(answer.get("kind", "loan"), answer.get("day", "")), answer)


@bp.post("")
@access.staff_required
@counter.at_a_branch
def enter() -> access.Reply:
    """紙の票の入力: apply the lines of one slip, once."""
    form = SlipForm()
    done = form.submit(lambda: _entered(form))
    if done is None:
        return _page(form, {})
    return flash.leave(
        HERE, kind=form.kind.data, day=form.day.data if form.day.data.isascii() else "", **done._asdict()
    )


def _entered(form: SlipForm) -> entries.Taken:
    found = [line.strip() for line in form.copies.data.split("\n") if line.strip()]
    return slips.enter(form.typed(), kind=form.kind.data, numbers=found, at=counter.here(), **counter.acting())


def _page(form: SlipForm, answer: dict) -> access.Reply:
    sheets = SheetsForm(formdata=None, sheets="1")
    return form.page("desk/offline/paper.html", answer=answer, sheets=sheets.views()["sheets"], lines=slips.LINES)


# -- printing ----------------------------------------------------------------------------------------------------------
@bp.post("/sheets")
@access.staff_required
@counter.at_a_branch
def make() -> access.Reply:
    """Number new slips, and lead to the page that prints them."""
    form = SheetsForm()
    count = forms.number(form.sheets.data) or 0
    if not 1 <= count <= MOST_SHEETS:
        form.problems = {"sheets": [errors.CellIsNoNumber(low=1, high=MOST_SHEETS)]}
    made = form.submit(lambda: slips.make(count * slips.A_SHEET, now=clock.now()), at="sheets")
    if made is None:
        return form.page("desk/offline/paper_wanted.html")
    return redirect(url_for("desk.offline_paper.sheets", first=made[0], sheets=count), 303)


@bp.get("/sheets")
@access.staff_required
@counter.at_a_branch
def sheets() -> access.Reply:
    """Show numbered slips to be printed, again if need be."""
    made = slips.of_sheets(request.args.get("first", ""), forms.number(request.args.get("sheets")) or 0)
    drawn = [{"number": number, "bars": barcodes.bars_of(number, WIDE, BARS)} for number in made]
    return htmx.page(
        "desk/offline/sheets.html",
        sheets=[drawn[first : first + slips.A_SHEET] for first in range(0, len(drawn), slips.A_SHEET)],
        lines=range(1, slips.LINES + 1),
        branch=counter.here(),
    )
