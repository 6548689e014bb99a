"""The counts of figures in a span: by branch, month, day, class or another part; unknown where nobody recorded them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any

from peewee import fn

from library import branches, dates
from library.calendar import opening
from library.counting.figures import definitions, queries
from library.counting.figures.definitions import FIGURES, Figure, Source
from library.facts import use_facts
from models import Branch, MonthFigure, YearFigure

Number = int | float
DIGITS = [*map(str, range(10)), ""]  # the classes of the NDC, and none


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
    def known(self) -> list[Number]:
        """Return the numbers of the rows that are known."""
        return [number for _, number in self.rows if number is not None]

    @property
    def shown(self) -> str:
        """Return the total in words; 記録なし where it is unknown."""
        return self.figure.shown(self.total)


def count(name: str, first: date, last: date, *, branch: int | None = None, by: str = "branch", today: date) -> Counted:
    """Return a figure of a span. ``branch``: an id, for that branch alone. Raises: KeyError for an unknown name."""
    return several([name], first, last, branch=branch, by=by, today=today)[name]


def several(
    names: Collection[str], first: date, last: date, *, branch: int | None = None, by: str = "branch", today: date
) -> dict[str, Counted]:
    """Return several figures by name; those of one source are counted in one reading of it."""
    span = Span(first, min(last, today), last, branch, by, today)
    wanted = [FIGURES[name] for name in names]
    parts = [FIGURES[part] for figure in wanted for part in figure.parts]
    pieces = [piece for figure in {*wanted, *parts} if not figure.parts for piece in span.pieces(figure)]
    found: dict[str, dict[Any, Number]] = {}
    pieces.sort(key=lambda piece: piece.order)
    for _, same in groupby(pieces, key=lambda piece: piece.order):
        span.read(list(same), found)
    counted = {each.name: span.counted(each, found.get(each.name)) for each in {*wanted, *parts} if not each.parts}
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
    return Counted(figure, rows, join(one.total, other.total), gap, f"{one.query};\n{other.query}")


@dataclass(frozen=True)
class Piece:
    """A figure in a span that one query reads from one source. ``by``: what it is grouped by."""

    figure: Figure
    source: Source
    first: date
    last: date
    by: str

    @property
    def order(self) -> tuple:
        """Return what pieces of one reading have in common."""
        return self.source.rows, self.source.span, self.first, self.last, self.by

    @property
    def is_calendar(self) -> bool:
        """Tell whether it is counted from the calendar, as its months are not frozen yet."""
        return self.figure.name == "days_open" and self.source is definitions.MONTHS


@dataclass(frozen=True)
class Span:
    """The days that were asked for, and what is known of them. ``last``: today at the latest."""

    first: date
    last: date
    asked_last: date
    branch: int | None
    by: str
    today: date

    # -- since when ----------------------------------------------------------------------------------------------------
    @cached_property
    def since(self) -> dict[str, date]:
        return use_facts.since()

    @cached_property
    def frozen(self) -> tuple[date, date] | None:
        """Return the first and the last month that were frozen."""
        first, last = (
            MonthFigure.select(fn.min(MonthFigure.month), fn.max(MonthFigure.month))
            .where(MonthFigure.name == "days_open")
            .tuples()
            .get()
        )
        return (first, last) if first else None

    @cached_property
    def live_from(self) -> date:
        """Return the first day that no frozen month has; the last of all days while nothing is recorded."""
        if self.frozen:
            return end_of(self.frozen[1]) + timedelta(days=1)
        return self.since["facts"].replace(day=1) if "facts" in self.since else date.max

    def known_from(self, figure: Figure) -> date:
        """Return the first day from which a flow is known."""
        if figure.frozen:
            is_by_month = self.by != "day" and self.first.day == 1 and self._ends_whole
            return self.frozen[0] if self.frozen and is_by_month else self.live_from
        if not figure.since:
            return date.min
        names = {"loans", "facts"} if "renewal" in self._acts and figure.since == "loans" else {figure.since}
        known = max(self.since.get(name, date.max) for name in names)
        is_whole = self.by != "day" and self.first.day == 1 and self._ends_whole
        return known if is_whole else max(known, use_facts.days_kept_from(today=self.today))

    @property
    def _ends_whole(self) -> bool:
        return self.last == end_of(self.last) or self.last >= self.live_from

    @cached_property
    def _values(self) -> queries.Values:
        return queries.values(self.first, self.last, self.branch)

    @property
    def _acts(self) -> list[str]:
        return self._values["loans"]

    # -- reading -------------------------------------------------------------------------------------------------------
    def pieces(self, figure: Figure) -> Iterable[Piece]:
        """Yield what is read for a figure; nothing for one that is unknown."""
        if figure.year or self.first > self.last:
            return
        by = self.by if self.by in figure.source.groups else "branch"
        if figure.frozen:
            yield from self._of_frozen(figure, by)
        elif figure.is_state or self.known_from(figure) <= self.last:
            yield Piece(figure, figure.source, self.first, self.last, by)

    def _of_frozen(self, figure: Figure, by: str) -> Iterable[Piece]:
        is_live = self.last >= self.live_from
        until = min(self.last, self.live_from - timedelta(days=1))
        if self.frozen and (by == "month" or not figure.is_state):
            first = max(self.first, self.frozen[0] if figure.is_state else self.known_from(figure))
            if first <= until:
                yield Piece(figure, definitions.FROZEN_MONTHS, first, until, by)
        elif self.frozen and self.frozen[0] <= self.last and self._ends_whole and not is_live:
            yield Piece(figure, definitions.MONTH_END, self.last, self.last, by)
        if is_live:
            first = self.first if figure.is_state else max(self.first, self.live_from)
            yield Piece(figure, figure.source, first, self.last, by)

    def read(self, pieces: list[Piece], found: dict[str, dict[Any, Number]]) -> None:
        """Add the numbers of pieces of one reading to those by name and part."""
        stored = [piece for piece in pieces if not piece.is_calendar]
        for piece in pieces:
            numbers = found.setdefault(piece.figure.name, {})
            if piece.is_calendar:
                _add(numbers, self._days_open(piece))
        if stored:
            rows = queries.rows(
                [each.figure for each in stored], pieces[0].source, pieces[0].by, self._given(pieces[0])
            )
            for place, piece in enumerate(stored, start=1):
                _add(found[piece.figure.name], ((_part(piece.by, row[0]), row[place]) for row in rows))

    def _given(self, piece: Piece) -> queries.Values:
        if (piece.first, piece.last) == (self.first, self.last):
            return self._values
        return queries.values(piece.first, piece.last, self.branch)

    def _days_open(self, piece: Piece) -> Iterable[tuple[Any, int]]:
        """Yield the open days of the months that are not frozen, from the calendar."""
        rows = [row for row in self._branches if self.branch in (None, row.id)]
        calendars = opening.calendars(rows)
        for row in rows:
            until = min(piece.last, row.closed_on - timedelta(days=1)) if row.closed_on else piece.last
            for month in months(piece.first, until):
                days = calendars[row.id].open_between(max(month, piece.first), min(end_of(month), until))
                yield row.id if piece.by == "branch" else month, days

    # -- the rows ------------------------------------------------------------------------------------------------------
    def counted(self, figure: Figure, found: dict[Any, Number] | None) -> Counted:
        """Return a figure from the numbers that were read; None for those if it is unknown."""
        if figure.year:
            return self._of_year(figure)
        query = self._query(figure)
        if found is None:
            return Counted(figure, [(part, None) for part in self._parts()], None, self.gap(figure), query)
        total = sum(found.values())
        if figure.is_state and self.by == "month":
            is_live = self.last >= self.live_from or not figure.frozen
            total = found.setdefault(self.last.replace(day=1), 0) if is_live else found.get(self.last.replace(day=1))
        if self.by not in figure.source.groups:
            return Counted(figure, [], total, self.gap(figure), query)
        known = date.min if figure.is_state else self.known_from(figure)
        parts = [*self._parts(), *sorted(set(found) - set(self._parts()), key=str)]
        # a frozen month has a number of each branch of then; a frozen state none of a month that was not frozen
        none = None if figure.frozen and self._is_sparse(figure) else 0
        rows = [(part, found.get(part, none) if self._is_known(part, known) else None) for part in parts]
        return self._without_missing(Counted(figure, rows, total, self.gap(figure), query))

    def _query(self, figure: Figure) -> str:
        pieces = list(self.pieces(figure)) or [Piece(figure, figure.source, self.first, self.last, "branch")]
        return ";\n".join(queries.text(each.figure, each.source, each.by, self._given(each)) for each in pieces)

    def _is_sparse(self, figure: Figure) -> bool:
        return (self.by == "branch" and self.last < self.live_from) or (self.by == "month" and figure.is_state)

    def _is_known(self, part: Any, known: date) -> bool:
        if self.by not in ("month", "day"):
            return True
        return (end_of(part) if self.by == "month" else part) >= known and part <= self.today

    @cached_property
    def _branches(self) -> list[Branch]:
        """Return the branches that were open in the span, those given up since then last."""
        return [row for row in branches.with_given_up() if row.closed_on is None or row.closed_on > self.first]

    def _parts(self) -> list[Any]:
        """Return the parts that each figure has, also where nothing is counted."""
        if self.by == "class":
            return DIGITS
        if self.by == "branch":
            return [row.id for row in self._branches if self.branch in (None, row.id)]
        if self.by == "month":
            return list(months(self.first, self.asked_last))
        days = (self.asked_last - self.first).days + 1 if self.by == "day" else 0
        return [self.first + timedelta(days=number) for number in range(days)]

    # -- by hand -------------------------------------------------------------------------------------------------------
    @cached_property
    def _entered(self) -> set[tuple[str, int, date]]:
        """Return (name, branch, month) of what was entered or frozen in the span."""
        rows = MonthFigure.select(MonthFigure.name, MonthFigure.branch, MonthFigure.month, MonthFigure.number)
        span = MonthFigure.month.between(self.first.replace(day=1), self.last)
        return {(name, place, month) for name, place, month, _ in rows.where(span).tuples()}

    def missing(self, figure: Figure) -> set[tuple[int, date]]:
        """Return (branch, month) of the months that are over and for which nobody has entered a figure by hand."""
        over = [month for month in months(self.first, self.last) if end_of(month) < self.today]
        frozen = {month for name, _, month in self._entered if name == "days_open"}
        expected = {
            (row.id, month)
            for row in self._branches
            for month in over
            if self.branch in (None, row.id)
            and (row.closed_on is None or row.closed_on > month)
            and (month not in frozen or ("days_open", row.id, month) in self._entered)
        }
        return expected - {(place, month) for name, place, month in self._entered if name == figure.name}

    def _without_missing(self, counted: Counted) -> Counted:
        if not counted.figure.by_hand or not (missing := self.missing(counted.figure)):
            return counted
        empty = {place if self.by == "branch" else month for place, month in missing}
        rows = [(part, None if part in empty else number) for part, number in counted.rows]
        over = sum(end_of(month) < self.today for month in months(self.first, self.last))
        gap = f"{over}か月のうち、{len({month for _, month in missing})}か月分がまだ入力されていません。"
        return replace(counted, rows=rows, total=None, gap=gap)

    def _of_year(self, figure: Figure) -> Counted:
        year = dates.fiscal_year(self.first)[0].year
        if figure.name == "population":  # that of the last year's end
            year = dates.fiscal_year(self.last + timedelta(days=1))[0].year - 1
        number = YearFigure.select(YearFigure.number).where(YearFigure.year == year, YearFigure.name == figure.name)
        query = f"SELECT number FROM year_figure WHERE year = {year} AND name = '{figure.name}'"  # noqa: S608
        total = number.scalar()
        return Counted(
            figure, [], total, "" if total is not None else f"{year}年度の数がまだ入力されていません。", query
        )

    # -- words ---------------------------------------------------------------------------------------------------------
    def gap(self, figure: Figure) -> str:
        """Return what was not recorded in words: 一部記録なし（4〜7月）。2025年8月1日から数えています。"""
        if figure.by_hand or (figure.is_state and not figure.frozen):
            return ""
        if figure.is_state:
            return (
                ""
                if any(self.pieces(figure))
                else "月末の数だけを残しています。その月末には、まだ数えていませんでした。"
            )
        known = self.known_from(figure)
        if known == date.max:
            return "まだ数えはじめていません。"
        if known <= self.first:
            return ""
        from_then = f"{dates.without_weekday(known)}から数えています。"
        if known > self.last:
            return from_then
        before = known - timedelta(days=1)
        until = f"{before.month}月" if before == end_of(before) else dates.without_weekday(before, year=False)
        whole = f"{self.first.month}月" if self.first.day == 1 else dates.without_weekday(self.first, year=False)
        days = until if whole == until else f"{whole.removesuffix('月') if until.endswith('月') else whole}〜{until}"
        return f"一部記録なし（{days}）。{from_then}"


def _part(by: str, part: Any) -> Any:
    if by in ("month", "day"):
        return date.fromisoformat(f"{part}-01" if by == "month" else str(part))
    return part


def _add(numbers: dict[Any, Number], rows: Iterable[tuple[Any, Number | None]]) -> None:
    for part, number in rows:
        numbers[part] = numbers.get(part, 0) + (number or 0)


def end_of(day: date) -> date:
    """Return the last day of a month."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def months(first: date, last: date) -> Iterable[date]:
    """Yield the first day of each month of a span."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = end_of(month) + timedelta(days=1)
