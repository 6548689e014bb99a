"""iCalendar (RFC 5545): days as a calendar that people subscribe to. Whole days only, so that no time zone is needed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from unicodedata import category

from library.calendar import hours, opening
from models import Branch

PRODUCT = "-//Madoguchi//Calendar//JA"
LINE_OCTETS = 75
LINE_ENDS = ("Cc", "Zl", "Zp")  # controls, and what Unicode calls an end of a line or paragraph
FEED_DAYS = 365


@dataclass(frozen=True)
class Event:
    """``first`` to ``last``, both included. ``uid`` stays while it is the same thing; ``sequence`` grows when it moves."""

    uid: str
    first: date
    last: date
    summary: str
    sequence: int = 0


def text(name: str, events: Iterable[Event], *, now: datetime, about: str = "") -> str:
    """Return the calendar as a file: lines of at most 75 octets, CRLF at their ends. ``about``: a sentence on the whole of it."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", f"X-WR-CALNAME:{_escaped(name)}"]
    lines += [f"X-WR-CALDESC:{_escaped(about)}"] if about else []
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_escaped(event.uid)}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{event.first:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.last + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(event.summary)}",
            f"SEQUENCE:{event.sequence}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def for_branch(branch: Branch, *, today: date, now: datetime) -> str:
    """Return the closed days of a branch for a year, neighbouring ones as one event, and its hours."""
    closed = opening.closed_days_between(branch, today, today + timedelta(days=FEED_DAYS))
    events = [
        Event(f"closed-{branch.code}-{first:%Y%m%d}@madoguchi", first, last, f"休館（{branch.name}）")
        for first, last in _spans(closed)
    ]
    opens = "、".join(hours.in_general(branch))
    return text(f"{branch.name} 休館日", events, now=now, about=f"開館時間 {opens}" if opens else "")


def _spans(days: Iterable[date]) -> list[tuple[date, date]]:
    spans = []
    for day in days:
        if spans and spans[-1][1] + timedelta(days=1) == day:
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans


def _escaped(value: str) -> str:
    """Escape a value so that nothing in it ends a line, wherever a reader thinks that lines end."""
    plain = "".join(" " if category(letter) in LINE_ENDS else letter for letter in value)
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> str:
    """Fold a line so that none is longer than 75 octets, and none cut inside of a letter."""
    parts, room = [""], LINE_OCTETS
    for letter in line:
        size = len(letter.encode())
        if size > room:
            parts.append("")
            room = LINE_OCTETS - 1
        parts[-1] += letter
        room -= size
    return "\r\n ".join(parts)
