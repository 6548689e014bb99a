"""除籍: copies leave the stock with a day and a reason, and come back (除籍の取り消し). Their numbers go to no other copy."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from peewee import fn

from library import audit, clock, dates, errors, holdings, wording
from library.lending import item_states, items
from library.lending.holds import hold_states, holds
from library.store import database
from library.store.queries import tuples
from models import Hold, Item, Loan

MOST = 200  # copies at once
REPLACED = "弁償による代替"


@dataclass(frozen=True)
class Case:
    """A copy that may be withdrawn: the ``refusals``, the number ``waiting`` for a title that would have no copy left
    for them, and whether it is the last copy.
    """

    item: Item
    refusals: list[errors.Refused]
    waiting: int = 0
    is_last: bool = False


def cases(ids: Iterable[int]) -> list[Case]:
    """Return the cases of copies that are withdrawn together, in the order of their ids; of each title, the last one
    that can go counts as the last copy.
    """
    chosen = items.with_ids(ids)
    refused = _refusals(chosen)
    leaving = {item.title_id: item.id for item in chosen if not refused[item.id]}
    titles, going = list(leaving), [item.id for item in chosen if not refused[item.id]]
    left = Item.select(Item.title, Item.state).where(Item.title.in_(titles), Item.id.not_in(going))
    states = [(item.title_id, item.state) for item in left]
    lasting = {title for title, state in states if state != "withdrawn"}
    served = {title for title, state in states if state not in holds.NOT_FOR_HOLDS}
    waits = Hold.select(Hold.title_id, fn.COUNT(Hold.id)).where(
        Hold.title.in_(titles), Hold.state.in_(hold_states.OPEN), hold_states.not_cancelled()
    )
    waiting = {title: number for title, number in tuples(waits.group_by(Hold.title_id)) if title not in served}
    last = {title: item for title, item in leaving.items() if title not in lasting}
    return [
        Case(
            item,
            refused[item.id],
            waiting.get(item.title_id, 0) if leaving.get(item.title_id) == item.id else 0,
            last.get(item.title_id) == item.id,
        )
        for item in chosen
    ]


def _refusals(chosen: list[Item]) -> dict[int, list[errors.Refused]]:
    """Return the refusals of each copy by id: on loan, kept for a hold, withdrawn before."""
    ids = [item.id for item in chosen]
    due = dict(tuples(Loan.select(Loan.item_id, Loan.due_on).where(Loan.item.in_(ids), Loan.returned_on.is_null())))
    keeping = Hold.select(Hold.item_id).where(Hold.item.in_(ids), Hold.state.in_(hold_states.OPEN))
    kept = {row[0] for row in tuples(keeping)}
    found: dict[int, list[errors.Refused]] = {}
    for item in chosen:
        found[item.id] = [errors.CopyWithdrawnBefore()] if item.state == "withdrawn" else []
        if item.owner_id:
            found[item.id].append(errors.CopyIsBorrowed())
        if item.id in due:
            found[item.id].append(errors.CopyIsLent(due=dates.with_weekday(due[item.id], year=False)))
        if item.id in kept:
            found[item.id].append(errors.CopyIsKept())
    return found


def withdraw(
    reasons: Mapping[int, str], day: date, *, despite: Collection[int] = (), by: str, now: datetime
) -> list[Item]:
    """除籍: withdraw copies on a day, each for its reason, all or none. ``despite``: copies whose title may lose its last
    copy although patrons wait for it.

    Raises: Refusals where one can't go; RefusedTogether by field (day, reason-ID, despite-ID).
    """
    if len(reasons) > MOST:
        raise errors.Refusals([errors.TooManyWithdrawn(most=MOST)])
    with database.writing():
        found = cases(reasons)
        if stopped := [reason for case in found for reason in case.refusals]:
            raise errors.Refusals(list(dict.fromkeys(stopped)))
        problems: dict[str, list[errors.Refused]] = {}
        for case in found:
            number, since = case.item.id, case.item.acquired_on
            if reasons[number] not in wording.WITHDRAWAL_REASONS:
                problems[f"reason-{number}"] = [errors.WithdrawalReasonMissing()]
            if case.waiting and number not in despite:
                problems[f"despite-{number}"] = [errors.HoldsLoseLastCopy(count=case.waiting)]
            if day > clock.day_of(now) or (since and day < since):
                problems["day"] = [errors.WithdrawalDayImpossible()]
        if problems:
            raise errors.RefusedTogether(problems)
        for case in found:
            write_off(case.item, reasons[case.item.id], day, by=by, now=now)
    return [case.item for case in found]


def write_off(item: Item, reason: str, day: date, *, by: str, now: datetime) -> None:
    """Withdraw a copy that is not on loan, in the caller's transaction."""
    Item.update(withdrawn_on=day, withdrawn_reason=reason, former_state=item.state).where(Item.id == item.id).execute()
    item_states.set_state(item, "withdrawn", now=now)
    audit.record("item.withdrawn", actor=by, now=now, copy=item.barcode, reason=reason)


def take_back(ids: Collection[int], *, by: str, now: datetime) -> list[Item]:
    """除籍の取り消し: give copies the state that they had before, all or none; waiting holds may get them at once. Raises:
    Refusals (CopyNotWithdrawn).
    """
    with database.writing():
        rows = list(
            Item.select().where(Item.id.in_(list(ids)), Item.state == "withdrawn", holdings.is_own()).order_by(Item.id)
        )
        if len(rows) != len(ids):
            raise errors.Refusals([errors.CopyNotWithdrawn()])
        for item in rows:
            item.state = item.former_state or "available"
            Item.update(withdrawn_on=None, withdrawn_reason="", former_state="").where(Item.id == item.id).execute()
            item_states.set_state(item, item.state, now=now)
            audit.record("item.restored", actor=by, now=now, copy=item.barcode)
    return rows
