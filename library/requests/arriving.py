"""届いた: a wanted work is here, and each who asked for it has a hold, timed at the request."""

from datetime import date, datetime
from typing import Any

from library.catalog import editing
from library.catalog.records import Record
from library.lending import copies
from library.lending.holds import hold_queue, hold_states
from library.requests import deciding, same_work, states
from library.store import database
from models import Hold, Item, PatronRequest, Title, Wanted


def arrive(wanted: Wanted, title: Title, *, now: datetime) -> list[Hold]:
    """Make a hold on a title of each open request for a work, and end them; return the holds in line.

    No hold is a new fact: the request was. Raises: WantedElsewhere.
    """
    with database.writing():
        wanted = states.require(wanted, "arrived")
        states.move(wanted, "arrived", title=title, ended_at=now)
        found = []
        for request in deciding.open_requests(wanted):
            hold = _hold(request, title)
            PatronRequest.update(hold=hold, ended_at=now).where(PatronRequest.id == request.id).execute()
            found.append(hold)
        hold_queue.advance(title.id, now=now)
    return found


def _hold(request: PatronRequest, title: Title) -> Hold:
    """Return the patron's hold on the title, made now unless there is one: the first in line of those placed later."""
    open_ones = Hold.select().where(Hold.title == title, Hold.state.in_(hold_states.OPEN))
    own = open_ones.where(Hold.patron == request.patron_id).first()
    rank = min((hold.rank for hold in open_ones), default=0)
    return own or Hold.create(
        patron=request.patron_id, title=title, placed_at=request.asked_at, rank=rank,
        pickup_branch=request.pickup_branch_id, contact_method=request.contact_method,
    )  # fmt: skip


def add_title(wanted_id: int | None, record: Record, *, by: str, today: date, now: datetime) -> Title:
    """Add a title as ``editing.add`` does; it is the record of a work on order, if one is told."""
    with database.writing():
        title = editing.add(record, by=by, today=today, now=now)
        Wanted.update(title=title).where(Wanted.id == wanted_id, Wanted.state == "buying").execute()
    return title


def register(title: Title, values: dict[str, Any], *, by: str, today: date, now: datetime) -> tuple[Item, list[Hold]]:
    """Add a copy as ``copies.add`` does; the works on order that it is arrive. Returns the copy and their holds."""
    with database.writing():
        item = copies.add(title, values, by=by, today=today, now=now)
        return item, _arrive_as(title, now=now)


def catch_up(*, now: datetime) -> dict[str, int]:
    """Let all works on order arrive of which copies came otherwise, as by an import; return the number of holds."""
    rows = Wanted.select().where(Wanted.state == "buying").order_by(Wanted.id)
    titles = [row.title or same_work.owned_title(row) for row in rows]
    return {"holds": sum(len(_arrive_as(title, now=now)) for title in titles if title)}


def _arrive_as(title: Title, *, now: datetime) -> list[Hold]:
    """Let the works on order that a title is arrive, once it has a copy; return their holds."""
    with database.writing():
        if not same_work.is_had(title):
            return []
        rows = list(Wanted.select().where(Wanted.state == "buying").order_by(Wanted.made_at, Wanted.id))
        return [hold for row in rows if same_work.is_wanted(title, row) for hold in arrive(row, title, now=now)]
