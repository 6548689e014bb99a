"""The records behind figures: first days, months that are kept, entries by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from library import branches
from library.facts import use_facts
from library.store.queries import tuples
from models import Branch, MonthFigure, YearFigure

FROZEN, SUMMED = KEPT = "days_open", use_facts.SUMMED  # names that each month has whose figures are kept


@dataclass(frozen=True)
class Records:
    """The records of some days; each is read once."""

    first: date
    last: date

    @cached_property
    def since(self) -> dict[str, date]:
        return use_facts.since()

    @cached_property
    def entered(self) -> set[tuple[str, int, date]]:
        """Return (name, branch, month) of what is kept, and of what was entered in these days."""
        rows = MonthFigure.select(MonthFigure.name, MonthFigure.branch, MonthFigure.month)
        here = MonthFigure.month.between(self.first.replace(day=1), self.last) & (MonthFigure.word == "")
        return set(tuples(rows.where(MonthFigure.name.in_(KEPT) | here)))

    @cached_property
    def branches(self) -> list[Branch]:
        return branches.with_given_up()

    @cached_property
    def years(self) -> dict[tuple[str, int], int]:
        """Return (name, 年度) → number."""
        rows = YearFigure.select(YearFigure.name, YearFigure.year, YearFigure.number)
        return {(name, year): number for name, year, number in tuples(rows)}
