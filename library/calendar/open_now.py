"""いま開いているか and この一週間, from the calendar and the hours of a branch."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from library import clock, errors
from library.calendar import hours, opening
from models import Branch

WEEK = 7


class Now(NamedTuple):
    """The state of a branch at a moment.

    ``kind``: ``open``; ``later`` (opens today, or again after a break); ``over`` (closed for today); ``shut`` (closed
    today); ``day`` (open today, hours unknown). ``time``: until when it is open, or when it opens next; ``minutes``:
    until then; ``next_day``: the next open day where it is over or shut.
    """

    kind: str
    time: str = ""
    minutes: int = 0
    next_day: date | None = None


class Day(NamedTuple):
    """A day of this week. ``kind``: ``open``, ``short`` (closes earlier than on other days) or ``shut``.

    ``weekend``: ``sat``, ``sun`` (also for a holiday) or empty.
    """

    day: date
    kind: str
    spans: tuple[str, ...]
    weekend: str
    holiday: str


def state(branch: Branch, days: opening.Calendar, *, now: datetime) -> Now:
    """Return the state of a branch at this moment."""
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
    """Return the seven days from today on."""
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
