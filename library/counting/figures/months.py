"""The figures of months and years that are kept: frozen at a month's end, or entered by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from library import branches, clock
from library.calendar import opening
from library.counting.figures import counts, definitions, queries
from library.facts import use_facts
from library.store import database
from models import Branch, MonthFigure

MOST = 999_999_999  # of a figure entered by hand


# -- frozen ----------------------------------------------------------------------------------------------------------
def freeze(*, now: datetime) -> dict[str, int]:
    """Keep the figures of each month that is over and was not frozen yet; return the number of months.

    The first is the month in which facts began; one before it is never made up.
    """
    frozen = 0
    while True:
        with database.writing():
            month = _next_month()
            if month is None or counts.end_of(month) >= clock.day_of(now):
                return {"months": frozen}
            _freeze(month)
        frozen += 1


def _next_month() -> date | None:
    last = MonthFigure.select(MonthFigure.month).where(MonthFigure.name == "days_open")
    newest = last.order_by(MonthFigure.month.desc()).limit(1).scalar()
    if newest:
        return counts.end_of(newest) + timedelta(days=1)
    since = use_facts.since().get("facts")
    return since and since.replace(day=1)


def _freeze(month: date) -> None:
    last = counts.end_of(month)
    open_then = [row for row in branches.with_given_up() if row.closed_on is None or row.closed_on > month]
    given = queries.values(month, last)
    rows = [(branch.id, "days_open", "", number) for branch, number in _days_open(open_then, month, last)]
    for figure in definitions.FROZEN:
        if figure.name == "days_open":
            continue
        found = {(row.id, ""): 0 for row in open_then}
        found |= _by_class(figure, given) if "class" in figure.source.groups else _by_branch(figure, given)
        rows += [(branch, figure.name, word, number) for (branch, word), number in found.items()]
    columns = (MonthFigure.month, MonthFigure.branch, MonthFigure.name, MonthFigure.word, MonthFigure.number)
    MonthFigure.insert_many([(month, *row) for row in rows], columns).execute()


def _days_open(rows: list[Branch], month: date, last: date) -> Iterable[tuple[Branch, int]]:
    calendars = opening.calendars(rows)
    for row in rows:
        until = min(last, row.closed_on - timedelta(days=1)) if row.closed_on else last
        yield row, calendars[row.id].open_between(month, until)


def _by_branch(figure: definitions.Figure, given: queries.Values) -> dict[tuple[int, str], int]:
    return {(branch, ""): number for branch, number in queries.rows([figure], figure.source, "branch", given)}


def _by_class(figure: definitions.Figure, given: queries.Values) -> dict[tuple[int, str], int]:
    numbers = {}
    for branch in {row[0] for row in queries.rows([figure], figure.source, "branch", given)}:
        for word, number in queries.rows([figure], figure.source, "class", given | {"branch": branch}):
            numbers[branch, word] = number
    return numbers
