"""開館日: whether a branch is open on a day, and counting in open days.

An exceptional opening overrides all; then come single closures, the rules of month and year, and the weekly rule. A
closed weekday on a national holiday moves to the next weekday that isn't one (setting ``holidays_shift``).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache

import jpholiday
from peewee import Expression, Select

from library import errors, policy
from library.calendar import closing_rules
from library.language import sentences
from library.store.queries import Query, among, blank, listed, rows_as_json
from models import Branch, ClosedDay, ClosingRule, database

SEARCHED_DAYS = 365
HOLIDAYS = (  # the names of national holidays, which other languages translate
    "元日", "成人の日", "建国記念の日", "天皇誕生日", "春分の日", "昭和の日", "憲法記念日", "みどりの日", "こどもの日", "海の日", "山の日",
    "敬老の日", "秋分の日", "スポーツの日", "文化の日", "勤労感謝の日", "国民の休日",
)  # fmt: skip

is_holiday = lru_cache(maxsize=4096)(jpholiday.is_holiday)
_holiday_name = lru_cache(maxsize=4096)(jpholiday.is_holiday_name)
rule_of = lru_cache(maxsize=256)(closing_rules.parse)


def holiday(day: date) -> str:
    """Return the name of a national holiday (勤労感謝の日); empty for other days."""
    name, _, substitute = (_holiday_name(day) or "").partition(" ")
    return sentences.Sentence("{holiday_word} 振替休日", holiday_word=name) if substitute else name


def weekend(day: date) -> str:
    """Return ``sun`` for Sundays and national holidays, ``sat`` for other Saturdays; else empty."""
    if day.weekday() == 6 or is_holiday(day):
        return "sun"
    return "sat" if day.weekday() == 5 else ""


# -- the engine: no database -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Calendar:
    """The opening days of one branch. ``weekdays``: closed ones as digits, Monday 0; ``singles``: day → open or not."""

    name: str
    weekdays: str = ""
    shifts: bool = True
    rules: tuple[closing_rules.Rule, ...] = ()
    singles: dict[date, bool] = field(default_factory=dict)

    def is_open(self, day: date) -> bool:
        if day in self.singles:
            return self.singles[day]
        return not any(rule.matches(day) for rule in self.rules) and not self._closed_by_week(day)

    def rule_on(self, day: date) -> str:
        """Return the rule of month or year that closes a day (第3水曜); empty for none."""
        return next((rule.text for rule in self.rules if rule.matches(day)), "")

    def next_open_day(self, day: date) -> date:
        """Return the day itself if open, else the first open day after it. Raises: NeverOpen if none in a year."""
        for distance in range(SEARCHED_DAYS + 1):
            candidate = day + timedelta(days=distance)
            if self.is_open(candidate):
                return candidate
        raise errors.NeverOpen(branch=self.name)

    def next_closed_day(self, day: date) -> date | None:
        """Return the day itself if closed, else the first closed day after it; None if all of a year are open."""
        return next((each for each in _days(day, day + timedelta(days=SEARCHED_DAYS)) if not self.is_open(each)), None)

    def after_open_days(self, day: date, count: int) -> date:
        """Return the last of ``count`` open days after a day; the day itself if 0. Raises: NeverOpen."""
        for _ in range(count):
            day = self.next_open_day(day + timedelta(days=1))
        return day

    def closed_between(self, first: date, last: date) -> list[date]:
        """Return the closed days from first to last, both included."""
        return [day for day in _days(first, last) if not self.is_open(day)]

    def open_between(self, first: date, last: date) -> int:
        """Return the number of open days from first to last, both included."""
        return sum(self.is_open(day) for day in _days(first, last))

    def with_days(self, days: Iterable[date], *, is_open: bool = False) -> "Calendar":
        """Return this calendar with single days closed or open; they replace earlier singles of these days."""
        return replace(self, singles=self.singles | dict.fromkeys(days, is_open))

    def with_rule(self, text: str) -> "Calendar":
        return replace(self, rules=(*self.rules, rule_of(text)))

    def _closed_by_week(self, day: date) -> bool:
        if not self.shifts:
            return str(day.weekday()) in self.weekdays
        if is_holiday(day):
            return False
        return str(day.weekday()) in self.weekdays or self._moved_here(day)

    def _moved_here(self, day: date) -> bool:
        """Tell whether a closed weekday on a holiday moved to this day, the next weekday that is no holiday."""
        if day.weekday() > 4:
            return False
        before = day - timedelta(days=1)
        while is_holiday(before) or before.weekday() > 4:
            if is_holiday(before) and str(before.weekday()) in self.weekdays:
                return True
            before -= timedelta(days=1)
        return False


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=distance) for distance in range((last - first).days + 1)]


# -- the branches ----------------------------------------------------------------------------------------------------
def calendar_of(branch: Branch, rules: policy.Policy | None = None) -> Calendar:
    return calendars([branch], rules)[branch.id]


def calendars(branches: Iterable[Branch], rules: policy.Policy | None = None) -> dict[int, Calendar]:
    """Return branch id → calendar, in one query; one more if ``rules`` aren't given."""
    every = list(branches)
    return _calendars(every, _OF_BRANCHES.rows(branches=listed(branch.id for branch in every))[0], rules)


def _select(wanted: Expression) -> Select:
    """Return the select of the single days of the condition ``wanted`` and of all rules, each as one JSON list."""
    columns = (
        ClosedDay.select(rows_as_json(ClosedDay.branch, ClosedDay.day, ClosedDay.open)).where(wanted),
        ClosingRule.select(rows_as_json(ClosingRule.id, ClosingRule.branch, ClosingRule.rule)),
    )
    return Select(columns=columns).bind(database)


_OF_BRANCHES = Query(lambda: _select(ClosedDay.branch.in_(among("branches"))))
_OF_DAY = Query(lambda: _select(ClosedDay.day == blank("day")))


def _calendars(
    branches: Iterable[Branch], found: Iterable[str], policies: policy.Policy | None = None
) -> dict[int, Calendar]:
    """Return branch id → calendar. ``found``: the row of single days and rules."""
    days, texts = map(json.loads, found)
    singles, rules = {}, {}
    for branch, day, is_open in days:
        singles.setdefault(branch, {})[date.fromisoformat(day)] = bool(is_open)
    for _, branch, text in sorted(texts):
        rules.setdefault(branch, []).append(rule_of(text))
    shifts, general = (policies or policy).get("holidays_shift"), rules.get(None, [])
    return {
        branch.id: Calendar(
            branch.name,
            branch.closed_weekdays,
            shifts,
            (*general, *rules.get(branch.id, ())),
            singles.get(branch.id, {}),
        )
        for branch in branches
    }


def is_open(branch: Branch, day: date) -> bool:
    return bool(open_branches([branch], day))


def open_branches(branches: Iterable[Branch], day: date, rules: policy.Policy | None = None) -> list[Branch]:
    """Return the branches that are open on a day, in the given order. ``rules``: if already read."""
    found = _calendars(branches, _OF_DAY.rows(day=day)[0], rules)
    return [branch for branch in branches if found[branch.id].is_open(day)]


def next_open_day(branch: Branch, day: date) -> date:
    """Return the day itself if the branch is open, else the first open day after it. Raises: NeverOpen."""
    return calendar_of(branch).next_open_day(day)


def closed_days_between(branch: Branch, first: date, last: date) -> list[date]:
    """Return the closed days of a branch from first to last, both included."""
    return calendar_of(branch).closed_between(first, last)
