"""ラベル: call numbers and barcodes of copies on sheets of A4."""

from flask import Blueprint, request

from library import branches, dates, errors
from library.counting import labels
from web import access, forms, htmx
from web.desk import barcodes

bp = Blueprint("labels", __name__)

KINDS = {"barcode": "資料番号（バーコード）", "call": "請求記号"}
EVERY = "all"


class LabelForm(forms.Form):
    kind = forms.Radio("印刷するもの", KINDS.items())
    sheet = forms.Choice("用紙", [(sheet.code, sheet.name) for sheet in labels.SHEETS.values()])
    first = forms.Text("はじめの位置", maximum=10)
    barcodes = forms.Lines("資料番号", maximum=labels.MOST * 40)
    since = forms.Text("受入日", maximum=40)
    branch = forms.Choice("所蔵館")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.branch.offer([(EVERY, "すべての館"), *((row.id, row.name) for row in branches.in_order())])

    def chosen(self):
        return next((row for row in branches.in_order() if self.branch.data == str(row.id)), None)


@bp.get("")
@access.staff_required
def index():
    """With the copies of a title, where it comes from there."""
    title_id = forms.number(request.args.get("title"))
    barcodes = "\n".join(labels.of_title(title_id)) if title_id else ""
    return _form_page(LabelForm(formdata=None, kind="barcode", sheet="44", first="1", barcodes=barcodes, branch=EVERY))


def _form_page(form, problems=None):
    return htmx.page(
        "desk/labels/index.html",
        422 if problems else 200,
        form=form.faces(),
        problems=problems or {},
        page_has_errors=bool(problems),
        summary=forms.summary(problems or {}, form=form),
    )


@bp.post("")
@access.staff_required
def print_sheets():
    """The sheets to print; nothing is changed by it."""
    form = LabelForm()
    problems = forms.refused(form)
    sheet, first = labels.SHEETS.get(form.sheet.data), forms.number(form.first.data) or 0
    if not problems and not 1 <= first <= sheet.size:
        problems = {"first": [errors.CellIsNoNumber(low=1, high=sheet.size)]}
    if problems:
        return _form_page(form, problems)
    try:
        rows, unknown = _wanted(form)
    except errors.RefusedTogether as refused:
        return _form_page(form, refused.by_field)
    return _sheets(form.kind.data, sheet, first, rows, unknown)


def _wanted(form):
    """The numbers that were scanned, else what came in since a day."""
    if form.barcodes.data.strip():
        return labels.scanned(form.barcodes.data.split("\n"))
    if not form.since.data.strip():
        raise errors.RefusedTogether({"barcodes": [errors.FieldEmpty()]})
    try:
        day = dates.parse(form.since.data)
    except ValueError:
        raise errors.RefusedTogether({"since": [errors.DateMalformed()]}) from None
    return labels.added_since(day, form.chosen()), []


def _sheets(kind, sheet, first, rows, unknown):
    made = [(row, _label(kind, sheet, row)) for row in rows]
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


def _label(kind, sheet, row):
    """What stands on the label of a copy; None where there is nothing to print."""
    if kind == "call":
        return {"lines": row.call_number.split()[:4], "barcode": row.barcode} if row.call_number else None
    drawn = barcodes.drawn(row.barcode, sheet)
    return drawn and drawn | {"barcode": row.barcode, "title": row.title.title}
