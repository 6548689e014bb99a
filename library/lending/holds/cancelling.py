"""予約の取り消し by the patron: it can be undone for ``undo_minutes``; the hold keeps its place and copy until then.

Meanwhile it is passed over and counted nowhere (``hold_states.not_cancelled``), and no mail tells of it.
"""

from datetime import datetime, timedelta

from library import clock, errors, policy
from library.lending.holds import hold_mails, hold_queue, hold_states, holds
from library.store import database
from library.store.queries import tuples
from models import Hold


def give_up(hold: Hold, *, now: datetime) -> Hold:
    """予約を取り消す: let a hold end in some minutes, unless its patron restores it. Raises: Refusals."""
    with database.writing():
        hold = holds.fresh(hold, holds.cancel_refusals)
        hold.cancel_at = now + timedelta(minutes=policy.get("undo_minutes"))
        Hold.update(cancel_at=hold.cancel_at).where(Hold.id == hold.id).execute()
        hold_mails.withdraw_all(hold)
        hold_queue.advance(hold.title_id, now=now)
    return Hold.get_by_id(hold.id)


def is_over(hold: Hold, *, now: datetime) -> bool:
    """Tell whether a hold can't be restored any more, whether or not the job has ended it."""
    return hold.state not in hold_states.OPEN or (hold.cancel_at is not None and hold.cancel_at <= now)


def restore_refusals(hold: Hold, standing: holds.Standing | None = None, *, now: datetime) -> list[errors.Refused]:
    """Return the reasons against restoring a hold: time is over, or newer holds fill the limit.

    ``standing``: that of the patron, if already read.
    """
    if is_over(hold, now=now):
        return [errors.HoldOver()]
    if hold.cancel_at is None:
        return []
    standing = standing or holds.Standing(hold.patron, today=clock.day_of(now))
    return standing.limit_refusals(hold.title)


def restore(hold: Hold, *, now: datetime) -> Hold:
    """元に戻す: restore a cancelled hold with its place and copy; one that isn't cancelled stays. Raises: Refusals."""
    with database.writing():
        hold = holds.fresh(hold, lambda hold: restore_refusals(hold, now=now))
        if hold.cancel_at is None:
            return hold
        hold.cancel_at = None
        Hold.update(cancel_at=None).where(Hold.id == hold.id).execute()
        if hold.state == "ready":
            hold_mails.tell("ready", hold, hold.on_shelf_on or clock.day_of(now), now=now)
        hold_queue.advance(hold.title_id, now=now)
    return Hold.get_by_id(hold.id)


def finish(*, now: datetime) -> dict[str, int]:
    """End the cancelled holds whose time is over; their copies go to the next in line. Return {"cancelled": number}."""
    total = 0
    over = (Hold.cancel_at <= now) & Hold.state.in_(hold_states.OPEN)
    for (hold_id,) in tuples(Hold.select(Hold.id).where(over).order_by(Hold.id)):
        with database.writing():
            total += hold_queue.end_cancelled(Hold.id == hold_id, now=now)
    return {"cancelled": total}
