"""The sheets of two surveys, 『日本の図書館』 and 社会教育調査: what the library can fill, and why not the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from library import dates, policy
from library.counting.figures import counts
from library.counting.figures.definitions import FIGURES, Figure

FLOW, DAY, THIS, SETTLED = "flow", "day", "this", "settled"
YEARS = 5  # of which sheets are offered
NO_PAPERS = "新聞の種数は、このシステムでは数えていません。手で書き入れてください。"
NOT_HERE = "このシステムにはない項目です。手で書き入れてください。"
NO_BRANCH = "館ごとには書き入れていません。"


class Line(NamedTuple):
    """A line of a sheet. ``when``: flows of the 年度 before, a day, this 年度, or the 年度 before the last; ``why``: the
    reason for which it is never filled.
    """

    figure: str
    when: str = FLOW
    label: str = ""
    why: str = ""


class Survey(NamedTuple):
    """A survey. ``month``: of the day on which it counts, the first; ``parts``: heading → lines."""

    label: str
    month: int
    parts: dict[str, list[Line]]

    def day(self, year: int) -> date:
        """Return the day on which it counts what is there."""
        return date(year, self.month, 1)

    def newest(self, today: date) -> int:
        """Return the year of the last one whose day has come."""
        return today.year if self.day(today.year) <= today else today.year - 1


SURVEYS = {
    "jla": Survey("『日本の図書館』", 4, {
        "利用": [
            Line("loans"), Line("loans_child"), Line("group_loans"), Line("holds"),
            Line("partner_loans"), Line("borrowings"),
            Line("cards", DAY), Line("cards_child", DAY), Line("registration_rate", DAY), Line("visitors"),
            Line("references"), Line("copies_made", label="文献複写枚数"),
        ],
        "資料": [
            Line("books", DAY), Line("books_juvenile", DAY), Line("received"), Line("withdrawn"),
            Line("magazines", DAY), Line("audiovisual", DAY), Line("serials", DAY),
            Line("", label="新聞購入種数", why=NO_PAPERS),
        ],
        "図書館": [
            Line("population"), Line("days_open"), Line("floor_area", THIS), Line("employees", THIS),
            Line("budget", THIS), Line("settlement", SETTLED),
        ],
    }),
    "shakyo": Survey("社会教育調査", 10, {
        "利用": [
            Line("cards", DAY), Line("cards_child", DAY), Line("borrowers"), Line("borrowers_child"),
            Line("loans", label="貸出冊数"), Line("loans_child"), Line("references", label="レファレンス実施件数"),
            Line("library_users"), Line("gatherings", label="諸集会の参加者"),
        ],
        "図書館": [
            Line("days_open"), Line("employees", THIS), Line("", label="職員の内訳（専任・兼任・非常勤、司書）", why=NOT_HERE),
            Line("", label="移動図書館", why=NOT_HERE), Line("", label="ボランティア", why=NOT_HERE),
            Line("", label="指定管理者", why=NOT_HERE),
        ],
    }),
}  # fmt: skip


class Filled(NamedTuple):
    """A line as it is shown. ``number``: None for 記録なし, of which ``note`` is the reason, else when it was counted."""

    label: str
    figure: Figure | None
    number: counts.Number | None
    note: str
    first: date
    last: date
    branch: int | None


def fill(
    survey: Survey, year: int, branch: int | None, *, rules: policy.Policy, today: date
) -> list[tuple[str, list[Filled]]]:
    """Return the parts of a sheet with their lines; the open days of the first branch stand for all."""
    flow, before = (dates.fiscal_year(date(year - back, 4, 1)) for back in (1, 2))
    since = dates.fiscal_year(survey.day(year) - timedelta(days=1))[0]
    spans = {FLOW: flow, DAY: (since, survey.day(year) - timedelta(days=1)), THIS: dates.fiscal_year(date(year, 4, 1))}
    spans[SETTLED] = before
    names: dict[tuple[date, date], list[str]] = {}
    lines = [line for part in survey.parts.values() for line in part if line.figure]
    for line in lines:
        names.setdefault(spans[line.when], []).append(line.figure)
    ledger = counts.Span.over(before[0], spans[THIS][1], branch=branch, today=today, rules=rules)
    counted = {span: counts.in_span(each, ledger.part(*span, "branch")) for span, each in names.items()}
    main = next((row for row in ledger.records.branches if row.closed_on is None), None)
    at_main = dict(counted[flow]["days_open"].rows).get(main.id) if main else None
    day = dates.without_weekday(survey.day(year))
    words = {FLOW: f"{year - 1}年度", DAY: day, THIS: f"{year}年度", SETTLED: f"{year - 2}年度"}

    def filled(line: Line) -> Filled:
        figure, span = FIGURES.get(line.figure), spans[line.when]
        if figure is None:
            return Filled(line.label, None, None, line.why, *span, branch)
        found, label = counted[span][line.figure], line.label or figure.label
        if line.figure == "days_open" and branch is None and main:
            found, label = replace(found, total=at_main), f"{label}（{main.name}）"
        is_whole = figure.year or any(FIGURES[part].year for part in figure.parts)
        total, gap = (None, NO_BRANCH) if is_whole and branch else (found.total, found.gap)
        note = gap or f"{words[line.when]}{'、手入力' if figure.by_hand else ''}"
        return Filled(label, figure, total, note, *span, branch)

    return [(heading, [filled(line) for line in part]) for heading, part in survey.parts.items()]
