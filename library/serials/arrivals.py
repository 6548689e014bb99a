"""届く雑誌: the last issue of each serial that a branch received, and the one that comes next there."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from library.serials import naming
from library.serials.intervals import INTERVALS, Interval
from library.store import engine
from library.store.queries import tuples
from models import Branch, Issue

RECENT = 40  # issues by which the next is named
# the last issue of which a branch has, or had, a copy; + keeps the index of the branch out, which has all copies
LAST_AT = """(
SELECT i.id FROM issue i JOIN item c ON c.title_id = i.title_id AND +c.branch_id = ?
WHERE i.serial_id = serial.id AND i.kind <> 'extra' ORDER BY i.position DESC LIMIT 1)"""
_STANDINGS = f"""
SELECT serial.id, serial.name, serial.name_kana, serial.interval, CAST(serial.began_on AS text),
CAST(serial.ended_on AS text), COALESCE(taken.number, 0), issue.position, issue.name,
CAST(MAX(item.acquired_on) AS text), COUNT(item.id) FROM serial
LEFT JOIN serial_copies taken ON taken.serial_id = serial.id AND taken.branch_id = ?
LEFT JOIN issue ON issue.id = {LAST_AT}
LEFT JOIN item ON item.title_id = issue.title_id AND +item.branch_id = ?
GROUP BY serial.id, taken.id, issue.id ORDER BY serial.id
"""  # noqa: S608 (our own words)


_TIMED = {code: each for code, each in INTERVALS.items() if each.days}
# 届いていない雑誌 of a branch; its values are those of ``late_values``
LATE = f"""
FROM serial JOIN serial_copies taken ON taken.serial_id = serial.id AND taken.branch_id = ?
WHERE serial.ended_on IS NULL AND CAST(COALESCE((SELECT MAX(item.acquired_on) FROM issue
JOIN item ON item.title_id = issue.title_id AND +item.branch_id = ? WHERE issue.id = {LAST_AT}), serial.began_on) AS text)
<= CASE serial.interval {" ".join(f"WHEN '{code}' THEN ?" for code in _TIMED)} END
"""  # noqa: S608 (our own words)


def late_values(branch: Branch, *, today: date) -> tuple[object, ...]:
    """Return the values of ``LATE``: the branch, and for each interval the day before which the last issue came."""
    return *[branch.id] * 3, *(str(each.late_since(today)) for each in _TIMED.values())


class Standing(NamedTuple):
    """A serial at a branch: the ``number`` of copies that it takes, and the ``position``, name and day of the issue
    that came last with its ``copies`` there; ``position`` is None before the first.
    """

    id: int
    name: str
    name_kana: str
    interval: Interval
    code: str
    began_on: date
    ended_on: date | None
    number: int
    position: int | None
    last: str
    came_on: date | None
    copies: int

    @property
    def is_awaited(self) -> bool:
        """Tell whether issues of it come to the branch, sooner or later."""
        return self.number > 0 and self.ended_on is None and self.code != "daily"

    @property
    def due_on(self) -> date | None:
        """Return the day on which the next issue is due, open or not; None if nothing tells it."""
        since = self.came_on or self.began_on
        return self.interval.after(since) if self.is_awaited and self.interval.days else None

    def days(self, today: date) -> int:
        """Return the days without an issue, until today."""
        return (today - (self.came_on or self.began_on)).days

    def is_late(self, today: date) -> bool:
        return self.is_awaited and self.interval.is_late(self.came_on or self.began_on, today)


def standings(branch: Branch) -> list[Standing]:
    """Return all serials as they stand at a branch, also those that it doesn't take or that ended."""
    return [
        Standing(
            id, name, kana, INTERVALS[code], code, date.fromisoformat(began), _day(ended), number, position,
            last or "", _day(came), copies,
        )
        for id, name, kana, code, began, ended, number, position, last, came, copies in engine.run(
            _STANDINGS, [branch.id] * 3
        ).fetchall()
    ]  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def next_names(rows: Iterable[Standing], *, today: date) -> dict[int, str]:
    """Return serial id → the name of the issue that comes next: that of today while copies of it are awaited, one that
    another branch received, or the name after the last; empty where it is to be typed.
    """
    rows = list(rows)
    known: dict[int, list[tuple[int, str]]] = {row.id: [] for row in rows}
    other = Issue.alias()
    oldest = (
        other.select(other.position - RECENT)
        .where(other.serial == Issue.serial)
        .order_by(other.position.desc())
        .limit(1)
    )
    recent = Issue.select(Issue.serial, Issue.position, Issue.name).where(
        Issue.serial.in_(list(known)), Issue.kind != "extra", Issue.position > oldest
    )
    for serial, position, name in tuples(recent.order_by(Issue.serial, Issue.position.desc())) if known else ():
        known[serial].append((position, name))
    return {row.id: _next(row, known[row.id], today) for row in rows}


def _next(row: Standing, known: list[tuple[int, str]], today: date) -> str:
    if row.came_on == today and row.copies < row.number:
        return row.last
    later = [name for position, name in known if row.position is None or position > row.position]
    if later:  # a branch that begins takes the newest
        return later[0] if row.position is None else later[-1]
    names = [name for _, name in known]
    if not names:
        return ""
    return naming.following(names[0], naming.Last(row.code, row.came_on or today, names[1:]))
