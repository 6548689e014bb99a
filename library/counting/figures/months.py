"""The figures of months that are kept: frozen at a month's end, or sums of its facts, to read a year at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from library import branches, clock, dates
from library.counting.figures import counts, definitions, queries, records
from library.counting.figures.definitions import FIGURES, Figure
from library.facts import use_facts
from library.store import database
from models import MonthFigure

UNDONE_AFTER = timedelta(days=1)  # acts of a month's last day can be taken back for an hour


def keep(*, now: datetime) -> dict[str, int]:
    """Freeze each month that is over and was not yet, and sum the facts of each; return the numbers of months.

    The first to be frozen is that in which facts began: nothing is made up. A month with a late fact is summed again.
    """
    since, today = use_facts.since(), clock.day_of(now)
    if "facts" not in since:
        return {}
    over = _over(since["facts"], today)
    settled = _over(min(since.values()), today - UNDONE_AFTER)
    states = [figure for figure in FIGURES.values() if figure.frozen]
    acts = [figure for figure in FIGURES.values() if figure.source in definitions.OF_FACTS and not figure.parts]
    acts.append(definitions.CROSSED)
    frozen = sum(_keep(month, records.FROZEN, states) for month in over)
    return {"frozen": frozen, "summed": sum(_keep(month, records.SUMMED, acts) for month in settled)}


def _over(first: date, today: date) -> list[date]:
    return [month for month in dates.months(first, today) if dates.end_of_month(month) < today]


def _keep(month: date, mark: str, figures: list[Figure]) -> bool:
    """Keep the figures of a month, unless it has the ``mark`` that they are kept; tell whether it was done."""
    last, rules = dates.end_of_month(month), queries.rules()
    there = [row for row in branches.with_given_up() if row.closed_on is None or row.closed_on > month]
    with database.writing():
        if MonthFigure.select().where(MonthFigure.month == month, MonthFigure.name == mark).exists():
            return False
        names = [figure.name for figure in figures]
        MonthFigure.delete().where(MonthFigure.month == month, MonthFigure.name.in_(names)).execute()
        numbers: dict[tuple[int, str, str], Any] = {(row.id, name, ""): 0 for row in there for name in {*names, mark}}
        if mark == records.FROZEN:
            first = max(month, use_facts.since()["facts"])
            numbers |= {(branch, mark, ""): days for branch, _, days in counts.days_open(there, first, last)}
        for row in there:
            numbers |= _of_branch(figures, queries.values(month, last, row.id, rules), row.id)
        rows = [(month, *key, number) for key, number in numbers.items()]
        columns = (MonthFigure.month, MonthFigure.branch, MonthFigure.name, MonthFigure.word, MonthFigure.number)
        MonthFigure.insert_many(rows, columns).execute()
    return True


def _of_branch(figures: list[Figure], given: queries.Values, branch: int) -> dict[tuple[int, str, str], int]:
    """Return (branch, name, class or pair) → number of the figures of a branch; those without have an empty one."""
    found = {}
    for source in (*definitions.COUNTED, definitions.CROSSED.source):
        same = [figure for figure in figures if figure.source is source]
        by = next(way for way in ("class", definitions.PAIR, "branch") if way in source.groups)
        for part, *numbers in queries.rows(same, source, by, given) if same else ():
            word = "" if by == "branch" else part
            found |= {(branch, each.name, word): number for each, number in zip(same, numbers, strict=True) if number}
    return found
