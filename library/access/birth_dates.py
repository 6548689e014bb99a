"""The day of birth in every way that patrons type it where 0314 is asked for: 314, 3月14日, 3/14, 19750314, S50.3.14."""

import re
from datetime import date

from library.access import passwords

_DIGITS = re.compile(r"(?P<year>[0-9]{4})?(?P<month>[0-9]{1,2})(?P<day>[0-9]{2})\Z")
_APART = re.compile(
    r"(?:(?P<era>[rhstm]|令和|平成|昭和|大正|明治)?(?P<year>[0-9]{1,4}|元)[年/.-])?(?P<month>[0-9]{1,2})[月/.-](?P<day>[0-9]{1,2})日?\Z"
)
_ERA_DIGITS = re.compile(r"(?P<era>[rhstm])(?P<year>[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})\Z")


def matches_birthday(text: str, born: date) -> bool | None:
    """Tell whether the text is the month and day of ``born``, and its year where one is typed. None where the text is
    no day.
    """
    found = _read(text)
    if found is None:
        return None
    era = found.groupdict().get("era")
    return (int(found["month"]), int(found["day"])) == (born.month, born.day) and _is_year(era, found["year"], born)


def is_day(text: str) -> bool:
    """Tell whether the text can be read as a day."""
    return _read(text) is not None


def _read(text: str) -> re.Match[str] | None:
    typed = _spelled(text)
    found = _DIGITS.match(typed) or _APART.match(typed) or _ERA_DIGITS.match(typed)
    return found if found and 1 <= int(found["month"]) <= 12 and 1 <= int(found["day"]) <= 31 else None


def _spelled(text: str) -> str:
    """Return the text in one spelling, with one kind of hyphen and / for a space between two numbers."""
    text = re.sub("[‐‑–—―−ー]", "-", passwords.fold(text).strip().casefold())
    return re.sub(r"\s", "", re.sub(r"(?<=[0-9])\s+(?=[0-9])", "/", text))


def _is_year(era: str | None, year: str | None, born: date) -> bool:
    """Tell whether a typed year is the year of birth. A year without an era may be western, its last two digits, or of
    any era.
    """
    if year is None:
        return True
    of_eras = {letter: born.year - first + 1 for letter, first in passwords.ERAS if born.year >= first}
    number = 1 if year == "元" else int(year)
    if era:
        letters = {name: letter for letter, name in passwords.ERA_NAMES.items()}
        return of_eras.get(letters.get(era, era)) == number
    if len(year) == 4:
        return number == born.year
    return number in {born.year % 100, *of_eras.values()}
