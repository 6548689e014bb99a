"""雑誌 for readers: what the page of an issue tells of its serial."""

from datetime import date
from typing import NamedTuple

from peewee import SQL

from library.serials.intervals import INTERVALS, Interval
from library.store.queries import Query, blank
from models import Branch, Issue, Serial, SerialCopies


class Facts(NamedTuple):
    """A serial, and the names of the branches that take it. ``keep_years``: None for ever; ``names``: of all branches,
    by id.
    """

    interval: Interval
    issn: str
    keep_years: int | None
    is_taken: bool
    branches: tuple[str, ...]
    names: dict[int, str]

    def next_on(self, came_on: date | None, *, today: date) -> date | None:
        """Return the day about which the issue after one that came on this day is due; None if nothing tells it, or it
        is late.
        """
        if came_on is None or not (self.is_taken and self.interval.days):
            return None
        due = self.interval.after(came_on)
        return due if due >= today else None


_OF_ISSUE = Query(
    lambda: (
        Issue.select(
            Serial.interval,
            Serial.issn,
            Serial.keep_years,
            Serial.ended_on,
            Branch.id,
            Branch.name,
            SerialCopies.number,
        )
        .join(Serial)
        .join(Branch, on=SQL("TRUE"))
        .left_outer_join(SerialCopies, on=(SerialCopies.serial == Serial.id) & (SerialCopies.branch == Branch.id))
        .where(Issue.title == blank("title"))
        .order_by(Branch.position, Branch.id)
    )
)


def of_issue(title_id: int) -> Facts | None:
    """Return the facts of the serial of an issue; None for a title that is none."""
    rows = _OF_ISSUE.rows(title=title_id)
    if not rows:
        return None
    first, taking = rows[0], tuple(row.name for row in rows if row.number)
    names = {row.id: row.name for row in rows}
    return Facts(INTERVALS[first.interval], first.issn, first.keep_years, first.ended_on is None, taking, names)
