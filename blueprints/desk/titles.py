"""書誌: finding titles, writing them by hand."""

from flask import abort, redirect, request

from blueprints.desk import bp, counter, panel
from library import clock, errors, policy
from library.catalog import editing, isbn, records
from library.catalog.search import query as queries
from library.catalog.search import search as searches
from library.discovery import availability
from library.lending import items
from models import Title
from web import access, forms, htmx
from web.links import url_for

SIZE = 20  # titles on a page
PEOPLE, SPARE = 3, 2  # rows for contributors: at least, and free ones after those that are filled
MOST_PEOPLE = 100
PARTS = ("name", "kana", "role")
AUDIENCES = ("一般", "児童")


class TitleForm(forms.Form):
    title = forms.Text("書名", maximum=editing.LONGEST)
    title_kana = forms.Text("書名ヨミ", maximum=editing.LONGEST)
    title_latin = forms.Text("書名ローマ字", maximum=editing.LONGEST)
    subtitle = forms.Text("副書名", maximum=editing.LONGEST)
    subtitle_kana = forms.Text("副書名ヨミ", maximum=editing.LONGEST)
    other_titles = forms.Lines("別書名", maximum=5_000)
    volume = forms.Text("巻", maximum=editing.LONGEST)
    series = forms.Text("シリーズ", maximum=editing.LONGEST)
    series_kana = forms.Text("シリーズヨミ", maximum=editing.LONGEST)
    author = forms.Text("著者の表示", maximum=editing.LONGEST)
    publisher = forms.Text("出版者", maximum=editing.LONGEST)
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
    accession_date = forms.Text("受入日", maximum=40)

    def __init__(self, *args, record=None, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = [*policy.get("material_types"), record.material_type if record else ""]
        self.material_type.offer((word, word) for word in dict.fromkeys(filter(None, kinds)))
        audiences = [*AUDIENCES, record.audience if record else ""]
        self.audience.offer((word, word) for word in dict.fromkeys(filter(None, audiences)))

    def typed(self):
        return {field.name: field.data or "" for field in self} | {"contributors": _people_typed()}


def _people_typed():
    """(name, kana, role) of each row that was sent, the empty ones left out."""
    columns = [request.form.getlist(f"contributor_{part}")[:MOST_PEOPLE] for part in PARTS]
    return [row for row in zip(*columns, strict=False) if any(text.strip() for text in row)]


# -- finding ---------------------------------------------------------------------------------------------------------
@bp.get("/titles", endpoint="titles")
@access.staff_required
def find_titles():
    """One field for the words of the catalogue's search, an ISBN, or a barcode; one that is found alone by number is opened."""
    asked = request.args.get("q", "").strip()[: queries.LONGEST]
    if copy := items.by_barcode(asked) if asked else None:
        return redirect(url_for("desk.title", title_id=copy.title_id, item=copy.barcode))
    number = isbn.normalise(asked)
    if number:
        ids = editing.with_isbn(number)
        if len(ids) == 1:
            return redirect(url_for("desk.title", title_id=ids[0]))
        return _found(asked, ids, len(ids), number=number)
    query = queries.parse(request.args)
    found = searches.find(query, size=SIZE) if asked else None
    return _found(asked, found.ids if found else [], found.total if found else 0, found)


def _found(asked, ids, total, found=None, number=""):
    page, pages = (found.page, found.pages) if found else (1, 1)
    return htmx.page(
        "desk/titles.html",
        q=asked,
        rows=_rows(ids),
        total=total,
        number=number,
        second=isbn.is_second_barcode(asked),
        before=url_for("desk.titles", q=asked, page=page - 1) if page > 1 else None,
        after=url_for("desk.titles", q=asked, page=page + 1) if page < pages else None,
        page=page,
        pages=pages,
    )


def _rows(ids):
    titles = {row.id: row for row in Title.select().where(Title.id.in_(ids))}
    standing = availability.of(ids)
    return [_row(titles[title_id], standing[title_id]) for title_id in ids if title_id in titles]


def _row(title, standing):
    return {
        "url": url_for("desk.title", title_id=title.id),
        "name": panel.name_of(title),
        "author": title.author,
        "imprint": " ".join(part for part in (title.publisher, title.year_text) if part),
        "copies": len(standing.copies),
    }


# -- one title -------------------------------------------------------------------------------------------------------
def mine_to_serve(title_id):
    found = Title.get_or_none(Title.id == title_id)
    if found is None:
        abort(404)
    return found


# -- by hand ---------------------------------------------------------------------------------------------------------
@bp.get("/titles/new")
@access.staff_required
def new_title():
    """Empty, or with the ISBN that was scanned and is not there yet."""
    number = isbn.normalise(request.args.get("isbn", ""))
    form = TitleForm(formdata=None, isbns=number, material_type=policy.get("material_types")[0], audience=AUDIENCES[0])
    return _form_page(form, [])


@bp.post("/titles/new")
@access.staff_required
def add_title():
    form = TitleForm()
    record, problems = _judged(form)
    if problems:
        return _form_page(form, form.typed()["contributors"], problems)
    made = editing.add(record, by=counter.actor(), today=clock.today(), now=clock.now())
    return redirect(url_for("desk.title", title_id=made.id), 303)


@bp.get("/titles/<int(max=2147483647):title_id>/edit")
@access.staff_required
def edit_title(title_id):
    row = mine_to_serve(title_id)
    record = records.load([row.id])[row.id]
    typed = editing.typed_of(record)
    people = typed.pop("contributors")
    return _form_page(TitleForm(formdata=None, record=record, **typed), people, row=row, record=record)


@bp.post("/titles/<int(max=2147483647):title_id>/edit")
@access.staff_required
def change_title(title_id):
    row = mine_to_serve(title_id)
    stored = records.load([row.id])[row.id]
    form = TitleForm(record=stored)
    record, problems = _judged(form)
    if not problems:
        try:
            editing.change(row.id, record, seen=request.form.get("seen", ""), by=counter.actor(), now=clock.now())
            return redirect(url_for("desk.title", title_id=row.id), 303)
        except errors.TitleChangedMeanwhile as refusal:
            problems = {"title": [refusal]}
    return _form_page(form, form.typed()["contributors"], problems, row=row, record=stored)


def _judged(form):
    """The record that was typed, or what is wrong with it."""
    problems = forms.refused(form)
    if problems:
        return None, problems
    try:
        return editing.read(form.typed()), {}
    except errors.RefusedTogether as refused:
        return None, refused.by_field


def _form_page(form, people, problems=None, row=None, record=None):
    rows = max(PEOPLE, len(people) + SPARE)
    return htmx.page(
        "desk/title_form.html",
        422 if problems else 200,
        form=form.faces(),
        people=[*people, *[("", "", "")] * (rows - len(people))],
        problems=problems or {},
        page_has_errors=bool(problems),
        summary=forms.summary(problems or {}, form=form),
        title_id=row.id if row else None,
        seen=editing.mark(record) if record else "",
        from_file=bool(record and record.format),
    )
