"""定休日: rules as librarians write them: 第3水曜, 最終木曜, 月末, 毎月15日, 12/29-1/3."""

import calendar
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from library import dates, errors

_WEEKS = re.compile(r"(第[1-5](?:[・,、]?第?[1-5])*)([月火水木金土日])曜?\Z")
_LAST = re.compile(r"最終([月火水木金土日])曜?\Z")
_MONTHLY = re.compile(r"毎月([0-9]{1,2})\Z")
_YEARLY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})(?:-([0-9]{1,2})/([0-9]{1,2}))?\Z")
_LEAP_YEAR = 2028  # has a 29 February


@dataclass(frozen=True)
class Rule:
    """One rule in its one spelling, and the test for a day."""

    text: str
    matches: Callable[[date], bool]


def parse(text: str) -> Rule:
    """Return the rule of a text. Raises: ClosingRuleUnreadable."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"曜日", "曜", re.sub(r"[~〜～‐–—―−ー]|から", "-", plain))
    folded = re.sub(r"([0-9]{1,2})月([0-9]{1,2})日?", r"\1/\2", re.sub(r"(毎月[0-9]{1,2})日", r"\1", plain))
    for read in (_weeks, _last, _end_of_month, _day_of_month, _days_of_year):
        if rule := read(folded):
            return rule
    raise errors.ClosingRuleUnreadable(text=text.strip())


def _weeks(text: str) -> Rule | None:
    found = _WEEKS.match(text)
    if not found:
        return None
    weeks, weekday = sorted(set(map(int, re.findall(r"[1-5]", found[1])))), dates.WEEKDAYS.index(found[2])
    name = "・".join(f"第{week}" for week in weeks)
    return Rule(f"{name}{found[2]}曜", lambda day: day.weekday() == weekday and (day.day + 6) // 7 in weeks)


def _last(text: str) -> Rule | None:
    found = _LAST.match(text)
    if not found:
        return None
    weekday = dates.WEEKDAYS.index(found[1])
    return Rule(
        f"最終{found[1]}曜", lambda day: day.weekday() == weekday and (day + timedelta(days=7)).month != day.month
    )


def _end_of_month(text: str) -> Rule | None:
    if text not in ("月末", "毎月末", "末日", "毎月末日"):
        return None
    return Rule("月末", lambda day: day.day == calendar.monthrange(day.year, day.month)[1])


def _day_of_month(text: str) -> Rule | None:
    found = _MONTHLY.match(text)
    if not found or not 1 <= int(found[1]) <= 31:
        return None
    number = int(found[1])
    return Rule(f"毎月{number}日", lambda day: day.day == number)


def _days_of_year(text: str) -> Rule | None:
    found = _YEARLY.match(text)
    if not found:
        return None
    first = tuple(map(int, found.groups()[:2]))
    last = tuple(map(int, found.groups()[2:])) if found[3] else first
    if not (_exists(*first) and _exists(*last)):
        return None
    text = "{}/{}".format(*first) + ("-{}/{}".format(*last) if last != first else "")
    if first <= last:
        return Rule(text, lambda day: first <= (day.month, day.day) <= last)
    return Rule(text, lambda day: (day.month, day.day) >= first or (day.month, day.day) <= last)


def _exists(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(_LEAP_YEAR, month)[1]
