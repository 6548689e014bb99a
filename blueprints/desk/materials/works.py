"""作品: titles that are one work, joined or parted where the catalogue's rule was wrong."""

from collections.abc import Callable, Collection

from flask import Blueprint, request

from library.catalog import removed_titles
from library.catalog.query import query as queries
from library.catalog.shown import results as searches
from library.catalog.works import work_joins
from library.store import queries as stored
from models import Title
from web import access, flash, forms
from web.desk import counter, joining

bp = Blueprint("works", __name__)
PAGE = "desk.works.index"
SIZE = 20  # titles that are looked for at a time
MOST = 200  # of the works of these that are shown


@bp.get("")
@access.staff_required
def index() -> access.Reply:
    """Show the works of the titles that are found by words, or of those whose numbers are in the address."""
    return _page(joining.searched(request.args.get("q", "")), joining.ChosenForm(formdata=None))


def _page(asked: str, form: joining.ChosenForm, ticked: Collection[int] = ()) -> access.Reply:
    found = searches.find(queries.Query(q=asked), size=SIZE, with_removed=True) if asked else None
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


def _works(ids: list[int], ticked: Collection[int]) -> list[list[dict]]:
    """Return the titles of each work, the works in the order of what was found."""
    keys = dict(stored.tuples(Title.select(Title.id, Title.work_key).where(Title.id.in_(ids))))
    order = list(dict.fromkeys(keys[title_id] for title_id in ids if keys.get(title_id)))
    rows = (
        Title.select(*joining.SHOWN, Title.work_key, Title.work_fixed)
        .where(Title.work_key.in_(order))
        .order_by(Title.title, Title.year.asc(nulls="last"), Title.id)
        .limit(MOST)
    )
    works = {key: [] for key in order}
    lost = removed_titles.removed_among([row.id for row in rows])
    for row in rows:
        works[row.work_key].append(joining.title_row(row, ticked, lost) | {"is_fixed": row.work_fixed})
    return [work for work in works.values() if work]


@bp.post("/join")
@access.staff_required
def join() -> access.Reply:
    """Make the ticked titles one work."""
    return _done(work_joins.join, "joined")


@bp.post("/part")
@access.staff_required
def part() -> access.Reply:
    """Take the ticked titles out of their work; together they are a work of their own."""
    return _done(work_joins.separate, "parted")


def _done(rule: Callable, done: str) -> access.Reply:
    form, titles = joining.ChosenForm(), joining.ticked("title")
    asked = form.carry_out(lambda: rule(titles, **counter.acting()), at="title")
    if form.problems:
        return _page(asked, form, titles)
    # those that are no longer found together stand below one another all the same
    at = {"q": asked} if asked else {"title": sorted(titles)[:SIZE]}
    return flash.leave(PAGE, at, done=done, count=len(titles))
