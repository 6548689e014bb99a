"""開館時間 of a branch on each weekday and on national holidays, as librarians write them and pages show them.

``Branch.hours``: digit of the day (Monday 0, ``HOLIDAY`` 7) → at most two spans, each [from, to]. A holiday without
hours has those of its weekday; a weekday without an entry has unknown hours.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from library import dates, errors
from library.calendar.opening import is_holiday
from models import Branch

Spans = list[list[str]]
Hours = dict[str, Spans]

HOLIDAY = "7"
DAYS = {str(number): name for number, name in enumerate((*dates.WEEKDAYS, "祝日"))}
MOST = 2  # spans of a day
_DASH = r"[-~〜～‐–—―−ー]|から"
_TIME = r"([0-9]{1,2})(?::([0-9]{2})|時(?:([0-9]{1,2})分|(半))?)?"
_SPAN = re.compile(rf"{_TIME}-{_TIME}(?:まで)?\Z")
_PART = re.compile(r"((?:[月火水木金土日祝](?:曜日?|日)?[-・,、/]?)+|毎日)?:?([0-9][^月火水木金土日祝毎;\n]*)")


# -- reading ---------------------------------------------------------------------------------------------------------
def every_day(opens: str, closes: str) -> Hours:
    """Return the hours of a branch that is open from ``opens`` to ``closes`` on each weekday."""
    return {day: [[opens, closes]] for day in DAYS if day != HOLIDAY}


def spans(text: str) -> Spans:
    """Return the spans of a text ``9:30-12:00、13時-17時半``; [] for an empty one.

    Raises: HoursUnreadable, HoursBackwards, HoursOverlap, HoursTooMany.
    """
    parts = [part for part in re.split(r"[、,・/と]", _plain(text)) if part]
    if len(parts) > MOST:
        raise errors.HoursTooMany(most=MOST)
    return in_order([_span(part, text.strip()) for part in parts])


def time(text: str) -> str:
    """Return ``9:30``, ``9時半`` or ``930`` as 9:30. Raises: TimeUnreadable."""
    plain = re.sub(r"^([0-9]{1,2})([0-9]{2})$", r"\1:\2", _plain(text))
    found = re.fullmatch(_TIME, plain)
    if not found:
        raise errors.TimeUnreadable(text=text.strip())
    try:
        return _time(found.groups(), text)
    except errors.HoursUnreadable:
        raise errors.TimeUnreadable(text=text.strip()) from None


def span(opens: str, closes: str) -> list[str]:
    """Return [opens, closes] of two parsed times. Raises: HoursBackwards."""
    if minutes(opens) >= minutes(closes):
        raise errors.HoursBackwards(text=_words([(opens, closes)]))
    return [opens, closes]


def in_order(found: Spans) -> Spans:
    """Return the spans of a day in order. Raises: HoursOverlap."""
    ordered = sorted(found, key=lambda each: minutes(each[0]))
    for one, other in pairwise(ordered):
        if minutes(other[0]) < minutes(one[1]):
            raise errors.HoursOverlap(text=_words([other]))
    return ordered


def parse(text: str) -> Hours:
    """Return the hours of ``月-金 9:30-19:00; 土日祝 9:30-17:00``; times without days are for every weekday.

    Raises: as ``spans``.
    """
    hours: Hours = {}
    plain = _plain(text)
    for days, times in _PART.findall(plain):
        for day in _days(days or "毎日"):
            hours[day] = spans(times)
    if re.sub(r"[;\n、,/]", "", _PART.sub("", plain)):
        raise errors.HoursUnreadable(text=text.strip())
    return hours


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace("。", ";").replace("平日", "月-金")
    return re.sub(r"[^\S\n]", "", re.sub(_DASH, "-", plain))


def _span(part: str, text: str) -> list[str]:
    """Return [from, to] of one span; ``text``: all that was typed, for the refusal."""
    found = _SPAN.match(part)
    if not found:
        raise errors.HoursUnreadable(text=text)
    return span(_time(found.groups()[:4], text), _time(found.groups()[4:], text))


def _time(parts: Sequence[str | None], text: str) -> str:
    hour, minute = int(parts[0] or 0), int(parts[1] or parts[2] or (30 if parts[3] else 0))
    if hour * 60 + minute > 24 * 60 or minute > 59:
        raise errors.HoursUnreadable(text=text)
    return f"{hour}:{minute:02}"


def minutes(time: str) -> int:
    """Return the minutes from midnight to a parsed time."""
    hour, minute = time.split(":")
    return int(hour) * 60 + int(minute)


def _days(text: str) -> list[str]:
    """Return the days of ``月-金``, ``土日祝``, ``毎日`` as digits."""
    names = re.sub(r"(?<=[月火水木金土日])曜日?|(?<=祝)日|[・,、/]", "", text).rstrip("-").replace("毎日", "月-日")
    letters = [*dates.WEEKDAYS, "祝"]
    found: list[str] = []
    for first, last in re.findall(r"([月火水木金土日祝])(?:-([月火水木金土日祝]))?", names):
        begin, end = letters.index(first), letters.index(last or first)
        around = (
            [*range(begin, 7), *range(end + 1)] if end < begin else range(begin, end + 1)
        )  # 金-月 goes over the end of the week
        found += map(str, around)
    return found


# -- saying ----------------------------------------------------------------------------------------------------------
def text_on(branch: Branch, day: date) -> str:
    """Return the hours of a branch on an open day as text (9:30–19:00); empty where unknown."""
    return _words(spans_on(branch, day))


def spans_on(branch: Branch, day: date) -> Spans:
    """Return the spans of a branch on an open day; [] where unknown."""
    return (is_holiday(day) and branch.hours.get(HOLIDAY)) or branch.hours.get(str(day.weekday())) or []


def _words(spans: Iterable[Sequence[str]]) -> str:
    return "・".join(f"{opens}–{closes}" for opens, closes in spans)


def in_general(branch: Branch) -> list[str]:
    """Return lines such as ``火〜金 9:30–19:00``, equal days together; without names of days if all are equal."""
    groups: dict[str, list[str]] = {}
    for day in DAYS:
        if day not in branch.closed_weekdays and (words := _words(branch.hours.get(day, ()))):
            groups.setdefault(words, []).append(day)
    if len(groups) == 1:
        return list(groups)
    return [f"{_names(days)} {words}" for words, days in groups.items()]


def _names(days: Sequence[str]) -> str:
    """Return the names of days: 火〜金, 土・日・祝日. Three and more in a row become a span."""
    runs: list[list[str]] = []
    for day in days:
        if runs and day != HOLIDAY and int(runs[-1][-1]) + 1 == int(day):
            runs[-1].append(day)
        else:
            runs.append([day])
    names = [
        f"{DAYS[run[0]]}〜{DAYS[run[-1]]}" if len(run) > 2 else "・".join(DAYS[day] for day in run) for run in runs
    ]
    return "・".join(names)
