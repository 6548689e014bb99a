"""作品: which titles are one work; what the rule of the catalogue got wrong is put right here."""

from flask import Blueprint, request, url_for

from library.catalog import gone
from library.catalog.headings import work_joins
from library.catalog.search import query as queries, search as searches
from models import Title
from web import access, flash, forms
from web.desk import counter

bp = Blueprint("works", __name__)
PAGE = "desk.works.index"
SIZE = 20  # titles that are looked for at a time
MOST = 200  # of the works of these that are shown
SHOWN = (
    Title.id, Title.title, Title.volume, Title.author, Title.publisher, Title.series, Title.year_text, Title.work_key, Title.work_fixed,
)  # fmt: skip


class ChosenForm(forms.Form):
    """The titles that are ticked, and what was looked for."""

    q = forms.Text("書誌を探す", maximum=queries.LONGEST)

    @property
    def titles(self):
        return set(filter(None, map(forms.number, request.form.getlist("title")[:MOST])))


@bp.get("")
@access.staff_required
def index():
    """Show the works of the titles that are found by words, or of those whose numbers are in the address."""
    return _page(request.args.get("q", "").strip()[: queries.LONGEST], ChosenForm(formdata=None))


def _page(asked, form, ticked=()):
    found = searches.find(queries.Query(q=asked), size=SIZE, with_gone=True) if asked else None
    ids = [*(found.ids if found else ()), *filter(None, map(forms.number, request.args.getlist("title")[:SIZE]))]
    works = _works(ids, ticked)
    return form.page(
        "desk/works/index.html",
        q=asked,
        works=works,
        total=found.total if found else len(ids),
        shown=sum(len(work) for work in works),
        most=SIZE,
        messages=flash.take(PAGE),
    )


def _works(ids, ticked):
    """Return the titles of each work, the works in the order of what was found."""
    keys = dict(Title.select(Title.id, Title.work_key).where(Title.id.in_(ids)).tuples())
    order = list(dict.fromkeys(keys[title_id] for title_id in ids if keys.get(title_id)))
    rows = (
        Title.select(*SHOWN)
        .where(Title.work_key.in_(order))
        .order_by(Title.title, Title.year.asc(nulls="last"), Title.id)
        .limit(MOST)
    )
    works = {key: [] for key in order}
    lost = gone.among([row.id for row in rows])
    for row in rows:
        works[row.work_key].append(_row(row, ticked) | {"is_gone": row.id in lost})
    return [work for work in works.values() if work]


def _row(row, ticked):
    return {
        "id": row.id,
        "url": url_for("desk.titles.show", title_id=row.id),
        "name": row.full_name,
        "author": row.author,
        "imprint": " ".join(part for part in (row.publisher, row.series, row.year_text) if part),
        "is_fixed": row.work_fixed,
        "ticked": row.id in ticked,
    }


@bp.post("/join")
@access.staff_required
def join():
    return _done(work_joins.join, "joined")


@bp.post("/part")
@access.staff_required
def part():
    return _done(work_joins.part, "parted")


def _done(rule, done):
    form = ChosenForm()
    titles = form.titles
    form.submit(lambda: rule(titles, **counter.acting()), at="title", without=("q",))
    asked = (form.q.data or "").strip()[: queries.LONGEST]
    if form.problems:
        return _page(asked, form, titles)
    # those that are no longer found together stand below one another all the same
    at = {"q": asked} if asked else {"title": sorted(titles)[:SIZE]}
    return flash.leave(PAGE, at, done=done, count=len(titles))
