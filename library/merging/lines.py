"""予約: the lines of two titles become one. A patron in both lines keeps one hold, at the earlier place.

If only the later hold has a copy, it goes on at the place of the earlier one. If both have a copy, the earlier hold
keeps its copy and the other copy goes to the next in line.
"""

from datetime import datetime
from typing import NamedTuple

from library.lending.holds import hold_mails, hold_queue, hold_states
from models import Hold, Item

REASON = "merged"


class Line(NamedTuple):
    """The joined line. ``holds``: those that go on, in order; ``ended``: (hold that ends, copy that it lets go)."""

    holds: list[Hold]
    ended: list[tuple[Hold, Item | None]]


def count_in_both(title_id: int, other_id: int) -> int:
    """Return the number of patrons with open holds on both titles."""
    mine = Hold.select(Hold.patron).where(Hold.title == title_id, Hold.state.in_(hold_states.OPEN))
    return Hold.select().where(Hold.title == other_id, Hold.state.in_(hold_states.OPEN), Hold.patron.in_(mine)).count()


def join(title_id: int, other_id: int, *, now: datetime) -> Line:
    """Join the other title's line into the first one's, in the caller's transaction; call ``serve_next`` afterwards."""
    line = _one_each(_in_order(title_id, other_id))
    for hold, _ in line.ended:
        if hold.state in hold_states.SET_ASIDE:
            hold_mails.withdraw_ready(hold)
        hold_states.move(hold, "cancelled", ended_at=now, reason=REASON)
    is_ranked = any(hold.rank for hold in line.holds)
    for place, hold in enumerate(line.holds, 1):
        hold.rank = place if is_ranked else 0
        hold.save(only=[Hold.rank, Hold.placed_at, Hold.group, Hold.position, Hold.cancel_at])
    Hold.update(title=title_id).where(Hold.title == other_id).execute()
    return line


def serve_next(line: Line, title_id: int, *, now: datetime) -> None:
    """Give the copies of ended holds to the next in line and update the pull list, once the copies are together."""
    for hold, copy in line.ended:
        hold_queue.serve_next(Hold.get_by_id(hold.id), copy, now=now)
    hold_queue.advance(title_id, now=now)


def _in_order(title_id: int, other_id: int) -> list[Hold]:
    """Return the open holds of both titles: each line in its order, merged by the moment of placing."""
    lines = [
        list(Hold.select().where(Hold.title == each, Hold.state.in_(hold_states.OPEN)).order_by(*hold_queue.ORDER))
        for each in (title_id, other_id)
    ]
    found = []
    while all(lines):
        first = min(lines, key=lambda line: (line[0].placed_at, line[0].id))
        found.append(first.pop(0))
    return [*found, *lines[0], *lines[1]]


def _one_each(holds: list[Hold]) -> Line:
    places: dict[int, int] = {}
    going_on: list[Hold] = []
    ended: list[tuple[Hold, Item | None]] = []
    for hold in holds:
        if hold.patron_id not in places:
            places[hold.patron_id] = len(going_on)
            going_on.append(hold)
            continue
        place = places[hold.patron_id]
        earlier = going_on[place]
        has_copy = earlier.state in hold_states.SET_ASIDE
        stays, ends = (hold, earlier) if hold.state in hold_states.SET_ASIDE and not has_copy else (earlier, hold)
        stays.placed_at = earlier.placed_at
        if stays.cancel_at and not ends.cancel_at:  # the patron cancelled only one of the two
            stays.cancel_at = None
        if stays.group_id is None:
            stays.group, stays.position = ends.group, ends.position
        going_on[place] = stays
        ended.append((ends, ends.item if ends.state in hold_states.SET_ASIDE else None))
    return Line(going_on, ended)
