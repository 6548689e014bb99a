"""日報・月報・年報: the figures of a day, a month or a 年度 by branch, beside the same time a year before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from library import dates, policy
from library.calendar import opening
from library.counting.figures import counts, definitions
from library.counting.figures.counts import Counted
from library.counting.figures.definitions import FIGURES
from library.counting.report_spans import ReportSpan
from library.facts import stages

COLUMNS = {
    "loans": "個人貸出", "loans_child": "うち児童", "borrowers": "帯出者数", "new_cards": "新しい登録", "holds": "予約件数",
    "visitors": "来館者",
}  # fmt: skip
UNITS = {"day": "hour", "month": "day", "year": "month"}  # of the bars
LEAST = 3  # a smaller number isn't shown where two facts about people are crossed
SMALL, KEPT_BACK = "3未満", "—"
STAGES = (*(name for _, name in stages.STAGES), stages.GROWN, "")
CHILD = "小"  # whose loans are a figure of their own


class Cell(NamedTuple):
    """A figure of a span and of the year before; None where it is unknown. ``of``: branches in a total of some."""

    name: str
    now: Any
    before: Any
    of: int = 0
    of_before: int = 0


class Why(NamedTuple):
    """The reason why a figure is unknown, wholly or in part. ``month``: that to be entered, of ``branch``."""

    name: str
    words: str
    month: date | None = None
    branch: int = 0


class Point(NamedTuple):
    """A bar: an hour, a day or a month. ``number``: None for one to come, or where nothing is known."""

    when: Any
    number: Any
    before: Any = None
    is_shut: bool = False


@dataclass(frozen=True)
class Report:
    """``rows``: (branch, its cells); ``classes``: (digit of the NDC, its cell); ``open_days``: now and a year before,
    if all branches have the same.
    """

    span: ReportSpan
    rows: list[tuple[str, list[Cell]]]
    total: list[Cell]
    classes: list[tuple[str, Cell]]
    points: list[Point]
    whys: list[Why]
    open_days: tuple[int, int] | None

    @property
    def has_before(self) -> bool:
        """Tell whether anything is known of the year before."""
        return any(cell.before is not None for cell in self.total)


def make(span: ReportSpan, branch: int | None, *, rules: policy.Policy, today: date) -> Report:
    """Return the report of a span. ``branch``: an id, for that branch alone."""
    before = span.before
    ledger = counts.Span.over(before.first, span.end, branch=branch, today=today, rules=rules)
    names = [name for name in COLUMNS if span.kind != "day" or name != "visitors"]

    def count(which: ReportSpan, by: str, wanted: list[str]) -> dict[str, Counted]:
        return counts.in_span(wanted, ledger.part(which.first, which.end if by in ("day", "month") else which.last, by))

    now, then = (_by_branch(count(each, "branch", names), each) for each in (span, before))
    there = [row for row in ledger.records.branches if row.id in now["loans"]]
    rows = [(row.name, [Cell(name, now[name].get(row.id), then[name].get(row.id)) for name in names]) for row in there]
    total = [_total([cells[place] for _, cells in rows], name) for place, name in enumerate(names)]
    calendars = opening.calendars(there, rules)
    unit = UNITS[span.kind]
    bars = [count(each, unit, ["loans"])["loans"] for each in ([span, before] if unit == "month" else [span])]
    classes, classes_before = (dict(count(each, "class", ["loans"])["loans"].rows) for each in (span, before))
    return Report(
        span,
        rows,
        total,
        [(digit, Cell("loans", classes.get(digit), classes_before.get(digit))) for digit in counts.CLASSES],
        _points(span, bars, calendars, today),
        _whys(ledger, span, rows, {row.name: row.id for row in there}),
        None if span.kind == "day" else _open_days(span, calendars),
    )


def _by_branch(counted: Mapping[str, Counted], span: ReportSpan) -> dict[str, dict[int, Any]]:
    """Return name → branch → number; a figure by hand is of whole months."""
    return {
        name: dict(each.rows) if span.is_whole or not each.figure.by_hand else dict.fromkeys(dict(each.rows))
        for name, each in counted.items()
    }


def _total(cells: list[Cell], name: str) -> Cell:
    now = [cell.now for cell in cells if cell.now is not None]
    before = [cell.before for cell in cells if cell.before is not None]
    of, of_before = (len(known) if 0 < len(known) < len(cells) else 0 for known in (now, before))
    return Cell(name, sum(now) if now else None, sum(before) if before else None, of, of_before)


# -- the chart ---------------------------------------------------------------------------------------------------------
def _points(span: ReportSpan, bars: list[Counted], calendars: dict[int, opening.Calendar], today: date) -> list[Point]:
    numbers = dict(bars[0].rows)
    if span.kind == "day":
        hours = [hour for hour, number in numbers.items() if isinstance(hour, int) and number]
        return [Point(hour, numbers.get(hour, 0)) for hour in range(min(hours), max(hours) + 1)] if hours else []
    if not any(number is not None for number in numbers.values()):
        return []
    if span.kind == "year":
        before = {month.month: number for month, number in bars[1].rows}
        months = dates.months(span.first, span.end)
        return [Point(month, numbers.get(month), before.get(month.month)) for month in months]
    return [
        Point(day, number, is_shut=not number and not any(each.is_open(day) for each in calendars.values()))
        for day, number in numbers.items()
    ]


def _open_days(span: ReportSpan, calendars: dict[int, opening.Calendar]) -> tuple[int, int] | None:
    spans = [{each.open_between(one.first, one.last) for each in calendars.values()} for one in (span, span.before)]
    return (spans[0].pop(), spans[1].pop()) if [len(days) for days in spans] == [1, 1] else None


# -- what is unknown, and why ------------------------------------------------------------------------------------------
def _whys(ledger: counts.Span, span: ReportSpan, rows: list, ids: dict[str, int]) -> list[Why]:
    found = []
    has_before = any(cell.before is not None for _, cells in rows for cell in cells)
    for which, then in ((span, ""), (span.before, "前の年の")) if has_before else ((span, ""),):
        part = ledger.part(which.first, which.last, "branch")
        for place, cell in enumerate(rows[0][1] if rows else ()):
            figure = FIGURES[cell.name]
            empty = [name for name, cells in rows if (cells[place].before if then else cells[place].now) is None]
            month, words = None, "" if figure.by_hand else part.gap(figure)
            if empty and not which.is_whole and (figure.by_hand or figure.frozen):
                words = "月ごとの数なので、途中までの数はありません。"
            elif empty and figure.by_hand:
                words, missing = "まだ入力されていません。", ids[empty[0]]
                months = dates.months(which.first, which.last)
                month = next(
                    (each for each in months if (cell.name, missing, each) not in ledger.records.entered), None
                )
            about = f"{then}{'、'.join(empty) + 'の' if 0 < len(empty) < len(rows) else ''}{COLUMNS[cell.name]}"
            if words:
                words = f"記録なし：{about}は、{words}" if empty else f"{about}：{words}"
                found.append(Why(cell.name, words, month, ids[empty[0]] if empty else 0))
    return found


# -- 学校段階 and 居住 ----------------------------------------------------------------------------------------------------
def crossing(span: ReportSpan, homes: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Return 個人貸出 of a whole 年度 and all branches by 学校段階 and 居住. ``homes``: code → words of 居住.

    There is one such table a year, and none of a month or branch, so that no two of them have a difference.
    """
    part, read = counts.Span.over(span.first, span.last, by=definitions.PAIR, today=span.last), {}
    for piece in part.pieces(definitions.CROSSED):
        part.read([(definitions.CROSSED, piece)], read)
    found = {tuple(pair.split("/")): number for pair, number in read.get(definitions.CROSSED.name, {}).items()}
    columns = [*homes, ""]
    numbers = {stage: [found.get((stage, home), 0) for home in columns] for stage in STAGES}
    shown = {CHILD: masked(numbers[CHILD])}
    others = [stage for stage in STAGES if stage != CHILD]
    rest = masked([number for stage in others for number in numbers[stage]])
    for place, stage in enumerate(others):
        shown[stage] = rest[place * len(columns) : (place + 1) * len(columns)]
    return [(stage or "記録なし", shown[stage]) for stage in STAGES]


def masked(group: list[int]) -> list[str]:
    """Return numbers in words, of which the sum is known, so that no number of 1 or 2 can be told.

    With any of these, each below LEAST says so, 0 too, and the last of the others is kept back, so that the sum leaves
    more than one way. All are kept back where that isn't enough.
    """
    below = [number for number in group if number < LEAST]
    small = [number for number in below if number]
    if sum(group) == (LEAST - 1) * len(group) or len(small) == len(below) == 1:
        return [KEPT_BACK] * len(group)
    words = [SMALL if small and number < LEAST else f"{number:,}" for number in group]
    if small and len(below) < len(group):
        words[max(place for place, number in enumerate(group) if number >= LEAST)] = KEPT_BACK
    return words


# -- as a file ---------------------------------------------------------------------------------------------------------
def table(report: Report, classes: Mapping[str, str]) -> tuple[list[str], list[list[Any]]]:
    """Return the headings and rows of a report for spreadsheets. ``classes``: digit → words."""
    headings = [
        "表",
        "項目",
        *(word for cell in report.total for word in (COLUMNS[cell.name], f"{COLUMNS[cell.name]}（前年）")),
    ]
    rows = [_line("館", name, cells) for name, cells in report.rows]
    if len(rows) > 1:
        rows.append(_line("館", "計", report.total))
    rows += [_line("分類", classes[digit], [cell]) for digit, cell in report.classes]
    unit = {"day": "時", "month": "日", "year": "月"}[report.span.kind]
    points = [(point, str(point.when)[:7] if unit == "月" else str(point.when)) for point in report.points]
    rows += [_line(unit, words, [Cell("loans", point.number, point.before)]) for point, words in points]
    return headings, [row + [""] * (len(headings) - len(row)) for row in rows]


def _line(kind: str, words: str, cells: list[Cell]) -> list[Any]:
    numbers = [number for cell in cells for number in (cell.now, cell.before)]
    return [kind, words, *("記録なし" if number is None else number for number in numbers)]
