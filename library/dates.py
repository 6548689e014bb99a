"""Days and times in Japanese: read from files, written for people."""

import re
import unicodedata
from datetime import date, datetime

from library import clock

WEEKDAYS = "月火水木金土日"
ERAS = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019}
ERA_LETTERS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
WITH_WEEKDAY = re.compile(rf"(?:\d{{4}}年)?\d{{1,2}}月\d{{1,2}}日\([{WEEKDAYS}]\)")  # as ``with_weekday`` writes a day
_WESTERN = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?\Z", re.ASCII)
_ERA = re.compile(r"(明治|大正|昭和|平成|令和|[MTSHR])(\d{1,2}|元)[-/.年](\d{1,2})[-/.月](\d{1,2})日?\Z", re.ASCII)
_YEAR_BRACKETED = re.compile(r"\[[^\]]*?((?:1[0-9]|20)[0-9]{2})")
_YEAR_WESTERN = re.compile(r"(?<![0-9])((?:1[0-9]|20)[0-9]{2})(?![0-9])")
_YEAR_OF_ERA = re.compile(f"({'|'.join(ERAS)})\\s*([0-9]{{1,2}}|元)")


def parse(text: str) -> date:
    """Read ``2026-11-25``, ``2026/11/25``, ``2026年11月25日``, ``令和8年11月25日``, ``R8.11.25``; ValueError otherwise."""
    folded = unicodedata.normalize("NFKC", text).strip()
    if found := _WESTERN.match(folded):
        return date(*map(int, found.groups()))
    if found := _ERA.match(folded):
        era, year, month, day = found.groups()
        first = ERAS[ERA_LETTERS.get(era, era)]
        return date(first + (1 if year == "元" else int(year)) - 1, int(month), int(day))
    raise ValueError(text)


def with_weekday(day: date, *, year: bool = True) -> str:
    """Write a day as ``2026年11月25日(水)``, or without the year as ``11月25日(水)``."""
    front = f"{day.year}年" if year else ""
    return f"{front}{day.month}月{day.day}日({WEEKDAYS[day.weekday()]})"


def moment(instant: datetime) -> str:
    """Write a moment as ``2026年11月25日(水) 10:42`` on the library's clock."""
    wall = clock.local(instant)
    return f"{with_weekday(wall.date())} {wall.hour}:{wall.minute:02}"


def days_left(due: date, today: date) -> str:
    """Say how far a due date is: 本日まで, あと2日, 3日過ぎています."""
    days = (due - today).days
    if days < 0:
        return f"{-days}日過ぎています"
    return f"あと{days}日" if days else "本日まで"


def age(born: date, *, today: date) -> int:
    """Return the years of age on a day."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def years_before(day: date, years: int) -> date:
    """Return the last birthday of those who are so many years old on a day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def fiscal_year(day: date) -> tuple[date, date]:
    """Return the first and last day of the 年度, from April to March, that a day is in."""
    first = day.year if day.month >= 4 else day.year - 1
    return date(first, 4, 1), date(first + 1, 3, 31)


def year_of(text: str) -> int | None:
    """Read a year of publication: ``2003.5`` as 2003, ``1957（昭和32）年`` as 1957, ``平成 11`` as 1999, ``昭和 46-47 [1971-1972]`` as 1971; else None."""
    folded = unicodedata.normalize("NFKC", text)
    if found := _YEAR_BRACKETED.search(folded) or _YEAR_WESTERN.search(folded):
        return int(found[1])
    if found := _YEAR_OF_ERA.search(folded):
        return ERAS[found[1]] + (1 if found[2] == "元" else int(found[2])) - 1
    if (digits := re.sub(r"\D", "", folded)) and re.fullmatch(r"(1[0-9]|20)[0-9]{4,6}", digits):
        return int(digits[:4])  # 20030510
    return None
