"""Days and times as each language writes them. They come as ``dates`` writes them in Japanese."""

import re

WEEKDAYS = "月火水木金土日"
ENGLISH_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
WEEKDAY_READINGS = dict(zip(WEEKDAYS, ("げつ", "か", "すい", "もく", "きん", "ど", "にち"), strict=True))
DAY_READINGS = {
    1: "ついたち", 2: "ふつか", 3: "みっか", 4: "よっか", 5: "いつか", 6: "むいか", 7: "なのか", 8: "ようか", 9: "ここのか",
    10: "とおか", 14: "じゅうよっか", 20: "はつか", 24: "にじゅうよっか",
}  # fmt: skip
NO_BREAK = "\u00a0"
WRITTEN = re.compile(
    rf"(?:(?P<year>\d{{4}})年)?(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})日"
    rf"(?:\((?P<weekday>[{WEEKDAYS}])\))?(?: (?P<time>\d{{1,2}}:\d{{2}}))?"
)
HOUR = re.compile(r"(午前|午後)?(\d{1,2})時(?:(\d{1,2})分)?")
SPAN = re.compile(rf"(毎日 )?({HOUR.pattern})〜({HOUR.pattern})")
MONTH = re.compile(r"(\d{4})年(\d{1,2})月")
_SHARP = "134680"  # last digits of minutes that are read ぷん


def in_english(text: str) -> str | None:
    """Return a day, moment, month or time of day in English: Wed 9 December 2026, 10:42; None for any other text.

    Its spaces are no-break spaces, but for that before the year.
    """
    found = SPAN.fullmatch(text)
    if found and (first := HOUR.fullmatch(found[2])) and (last := HOUR.fullmatch(found[6])):
        return f"{'every day ' if found[1] else ''}{_clock(first)}–{_clock(last, first[1])}"
    if found := HOUR.fullmatch(text):
        return _clock(found)
    if found := MONTH.fullmatch(text):
        return f"{ENGLISH_MONTHS[int(found[2]) - 1]}{NO_BREAK}{found[1]}"
    if not (found := WRITTEN.fullmatch(text)):
        return None
    parts = [ENGLISH_WEEKDAYS[WEEKDAYS.index(found["weekday"])]] if found["weekday"] else []
    parts += [found["day"], ENGLISH_MONTHS[int(found["month"]) - 1]]
    said = NO_BREAK.join(parts) + (f" {found['year']}" if found["year"] else "")
    return f"{said}, {found['time']}" if found["time"] else said


def with_readings(text: str, *, easy: bool = False) -> str | None:
    """Return a day, moment, month or time of day with marks of its readings; None for any other text.

    ``easy``: the weekday in full, as in 12月9日（水曜日）.
    """
    if found := SPAN.fullmatch(text):
        return f"{'{毎日|まいにち} ' if found[1] else ''}{_read(found[2])}〜{_read(found[6])}"
    if HOUR.fullmatch(text):
        return _read(text)
    if found := MONTH.fullmatch(text):
        return f"{found[1]}{{年|ねん}}{found[2]}{{月|がつ}}"
    if not (found := WRITTEN.fullmatch(text)):
        return None
    year = f"{found['year']}{{年|ねん}}" if found["year"] else ""
    number = int(found["day"])
    day = f"{{{number}日|{DAY_READINGS[number]}}}" if number in DAY_READINGS else f"{number}{{日|にち}}"
    name = found["weekday"]
    weekday = ""
    if name:
        weekday = (
            f"（{{{name}曜日|{WEEKDAY_READINGS[name]}ようび}}）" if easy else f"({{{name}|{WEEKDAY_READINGS[name]}}})"
        )
    return f"{year}{found['month']}{{月|がつ}}{day}{weekday}" + (f" {found['time']}" if found["time"] else "")


def _clock(found: re.Match[str], half: str | None = None) -> str:
    """Return a time of day as 15:00. ``half``: 午前 or 午後, where the time itself doesn't say it."""
    hour = int(found[2]) + (12 if (found[1] or half) == "午後" else 0)
    return f"{hour}:{int(found[3] or 0):02}"


def _read(time: str) -> str:
    """Return a time of day with marks of its readings."""
    half, hour, minute = HOUR.fullmatch(time).groups()  # pyright: ignore[reportOptionalMemberAccess]
    read = {None: "", "午前": "{午前|ごぜん}", "午後": "{午後|ごご}"}[half] + f"{hour}{{時|じ}}"
    return read + (f"{minute}{{分|{'ぷん' if minute[-1] in _SHARP else 'ふん'}}}" if minute else "")
