"""統計: 日報, 月報 and 年報, each figure beside the year before; for 窓口, of their branch."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, abort, request, url_for

from library import clock, dates, errors
from library.calendar import opening
from library.catalog import ndc
from library.counting import report_spans, reports
from library.counting.figures import surveys
from library.counting.report_spans import KINDS, ReportSpan
from library.facts import use_facts
from library.patrons import patrons
from web import access, forms, htmx
from web.desk import fields
from web.parts import stored_policy, tables

bp = Blueprint("reports", __name__)
OFFERED = {"month": 37, "year": 11}  # months and 年度 in the menu
SLOTS = {"day": 52, "month": 32, "year": 80}  # of the drawing's units, 16 a rem
HIGHEST, FOOT = 118, 134
EDGE = 3  # beside a bar
STEPS = {"day": "日", "month": "月", "year": "年度"}


@bp.get("/reports")
@access.staff_required
def index() -> access.Reply:
    kind, branch, problems = _kind(), fields.chosen_branch(), {}
    asked = request.args.get("at", "")
    try:
        span = _span(kind, asked)
    except ValueError:
        if kind != "day":
            abort(404)
        span, problems = _span(kind, ""), {"at": [errors.DateMalformed()]}
    report = reports.make(span, branch, rules=stored_policy.read(), today=clock.today())
    homes = patrons.residences(stored_policy.read())
    is_crossed = kind == "year" and branch is None and span.end + use_facts.A_MONTH < clock.today()
    return htmx.page(
        "desk/reports/index.html",
        422 if problems else 200,
        report=report,
        span=span,
        tabs=[(words, url_for(".index", of=each, branch=branch), each == kind) for each, words in KINDS.items()],
        step=STEPS[kind],
        ways=[
            url_for(".index", of=kind, at=span.at(steps, today=clock.today()).code, branch=branch) for steps in (-1, 1)
        ],
        is_newest=span.end >= clock.today(),
        at=_at(span, asked if problems else span.code),
        branch=fields.branch_menu(branch),
        files=tables.ways(of=kind, at=span.code, branch=branch),
        sheets=[(each.label, url_for("desk.surveys.show", name=name)) for name, each in surveys.SURVEYS.items()],
        columns=[(reports.COLUMNS[cell.name], _definition(cell.name, span, branch)) for cell in report.total],
        whys=[(why, why.month and _entry(why.month, why.branch)) for why in report.whys],
        chart=_bars(kind, report.points),
        classes=[(_classes()[digit], cell) for digit, cell in report.classes],
        homes=[*homes.values(), "記録なし"],
        crossing=reports.crossing(span, homes) if is_crossed and report.total[0].now is not None else [],
        **forms.error_values(problems),
    )


@bp.get("/reports.<any(csv, xlsx):kind>")
@access.staff_required
def download(kind: str) -> access.Reply:
    """Send the report as a file."""
    try:
        span = _span(_kind(), request.args.get("at", ""))
    except ValueError:
        abort(404)
    report = reports.make(span, fields.chosen_branch(), rules=stored_policy.read(), today=clock.today())
    headings, rows = reports.table(report, _classes())
    return tables.file(kind, f"report-{span.code}", f"{KINDS[span.kind]} {span.code}", headings, rows)


# -- what is asked for -------------------------------------------------------------------------------------------------
def _kind() -> str:
    kind = request.args.get("of", "month")
    return kind if kind in KINDS else abort(404)


def _span(kind: str, text: str) -> ReportSpan:
    if text:
        return report_spans.read(kind, text, today=clock.today())
    return report_spans.usual(kind, use_facts.since().get("loans"), today=clock.today())


def _at(span: ReportSpan, text: str) -> forms.FieldView:
    """Return the field of the span: a day to be typed, a menu of months or 年度."""
    if span.kind == "day":
        return forms.FieldView("text", "at", "日", text)
    newest = report_spans.around(span.kind, clock.today(), today=clock.today())
    offered = {
        each.code: each.words for each in (newest.at(-n, today=clock.today()) for n in range(OFFERED[span.kind]))
    }
    offered |= {span.code: span.words}
    return forms.FieldView("choice", "at", STEPS[span.kind], span.code, tuple(offered.items()))


def _definition(name: str, span: ReportSpan, branch: int | None) -> str:
    days: dict[str, Any] = {"first": span.first.isoformat(), "last": span.last.isoformat()}
    return url_for("desk.definitions.show", name=name, branch=branch, **days)


def _entry(month: date, branch: int) -> str:
    return url_for("desk.figures.index", month=f"{month:%Y-%m}", branch=branch)


def _classes() -> dict[str, str]:
    return {str(digit): f"{digit} {ndc.caption(str(digit))}" for digit in range(10)} | {"": ndc.NO_CLASS}


# -- the bars ----------------------------------------------------------------------------------------------------------
def _bars(kind: str, points: Sequence[reports.Point]) -> dict[str, Any] | None:
    """Return the bars of a report; None where there are none. ``largest``: words of the highest."""
    numbers = [number or 0 for point in points for number in (point.number, point.before)]
    most = max(numbers, default=0)
    if not most:
        return None
    slot = SLOTS[kind]
    highest = max(points, key=lambda point: point.number or 0)
    return {
        "width": slot * len(points),
        "bars": [_bar(kind, point, place * slot, slot, HIGHEST / most) for place, point in enumerate(points)],
        "largest": _said(kind, highest.when)[0],
    }


def _bar(kind: str, point: reports.Point, left: int, slot: int, scale: float) -> dict[str, Any]:
    high, behind = (round((number or 0) * scale, 1) for number in (point.number, point.before))
    indent, (words, mark, weekday) = EDGE * 5 if kind == "year" else EDGE, _said(kind, point.when)
    return {
        "x": left + indent, "width": slot - 2 * indent, "y": FOOT - high, "height": high,
        "wide": slot - 2 * EDGE, "wide_x": left + EDGE, "behind": behind, "behind_y": FOOT - behind,
        "middle": left + slot // 2, "above": FOOT - 5 - max(high, 0),
        "words": words, "mark": mark, "weekday": weekday,
        "rests": kind == "month" and opening.weekend(point.when) != "",
        "number": point.number, "before": point.before, "is_shut": point.is_shut,
    }  # fmt: skip


def _said(kind: str, when: Any) -> tuple[str, str, str]:
    """Return an hour, a day or a month in words, the mark below its bar, and its weekday."""
    if kind == "day":
        return f"{when}時", f"{when}時", ""
    if kind == "year":
        return f"{when.year}年{when.month}月", f"{when.month}月", ""
    weekday = "祝" if opening.is_holiday(when) else dates.WEEKDAYS[when.weekday()]
    return dates.with_weekday(when, year=False), str(when.day), weekday
