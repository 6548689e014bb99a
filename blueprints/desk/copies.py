"""所蔵: one title with its copies; a copy is added, changed, withdrawn."""

from flask import abort, redirect, request

from blueprints.desk import bp, counter, panel, titles
from library import branches, clock, dates, errors, policy, wording
from library.catalog import editing, isbn, records
from library.discovery import availability
from library.lending import copies, items
from models import Branch, Item
from web import access, forms, htmx
from web.links import url_for

FACTS = (
    ("書名ヨミ", "title_kana"), ("書名ローマ字", "title_latin"), ("副書名", "subtitle"), ("シリーズ", "series"), ("著者の表示", "author"), ("出版者", "publisher"),
    ("出版地", "place"), ("出版年", "year_text"), ("分類（NDC）", "ndc"), ("資料区分", "material_type"), ("対象", "audience"), ("言語", "language"),
    ("ページ数・大きさ", "extent"), ("価格", "price"), ("注記", "note"), ("内容", "contents"),
)  # fmt: skip
FORMATS = {"marc21": "MARC 21", "marcxml": "MARCXML", "dcndl": "DC-NDL", "csv": "表（CSV・TSV）"}


class CopyForm(forms.Form):
    barcode = forms.Text("資料番号", maximum=100)
    branch = forms.Choice("所蔵館")
    shelf = forms.Text("場所", maximum=copies.LONGEST)
    call_number = forms.Text("請求記号", maximum=copies.LONGEST)
    material_type = forms.Choice("資料区分")
    acquired_on = forms.Text("受入日", maximum=40)

    def __init__(self, *args, also="", **kwargs):
        super().__init__(*args, **kwargs)
        self.branch.offer((row.id, row.name) for row in branches.in_order())
        kinds = dict.fromkeys(filter(None, [*policy.get("material_types"), also]))
        self.material_type.offer([("", "書誌と同じ"), *((word, word) for word in kinds)])

    def typed(self):
        return {field.name: field.data or "" for field in self}


def _empty(record):
    """For another copy of a title: the next number, this desk's branch, the call number of the first copy."""
    like = next((each for each in record.holdings if each.call_number), None)
    here = counter.branch()
    return CopyForm(
        formdata=None,
        barcode=copies.next_barcode(),
        branch=str(here.id) if here else "",
        shelf=like.shelf if like else "",
        call_number=like.call_number if like else record.ndc,
        material_type="",
    )


# -- one title -------------------------------------------------------------------------------------------------------
@bp.get("/titles/<int(max=2147483647):title_id>")
@access.staff_required
def title(title_id):
    return title_page(titles.mine_to_serve(title_id))


def title_page(row, status=200, form=None, problems=None, message=None):
    """The title with its copies and the form for another one."""
    record = records.load([row.id])[row.id]
    form = form or _empty(record)
    return htmx.page(
        "desk/title.html",
        status,
        title_id=row.id,
        name=panel.name_of(row),
        facts=_facts(record),
        copies=_copies(row),
        scanned=request.args.get("item", ""),
        removal=[reason.sentence for reason in editing.removal_refusals(row.id)],
        message=message,
        form=form.faces(),
        problems=problems or {},
        page_has_errors=bool(problems or message),
        summary=forms.summary(problems or {}, form=form),
    )


def _facts(record):
    said = [(label, getattr(record, name)) for label, name in FACTS]
    people = "\n".join(
        f"{each.name}{f'（{each.kana}）' if each.kana else ''} {each.role}".strip() for each in record.contributors
    )
    origin = FORMATS.get(record.format, "" if record.source_id else "手入力")
    source = " ".join(part for part in (origin, record.source, record.source_id) if part)
    said[5:5] = [("著者など", people)]
    said += [
        ("ISBN", "\n".join(number + ("" if isbn.normalise(number) else "（検査数字が合いません）") for number in record.isbns)),
        ("件名", "\n".join(heading + (f"（{kana}）" if kana else "") for heading, kana in record.subjects)),
        ("受入日", dates.with_weekday(record.accession_date) if record.accession_date else ""),
        ("もとの記録", source),
    ]  # fmt: skip
    return [{"label": label, "lines": value.split("\n")} for label, value in said if value]


def _copies(row):
    rows = Item.select(Item, Branch).join(Branch, on=Item.branch).where(Item.title == row.id)
    standing = availability.of([row.id])[row.id]
    lent = {copy.barcode for copy in standing.copies if copy.due_on}
    return [
        {
            "barcode": item.barcode,
            "branch": item.branch.name,
            "shelf": item.shelf,
            "call_number": item.call_number,
            "kind": item.material_type,
            "state": "貸出中" if item.barcode in lent else wording.ITEM_STATES[item.state],
            "url": url_for("desk.item", barcode=item.barcode),
            "edit_url": url_for("desk.edit_item", barcode=item.barcode),
        }
        for item in rows.order_by((Item.state == "withdrawn"), Branch.position, Item.barcode)
    ]


@bp.post("/titles/<int(max=2147483647):title_id>/remove")
@access.staff_required
def remove_title(title_id):
    row = titles.mine_to_serve(title_id)
    try:
        editing.remove(row.id, by=counter.actor(), now=clock.now())
    except errors.Refusals as refused:
        return title_page(row, 409, message="".join(reason.sentence for reason in refused.reasons))
    return redirect(url_for("desk.titles"), 303)


# -- one copy --------------------------------------------------------------------------------------------------------
@bp.post("/titles/<int(max=2147483647):title_id>/items")
@access.staff_required
@counter.at_a_branch
def add_item(title_id):
    row, form = titles.mine_to_serve(title_id), CopyForm()
    values, problems = _judged(form)
    if not problems:
        try:
            made = copies.add(row, values, by=counter.actor(), today=clock.today(), now=clock.now())
            return redirect(url_for("desk.title", title_id=row.id, item=made.barcode), 303)
        except errors.RefusedTogether as refused:
            problems = refused.by_field
    return title_page(row, 422, form, problems)


def _judged(form):
    problems = forms.refused(form)
    if problems:
        return None, problems
    try:
        return copies.read(form.typed()), {}
    except errors.RefusedTogether as refused:
        return None, refused.by_field


def _mine_to_serve(barcode):
    found = items.by_barcode(barcode)
    if found is None:
        abort(404)
    return found


@bp.get("/items/<barcode>/edit")
@access.staff_required
def edit_item(barcode):
    copy = _mine_to_serve(barcode)
    shown = {name: getattr(copy, name) for name in ("barcode", *copies.TEXTS)}
    acquired = copy.acquired_on.isoformat() if copy.acquired_on else ""
    form = CopyForm(formdata=None, also=copy.material_type, branch=str(copy.branch_id), acquired_on=acquired, **shown)
    return _form_page(copy, form)


@bp.post("/items/<barcode>/edit")
@access.staff_required
def change_item(barcode):
    copy = _mine_to_serve(barcode)
    form = CopyForm(also=copy.material_type)
    values, problems = _judged(form)
    if not problems:
        try:
            copy = copies.change(copy, values, by=counter.actor(), now=clock.now())
            return redirect(url_for("desk.title", title_id=copy.title_id, item=copy.barcode), 303)
        except errors.RefusedTogether as refused:
            problems = refused.by_field
    return _form_page(copy, form, problems)


def _form_page(copy, form, problems=None):
    return htmx.page(
        "desk/item_form.html",
        422 if problems else 200,
        barcode=copy.barcode,
        name=panel.name_of(copy.title),
        title_url=url_for("desk.title", title_id=copy.title_id),
        state=wording.ITEM_STATES[copy.state],
        withdrawn=copy.state == "withdrawn",
        form=form.faces(),
        problems=problems or {},
        page_has_errors=bool(problems),
        summary=forms.summary(problems or {}, form=form),
    )
