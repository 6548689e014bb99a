"""検討: opening a wanted work, and deciding once for all who ask: 購入, 借受 or 謝絶."""

from datetime import datetime
from typing import Any

from library import audit, clock, errors
from library.requests import letters, states
from library.store import database
from models import Borrowing, Partner, PatronRequest, Wanted

LONGEST_REPLY = 1_000  # letters


def open_requests(wanted: Wanted) -> list[PatronRequest]:
    """Return the open requests for a work, the oldest first."""
    rows = wanted.requests.where(PatronRequest.ended_at.is_null())
    return list(rows.order_by(PatronRequest.asked_at, PatronRequest.id))


def consider(wanted: Wanted, *, by: str, now: datetime) -> None:
    """開く: take a work that was received into consideration. Raises: WantedElsewhere."""
    with database.writing():
        states.move(states.require(wanted, "considered", of=("received",)), "considered")
        audit.record("request.considered", actor=by, now=now)


def buy(wanted: Wanted, *, reply: str, by: str, now: datetime) -> None:
    """購入: put a work on order, and tell those who ask. Raises: WantedElsewhere."""
    with database.writing():
        _decide(wanted, "buying", reply, by=by, now=now)


def decline(wanted: Wanted, reason: str, *, reply: str, by: str, now: datetime) -> None:
    """謝絶 for one of ``states.REASONS``. Raises: WantedElsewhere; RefusedTogether (reason)."""
    if reason not in states.REASONS:
        raise errors.RefusedTogether({"reason": [errors.ChoiceUnknown()]})
    with database.writing():
        wanted = _decide(wanted, "declined", reply, by=by, now=now, reason=reason, ended_at=now)
        PatronRequest.update(ended_at=now).where(_open(wanted)).execute()


def borrow(wanted: Wanted, partner: Partner | None, *, reply: str, by: str, now: datetime) -> Borrowing:
    """借受を依頼する: ask a partner for the work, at the branch of the first who asks. Raises: WantedElsewhere;
    RefusedTogether (partner).
    """
    if partner is None:
        raise errors.RefusedTogether({"partner": [errors.PartnerMissing()]})
    with database.writing():
        branch = next(iter(open_requests(states.require(wanted, "borrowing")))).pickup_branch
        made = Borrowing.create(wanted=wanted, partner=partner, branch=branch, asked_on=clock.day_of(now))
        _decide(wanted, "borrowing", reply, by=by, now=now)  # its letters name the partner
    return made


def take_back(wanted: Wanted, *, by: str, now: datetime) -> None:
    """検討に戻す: a decision was a mistake, or the partner refuses; a copy that was asked of one is asked no more.

    A work that nobody asks for any more ends. Raises: WantedElsewhere.
    """
    with database.writing():
        wanted = states.require(wanted, "considered", of=states.DECIDED)
        asked = (Borrowing.wanted == wanted.id) & (Borrowing.state == "asked")
        Borrowing.update(state="refused").where(asked).execute()
        states.move(wanted, "considered", decided_on=None)
        if not open_requests(wanted):
            states.move(wanted, "cancelled", ended_at=now)
        audit.record("request.taken_back", actor=by, now=now)


def _open(wanted: Wanted) -> Any:
    return (PatronRequest.wanted == wanted.id) & PatronRequest.ended_at.is_null()


def _decide(wanted: Wanted, to: str, reply: str, *, by: str, now: datetime, **columns: Any) -> Wanted:
    """Write a decision with its letters, in the caller's transaction; return the work as it is then."""
    wanted = states.require(wanted, to)
    states.move(wanted, to, decided_on=clock.day_of(now), **columns)
    PatronRequest.update(reply=reply.strip()).where(_open(wanted)).execute()
    for request in open_requests(wanted):
        letters.put(request, to, now=now)
    audit.record(f"request.{to}", actor=by, now=now)
    return wanted
