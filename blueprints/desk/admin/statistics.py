"""統計: loans, holdings and readers as charts drawn here, each with its table and its file; for 窓口, of their branch."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_login import current_user

from library import clock, dates, errors, tallies
from library.counting import statistics
from library.files import report
from models import Branch
from web import access, forms, htmx
from web.desk import counter, days
from web.parts import charts

bp = Blueprint("statistics", __name__)

LONGEST = 10 * 366  # days
USUAL = 30  # days, up to today
SHEETS = {  # address → what counts
    "time": statistics.by_time,
    "branches": statistics.by_branch,
    "classes": statistics.by_class,
    "readers": statistics.by_patron_group,
    "holdings": statistics.holdings,
    "patrons": lambda first, last, branch: statistics.patrons(first, last, branch, today=clock.today()),
}
NOW = ("holdings", "patrons")  # count this moment, which has no year before


@bp.get("")
@access.staff_required
def index() -> access.Reply:
    """Show one sheet of counts for a span, beside the year before; the last days, unless others are asked for."""
    asked = {name: request.args.get(name, "") for name in ("first", "last")}
    sheet = request.args.get("of", "time")
    if sheet not in _sheets():
        abort(404)
    try:
        first, last, problems = *_span(**asked), {}
    except errors.RefusedTogether as refused:
        (first, last), problems = _spans(clock.today())["days"], refused.by_field
    counts = _counts(sheet, first, last) if not problems else []
    before = {count.name: count for count in _year_before(sheet, first, last)} if counts else {}
    return htmx.page(
        "desk/statistics/index.html",
        422 if problems else 200,
        sheet=sheet,
        branch="" if _sees_all() else _branch().name,
        tabs=[(name, _address(name, first, last)) for name in _sheets()],
        span=f"{dates.with_weekday(first)} 〜 {dates.with_weekday(last)}",
        spans=[(name, _address(sheet, *span), span == (first, last)) for name, span in _spans(clock.today()).items()],
        first=forms.FieldView("text", "first", "いつから", asked["first"] or first.isoformat()),
        last=forms.FieldView("text", "last", "いつまで", asked["last"] or last.isoformat()),
        is_own_span=bool(asked["first"] or asked["last"]) and (first, last) not in _spans(clock.today()).values(),
        **forms.error_values(problems),
        charts=[
            charts.chart_of(count, _file_address(count, sheet, first, last), before.get(count.name)) for count in counts
        ],
    )


# -- the counts ------------------------------------------------------------------------------------------------------
def _sees_all() -> bool:
    """Tell whether the member of staff sees all branches: 管理 does."""
    return current_user.staff.role == "admin"


def _branch() -> Branch:
    return counter.branch() or Branch(id=0, name="")


def _sheets() -> list[str]:
    """Return the sheets of this member of staff; one branch has nothing beside it."""
    return [name for name in SHEETS if name != "branches" or _sees_all()]


def _counts(sheet: str, first: date, last: date) -> list[tallies.Count]:
    return SHEETS[sheet](first, last, None if _sees_all() else _branch().id)


def _year_before(sheet: str, first: date, last: date) -> list[tallies.Count]:
    return [] if sheet in NOW else _counts(sheet, dates.year_before(first), dates.year_before(last))


# -- the span --------------------------------------------------------------------------------------------------------
def _span(first: str, last: str) -> tuple[date, date]:
    """Return the first and last day that were asked for; of the last days where none were. Raises: RefusedTogether by
    field.
    """
    if not first and not last:
        return _spans(clock.today())["days"]
    return days.read_span(first, last, longest=LONGEST)


def _spans(today: date) -> dict:
    month = today.replace(day=1)
    next_month = (month + timedelta(days=31)).replace(day=1)
    year = dates.fiscal_year(today)
    return {
        "days": (today - timedelta(days=USUAL - 1), today),
        "month": (month, next_month - timedelta(days=1)),
        "last_month": ((month - timedelta(days=1)).replace(day=1), month - timedelta(days=1)),
        "year": year,
        "last_year": dates.fiscal_year(year[0] - timedelta(days=1)),
    }


def _address(sheet: str, first: date, last: date) -> str:
    return url_for("desk.statistics.index", of=sheet, first=first.isoformat(), last=last.isoformat())


def _file_address(count: tallies.Count, sheet: str, first: date, last: date) -> str:
    span: dict[str, Any] = {"first": first.isoformat(), "last": last.isoformat()}
    return url_for("desk.statistics.download", sheet=sheet, name=count.name, **span)


# -- the file --------------------------------------------------------------------------------------------------------
@bp.get("/<sheet>/<name>.csv")
@access.staff_required
def download(sheet: str, name: str) -> access.Reply:
    """Send one count as CSV: UTF-8 with BOM, no cell that a spreadsheet would run."""
    if sheet not in _sheets():
        abort(404)
    try:
        first, last = _span(request.args.get("first", ""), request.args.get("last", ""))
    except errors.RefusedTogether:
        abort(422)
    count = next((count for count in _counts(sheet, first, last) if count.name == name), None)
    if count is None:
        abort(404)
    table = report.as_csv((count.heading, count.unit), ((_cell(count, what), number) for what, number in count.rows))
    filename = f"{name}-{first}-{last}.csv"
    disposition = {"Content-Disposition": f"attachment; filename={filename}", "Cache-Control": "no-store"}
    return Response(table, mimetype="text/csv", headers=disposition)


def _cell(count: tallies.Count, what: date | str) -> str:
    if not isinstance(what, date):
        return what
    return what.isoformat() if charts.is_by_day(count) else f"{what:%Y-%m}"
