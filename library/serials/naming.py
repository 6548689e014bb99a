"""号の名前: the name of the issue that follows another, as far as its numbers tell it; the desk corrects it.

Each part of a name that counts (月日, 月, 季節, 巻号, 通巻) goes on by one, in digits as they were written. A name with
anything else is left to be typed.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from library.serials.intervals import INTERVALS

LONGEST = 100  # letters
N = "([0-9０-９]{1,6})"
YEAR = "(?:([0-9０-９]{4})年[ 　]*)?"
AND = "[・･、,，／/〜~－-]"
KIND = "(?:合併|特大|増大|特別|新春|新年|創刊|記念)*"
SEASONS = "春夏秋冬"
_VOLUME = re.compile(
    rf"(第?|[Vv][Oo][Ll][.．]?[ 　]*){N}(巻[ 　,，]*第?|年[ 　]*第?|[ 　,，]*[Nn][Oo][.．]?[ 　]*){N}(?:{AND}第?{N})?(?:合併)?(号?)(?:合併号)?"
)
_ONE_DAY = re.compile("(.+年)?(.+月)(.+日)号")
_OTHERS = re.compile(r"[ 　()（）\[\]［］「」『』,，・/／\ue000-\ue0ff]*")


class Last(NamedTuple):
    """The last issue: the code of its ``interval``, the day ``on`` which it came, and the ``earlier`` names."""

    interval: str
    on: date
    earlier: Sequence[str] = ()


def following(name: str, last: Last) -> str:
    """Return the name of the next issue; empty where it is to be typed."""
    parts: list[str] = []
    text = name.strip()
    for pattern, step in _STEPS:

        def put(found: re.Match, step: Callable[[re.Match, Last], str] = step) -> str:
            try:
                made = step(found, last)
            except ValueError:  # a day that no calendar has
                made = ""
            parts.append(made)
            return chr(0xE000 + len(parts) - 1) if made else found[0]

        text = pattern.sub(put, text)
    if not any(parts) or not _OTHERS.fullmatch(text):
        return ""
    return re.sub("[\ue000-\ue0ff]", lambda found: parts[ord(found[0]) - 0xE000], text)


def joined(name: str, last: Last) -> str:
    """Return the name of a 合併号 of the issue with this name and the next one; the name itself if it has no number."""
    if (found := _ONE_DAY.fullmatch(name)) and (then := _ONE_DAY.fullmatch(following(name, last))):
        if then[2] == found[2]:
            return f"{name[: found.end(3) - 1]}・{then[3]}合併号"
        return f"{name[: found.end(3)]}・{then[1] if then[1] != found[1] else ''}{then[2]}{then[3]}合併号"
    if found := re.fullmatch(rf"{YEAR}{N}月{KIND}号", name):
        year, month = found[1], int(found[2])
        if month < 12:
            return name[: found.start(2)] + f"{found[2]}・{_like(month + 1, found[2])}月合併号"
        second = f"{_like(int(year) + 1, year)}年" if year else ""
        return name[: found.start(2)] + f"{found[2]}月・{second}{_like(1, found[2])}月合併号"
    numbers = list(re.finditer(f"{N}(?=号|$|[）)])", name))
    for found in reversed(numbers):
        name = f"{name[: found.end()]}・{_like(int(found[1]) + 1, found[1])}{name[found.end() :]}"
    return name


def _like(number: int, sample: str) -> str:
    """Return a number in digits like those of a sample: full width, with zeros in front."""
    text = str(number).zfill(len(sample) if sample[0] in "0０" else 0)
    return text.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}) if sample[0] > "9" else text


# -- each part of a name ---------------------------------------------------------------------------------------------
def _day(found: re.Match, last: Last) -> str:
    """12月2日号 after 11月25日号 of a weekly; the last day of a double issue counts."""
    year, month, day, second, later_year, later_month, later_day = found.groups()
    written = _year(year, month, later_year, later_month)
    on = (int(later_month or month), int(later_day or second or day))
    years = (int(written),) if written else (last.on.year - 1, last.on.year, last.on.year + 1)
    was = min((date(each, *on) for each in years), key=lambda each: abs(each - last.on))
    interval = INTERVALS[last.interval]
    if not interval.days:
        return ""
    now = _half_month(was) if last.interval == "twice_monthly" else interval.after(was)
    return (
        f"{_like(now.year, written)}年" if written else ""
    ) + f"{_like(now.month, month)}月{_like(now.day, day)}日号"


def _year(year: str | None, month: str, later_year: str | None, later_month: str | None) -> str:
    """Return the year, if one is written, of the last month or day of an issue."""
    if later_year or not year:
        return later_year or ""
    return _like(int(year) + bool(later_month and int(later_month) < int(month)), year)


def _half_month(was: date) -> date:
    """Return the day of the next issue of one that comes twice a month: the 1st and the 15th, or fifteen days apart."""
    if was.day < 15:
        return was.replace(day=15 if was.day == 1 else was.day + 15)
    first = (was.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first if was.day == 15 else first.replace(day=was.day - 15)


def _month(found: re.Match, last: Last) -> str:
    """2027年1月号 after 2026年12月号, and after 2026年11・12月合併号; 1・2月号 after 11・12月号."""
    year, month, second, later_year, later_month, words = found.groups()
    written, ends = _year(year, month, later_year, later_month or second), int(later_month or second or month)
    is_double = bool(second or later_month)
    years, place = divmod(ends - 1 + (1 if is_double else max(1, INTERVALS[last.interval].months)), 12)
    if not 1 <= ends <= 12:
        return ""
    pair = f"・{_like((place + 1) % 12 + 1, month)}" if is_double and "合併" not in words else ""
    return (f"{_like(int(written) + years, written)}年" if written else "") + f"{_like(place + 1, month)}{pair}月号"


def _new_year(found: re.Match, last: Last) -> str:
    """2月号 after 新年号."""
    return f"{found[1]}年{_like(2, found[1])}月号" if found[1] else "2月号"


def _season(found: re.Match, last: Last) -> str:
    """夏号 after 春号. The year goes on with 春号, or with 冬号 where it did so last time."""
    year, gap, season, words = found.groups()
    place = SEASONS.index(season)
    if not year:
        return SEASONS[(place + 1) % 4] + words
    begins = "春"
    earlier = [again.groups() for name in last.earlier if (again := _SEASON.search(name)) and again[1]]
    for (one, _, first, _), (two, _, _, _) in zip([found.groups(), *earlier], earlier, strict=False):
        if first in "春冬" and int(one) != int(two):
            begins = first
            break
    following = SEASONS[(place + 1) % 4]
    return f"{_like(int(year) + (following == begins), year)}{gap}{following}{words}"


def _volume(found: re.Match, last: Last) -> str:
    """第5巻第13号 after 第5巻第12号; 第6巻第1号 where the volume before ended with this number."""
    before, volume, between, number, second, after = found.groups()
    ends = int(second or number)
    known = [(int(again[2]), int(again[5] or again[4])) for name in last.earlier if (again := _VOLUME.search(name))]
    ended = max((number for of, number in known if of == int(volume) - 1), default=0)
    if ended and ends >= ended:
        return f"{before}{_like(int(volume) + 1, volume)}{between}{_like(1, number)}{after}"
    return f"{before}{volume}{between}{_like(ends + 1, number)}{after}"


def _number(found: re.Match, last: Last) -> str:
    """通巻813号 after 通巻812号; the second number of a double issue counts."""
    before, number, second, after = found.groups()
    return f"{before}{_like(int(second or number) + 1, second or number)}{after}"


_SEASON = re.compile(rf"(?:([0-9０-９]{{4}})(年?[ 　]*))?([{SEASONS}])(季?{KIND}号?)")
_STEPS: Sequence[tuple[re.Pattern, Callable[[re.Match, Last], str]]] = (
    (re.compile(rf"{YEAR}{N}月{N}(?:{AND}{N})?日?(?:{AND}{YEAR}{N}月{N})?日{KIND}号?"), _day),
    (re.compile(rf"{YEAR}{N}(?:{AND}{N})?月(?:{AND}{YEAR}{N}月)?({KIND})号"), _month),
    (re.compile(rf"{YEAR}新年(?:特大|特別)*号"), _new_year),
    (_SEASON, _season),
    (_VOLUME, _volume),
    (
        re.compile(
            rf"(通巻第?|第|[Nn][Oo][.．]?[ 　]*|[Vv][Oo][Ll][.．]?[ 　]*|[#＃]){N}(?:{AND}{N})?(号|集|輯|)(?:合併号?)?"
        ),
        _number,
    ),
    (re.compile(rf"(){N}(?:{AND}{N})?(号|年版|年度版)(?:合併号?)?"), _number),
    (re.compile(rf"\A(){N}()()\Z"), _number),
)
