"""Days and times in Japanese: read from files, written for readers."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import NamedTuple

from library import clock
from library.language import days, distances, sentences

WEEKDAYS = days.WEEKDAYS
ERAS = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019}
ERA_SIGNS = {sign: era for era, letter in zip(ERAS, "MTSHR", strict=True) for sign in (era, era[0], letter)}
_SPANS = {
    "明治": (date(1868, 1, 1), date(1912, 7, 30)),
    "大正": (date(1912, 7, 30), date(1926, 12, 25)),
    "昭和": (date(1926, 12, 25), date(1989, 1, 7)),
    "平成": (date(1989, 1, 8), date(2019, 4, 30)),
    "令和": (date(2019, 5, 1), date.max),
}
FIRST_DAY = _SPANS["明治"][0]
SERIALS = range(3_654, 73_051)  # days by a spreadsheet's calendar, 1910 to 2099: others are no dates of a library
_BEFORE_SERIALS = date(1899, 12, 30)
HEISEI_BEYOND = 50  # the last year of 平成 printed on cards
NO_DAY = ("0", "-", "0000000", "00000000", "9999999", "99999999")
_NEVER = date(9999, 12, 31)
WITH_WEEKDAY = re.compile(rf"(?:\d{{4}}年)?\d{{1,2}}月\d{{1,2}}日\([{WEEKDAYS}]\)")  # as ``with_weekday`` writes a day
# after a day; without a colon only after five characters or more: 2026 1125 is a day
TIME = re.compile(
    r"(?:[T\s]\s*(?=\d+:)|(?<=.{5})[T\s])(\d{1,2}):?(\d{2})(:?\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?\Z", re.ASCII
)
_WESTERN = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?\Z", re.ASCII)
_WESTERN_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})\Z", re.ASCII)
_ERA = re.compile(rf"({'|'.join(ERA_SIGNS)})(\d{{1,2}}|元)[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})日?\Z", re.ASCII)
_ERA_SIX = re.compile(rf"({'|'.join(ERA_SIGNS)})(\d{{2}})(\d{{2}})(\d{{2}})\Z", re.ASCII)
# 日 is a weekday only after the 日 of a day
_WEEKDAY = re.compile(
    rf"(?:[(\[]([{WEEKDAYS}])(?:曜日?)?[)\]]|([{WEEKDAYS}])曜日?|(?<=[\d日])([月火水木金土]|(?<=日)日))\Z"
)
_ERA_DIGITS = re.compile(r"([1-5])(\d{2})(\d{2})(\d{2})\Z", re.ASCII)
_YEAR_BRACKETED = re.compile(r"\[[^\]]*?((?:1[0-9]|20)[0-9]{2})")
_YEAR_WESTERN = re.compile(r"(?<![0-9])((?:1[0-9]|20)[0-9]{2})(?![0-9])")
_YEAR_IMPERIAL = re.compile(r"皇紀\s*([0-9]{4})|紀元\s*(2[5-6][0-9]{2})")
_YEAR_OF_ERA = re.compile(
    f"(?:({'|'.join(ERAS)})|(?:\\A|(?<=[\\s\\[(]))([MTSHR]|[{''.join(era[0] for era in ERAS)}])\\.?)"
    "\\s*([0-9]{1,2}|元)(?![0-9])",
    re.I,
)
IMPERIAL = 660  # years by which 皇紀 is ahead
_DIGITS, _UNITS = "零一二三四五六七八九〇", {"十": 10, "百": 100, "千": 1000}
_KANJI_NUMBER = re.compile(f"[{_DIGITS}{''.join(_UNITS)}]+")


class Written(NamedTuple):
    """A day that was read; ``day`` is None if the text says that there is none.

    ``how``: SERIAL for a spreadsheet's number of days, BEYOND for a year after the end of 平成, else empty.
    """

    day: date | None
    how: str = ""


SERIAL, BEYOND = "serial", "beyond"


def read(text: str, *, beyond: bool = False) -> Written:
    """Return the day of a text as library systems write it. With ``beyond`` 平成 has 50 years, as on old cards.

    ``2026-11-25``, ``2026年11月25日``, ``20261125``, ``令和8年11月25日``, ``令8.11.25``, ``S60. 1. 9``, ``R081125``, ``3530808``
    (1 明治 … 5 令和, YYMMDD), each with or without time and weekday; ``22422`` (a spreadsheet's number of days). ``0``,
    ``-`` and ``9999/12/31`` mean no day. Raises: ValueError for anything else: a day outside its era or before 1868, a
    year of two digits, a wrong weekday.
    """
    folded = "".join(TIME.sub("", unicodedata.normalize("NFKC", text).strip()).split()).upper()
    weekday = _WEEKDAY.search(folded)
    plain = _WEEKDAY.sub("", folded)
    try:
        written = _read(plain, beyond=beyond)
        is_other = written.day and WEEKDAYS[written.day.weekday()] not in (weekday.groups() if weekday else ())
        if weekday and (is_other or plain in NO_DAY):
            raise ValueError
    except ValueError:
        raise ValueError(text) from None
    return written


def _read(folded: str, *, beyond: bool) -> Written:
    if folded in NO_DAY:
        return Written(None)
    if found := _WESTERN.match(folded) or _WESTERN_DIGITS.match(folded):
        day = date(*map(int, found.groups()))
        if day < FIRST_DAY:
            raise ValueError
        return Written(None if day == _NEVER else day)
    if found := _ERA.match(folded) or _ERA_SIX.match(folded):
        return _of_era(ERA_SIGNS[found[1]], *found.groups()[1:], beyond=beyond)
    if found := _ERA_DIGITS.match(folded):
        return _of_era([*ERAS][int(found[1]) - 1], *found.groups()[1:], beyond=beyond)
    if folded.isascii() and folded.isdecimal() and len(folded) < 6 and int(folded) in SERIALS:
        return Written(_BEFORE_SERIALS + timedelta(days=int(folded)), SERIAL)
    raise ValueError


def _of_era(era: str, year: str, month: str, day: str, *, beyond: bool) -> Written:
    number = 1 if year == "元" else int(year)
    found = date(ERAS[era] + number - 1, int(month), int(day))
    first, last = _SPANS[era]
    if first <= found <= last:
        return Written(found)
    if beyond and era == "平成" and last < found and number <= HEISEI_BEYOND:
        return Written(found, BEYOND)
    raise ValueError


def parse(text: str) -> date:
    """Return the day that somebody typed, in any form of ``read`` but a spreadsheet's number. Raises: ValueError."""
    day, how = read(text)
    if day is None or how:
        raise ValueError(text)
    return day


def with_weekday(day: date | None, *, year: bool = True) -> str:
    """Return a day as ``2026年11月25日(水)``, or without the year as ``11月25日(水)``; "" for none."""
    return f"{without_weekday(day, year=year)}({WEEKDAYS[day.weekday()]})" if day else ""


def without_weekday(day: date | None, *, year: bool = True) -> str:
    """Return a day as ``2026年11月25日``, or without the year as ``11月25日``; "" for none."""
    return f"{f'{day.year}年' if year else ''}{day.month}月{day.day}日" if day else ""


def moment(instant: datetime) -> str:
    """Return a moment as ``2026年11月25日(水) 10:42`` in the library's zone."""
    wall = clock.local(instant)
    return f"{with_weekday(wall.date())} {wall.hour}:{wall.minute:02}"


def time_of_day(instant: datetime) -> str:
    """Return the time of a moment in the library's zone: 10時42分."""
    wall = clock.local(instant)
    return f"{wall.hour}時{wall.minute:02}分"


def days_left(due: date, today: date) -> sentences.Sentence:
    """Return the distance to a due date: 今日まで, 明日まで, あと2日, 3日過ぎています."""
    return distances.until_due((due - today).days)


def age(born: date, *, today: date) -> int:
    """Return the age in years on a day."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def birthday(born: date, years: int) -> date:
    """Return the day on which somebody turns ``years`` old; 1 March for 29 February where there is none."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def latest_birth_date(day: date, years: int) -> date:
    """Return the latest date of birth of somebody who is at least ``years`` old on a day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def year_before(day: date) -> date:
    """Return the same day of the year before, 28 February for the 29th."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def first_of_month(day: date, later: int = 0) -> date:
    """Return the first day of the month of a day, or of one ``later`` (or, below 0, before)."""
    number = day.year * 12 + day.month - 1 + later
    return date(number // 12, number % 12 + 1, 1)


def fiscal_year(day: date) -> tuple[date, date]:
    """Return (first day, last day) of the 年度 of a day, April to March."""
    first = day.year if day.month >= 4 else day.year - 1
    return date(first, 4, 1), date(first + 1, 3, 31)


def end_of_month(day: date) -> date:
    """Return the last day of a month."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def months(first: date, last: date) -> list[date]:
    """Return the first day of each month of a span."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def year_of(text: str) -> int | None:
    """Return the year of publication in a text; None if there is none, as in ``19--``.

    ``2003.5`` is 2003, ``1957（昭和32）年`` 1957, ``平成 11``, ``H11.4`` and 平成十一年 1999, ``昭和 46-47 [1971-1972]`` 1971, 二〇〇一年
    2001, 皇紀2600 1940.
    """
    folded = _KANJI_NUMBER.sub(_in_digits, unicodedata.normalize("NFKC", text))
    if found := _YEAR_IMPERIAL.search(folded):
        return int(found[1] or found[2]) - IMPERIAL
    if found := _YEAR_BRACKETED.search(folded) or _YEAR_WESTERN.search(folded):
        return int(found[1])
    if found := _YEAR_OF_ERA.search(folded):
        era = found[1] or ERA_SIGNS[found[2].upper()]
        return ERAS[era] + (1 if found[3] == "元" else int(found[3])) - 1
    if (digits := re.sub(r"\D", "", folded)) and re.fullmatch(r"(1[0-9]|20)[0-9]{4,6}", digits):
        return int(digits[:4])  # 20030510
    return None


def _in_digits(found: re.Match[str]) -> str:
    """Return 2001 for 二〇〇一 and 二千一, 13 for 十三 and 一三."""
    total, last = 0, ""
    for letter in found[0]:
        if unit := _UNITS.get(letter):
            total, last = total + unit * int(last or 1), ""
        else:
            last += str(_DIGITS.index(letter) % 10)
    return str(total + int(last or 0))
