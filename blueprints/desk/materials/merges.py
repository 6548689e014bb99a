"""重複した書誌: two records of the same book become one, after a page with all that moves."""

from typing import Any

from flask import Blueprint, request, url_for
from peewee import fn

from library import errors, holdings
from library.catalog import removed_titles
from library.catalog.query import query as queries
from library.catalog.shown import results as searches
from library.merging import titles as merging
from library.store import queries as stored
from models import Item, Title
from web import access, flash, forms, htmx
from web.desk import counter, joining

bp = Blueprint("merges", __name__)
PAGE = "desk.merges.index"
SIZE = 20  # titles that are found


@bp.get("")
@access.staff_required
def index() -> access.Reply:
    """Show the titles that words find, or, of a title in the address, those that may be the same book."""
    return _page(joining.ChosenForm(formdata=None), joining.ticked("title"))


def _page(form: joining.ChosenForm, chosen: set[int]) -> access.Reply:
    asked = joining.searched(request.args.get("q", ""))
    found = searches.find(queries.Query(q=asked), size=SIZE, with_removed=True) if asked else None
    ids = [*sorted(chosen), *(found.ids if found else _alike(chosen))]
    return form.page(
        "desk/merges/index.html",
        q=asked,
        rows=_rows(dict.fromkeys(ids), chosen),
        total=found.total if found else len(ids),
        most=SIZE,
        messages=flash.take(PAGE),
    )


def _alike(chosen: set[int]) -> list[int]:
    one = Title.get_or_none(Title.id == min(chosen)) if len(chosen) == 1 else None
    return merging.alike(one) if one else []


def _rows(ids: dict, chosen: set[int]) -> list[dict]:
    copies = Item.select(fn.COUNT(Item.id)).where(Item.title == Title.id, holdings.is_in_stock()).alias("copies")
    found: dict[int, Any] = {row.id: row for row in Title.select(*joining.SHOWN, copies).where(Title.id.in_(list(ids)))}
    lost = removed_titles.removed_among(found)
    return [
        joining.title_row(found[each], chosen, lost) | {"copies": found[each].copies} for each in ids if each in found
    ]


@bp.get("/new")
@access.staff_required
def new() -> access.Reply:
    """Show what merging the two titles of the address does; ``keep``: the one that stays, else that
    with more copies.
    """
    chosen = joining.ticked("title")
    if len(chosen) != 2:
        return _refused(errors.TwoTitlesWanted(), chosen)
    kept = forms.number(request.args.get("keep"))
    return _confirmation(kept if kept in chosen else _first(chosen), chosen)


def _first(chosen: set[int]) -> int:
    """Return the title with the most copies; of several the older one."""
    counts = Item.select(Item.title, fn.COUNT(Item.id)).where(Item.title.in_(chosen)).group_by(Item.title)
    copies = dict(stored.tuples(counts))
    return max(chosen, key=lambda title_id: (copies.get(title_id, 0), -title_id))


def _refused(reason: errors.Refused, chosen: set[int]) -> access.Reply:
    form = joining.ChosenForm(formdata=None)
    form.problems = {"title": [reason]}
    return _page(form, chosen)


def _confirmation(kept_id: int, chosen: set[int], reason: errors.Refused | None = None) -> access.Reply:
    (other_id,) = chosen - {kept_id}
    try:
        plan = merging.plan(kept_id, other_id)
    except errors.TitleNotThere as refusal:
        return _refused(refusal, chosen)
    reasons = merging.refusals(plan.kept, plan.other)
    return htmx.page(
        "desk/merges/new.html",
        422 if reason else 200,
        plan=plan,
        kept=_facts(plan.kept),
        other=_facts(plan.other),
        reasons=[each.sentence for each in reasons],
        message=reason.sentence if reason and not reasons else "",
        swap_url=url_for("desk.merges.new", title=sorted(chosen), keep=other_id),
        page_has_errors=bool(reason),
    )


def _facts(row: Title) -> dict:
    """Return the facts by which two records differ, by name."""
    return {
        "title": row.full_name,
        "author": row.author,
        "imprint": " ".join(part for part in (row.publisher, row.year_text) if part),
        "isbn": row.isbn_text,
        "series": row.series,
        "extent": row.extent,
        "source": " ".join(part for part in (row.source, row.source_id) if part),
    }


@bp.post("")
@access.staff_required
def create() -> access.Reply:
    """Merge ``other`` into ``keep``, as the page showed it (``seen``); changed meanwhile, it is shown again."""
    kept, other = (forms.number(request.form.get(name)) for name in ("keep", "other"))
    chosen = set(filter(None, (kept, other)))
    if kept is None or other is None or len(chosen) != 2:
        return _refused(errors.TwoTitlesWanted(), chosen)
    try:
        merging.merge(kept, other, seen=request.form.get("seen", ""), **counter.acting())
    except errors.Refusals as refused:
        return _confirmation(kept, chosen, refused.reasons[0])
    except errors.Refused as refusal:
        return _confirmation(kept, chosen, refusal)
    return flash.leave(PAGE, {"title": kept}, done="merged")
