"""iCalendar (RFC 5545): days as a calendar that people subscribe to. Whole days only, so that no time
zone is needed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from unicodedata import category

from library.calendar import hours, opening
from library.language import languages
from models import Branch

PRODUCT = "-//Madoguchi//Calendar//JA"
LINE_ENDS = ("Cc", "Zl", "Zp")  # controls, and Unicode's ends of lines and paragraphs
FEED_DAYS = 365


@dataclass(frozen=True)
class Event:
    """Whole days from ``first`` to ``last``, both included. ``uid`` stays while the event is the same; ``sequence``
    grows when it moves.
    """

    uid: str
    first: date
    last: date
    summary: str
    sequence: int = 0


def text(name: str, events: Iterable[Event], *, now: datetime, about: str = "") -> str:
    """Return a calendar as the text of its file (lines end in CRLF). ``about``: its description."""
    import icalendar  # 3 MB, and a thirtieth of a second of each start, for a file that few ask for

    calendar = icalendar.Calendar()
    calendar["VERSION"], calendar["PRODID"] = "2.0", PRODUCT
    calendar.add("X-WR-CALNAME", _one_line(name))
    if about:
        calendar.add("X-WR-CALDESC", _one_line(about))
    for event in events:
        entry = icalendar.Event()
        entry.add("UID", _one_line(event.uid))
        entry.add("DTSTAMP", now.astimezone(UTC))
        entry.add("DTSTART", event.first)
        entry.add("DTEND", event.last + timedelta(days=1))
        entry.add("SUMMARY", _one_line(event.summary))
        entry.add("SEQUENCE", event.sequence)
        entry.add("TRANSP", "TRANSPARENT")
        calendar.add_component(entry)
    return calendar.to_ical(sorted=False).decode()


def for_branch(branch: Branch, name: str, language: languages.Language, *, today: date, now: datetime) -> str:
    """Return a calendar file of the closed days of a branch for a year, neighbouring days as one event, and its hours
    as description. ``name``: of the branch in that language.
    """
    closed = opening.closed_days_between(branch, today, today + timedelta(days=FEED_DAYS))
    events = [
        Event(
            f"closed-{branch.code}-{first:%Y%m%d}@madoguchi", first, last, language.say("休館（{branch}）", branch=name)
        )
        for first, last in _spans(closed)
    ]
    opens = language.listed(map(language.regular, hours.in_general(branch)))
    about = language.say("開館時間 {hours}", hours=opens) if opens else ""
    return text(language.say("{branch} 休館日", branch=name), events, now=now, about=about)


def _spans(days: Iterable[date]) -> list[tuple[date, date]]:
    spans = []
    for day in days:
        if spans and spans[-1][1] + timedelta(days=1) == day:
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans


def _one_line(value: str) -> str:
    """Return a text in which nothing ends a line, wherever a reader thinks that lines end."""
    return "".join(" " if category(letter) in LINE_ENDS else letter for letter in value)
