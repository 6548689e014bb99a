"""書誌: finding titles, writing them by hand."""

from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from peewee import ModelSelect, fn

from library import clock, dates, errors, wording
from library.catalog import editing, isbn, records, removed_titles
from library.catalog.codes import accessible, kinds
from library.catalog.query import query as queries
from library.catalog.shown import results as searches
from library.discovery import availability
from library.lending import copies, items
from library.numbers import free
from library.requests import arriving, same_work
from models import Branch, Item, Loan, Title, Wanted
from web import access, flash, forms, htmx
from web.desk import counter, fields
from web.parts import stored_policy

bp = Blueprint("titles", __name__)

SIZE = 20  # titles on a page
PEOPLE, SPARE = 3, 2  # rows for contributors: at least, and free ones after those that are filled
MOST_PEOPLE = 100
PARTS = ("name", "kana", "role")
FACTS = (
    "title_kana", "title_latin", "subtitle", "series", "author", "publisher", "place", "year_text", "ndc",
    "material_type", "audience", "language",
    "extent", "price", "note", "contents", "accessibility",
)  # fmt: skip


class TitleForm(forms.Form):
    title = forms.Text("書名", maximum=editing.LONGEST)
    title_kana = forms.Text("書名ヨミ", maximum=editing.LONGEST)
    title_latin = forms.Text("書名ローマ字", maximum=editing.LONGEST)
    subtitle = forms.Text("副書名", maximum=editing.LONGEST)
    subtitle_kana = forms.Text("副書名ヨミ", maximum=editing.LONGEST)
    other_titles = forms.Lines("別書名", maximum=5_000)
    volume = forms.Text("巻", maximum=editing.LONGEST)
    volume_kana = forms.Text("巻のヨミ", maximum=editing.LONGEST)
    series = forms.Text("シリーズ", maximum=editing.LONGEST)
    series_kana = forms.Text("シリーズヨミ", maximum=editing.LONGEST)
    author = forms.Text("著者の表示", maximum=editing.LONGEST)
    publisher = forms.Text("出版者", maximum=editing.LONGEST)
    publisher_kana = forms.Text("出版者ヨミ", maximum=editing.LONGEST)
    place = forms.Text("出版地", maximum=editing.LONGEST)
    year_text = forms.Text("出版年", maximum=editing.LONGEST)
    isbns = forms.Lines("ISBN", maximum=editing.LONGEST)
    ndc = forms.Text("分類（NDC）", maximum=100)
    ndc_edition = forms.Text("NDCの版", maximum=20)
    subjects = forms.Lines("件名", maximum=5_000)
    material_type = forms.Choice("資料区分")
    audience = forms.Choice("対象")
    language = forms.Text("言語", maximum=100)
    extent = forms.Text("ページ数・大きさ", maximum=editing.LONGEST)
    price = forms.Text("価格", maximum=editing.LONGEST)
    note = forms.Lines("注記", maximum=10_000)
    contents = forms.Lines("内容", maximum=10_000)
    accessibility = forms.Lines("アクセシビリティ", maximum=10_000)
    accession_date = forms.Text("受入日", maximum=40)

    def __init__(self, *args: Any, record: records.Record | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        materials = [*stored_policy.read().get("material_types"), record.material_type if record else ""]
        self.material_type.offer((word, word) for word in dict.fromkeys(filter(None, materials)))
        audiences = [*kinds.AUDIENCES, record.audience if record else ""]
        self.audience.offer((word, word) for word in dict.fromkeys(filter(None, audiences)))

    def typed(self) -> dict:
        """Return the typed values by field, with the rows of contributors and the ticked formats."""
        return super().typed() | {"contributors": _contributors_typed(), "formats": request.form.getlist("format")}


def _contributors_typed() -> list[tuple[str, str, str]]:
    """Return (name, kana, role) of each row that was sent, without the empty ones."""
    columns = [request.form.getlist(f"contributor_{part}")[:MOST_PEOPLE] for part in PARTS]
    return [row for row in zip(*columns, strict=False) if any(text.strip() for text in row)]


# -- finding ---------------------------------------------------------------------------------------------------------
@bp.get("")
@access.staff_required
def index() -> access.Reply:
    """Find titles by the words of the catalogue's search, an ISBN, or a barcode; open one that is found alone by
    number.
    """
    asked = request.args.get("q", "").strip()[: queries.LONGEST]
    if copy := items.by_barcode(asked) if asked else None:
        return redirect(url_for("desk.titles.show", title_id=copy.title_id, item=copy.barcode))
    number = isbn.normalise(asked)
    if number:
        ids = editing.with_isbn(number)
        if len(ids) == 1:
            return redirect(url_for("desk.titles.show", title_id=ids[0]))
        return _found(asked, ids, len(ids), number=number)
    query = queries.parse(request.args)
    found = searches.find(query, size=SIZE, with_removed=True) if asked else None
    return _found(asked, found.ids if found else [], found.total if found else 0, found)


def _found(
    asked: str, ids: list[int], total: int, found: searches.Results | None = None, number: str = ""
) -> access.Reply:
    page, pages = (found.page, found.pages) if found else (1, 1)
    return htmx.page(
        "desk/titles/index.html",
        q=asked,
        rows=_rows(ids),
        total=total,
        number=number,
        second=isbn.is_second_barcode(asked),
        before=url_for("desk.titles.index", q=asked, page=page - 1) if page > 1 else None,
        after=url_for("desk.titles.index", q=asked, page=page + 1) if page < pages else None,
        page=page,
        pages=pages,
    )


def _rows(ids: list[int]) -> list[dict]:
    titles = {row.id: row for row in Title.select().where(Title.id.in_(ids))}
    standing, lost = availability.for_titles(ids), removed_titles.removed_among(ids)
    return [_row(titles[each], standing[each]) | {"is_gone": each in lost} for each in ids if each in titles]


def _row(title: Title, standing: availability.Availability) -> dict:
    return {
        "url": url_for("desk.titles.show", title_id=title.id),
        "name": title.full_name,
        "author": title.author,
        "imprint": " ".join(part for part in (title.publisher, title.year_text) if part),
        "copies": len(standing.copies),
    }


# -- one title -------------------------------------------------------------------------------------------------------
@bp.get("/<row_id:title_id>")
@access.staff_required
def show(title_id: int) -> access.Reply:
    row = Title.get_or_none(Title.id == title_id)
    was = None if row else removed_titles.deleted_row(title_id) or abort(404)
    if was and was.merged_into_id:
        return redirect(url_for(".show", title_id=was.merged_into_id), 301)
    return _title_page(row or abort(404))


def _title_page(row: Title, form: fields.CopyForm | None = None, status: int = 0, message: str = "") -> access.Reply:
    """Return the title with its copies and the form for another one."""
    record = records.load([row.id])[row.id]
    form = form or _empty(record)
    return form.page(
        "desk/titles/show.html",
        status,
        title_id=row.id,
        name=row.full_name,
        facts=_facts(record),
        copies=_copies(row),
        scanned=request.args.get("item", ""),
        removal=[reason.sentence for reason in editing.removal_refusals(row.id)],
        message=message,
        messages=flash.take("desk.titles.show"),
        page_has_errors=bool(form.problems or message),
    )


def _facts(record: records.Record) -> dict:
    """Return the lines of each fact, by name."""
    origin = record.format or ("" if record.source_id else "by_hand")
    return {name: getattr(record, name).splitlines() for name in FACTS} | {
        "people": [(each.name, each.kana, each.role) for each in record.contributors],
        "formats": list(map(accessible.words, accessible.codes(record.formats))),
        "isbns": [(number, bool(isbn.normalise(number))) for number in record.isbns],
        "subjects": record.subjects,
        "accession_date": dates.with_weekday(record.accession_date),
        "origin": origin,
        "source": " ".join(part for part in (record.source, record.source_id) if part),
    }


def _copies(row: Title) -> list[dict]:
    out = Loan.select(Loan.id).where(Loan.item == Item.id, Loan.returned_on.is_null())
    rows: ModelSelect[Any] = Item.select(Item, Branch, fn.EXISTS(out).alias("is_lent")).join(Branch, on=Item.branch)
    return [
        {
            "barcode": item.barcode,
            "branch": item.branch.name,
            "shelf": item.shelf,
            "call_number": item.call_number,
            "kind": item.material_type,
            "state": "" if item.is_lent else wording.ITEM_STATES[item.state],
            "url": url_for("desk.items.show", barcode=item.barcode),
            "edit_url": url_for("desk.items.edit", barcode=item.barcode),
        }
        for item in rows.where(Item.title == row.id).order_by(
            (Item.state == "withdrawn"), Branch.position, Item.barcode
        )
    ]


@bp.get("/<row_id:title_id>/remove")
@access.staff_required
def ask_removal(title_id: int) -> access.Reply:
    """Show which record would be lost, or why it can't be deleted."""
    row = access.row_or_404(Title, title_id)
    reasons = [reason.sentence for reason in editing.removal_refusals(row.id)]
    return htmx.page("desk/titles/removal.html", title_id=row.id, name=row.full_name, reasons=reasons)


@bp.post("/<row_id:title_id>/remove")
@access.staff_required
def remove(title_id: int) -> access.Reply:
    row = access.row_or_404(Title, title_id)
    try:
        editing.remove(row.id, **counter.acting())
    except errors.Refusals as refused:
        return _title_page(row, status=409, message=str(refused))
    return redirect(url_for("desk.titles.index"), 303)


@bp.post("/<row_id:title_id>/items")
@access.staff_required
@counter.at_a_branch
def add_item(title_id: int) -> access.Reply:
    row, form = access.row_or_404(Title, title_id), fields.CopyForm()
    today, by = clock.today(), counter.acting()
    made = form.submit(lambda: arriving.register(row, copies.read(form.typed()), today=today, **by))
    if made is None:
        return _title_page(row, form)
    item, found = made
    if found:
        flash.keep("desk.titles.show", done="arrived", n=len(found))
    return redirect(url_for("desk.titles.show", title_id=row.id, item=item.barcode), 303)


def _empty(record: records.Record) -> fields.CopyForm:
    """Return the form for another copy: the next number, this desk's branch, the call number of the first copy."""
    like = next((each for each in record.holdings if each.call_number), None)
    here = counter.branch()
    return fields.CopyForm(
        formdata=None,
        barcode=free.barcode(stored_policy.number_forms("item")),
        branch=str(here.id) if here else "",
        shelf=like.shelf if like else "",
        call_number=like.call_number if like else record.ndc,
        material_type="",
        acquired_how=wording.ACQUISITIONS[0],
    )


# -- by hand ---------------------------------------------------------------------------------------------------------
@bp.get("/new")
@access.staff_required
def new() -> access.Reply:
    """Offer an empty form, one with the ISBN that was scanned and is not there yet, or one of a work on order; lead to
    the record of that, if there is one.
    """
    wanted = Wanted.get_or_none(Wanted.id == forms.number(request.args.get("wanted")))
    told: dict[str, Any] = {"isbns": isbn.normalise(request.args.get("isbn", ""))}
    if wanted:
        if found := wanted.title or same_work.record(wanted):
            return redirect(url_for("desk.titles.show", title_id=found.id), 303)
        told = {name: getattr(wanted, name) for name in ("volume", "publisher", "year_text", "author")}
        told |= {"title": wanted.title_text, "isbns": wanted.isbn}
    form = TitleForm(
        formdata=None,
        **told,
        material_type=stored_policy.read().get("material_types")[0],
        audience=kinds.AUDIENCES[0],
    )
    return _form_page(form, {})


@bp.post("/new")
@access.staff_required
def add() -> access.Reply:
    form = TitleForm()
    wanted, today, by = forms.number(request.form.get("wanted")), clock.today(), counter.acting()
    made = form.submit(lambda: arriving.add_title(wanted, editing.read(form.typed()), today=today, **by))
    if made is None:
        return _form_page(form, form.typed())
    return redirect(url_for("desk.titles.show", title_id=made.id), 303)


@bp.get("/<row_id:title_id>/edit")
@access.staff_required
def edit(title_id: int) -> access.Reply:
    record = _record(title_id)
    stored = editing.typed_of(record)
    return _form_page(TitleForm(formdata=None, record=record, **stored), stored, title_id, record)


def _record(title_id: int) -> records.Record:
    return records.load([access.row_or_404(Title, title_id).id])[title_id]


@bp.post("/<row_id:title_id>/edit")
@access.staff_required
def change(title_id: int) -> access.Reply:
    record = _record(title_id)
    form = TitleForm(record=record)
    form.submit(lambda: _change(title_id, form), at="title")
    if form.problems:
        return _form_page(form, form.typed(), title_id, record)
    return redirect(url_for("desk.titles.show", title_id=title_id), 303)


def _change(title_id: int, form: TitleForm) -> None:
    record = editing.read(form.typed())
    editing.change(title_id, record, seen=request.form.get("seen", ""), **counter.acting())


def _form_page(
    form: TitleForm, typed: dict, title_id: int | None = None, record: records.Record | None = None
) -> access.Reply:
    """Show the form, with what was typed or is stored of what has no field of its own: the people, the formats."""
    people, formats = typed.get("contributors", []), typed.get("formats", ())
    rows = max(PEOPLE, len(people) + SPARE)
    return form.page(
        "desk/titles/form.html",
        people=[*people, *[("", "", "")] * (rows - len(people))],
        formats=[(code, word, code in formats) for code, word in accessible.NAMES.items()],
        title_id=title_id,
        seen=editing.version_of(record) if record else "",
        wanted=request.values.get("wanted", "")[: forms.LONGEST_NUMBER],
        from_file=bool(record and record.format),
    )
