"""図書原簿: on the screen, on paper and in files."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, request, url_for
from peewee import ModelSelect

from library import clock, dates, errors
from library.counting import register
from library.numbers import parsing
from web import access, forms, htmx, paging
from web.desk import days
from web.parts import tables

bp = Blueprint("register", __name__)

SIZE, MOST_ON_PAPER, MOST_IN_FILE = 50, 2_000, 50_000
LONGEST = 366 * 200  # days
BY = (("day", "受入日"), ("number", "登録番号"))


def _asked() -> dict[str, Any]:
    """Return the order and span that were asked for; the days of this 年度 without any."""
    first, last = (request.args.get(name, "").strip()[:100] for name in ("first", "last"))
    by = "number" if request.args.get("by") == "number" else "day"
    if by == "day" and not first and not last:
        first, last = dates.fiscal_year(clock.today())[0].isoformat(), clock.today().isoformat()
    return {"by": by, "first": first, "last": last}


def _rows(asked: dict[str, str]) -> tuple[ModelSelect[Any], str]:
    """Return the query for the lines, and their span in words. Raises: RefusedTogether by field."""
    if asked["by"] == "number":
        first, last = (parsing.fold(asked[name]) for name in ("first", "last"))
        return register.by_number(first, last), f"登録番号 {first}〜{last}"
    first, last = days.read_span(asked["first"], asked["last"], longest=LONGEST)
    return register.by_day(first, last), f"受入日 {_dotted(first)}〜{_dotted(last)}"


def _dotted(day: date | None) -> str:
    return f"{day:%Y.%m.%d}" if day else ""


@bp.get("")
@access.staff_required
def index() -> access.Reply:
    asked = _asked()
    try:
        rows = _rows(asked)[0]
    except errors.RefusedTogether as refused:
        return _page(asked, refused.by_field)
    listed = paging.cut(rows, SIZE, url_for("desk.register.index", **asked))
    listed["rows"] = _drawn(register.entries(listed["rows"]))
    return _page(asked, {}, total=rows.count(), **listed)


def _page(asked: dict[str, str], problems: forms.Problems, **shown: Any) -> access.Reply:
    return htmx.page(
        "desk/register/index.html",
        422 if problems else 200,
        by=forms.FieldView("choice", "by", "並べ方", asked["by"], BY),
        first=forms.FieldView("text", "first", "いつから・何番から", asked["first"]),
        last=forms.FieldView("text", "last", "いつまで・何番まで", asked["last"]),
        asked=asked,
        headings=register.HEADINGS,
        most={"paper": MOST_ON_PAPER, "file": MOST_IN_FILE},
        **shown,
        **forms.error_values(problems),
    )


def _drawn(lines: list[register.Entry]) -> list[dict[str, Any]]:
    return [
        each._asdict()
        | {"title": f"{each.title} {each.volume}".strip(), "price": "" if each.price is None else f"{each.price:,}"}
        | {"acquired_on": _dotted(each.acquired_on), "withdrawn_on": _dotted(each.withdrawn_on)}
        for each in lines
    ]


def _wanted(most: int) -> tuple[list[register.Entry], str]:
    """Return the lines that were asked for and their span. Raises: RefusedTogether, also where they are too many."""
    rows, span = _rows(_asked())
    if rows.count() > most:
        raise errors.RefusedTogether({"last": [errors.RegisterTooLong(most=f"{most:,}")]})
    return register.entries(rows), span


@bp.get("/print")
@access.staff_required
def sheets() -> access.Reply:
    """Show the sheets of A4, twenty lines each."""
    try:
        lines, span = _wanted(MOST_ON_PAPER)
    except errors.RefusedTogether as refused:
        return _page(_asked(), refused.by_field)
    made = [(_drawn(part), foot) for part, foot in register.sheets(lines)]
    return htmx.page("desk/register/sheets.html", sheets=made, span=span, asked=_asked(), headings=register.HEADINGS)


@bp.get("/register.<any(csv, xlsx):form>")
@access.staff_required
def download(form: str) -> access.Reply:
    """Send the lines as CSV or Excel."""
    try:
        lines, _ = _wanted(MOST_IN_FILE)
    except errors.RefusedTogether as refused:
        return _page(_asked(), refused.by_field)
    cells = [each.cells() for each in lines]
    return tables.file(form, f"register-{clock.today()}", "図書原簿", register.HEADINGS, cells)
