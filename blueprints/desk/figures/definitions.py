"""A figure: its definition in words and as a query, and its counts by branch, month or class."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, request, url_for

from library import branches, clock, dates, errors
from library.catalog import ndc
from library.counting.figures import counts
from library.counting.figures.definitions import FIGURES
from web import access, htmx
from web.desk import days, fields
from web.parts import tables

bp = Blueprint("definitions", __name__)
LONGEST = 10 * 366  # days
BY = {"branch": "館", "month": "月", "class": "分類"}


@bp.get("/<name>")
@access.staff_required
def show(name: str) -> access.Reply:
    counted, by, asked = _counted(name)
    figure = counted.figure
    return htmx.page(
        "desk/definitions/show.html",
        figure=figure,
        counted=counted,
        span=" 〜 ".join(dates.without_weekday(date.fromisoformat(asked[each])) for each in ("first", "last")),
        by=BY[by],
        tabs=[(BY[each], url_for(".show", **{**asked, "by": each}), each == by) for each in BY if each in figure.ways],
        rows=[(words, figure.shown(number)) for words, number in _rows(counted, by)],
        files=tables.ways(**asked),
    )


@bp.get("/<name>.<any(csv, xlsx):kind>")
@access.staff_required
def download(name: str, kind: str) -> access.Reply:
    """Send the counts as a file."""
    counted, by, asked = _counted(name)
    rows = [(words, "記録なし" if number is None else number) for words, number in _rows(counted, by)]
    return tables.file(
        kind, f"{name}-{asked['first']}-{asked['last']}", counted.figure.label, (BY[by], counted.figure.unit), rows
    )


def _counted(name: str) -> tuple[counts.Counted, str, dict[str, Any]]:
    by, branch = request.args.get("by", "branch"), fields.chosen_branch()
    if name not in FIGURES or by not in BY:
        abort(404)
    today = clock.today()
    usual = [day.isoformat() for day in dates.fiscal_year(today)]
    asked = [request.args.get(each, usual[place]) for place, each in enumerate(("first", "last"))]
    try:
        first, last = days.read_span(*asked, longest=LONGEST)
    except errors.RefusedTogether:
        abort(404)
    by = by if by in FIGURES[name].ways else "branch"
    counted = counts.count(name, first, last, branch=branch, by=by, today=today)
    span = {"first": first.isoformat(), "last": last.isoformat()}
    return counted, by, {"name": name, **span, "branch": branch, "by": by}


def _rows(counted: counts.Counted, by: str) -> list[tuple[str, counts.Number | None]]:
    names = branches.names() if by == "branch" else {}

    def words(part: Any) -> str:
        if by == "month":
            return f"{part.year}年{part.month}月"
        return names[part] if by == "branch" else f"{part} {ndc.caption(part)}" if part else "分類なし"

    return [(words(part), number) for part, number in counted.rows]
