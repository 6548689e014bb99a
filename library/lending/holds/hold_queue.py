"""予約の順番: the line for a title, and which copy goes to which hold.

A copy is given to a hold when it is at hand: returned, fetched or arrived. Copies on a shelf are put on the pull list
(棚から集める) of their branch, one for each of the first in line; a visitor may still borrow them first. Everything here runs
in the transaction of the change that caused it.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from peewee import SQL, Expression, Value, fn

from library import clock
from library.catalog.series import newest
from library.lending.holds import copy_places, hold_mails, hold_states, shelf_clock
from library.store.queries import Models, among, blank, listed, tuples
from models import Branch, Hold, HoldGroup, Item, Loan, Patron

ORDER = (Hold.rank, Hold.placed_at, Hold.id)


# -- who, and what there is ------------------------------------------------------------------------------------------
def may_take(today: date | Value) -> Expression:
    """Return the condition for holds that can get a copy: good card, not suspended, not cancelled, first of its 順番どおり.

    Joined with Patron.
    """
    earlier = Hold.alias()
    before = (
        earlier.select(SQL("1"))
        .join(HoldGroup, on=(HoldGroup.id == earlier.group))
        .where(
            earlier.group == Hold.group,
            HoldGroup.kind == "in_order",
            earlier.position < Hold.position,
            earlier.state.in_(hold_states.OPEN),
        )
    )
    return (
        (Patron.state == "active")
        & (Patron.expires_on.is_null() | (Patron.expires_on >= today))
        & hold_states.not_cancelled()
        & (Hold.suspended_until.is_null() | (Hold.suspended_until < today))
        & ~fn.EXISTS(before)
    )


def in_lines(title_ids: Iterable[int], *, today: date) -> dict[int, list[Hold]]:
    """Return title id → holds that can take a copy now and have none at hand, first in line first; in one query."""
    lines = {title_id: [] for title_id in title_ids}
    for hold in _LINES.rows(titles=listed(lines), today=today) if lines else ():
        lines[hold.title_id].append(hold)
    return lines


_LINES = Models(
    Hold,
    {},
    lambda rows: (
        rows.join(Patron)
        .where(Hold.title.in_(among("titles")), Hold.state.in_(hold_states.IN_LINE), may_take(blank("today")))
        .order_by(*ORDER)
    ),
)


def in_line(title_id: int, *, today: date) -> list[Hold]:
    """Return the holds that can take a copy of a title now and have none at hand, first in line first."""
    return in_lines([title_id], today=today)[title_id]


def open_by_title(title_ids: Iterable[int]) -> dict[int, list[Hold]]:
    """Return title id → open holds in order, cancelled ones too; only id, title, state and cancel_at are loaded."""
    queues = {title_id: [] for title_id in title_ids}
    for hold in _QUEUES.rows(titles=listed(queues)) if queues else ():
        queues[hold.title_id].append(hold)
    return queues


_QUEUES = Models(
    (Hold.id, Hold.title, Hold.state, Hold.cancel_at),
    {},
    lambda rows: rows.where(Hold.title.in_(among("titles")), Hold.state.in_(hold_states.OPEN)).order_by(*ORDER),
)


def open_holds(title_id: int) -> list[Hold]:
    """Return the open holds of one title, as ``open_by_title`` does."""
    return open_by_title([title_id])[title_id]


def open_on(item: Item, *, today: date) -> list[Any]:
    """Return the open holds on a copy or its title, in order. Each has ``in_turn``: whether it may take a copy, and
    ``copy_stays``: whether this copy is of the 最新号, which nobody takes yet.
    """
    return _OPEN_ON.rows(item=item.id, title=item.title_id, today=today, since=newest.since(today))


def open_on_title(title_id: int, *, today: date) -> list[Any]:
    """Return the open holds on a title, as ``open_on`` does."""
    return _OPEN_ON.rows(item=None, title=title_id, today=today, since=newest.since(today))


_OPEN_ON = Models(
    Hold,
    {},
    lambda rows: (
        rows.join(Patron)
        .where((Hold.title == blank("title")) | (Hold.item == blank("item")), Hold.state.in_(hold_states.OPEN))
        .order_by(*ORDER)
    ),
    in_turn=may_take(blank("today")),
    copy_stays=newest.exists_kept(blank("item"), blank("since")),
)


def free_copies(title_id: int, *, today: date) -> list[Item]:
    """Return the copies of a title that stand on a shelf and can be lent, also those on a pull list."""
    return _FREE.rows(title=title_id, since=newest.since(today))


_FREE = Models(
    Item, {}, lambda rows: rows.where(Item.title == blank("title"), _is_free(blank("since"))).order_by(Item.id)
)


def _is_free(since: date | Value) -> Expression:
    out = Loan.select(SQL("1")).where(Loan.item == Item.id, Loan.returned_on.is_null())
    is_there = (Item.state == "available") & ~Item.aside & Item.going_to.is_null() & ~fn.EXISTS(out)
    return is_there & ~newest.is_kept(since)


def titles_to_advance(*, today: date) -> list[int]:
    """Return the ids of titles whose pull list may be out of date: a copy is being fetched, or could be."""
    free = Item.select(SQL("1")).where(Item.title == Hold.title, _is_free(newest.since(today)))
    open_to_change = (Hold.state == "preparing") | ((Hold.state == "waiting") & fn.EXISTS(free))
    rows = Hold.select(Hold.title).where(Hold.state.in_(hold_states.IN_LINE), open_to_change).distinct()
    return [row[0] for row in tuples(rows)]


# -- what follows from a change --------------------------------------------------------------------------------------
def advance(title_id: int, *, now: datetime, queue: list[Any] | None = None) -> None:
    """Update a title's pull list: a free copy for each of the first in line. Ends cancellations whose time is over.

    ``queue``: the open holds of the title, if already read by ``open_on``.
    """
    today = clock.day_of(now)
    queue = open_on_title(title_id, today=today) if queue is None else queue
    if any(hold.cancel_at and hold.cancel_at <= now for hold in queue):
        end_cancelled(Hold.title == title_id, now=now)
        queue = open_on_title(title_id, today=today)
    queue = [hold for hold in queue if hold.state in hold_states.IN_LINE]
    free = {item.id: item for item in free_copies(title_id, today=today)} if queue else {}
    chosen = {hold.id: hold for hold in [hold for hold in queue if hold.in_turn][: len(free)]}
    for hold in [hold for hold in queue if hold.state == "preparing"]:
        if hold.id in chosen and hold.item_id in free:
            del chosen[hold.id], free[hold.item_id]
        else:
            hold_states.move(hold, "waiting")
    for hold in chosen.values():
        copy = min(free.values(), key=lambda item: (copy_places.branch_of(item) != hold.pickup_branch_id, item.id))
        del free[copy.id]
        _again(hold, "preparing", item=copy, preparing_on=clock.day_of(now))


def _again(hold: Hold, to: str, **columns: Any) -> None:
    """Move a hold that may have lost its copy since it was read; nothing if it has that state already."""
    hold.state = Hold.select(Hold.state).where(Hold.id == hold.id).scalar()
    if hold.state != to:
        hold_states.move(hold, to, **columns)


def give_to_first(item: Item, branch: Branch, *, now: datetime, queue: list[Any] | None = None) -> Hold | None:
    """Give a copy at hand to the first in line, ready here or by 搬送; return the hold, None if none waits.

    ``queue``: the open holds on the copy or its title, if already read by ``open_on``.
    """
    queue = open_on(item, today=clock.day_of(now)) if queue is None else queue
    line = [hold for hold in queue if hold.title_id == item.title_id and hold.state in hold_states.IN_LINE]
    first = next((hold for hold in line if hold.in_turn), None) if item.state == "available" else None
    hold = None if first is None or first.copy_stays else first
    for other in queue:
        if other.item_id == item.id and other.state == "preparing" and other is not hold:
            hold_states.move(other, "waiting")
    if hold is None:
        return None
    hold.title = item.title
    if hold.pickup_branch_id == branch.id:
        hold.pickup_branch = branch
        put_on_shelf(hold, item, now=now)
    else:
        today = clock.day_of(now)
        hold_states.move(hold, "in_transit", item=item, preparing_on=hold.preparing_on or today, sent_on=today)
        copy_places.set_place(item, at_branch=branch, going_to=hold.pickup_branch)
    settle_any_one(hold, now=now)
    advance(item.title_id, now=now)
    return hold


def put_on_shelf(hold: Hold, item: Item, *, now: datetime) -> None:
    """受取可: put a copy on the hold shelf of the pickup branch, and tell the patron once."""
    today = clock.day_of(now)
    hold_states.move(hold, "ready", item=item, preparing_on=hold.preparing_on or today, on_shelf_on=today)
    copy_places.set_place(item, at_branch=hold.pickup_branch, aside=True)
    if hold.contact_method == "none":
        shelf_clock.start(hold, today)
    hold_mails.tell("ready", hold, today, now=now)


def settle_any_one(hold: Hold, *, now: datetime) -> None:
    """いずれか一つ: cancel the other holds of the group, as this one has its copy."""
    if hold.group and hold.group.kind == "any_one":
        rest = Hold.select().where(Hold.group == hold.group_id, Hold.id != hold.id, Hold.state.in_(hold_states.OPEN))
        for other in list(rest):
            end(other, "cancelled", "any_one", now=now)


def end(hold: Hold, state: str, reason: str, *, now: datetime) -> None:
    """End a hold as ``state`` (cancelled, expired) for a ``reason``; its copy and the next of its 順番どおり go on."""
    copy = hold.item if hold.state in hold_states.SET_ASIDE else None
    hold_states.move(hold, state, ended_at=now, reason=reason)
    if reason in ("library", "deadline"):
        hold_mails.tell("ended", hold, clock.day_of(now), now=now)
    serve_next(hold, copy, now=now)


def end_cancelled(which: Expression, *, now: datetime) -> int:
    """End those of these holds that the patron cancelled and can't restore any more; return their number."""
    over = which & (Hold.cancel_at <= now) & Hold.state.in_(hold_states.OPEN)
    total = 0
    while hold := Hold.select().where(over).order_by(Hold.id).first():
        end(hold, "cancelled", "patron", now=now)
        total += 1
    return total


def serve_next(hold: Hold, copy: Item | None, *, now: datetime, queue: list[Any] | None = None) -> None:
    """Give the copy that a hold let go (None: it had none) to the next in line, and update the pull lists concerned.

    ``queue``: the open holds of the title, if already read by ``open_on``.
    """
    if copy is not None:
        pass_on(copy, now=now)
    advance(hold.title_id, now=now, queue=queue)
    if hold.group_id:
        later = Hold.select(Hold.title).where(Hold.group == hold.group_id, Hold.state.in_(hold_states.IN_LINE))
        for (title_id,) in tuples(later):
            advance(title_id, now=now)


def pass_on(item: Item, *, now: datetime) -> None:
    """Release a copy that was kept for a hold: one on the hold shelf goes to the next in line.

    One on its way is given at its arrival; one that nobody wants waits behind the desk to be reshelved.
    """
    item = Item.get_by_id(item.id)
    is_out = Loan.select().where(Loan.item == item.id, Loan.returned_on.is_null()).exists()
    if is_out:
        copy_places.set_place(item)
    elif item.aside and item.state == "available":
        give_to_first(item, item.at_branch or item.branch, now=now)


def copy_lent(loan: Loan, holds: list[Hold], *, now: datetime) -> None:
    """Collect the patron's own among the open ``holds`` on a lent copy or its title; the others wait on."""
    item = loan.item
    for hold in holds:
        if hold.item_id == item.id and hold.patron_id != loan.patron_id:
            back_in_line(hold)
    of_title = [hold for hold in holds if hold.title_id == item.title_id]
    own = next((hold for hold in of_title if hold.patron_id == loan.patron_id), None)
    if own:
        _collect(own, loan, [hold for hold in of_title if hold is not own], now)
    elif of_title:
        advance(item.title_id, now=now, queue=of_title)


def _collect(hold: Hold, loan: Loan, rest: list[Hold], now: datetime) -> None:
    """Collect the patron's hold; if another copy was kept for it, that one goes to the next of the ``rest`` in line."""
    other = hold.item if hold.state in hold_states.SET_ASIDE and hold.item_id != loan.item_id else None
    hold_states.move(hold, "collected", loan=loan, ended_at=now)
    settle_any_one(hold, now=now)
    serve_next(hold, other, now=now, queue=None if other else rest)


def take_away(hold: Hold, *, now: datetime) -> None:
    """Let a hold wait again, at its place in line, and give its copy to the next."""
    copy = hold.item if hold.state in hold_states.SET_ASIDE else None
    back_in_line(hold)
    serve_next(hold, copy, now=now)


def back_in_line(hold: Hold) -> None:
    """Let a hold wait again without its copy, which stays where it is; an unsent mail that it is ready is withdrawn."""
    if hold.state in hold_states.SET_ASIDE:
        hold_mails.withdraw_ready(hold)
    hold_states.move(hold, "waiting")


def holder_among(holds: Iterable[Hold], item: Item) -> Hold | None:
    """Return the one of these holds that a copy is kept for, on the hold shelf or on its way; None if there is none."""
    return next((hold for hold in holds if hold.item_id == item.id and hold.state in hold_states.SET_ASIDE), None)


def pulled_at(holds: Iterable[Hold], item: Item, patron: Patron) -> int | None:
    """Return the branch on whose pull list a copy stands for somebody else, among these holds; None if on none."""
    for_others = (hold for hold in holds if hold.item_id == item.id and hold.patron_id != patron.id)
    return item.at_branch_id if any(hold.state == "preparing" for hold in for_others) else None


def holder_of(item: Item) -> Hold | None:
    """Return the hold that a copy is kept for, on the hold shelf or on its way; None if there is none."""
    holders = Hold.select(Hold, Patron).join(Patron).where(Hold.item == item, Hold.state.in_(hold_states.SET_ASIDE))
    return holders.first()
