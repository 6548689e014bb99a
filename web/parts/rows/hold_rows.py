"""Rows of a patron's holds: each with its steps and its acts."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from library import clock, dates, errors, wording
from library.lending import borrowed
from library.lending.holds import cancelling, copy_places, hold_shelf, hold_states, holds, shelf_clock
from library.lending.holds.hold_list import Row
from models import Hold
from web.parts import title_rows


def steps(hold: Hold) -> list[str]:
    """Return the looks of 予約, 準備, 搬送, 受け取り: done, now, ready (now, to be collected), next, stop.

    搬送 stops if the copy is at the pickup branch.
    """
    here = hold_states.OPEN.index(hold.state)
    looks = ["done"] * here + ["ready" if hold.state == "ready" else "now"] + ["next"] * (3 - here)
    if _needs_no_transfer(hold):
        looks[2] = "stop"
    return looks


def _needs_no_transfer(hold: Hold) -> bool:
    """Tell whether the copy was at the pickup branch; false for old holds, whose days were not recorded."""
    if hold.state == "preparing" and hold.item:
        return copy_places.branch_of(hold.item) == hold.pickup_branch_id
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


def open_row(row: Row, branches: Mapping[int, str], *, today: date) -> dict[str, Any]:
    """Return the values of an open hold's row: sentences, steps, contact, reasons against acts.

    ``branches``: names by id.
    """
    hold = row.hold
    origin = branches.get(copy_places.branch_of(hold.item), "") if hold.item else ""
    wait = row.wait.words() if row.wait else ""
    reasons = {name: [reason.sentence for reason in found] for name, found in row.refusals.items()}
    if hold.state == "ready":
        refused = hold_shelf.extend_refusals(hold, today=today, line=row.line)
        reasons["extend"] = [reason.sentence for reason in refused]
    return facts(row) | {
        "state": hold.state,
        "sentences": hold_states.sentences(hold, turn=row.turn, wait=wait, origin=origin, today=today),
        "steps": steps(hold),
        "branch_id": hold.pickup_branch_id,
        "contact": wording.CONTACT_METHODS[hold.contact_method],
        **_borrowed(hold),
        "suspended": hold_states.is_suspended(hold, today=today),
        "group": hold.group.kind if hold.group else "",
        "position": hold.position,
        "turn": row.turn,
        "wait": wait,
        "pickup_by": hold.pickup_by,
        "reasons": reasons,
        "extended_to": shelf_clock.deadline(hold, hold.pickup_by)
        if hold.pickup_by and not reasons.get("extend", True)
        else None,
    }


def _borrowed(hold: Hold) -> dict[str, Any]:
    """Return the facts of a copy of another library: ``borrowed``, and the sentence of one that stays in the house."""
    terms = list(borrowed.terms([hold.item] if hold.item else ()).values())
    in_house = any(each.in_house for each in terms)
    return {"borrowed": bool(terms), "in_house": errors.BorrowedInHouse().sentence if in_house else ""}


def given_up_rows(rows: list[Row], standing: holds.Standing, *, now: datetime) -> list[dict[str, Any]]:
    """Return the rows of cancelled holds that can be restored."""
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
