"""Rows of a patron's holds: each with its steps and its acts."""

from datetime import date, datetime
from typing import Any, NamedTuple

from library import clock, dates, errors, wording
from library.lending.holds import cancelling, hold_shelf, hold_states, holds, shelf_clock
from library.lending.holds.hold_list import Row, Wait
from models import Hold, Patron
from web.parts import title_rows

UNITS = ((63, 30, "months"), (14, 7, "weeks"), (0, 1, "days"))  # from so many days on, days in one, name


class Step(NamedTuple):
    """One of 予約, 準備, 搬送, 受取. ``look``: done, now, ready (now, to be collected), next, stop (skipped)."""

    look: str
    day: date | None = None


def steps(hold: Hold) -> list[Step]:
    """Return the four steps of a hold, with days of those done; 搬送 is skipped if the copy is at the pickup branch."""
    days = (clock.day_of(hold.placed_at), hold.preparing_on, hold.sent_on, None)
    here = hold_states.OPEN.index(hold.state)
    looks = ["done"] * here + ["ready" if hold.state == "ready" else "now"] + ["next"] * (3 - here)
    if _needs_no_transfer(hold):
        looks[2] = "stop"
    return [Step(*step) for step in zip(looks, days, strict=True)]


def _needs_no_transfer(hold: Hold) -> bool:
    """Tell whether the copy was at the pickup branch; false for old holds, whose days were not recorded."""
    if hold.state == "preparing" and hold.item:
        return (hold.item.at_branch_id or hold.item.branch_id) == hold.pickup_branch_id
    return hold.state == "ready" and hold.preparing_on is not None and hold.sent_on is None


def facts(row: Row) -> dict[str, Any]:
    """Return the values of every hold's row: its title's, id, words, branch and ``placed_on``."""
    hold = row.hold
    return title_rows.facts(hold.title) | {
        "id": hold.id,
        "words": row.words,
        "branch": hold.pickup_branch.name,
        "placed_on": clock.day_of(hold.placed_at),
    }


def open_row(row: Row, *, today: date) -> dict[str, Any]:
    """Return the values of an open hold's row: steps, state, contact, reasons against acts."""
    hold = row.hold
    suspended = hold.suspended_until is not None and hold.suspended_until >= today
    reasons = {name: [reason.sentence for reason in found] for name, found in row.refusals.items()}
    if hold.state == "ready":
        refused = hold_shelf.extend_refusals(hold, today=today, line=row.line)
        reasons["extend"] = [reason.sentence for reason in refused]
    return facts(row) | {
        "state": hold.state,
        "steps": steps(hold),
        "shape": title_rows.HOLD_SHAPES[hold.state],
        "branch_id": hold.pickup_branch_id,
        "contact": wording.CONTACT_METHODS[hold.contact_method],
        "suspended_until": hold.suspended_until if suspended else None,
        "group": hold.group.kind if hold.group else "",
        "position": hold.position,
        "wait": _wait(row.wait) if row.wait and not suspended else None,
        "pickup_by": hold.pickup_by,
        "days_left": (hold.pickup_by - today).days if hold.pickup_by else None,
        "reasons": reasons,
        "extended_to": shelf_clock.deadline(hold, hold.pickup_by)
        if hold.pickup_by and not reasons.get("extend", True)
        else None,
    }


def _wait(wait: Wait) -> dict[str, Any]:
    """Return the expected wait as ``least`` and ``most`` in one rough unit."""
    length, unit = next((length, unit) for start, length, unit in UNITS if wait.most >= start)
    return {"least": round(wait.least / length), "most": round(wait.most / length), "unit": unit}


def given_up_rows(rows: list[Row], patron: Patron, *, now: datetime) -> list[dict[str, Any]]:
    """Return the rows of cancelled holds that can be restored."""
    standing = holds.Standing(patron, today=clock.day_of(now)) if rows else None
    return [_given_up_row(row, cancelling.restore_refusals(row.hold, standing, now=now)) for row in rows]


def _given_up_row(row: Row, reasons: list[errors.Refused]) -> dict[str, Any]:
    until = row.hold.cancel_at
    return facts(row) | {
        "restore_until": dates.time_of_day(until) if until else "",
        "reasons": [reason.sentence for reason in reasons],
    }


def over_row(row: Row) -> dict[str, Any]:
    """Return the row of an ended hold, with reason and day; the end may not be stored yet."""
    ended = row.hold.ended_at or row.hold.cancel_at
    reason = row.reason or hold_states.REASONS["patron"]
    return facts(row) | {"reason": reason, "ended_on": clock.day_of(ended) if ended else None}
