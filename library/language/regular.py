"""Regular days: weekdays, hours and closed days as the calendar writes them (火〜金 9:30–19:00, 月曜、第3水曜)."""

import re

from library.language import days

_WEEKDAY = f"[{days.WEEKDAYS}]"
_ORDINALS = ("1st", "2nd", "3rd", "4th", "5th")
_ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PARTS = re.compile(
    rf"(?P<date>\d{{1,2}}月\d{{1,2}}日)|毎月(?P<monthly>\d{{1,2}})日|(?P<weeks>第\d(?:・第\d)*)(?P<of>{_WEEKDAY})曜"
    rf"|最終(?P<last>{_WEEKDAY})曜|(?P<end>月末)|(?P<holidays>祝日)|(?P<daily>毎日)|(?P<each>{_WEEKDAY})曜"
    rf"|(?P<day>{_WEEKDAY})|(?P<to>〜)|(?P<comma>[、・]|, )|(?P<plain>[0-9:– ]+)"
)
_READINGS = re.compile(rf"\d{{1,2}}月\d{{1,2}}日|毎月|\d{{1,2}}日|第|{_WEEKDAY}曜|最終|月末|祝日|毎日|{_WEEKDAY}")
_READ = {
    "毎月": "まいつき",
    "第": "だい",
    "最終": "さいしゅう",
    "月末": "げつまつ",
    "祝日": "しゅくじつ",
    "毎日": "まいにち",
}


def in_english(text: str) -> str | None:
    """Return regular days in English: Tue–Fri 9:30–19:00, Mondays, 3rd Wednesday of the month; None for other texts."""
    found = list(_PARTS.finditer(text))
    if "".join(each[0] for each in found) != text:
        return None
    return "".join(map(_part, found))


def _part(found: re.Match[str]) -> str:
    kind, text = found.lastgroup, found[found.lastgroup or 0]
    if kind == "date":
        return days.in_english(text) or text
    if kind == "monthly":
        return f"day {text} of the month"
    if kind == "of":
        weeks = " and ".join(_ORDINALS[int(week) - 1] for week in re.findall(r"\d", found["weeks"]))
        return f"{weeks} {_full(text)} of the month"
    if kind == "last":
        return f"last {_full(text)} of the month"
    if kind == "each":
        return f"{_full(text)}s"
    if kind == "day":
        return days.ENGLISH_WEEKDAYS[days.WEEKDAYS.index(text)]
    said = {
        "end": "last day of the month",
        "holidays": "public holidays",
        "daily": "every day",
        "to": "–",
        "comma": ", ",
    }
    return said.get(kind or "", text)


def _full(weekday: str) -> str:
    return _ENGLISH_DAYS[days.WEEKDAYS.index(weekday)]


def with_readings(text: str) -> str | None:
    """Return regular days with marks of their readings; None for other texts."""
    if "".join(each[0] for each in _PARTS.finditer(text)) != text:
        return None
    return _READINGS.sub(_marked, text)


def _marked(found: re.Match[str]) -> str:
    text = found[0]
    if text in _READ:
        return f"{{{text}|{_READ[text]}}}"
    if text[0] in days.WEEKDAYS:
        return f"{{{text}|{days.WEEKDAY_READINGS[text[0]]}{'よう' if text.endswith('曜') else ''}}}"
    if "月" in text:
        return days.with_readings(text) or text
    number = int(text[:-1])
    return f"{{{text}|{days.DAY_READINGS[number]}}}" if number in days.DAY_READINGS else f"{number}{{日|にち}}"
