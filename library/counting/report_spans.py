"""The day, month or 年度 of a report, and the same time a year before."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from library import dates

KINDS = {"day": "日報", "month": "月報", "year": "年報"}


class ReportSpan(NamedTuple):
    """A day, a month or a 年度. ``last``: today at the latest; ``end``: its last day."""

    kind: str
    first: date
    last: date
    end: date

    @property
    def is_over(self) -> bool:
        return self.last == self.end

    @property
    def is_whole(self) -> bool:
        """Tell whether it has whole months alone."""
        return self.kind != "day" and self.last == dates.end_of_month(self.last)

    @property
    def code(self) -> str:
        """Return the span as it stands in an address: 2026-10-12, 2026-10 or 2026."""
        return self.first.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.kind]]

    @property
    def words(self) -> str:
        """Return 2026年10月12日(月), 2026年10月 or 2026年度."""
        if self.kind == "day":
            return dates.with_weekday(self.first)
        return f"{self.first.year}年{self.first.month}月" if self.kind == "month" else f"{self.first.year}年度"

    @property
    def before(self) -> ReportSpan:
        """Return the same days of the year before; of a whole month the whole month, also in February."""
        first, end = dates.year_before(self.first), dates.year_before(self.end)
        if self.kind != "day":
            end = dates.end_of_month(end)
        last = end if self.is_over else dates.year_before(self.last)
        return ReportSpan(self.kind, first, last, end)

    def at(self, steps: int, *, today: date) -> ReportSpan:
        """Return the span so many days, months or years later."""
        if self.kind == "day":
            return around("day", self.first + timedelta(days=steps), today=today)
        months = self.first.year * 12 + self.first.month - 1 + steps * (1 if self.kind == "month" else 12)
        return around(self.kind, date(months // 12, months % 12 + 1, 1), today=today)


def around(kind: str, day: date, *, today: date) -> ReportSpan:
    """Return the day, month or 年度 of a day."""
    first, end = day, day
    if kind == "month":
        first, end = day.replace(day=1), dates.end_of_month(day)
    elif kind == "year":
        first, end = dates.fiscal_year(day)
    return ReportSpan(kind, first, min(end, today), end)


def usual(kind: str, since: date | None, *, today: date) -> ReportSpan:
    """Return today, or the last month or 年度 that is over; the one that runs where nothing was counted before it."""
    running = around(kind, today, today=today)
    over = running.at(-1, today=today)
    return running if kind == "day" or since is None or since > over.end else over


def read(kind: str, text: str, *, today: date) -> ReportSpan:
    """Return the span of a text, as ``code`` writes it; a day in any form. Raises: ValueError, also for one to come."""
    day = (
        dates.parse(text[:40]) if kind == "day" else date.fromisoformat(text + {"month": "-01", "year": "-04-01"}[kind])
    )
    if day > today or day < dates.FIRST_DAY:
        raise ValueError(text)
    return around(kind, day, today=today)
