"""返却: a copy that the desk scans, and its next place, whether or not it was on loan."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from library import audit, clock, errors, metrics
from library.catalog.fulltext import index
from library.lending import loans
from library.lending.holds import copy_places, hold_queue
from library.store import database
from library.store.queries import Models, blank
from models import Branch, Hold, HoldNotice, Item, Loan, OutboxMail, Title

FOUND = ("lost", "missing")  # states of a copy that is there again


@dataclass(frozen=True)
class Back:
    """A scanned copy and its next step: ``hold`` (keep it, with a slip), ``send`` to the branch ``to``, or put it on
    the ``shelf``, or send it back to the ``partner`` that owns it.

    ``off``: it can't be lent (its state). ``loan`` is None if it was not out; ``late``: days; ``trouble``: of the loan
    before; ``found``: missing or lost, as the copy was.
    """

    what: str
    item: Item
    loan: Loan | None = None
    late: int = 0
    hold: Hold | None = None
    to: Branch | None = None
    trouble: str = ""
    found: str = ""


# the copy as it is now, within the transaction
_NOW = Models(
    Item,
    {"title": Title, "branch": Branch},
    lambda rows: rows.join(Title).switch(Item).join(Branch, on=Item.branch).where(Item.id == blank("item")),
)


def give_back(item: Item, *, at: Branch, returned_on: date | None = None, now: datetime) -> Back:
    """返却: take a copy back at any branch; return its next step. ``returned_on``: the day, for the book drop.

    A copy goes to the first hold in line, at once or by 搬送. A second scan changes nothing. The member of staff isn't
    recorded. Raises: ReturnDayImpossible.
    """
    with database.writing():
        item, loan = _NOW.first(item=item.id), loans.open_loan_of(item)
        trouble = loan.trouble if loan else ""
        found = item.state if not trouble and item.state in FOUND else ""
        if loan:
            _close(loan, at, now, returned_on or clock.day_of(now))
        if item.state in FOUND:  # it lies on the desk
            item.state = "available"
            Item.update(state="available").where(Item.id == item.id).execute()
            index.copies_changed()
        back = replace(_sort(item, loan, at, now), trouble=trouble, found=found)
    if loan:
        metrics.circulation.labels("return").inc()
    return back


def _close(loan: Loan, at: Branch, now: datetime, day: date) -> None:
    if not loan.lent_on <= day <= clock.day_of(now):
        raise errors.ReturnDayImpossible()
    loan.returned_on, loan.returned_at, loan.returned_to, loan.trouble = day, now, at, ""
    loan.save(only=[Loan.returned_on, Loan.returned_at, Loan.returned_to, Loan.trouble])


def _sort(item: Item, loan: Loan | None, at: Branch, now: datetime) -> Back:
    late = max(0, (loan.returned_on - loan.due_on).days) if loan and loan.returned_on else 0
    holds = hold_queue.open_on(item, today=clock.day_of(now))
    hold = hold_queue.holder_among(holds, item)
    if hold is None:
        hold = hold_queue.give_to_first(item, at, now=now, queue=holds)
    elif hold.state == "in_transit" and hold.pickup_branch_id == at.id:
        hold_queue.put_on_shelf(hold, item, now=now)
    elif hold.state == "in_transit":
        copy_places.set_place(item, at_branch=at, going_to=hold.pickup_branch)
    if hold:
        to = hold.pickup_branch if hold.state == "in_transit" else None
        return Back("hold", item, loan, late, hold, to)
    back = _go_home(item, loan, late, at)
    if of_title := [hold for hold in holds if hold.title_id == item.title_id]:
        hold_queue.advance(item.title_id, now=now, queue=of_title)
    return back


def _go_home(item: Item, loan: Loan | None, late: int, at: Branch) -> Back:
    is_home = item.branch_id == at.id
    if is_home:
        copy_places.set_place(item)
    else:
        copy_places.set_place(item, at_branch=at, going_to=item.branch)
    if item.owner_id and is_home:
        return Back("partner", item, loan, late)
    if item.state != "available":
        return Back("off", item, loan, late, to=None if is_home else item.branch)
    return Back("shelf" if is_home else "send", item, loan, late, to=None if is_home else item.branch)


# -- undoing ---------------------------------------------------------------------------------------------------------
def undo_refusals(loan: Loan, *, today: date) -> list[errors.Refused]:
    """Return the reasons against undoing a return: not of today, copy lent again, or the next patron told."""
    if loan.patron is None or loan.returned_at is None or clock.day_of(loan.returned_at) != today:
        return [errors.UndoTooLate()]
    if _was_lent_again(loan) or loan.patron.state == "closed":
        return [errors.UndoNotLast()]
    hold = hold_queue.holder_of(loan.item)
    if hold and hold.group and hold.group.kind == "any_one":
        return [errors.UndoNotLast()]  # the holds that it cancelled can't be restored
    return [errors.UndoTold()] if hold and was_told(hold) else []


def _was_lent_again(loan: Loan) -> bool:
    """Tell whether another loan of the copy is open or later; imported ones without moment count by first day."""
    later = (
        Loan.returned_on.is_null()
        | (Loan.returned_at >= loan.returned_at)
        | (Loan.returned_at.is_null() & (Loan.lent_on >= loan.lent_on))
    )
    return Loan.select().where(Loan.item == loan.item_id, Loan.id != loan.id, later).exists()


def was_told(hold: Hold) -> bool:
    """Tell whether the patron knows that a copy waits on the hold shelf."""
    sent = HoldNotice.select().join(OutboxMail).where(
        HoldNotice.hold == hold, HoldNotice.kind == "ready", HoldNotice.day == hold.on_shelf_on,
        OutboxMail.state.in_(("sending", "sent")),
    )  # fmt: skip
    return hold.on_shelf_on is not None and (
        sent.exists() or (hold.contact_method == "phone" and hold.told_on is not None)
    )


def undo(loan: Loan, *, by: str, now: datetime) -> Loan:
    """返却の取消: open the loan again with its due date; the copy's next hold waits. Raises: Refusals with all reasons."""
    with database.writing():
        loan = Loan.get_by_id(loan.id)
        if reasons := undo_refusals(loan, today=clock.day_of(now)):
            raise errors.Refusals(reasons)
        if hold := hold_queue.holder_of(loan.item):
            hold_queue.back_in_line(hold)
        loan.returned_on = loan.returned_at = loan.returned_to = None
        loan.save(only=[Loan.returned_on, Loan.returned_at, Loan.returned_to])
        copy_places.set_place(loan.item)
        audit.record("return.undone", actor=by, now=now, patron=loan.patron)
        hold_queue.advance(loan.item.title_id, now=now)
    return loan
