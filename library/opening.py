"""開館日: whether a branch is open on a day. A single day in ClosedDay beats the weekly rule, opening or closing."""

from datetime import timedelta

import jpholiday

from library import policy
from models import ClosedDay

SEARCHED_DAYS = 365


class NeverOpen(Exception):
    """A branch has no open day within a year: its calendar is set up wrongly."""


def is_open(branch, day) -> bool:
    return bool(open_branches([branch], day))


def open_branches(branches, day) -> list:
    """Those of the branches that are open on a day, in the order given."""
    rows = ClosedDay.select(ClosedDay.branch, ClosedDay.open).where(
        ClosedDay.branch.in_(branches), ClosedDay.day == day
    )
    singles = dict(rows.tuples())
    closed_by_week = _weekly_rule()
    return [branch for branch in branches if singles.get(branch.id, not closed_by_week(branch, day))]


def next_open_day(branch, day):
    """The day itself when the branch is open, else the first open day after it. NeverOpen when there is none."""
    singles = _single_days(branch, day, day + timedelta(days=SEARCHED_DAYS))
    closed_by_week = _weekly_rule()
    for distance in range(SEARCHED_DAYS + 1):
        candidate = day + timedelta(days=distance)
        if singles.get(candidate, not closed_by_week(branch, candidate)):
            return candidate
    raise NeverOpen(branch.name)


def closed_days_between(branch, first, last) -> list:
    """The closed days of a branch from first to last, both included."""
    singles = _single_days(branch, first, last)
    days = [first + timedelta(days=distance) for distance in range((last - first).days + 1)]
    closed_by_week = _weekly_rule()
    return [day for day in days if not singles.get(day, not closed_by_week(branch, day))]


def hours(branch) -> str:
    """``9:30–19:00``; empty where the library gave none."""
    return f"{branch.opens_at}–{branch.closes_at}" if branch.opens_at and branch.closes_at else ""


def _single_days(branch, first, last):
    rows = ClosedDay.select().where(ClosedDay.branch == branch, ClosedDay.day.between(first, last))
    return {row.day: row.open for row in rows}


def _weekly_rule():
    """``closed(branch, day)`` as the library has it; the setting is read once."""
    return _closed_by_shifting_week if policy.get("holidays_shift") else _closed_by_plain_week


def _closed_by_plain_week(branch, day) -> bool:
    return str(day.weekday()) in branch.closed_weekdays


def _closed_by_shifting_week(branch, day) -> bool:
    """A closed weekday; where it is a holiday the branch opens, and closes on the next weekday that is none."""
    if jpholiday.is_holiday(day):
        return False
    if str(day.weekday()) in branch.closed_weekdays:
        return True
    return _moved_here(branch, day)


def _moved_here(branch, day) -> bool:
    if day.weekday() > 4:
        return False
    before = day - timedelta(days=1)
    while jpholiday.is_holiday(before) or before.weekday() > 4:
        if jpholiday.is_holiday(before) and str(before.weekday()) in branch.closed_weekdays:
            return True
        before -= timedelta(days=1)
    return False
