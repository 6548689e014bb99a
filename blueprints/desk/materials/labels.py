"""ラベル: call numbers and barcodes of copies on sheets of A4."""

from flask import Blueprint, request

from library import errors
from library.counting import labels
from library.numbers import formats as numbers
from models import Item
from web import access, forms, htmx
from web.desk import barcodes, days
from web.desk.fields import EVERY, BranchField

bp = Blueprint("labels", __name__)

KINDS = {"barcode": "資料番号（バーコード）", "call": "請求記号"}


class LabelForm(forms.Form):
    kind = forms.Radio("印刷するもの", KINDS.items())
    sheet = forms.Choice("用紙", [(sheet.code, sheet.name) for sheet in labels.SHEETS.values()])
    first = forms.Text("はじめの位置", maximum=10)
    barcodes = forms.Lines("資料番号", maximum=labels.MOST * 40)
    since = forms.Text("受入日", maximum=40)
    branch = BranchField("所蔵館", (EVERY,))


@bp.get("")
@access.staff_required
def index() -> access.Reply:
    """Ask which labels; with the copies of a title, where it comes from there."""
    title_id = forms.number(request.args.get("title"))
    barcodes = "\n".join(labels.for_title(title_id)) if title_id else ""
    form = LabelForm(formdata=None, kind="barcode", sheet="44", first="1", barcodes=barcodes, branch=EVERY[0])
    return form.page("desk/labels/index.html")


@bp.post("")
@access.staff_required
def print_sheets() -> access.Reply:
    """Show the sheets to print; nothing is changed by it."""
    form = LabelForm()
    sheet, first = labels.SHEETS.get(form.sheet.data), forms.number(form.first.data) or 0
    if sheet and not form.first.refusals() and not 1 <= first <= sheet.capacity:
        form.problems = {"first": [errors.CellIsNoNumber(low=1, high=sheet.capacity)]}
    wanted = form.submit(lambda: _wanted(form))
    return _sheets(form.kind.data, sheet, first, *wanted) if sheet and wanted else form.page("desk/labels/index.html")


def _wanted(form: LabelForm) -> tuple[list[Item], list[str]]:
    """Return the copies with the scanned numbers, else those that came in since a day; and the unknown numbers."""
    if form.barcodes.data.strip():
        return labels.scanned(form.barcodes.data.split("\n"))
    if not form.since.data.strip():
        raise errors.RefusedTogether({"barcodes": [errors.FieldEmpty()]})
    return labels.added_since(days.read("since", form.since.data), form.branch.branch()), []


def _sheets(kind: str, sheet: labels.Sheet, first: int, rows: list[Item], unknown: list[str]) -> access.Reply:
    known = numbers.items()
    made = [(row, _label(kind, sheet, row, known)) for row in rows]
    return htmx.page(
        "desk/labels/sheets.html",
        kind=kind,
        heading=KINDS[kind],
        sheet=sheet.code,
        sheets=sheet.laid_out([label for _, label in made if label], first),
        count=sum(label is not None for _, label in made),
        unknown=unknown,
        without=[row.barcode for row, label in made if label is None],
    )


def _label(kind: str, sheet: labels.Sheet, row: Item, known: list[numbers.Form]) -> dict | None:
    """Return the lines or bars of a copy's label; None where there is nothing to print."""
    if kind == "call":
        return {"lines": row.call_number.split()[:4], "barcode": row.barcode} if row.call_number else None
    drawn = barcodes.bars_of(row.barcode, sheet, known)
    return drawn and drawn | {"barcode": row.barcode, "title": row.title.title}
