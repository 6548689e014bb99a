"""ラベル: call numbers and barcodes of copies on sheets of A4, and the barcode of a card."""

from flask import request

from blueprints.desk import bp, patrons
from library import branches, dates, errors
from library.counting import labels, nw7
from web import access, forms, htmx
from web.links import url_for

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


@bp.get("/labels", endpoint="labels")
@access.staff_required
def ask_labels():
    """With the copies of a title, where it comes from there."""
    title_id = forms.number(request.args.get("title"))
    barcodes = "\n".join(labels.of_title(title_id)) if title_id else ""
    return _form_page(LabelForm(formdata=None, kind="barcode", sheet="44", first="1", barcodes=barcodes, branch=EVERY))


def _form_page(form, problems=None):
    return htmx.page(
        "desk/labels.html",
        422 if problems else 200,
        form=form.faces(),
        problems=problems or {},
        page_has_errors=bool(problems),
        summary=forms.summary(problems or {}, form=form),
    )


@bp.post("/labels")
@access.staff_required
def print_labels():
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
        "desk/label_sheets.html",
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
    drawn = drawing(row.barcode, sheet.bar_width)
    return drawn and drawn | {"barcode": row.barcode, "title": row.title.title}


def drawing(number, width):
    """The bars of a number as one path, and their width in millimetres; None for one that NW-7 can't say."""
    bars = nw7.bars(number)
    if bars is None:
        return None
    return {"path": bars.path, "units": bars.units, "width": width(bars.units)}


@bp.get("/patrons/<int(max=2147483647):patron_id>/card")
@access.staff_required
def patron_card(patron_id):
    """The barcode of a card, to be printed and put on it."""
    row = patrons.mine_to_serve(patron_id)
    return htmx.page(
        "desk/patron_card.html",
        number=row.card_number,
        name=row.name,
        label=drawing(row.card_number, labels.SHEETS["24"].bar_width),
        patron_url=url_for("desk.patron", patron_id=row.id),
    )
