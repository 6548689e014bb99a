"""The counts of figures in a span: by branch, month, day, class or another part; unknown where nobody recorded them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

from library import dates, policy
from library.calendar import opening
from library.counting.figures import definitions, queries
from library.counting.figures.definitions import FIGURES, Figure, Source
from library.counting.figures.records import FROZEN, KEPT, SUMMED, Records
from library.facts import use_facts
from models import Branch

Number = int | float
CLASSES = [*map(str, range(10)), ""]  # the first digits of the NDC, and none


@dataclass(frozen=True)
class Counted:
    """A figure of a span. ``rows``: (id of a branch, first day of a month, day, class …; number), None for unknown.

    ``total``: None if it is unknown, or a part of a figure by hand is; ``gap``: words of what was not recorded;
    ``query``: the query that gives the rows.
    """

    figure: Figure
    rows: list[tuple[Any, Number | None]]
    total: Number | None
    gap: str = ""
    query: str = ""

    @property
    def shown(self) -> str:
        """Return the total in words; 記録なし where it is unknown."""
        return self.figure.shown(self.total)


def count(name: str, first: date, last: date, *, branch: int | None = None, by: str = "branch", today: date) -> Counted:
    """Return a figure of a span, with its query. ``branch``: an id, for that branch alone. Raises: KeyError for an
    unknown name.
    """
    span = Span.over(first, last, branch=branch, by=by, today=today)
    parts = [FIGURES[part] for part in FIGURES[name].parts or [name]]
    query = ";\n".join(text for each in parts for text in span.texts(each))
    return replace(in_span([name], span)[name], query=query)


def in_span(names: Iterable[str], span: Span) -> dict[str, Counted]:
    """Return several figures of a span by name; those of one source are counted in one reading of it."""
    wanted = [FIGURES[name] for name in names]
    plain = {part: FIGURES[part] for figure in wanted for part in figure.parts or [figure.name]}
    readings: dict[tuple, list[tuple[Figure, Piece]]] = {}
    found: dict[str, dict[Any, Number]] = {}
    for figure in plain.values():
        for piece in span.pieces(figure):
            numbers = found.setdefault(figure.name, {})
            if figure.name == FROZEN and piece.source is definitions.MONTHS:
                _add(numbers, span.days_open(piece))
            else:
                readings.setdefault((piece.source.rows, piece.source.span, *piece[1:]), []).append((figure, piece))
    for reading in readings.values():
        span.read(reading, found)
    counted = {name: span.counted(figure, found.get(name)) for name, figure in plain.items()}
    return {each.name: _made(each, counted) if each.parts else counted[each.name] for each in wanted}


def _made(figure: Figure, counted: dict[str, Counted]) -> Counted:
    """Return the sum of two figures, or the first by the second."""
    one, other = (counted[part] for part in figure.parts)

    def join(first: Number | None, second: Number | None) -> Number | None:
        if first is None or second is None:
            return None
        if not figure.times:
            return first + second
        return round(first * figure.times / second, figure.digits) if second else None

    numbers = dict(other.rows)
    rows = [(part, join(number, numbers[part])) for part, number in one.rows if part in numbers]
    gap = (other.gap if other.total is None else "") or one.gap or other.gap
    return Counted(figure, rows, join(one.total, other.total), gap)


class Piece(NamedTuple):
    """A part of a span that one query reads for a figure from one source. ``by``: what it is grouped by."""

    source: Source
    first: date
    last: date
    by: str


@dataclass(frozen=True)
class Span:
    """The days that were asked for, and what is known of them."""

    first: date
    end: date
    branch: int | None
    by: str
    today: date
    records: Records
    rules: policy.Policy | None = None

    @classmethod
    def over(cls, first: date, last: date, *, branch: int | None = None, by: str = "branch", **given: Any) -> Span:
        """Return the span of these days. ``branch``: an id, for that branch alone; ``given``: today, rules."""
        return cls(first, last, branch, by, records=Records(first, last), **given)

    @property
    def last(self) -> date:
        """Return the last day that is counted, today at the latest."""
        return min(self.end, self.today)

    def part(self, first: date, end: date, by: str) -> Span:
        """Return a span within this one, which shares what was read of the records."""
        return replace(self, first=first, end=end, by=by)

    # -- since when ----------------------------------------------------------------------------------------------------
    @cached_property
    def stored_months(self) -> dict[str, list[date]]:
        """Return the months of which figures are kept, by a name of ``KEPT``."""
        return {kept: sorted({month for name, _, month in self.records.entered if name == kept}) for kept in KEPT}

    @cached_property
    def live_from(self) -> date:
        """Return the first day that no frozen month has; the last of all days while nothing is recorded."""
        if frozen := self.stored_months[FROZEN]:
            return dates.end_of_month(frozen[-1]) + timedelta(days=1)
        return self.records.since["facts"].replace(day=1) if "facts" in self.records.since else date.max

    @cached_property
    def values(self) -> queries.Values:
        return queries.values(self.first, self.last, self.branch, queries.rules(self.rules))

    def known_from(self, figure: Figure) -> date:
        """Return the first day from which a figure is known."""
        ends_whole = self.last in (dates.end_of_month(self.last), self.today)
        is_by_day = self.by == "day" or self.first.day > 1 or not ends_whole
        if figure.frozen:
            return self.stored_months[FROZEN][0] if self.stored_months[FROZEN] and not is_by_day else self.live_from
        if not figure.since:
            return date.min
        names = {figure.since, "facts" if "renewal" in self.values["loans"] else figure.since}
        known = max(self.records.since.get(name, date.max) for name in names)
        return max(known, use_facts.days_kept_from(today=self.today)) if is_by_day else known

    # -- reading -------------------------------------------------------------------------------------------------------
    def pieces(self, figure: Figure) -> list[Piece]:
        """Return the pieces that are read for a figure; none for one that is unknown."""
        begin = self.first if figure.is_state else max(self.first, self.known_from(figure))
        if figure.year or begin > self.last:
            return []
        by = self.by if self.by in figure.source.groups else "branch"
        if not figure.is_state or by == "month":
            return list(self._runs(figure, begin, by))
        if self.last >= self.live_from or not figure.frozen:
            return [Piece(figure.source, self.first, self.last, by)]
        is_kept = self.last == dates.end_of_month(self.last) and self.last.replace(day=1) in self.stored_months[FROZEN]
        return [Piece(definitions.MONTH_END, self.last, self.last, by)] if is_kept else []

    def _runs(self, figure: Figure, begin: date, by: str) -> Iterable[Piece]:
        """Yield the whole months that are kept, and the others, which are counted now."""
        is_of_facts = figure.source in definitions.OF_FACTS
        is_stored = (figure.frozen or is_of_facts) and by in definitions.FROZEN_MONTHS.groups
        kept = self.stored_months[FROZEN if figure.frozen else SUMMED] if is_stored else []
        whole = {month for month in kept if begin <= month and dates.end_of_month(month) <= self.last}
        for is_kept, run in groupby(dates.months(begin, self.last), whole.__contains__):
            months = list(run)
            first, last = max(months[0], begin), min(dates.end_of_month(months[-1]), self.last)
            if is_kept:
                yield Piece(definitions.FROZEN_MONTHS, first, last, by)
            elif last >= self.live_from or not figure.frozen:
                yield Piece(figure.source, self.first if figure.is_state else first, last, by)

    def read(self, reading: list[tuple[Figure, Piece]], found: dict[str, dict[Any, Number]]) -> None:
        """Add what one reading of a source counts to the numbers by name and part."""
        piece = reading[0][1]
        rows = queries.rows([figure for figure, _ in reading], piece.source, piece.by, self.given(piece))
        for place, (figure, _) in enumerate(reading, start=1):
            numbers = found.setdefault(figure.name, {})
            _add(numbers, ((_part(piece.by, row[0]), row[place] or 0) for row in rows))

    def texts(self, figure: Figure) -> list[str]:
        """Return the queries of a figure as they are printed."""
        if figure.year:
            year = self._year_of(figure)
            return [f"SELECT number FROM year_figure WHERE year = {year} AND name = '{figure.name}'"]  # noqa: S608
        return [queries.text(figure, piece.source, piece.by, self.given(piece)) for piece in self.pieces(figure)]

    def given(self, piece: Piece) -> queries.Values:
        """Return the parameters of the query of a piece."""
        return self.values | queries.days(piece.first, piece.last)

    def days_open(self, piece: Piece) -> Iterable[tuple[Any, int]]:
        """Yield the open days of months that are not frozen, from the calendar, since anything was recorded."""
        first = max(piece.first, self.records.since.get("facts", date.max))
        for branch, month, number in days_open(self.branches, first, piece.last, self.rules):
            yield branch if piece.by == "branch" else month, number

    # -- the rows ------------------------------------------------------------------------------------------------------
    def counted(self, figure: Figure, found: dict[Any, Number] | None) -> Counted:
        """Return a figure from the numbers that were read; None for those if it is unknown."""
        if figure.year:
            return self._of_year(figure)
        gap = self.gap(figure)
        if found is None:
            return Counted(figure, [(part, None) for part in self._parts()], None, gap)
        if self.by not in figure.source.groups:
            return Counted(figure, [], sum(found.values()), gap)
        is_course = figure.is_state and self.by == "month"
        if is_course and (self.last >= self.live_from or not figure.frozen):
            found.setdefault(self.last.replace(day=1), 0)
        total = found.get(self.last.replace(day=1)) if is_course else sum(found.values())
        known = date.min if figure.is_state else self.known_from(figure)
        parts = [*self._parts(), *sorted(set(found) - set(self._parts()), key=str)]
        # a frozen month has a number of each branch of then; a frozen state none of a month that was not frozen
        is_sparse = is_course or (self.by == "branch" and self.last < self.live_from)
        none = None if figure.frozen and is_sparse else 0
        rows = [(part, found.get(part, none) if self._is_known(part, known) else None) for part in parts]
        return self._without_missing(Counted(figure, rows, total, gap))

    def _is_known(self, part: Any, known: date) -> bool:
        if self.by not in ("month", "day"):
            return True
        return (dates.end_of_month(part) if self.by == "month" else part) >= known and part <= self.today

    @cached_property
    def branches(self) -> list[Branch]:
        """Return the branches that were open in the span, those given up since then last."""
        in_span = [row for row in self.records.branches if row.closed_on is None or row.closed_on > self.first]
        return [row for row in in_span if self.branch in (None, row.id)]

    def _parts(self) -> list[Any]:
        """Return the parts that each figure has, also where nothing is counted."""
        if self.by == "class":
            return CLASSES
        if self.by == "branch":
            return [row.id for row in self.branches]
        if self.by == "month":
            return dates.months(self.first, self.end)
        days = (self.end - self.first).days + 1 if self.by == "day" else 0
        return [self.first + timedelta(days=number) for number in range(days)]

    # -- by hand -------------------------------------------------------------------------------------------------------
    def _without_missing(self, counted: Counted) -> Counted:
        """Return a figure by hand as unknown where a branch has not entered a month that is over."""
        if not counted.figure.by_hand:
            return counted
        over = [month for month in dates.months(self.first, self.last) if dates.end_of_month(month) < self.today]
        # a branch that a frozen month doesn't have was not there yet
        expected = {
            (row.id, month)
            for row in self.branches
            for month in over
            if (row.closed_on is None or row.closed_on > month)
            and (month not in self.stored_months[FROZEN] or (FROZEN, row.id, month) in self.records.entered)
        }
        missing = expected - {
            (place, month) for name, place, month in self.records.entered if name == counted.figure.name
        }
        if not missing:
            return counted
        empty = {place if self.by == "branch" else month for place, month in missing}
        rows = [(part, None if part in empty else number) for part, number in counted.rows]
        gap = f"{len(over)}か月のうち、{len({month for _, month in missing})}か月分がまだ入力されていません。"
        return replace(counted, rows=rows, total=None, gap=gap)

    # -- of a year -----------------------------------------------------------------------------------------------------
    def _year_of(self, figure: Figure) -> int:
        """Return the 年度 of a span's first day; for 奉仕人口 the last that was over on the morning after the span."""
        if figure.name == "population":
            return dates.fiscal_year(self.last + timedelta(days=1))[0].year - 1
        return dates.fiscal_year(self.first)[0].year

    def _of_year(self, figure: Figure) -> Counted:
        year = self._year_of(figure)
        total = self.records.years.get((figure.name, year))
        gap = "" if total is not None else f"{year}年度の{figure.label}がまだ入力されていません。"
        return Counted(figure, [], total, gap)

    # -- words ---------------------------------------------------------------------------------------------------------
    def gap(self, figure: Figure) -> str:
        """Return the words of a gap in the records: 一部記録なし（4〜7月）。2025年8月1日から数えています。"""
        if figure.is_state:
            is_within = self.last.replace(day=1) in self.stored_months[FROZEN]
            why = (
                "月の途中の数は残していません。月末の日を選んでください。"
                if is_within
                else "この月末には、まだ数えていませんでした。"
            )
            return "" if self.pieces(figure) else why
        known = self.known_from(figure)
        if known == date.max:
            return "まだ数えはじめていません。"
        if known <= self.first:
            return ""
        from_then = f"{dates.without_weekday(known)}から数えています。"
        if known > self.last:
            return from_then
        before = known - timedelta(days=1)
        first, last = (dates.without_weekday(day, year=False) for day in (self.first, before))
        if self.first.day == 1 and before == dates.end_of_month(before):
            first, last = (f"{self.first.month}" if self.first.month != before.month else "", f"{before.month}月")
        return f"一部記録なし（{'〜'.join(filter(None, (first, last)))}）。{from_then}"


def days_open(rows: Iterable[Branch], first: date, last: date, rules: Any = None) -> Iterable[tuple[int, date, int]]:
    """Yield (id of a branch, month, open days) of a span, from the calendar, until the branch was given up."""
    every = list(rows)
    calendars = opening.calendars(every, rules)
    for row in every:
        until = min(last, row.closed_on - timedelta(days=1)) if row.closed_on else last
        for month in dates.months(first, until):
            span = max(month, first), min(dates.end_of_month(month), until)
            yield row.id, month, calendars[row.id].open_between(*span)


def _part(by: str, part: Any) -> Any:
    if by in ("month", "day"):
        return date.fromisoformat(f"{part}-01" if by == "month" else str(part))
    return part


def _add(numbers: dict[Any, Number], rows: Iterable[tuple[Any, Number]]) -> None:
    for part, number in rows:
        numbers[part] = numbers.get(part, 0) + number
