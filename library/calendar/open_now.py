"""いま開いているか、この一週間: what readers ask of opening hours first, from the calendar and the hours that were written down."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from library import clock, errors
from library.calendar import hours, opening
from models import Branch

WEEK = 7


class Now(NamedTuple):
    """``kind``: ``open``; ``later`` (opens today, or again after a break); ``over`` for today; ``shut`` today; ``day``: open, its
    hours nobody wrote down. ``time``: until when, from when. ``minutes``: till then. ``next_day``: the next open one, where it is
    over or shut and there is one; its ``time``: from when.
    """

    kind: str
    time: str = ""
    minutes: int = 0
    next_day: date | None = None


class Day(NamedTuple):
    """A day of the week to come. ``kind``: ``open``, ``short`` (closes earlier than on others of these days) or ``shut``.
    ``weekend``: ``sat`` or ``sun``, which holidays are, too.
    """

    day: date
    kind: str
    spans: tuple[str, ...]
    weekend: str
    holiday: str


def at(branch: Branch, days: opening.Calendar, *, now: datetime) -> Now:
    """Return whether the branch is open at this moment, and until or from when."""
    moment = clock.local(now)
    today, minute = moment.date(), moment.hour * 60 + moment.minute
    if not days.is_open(today):
        return _not_today("shut", branch, days, today)
    spans = hours.spans_on(branch, today)
    if not spans:
        return Now("day")
    for opens, closes in spans:
        if minute < hours.minutes(opens):
            return Now("later", opens, hours.minutes(opens) - minute)
        if minute < hours.minutes(closes):
            return Now("open", closes, hours.minutes(closes) - minute)
    return _not_today("over", branch, days, today)


def week(branch: Branch, days: opening.Calendar, *, today: date) -> list[Day]:
    """Return seven days from today on."""
    coming = [today + timedelta(days=distance) for distance in range(WEEK)]
    spans = {day: hours.spans_on(branch, day) if days.is_open(day) else None for day in coming}
    latest = max((hours.minutes(each[-1][1]) for each in spans.values() if each), default=0)
    return [
        Day(day, _kind(each, latest), tuple(map("–".join, each or ())), opening.weekend(day), opening.holiday(day))
        for day, each in spans.items()
    ]


def _kind(spans: hours.Spans | None, latest: int) -> str:
    if spans is None:
        return "shut"
    return "short" if spans and hours.minutes(spans[-1][1]) < latest else "open"


def _not_today(kind: str, branch: Branch, days: opening.Calendar, today: date) -> Now:
    try:
        next_day = days.next_open_day(today + timedelta(days=1))
    except errors.NeverOpen:
        return Now(kind)
    spans = hours.spans_on(branch, next_day)
    return Now(kind, spans[0][0] if spans else "", next_day=next_day)
