"""返却: a copy that the desk scans, whether it was lent, sent, fetched from a shelf, or is to be put back."""

from dataclasses import dataclass
from datetime import date, datetime

from library import audit, clock, errors, metrics
from library.catalog.search import index
from library.lending import loans
from library.lending.holds import copy_places, hold_queue
from library.store import database
from models import Branch, Hold, HoldNotice, Item, Loan, OutboxMail


@dataclass(frozen=True)
class Back:
    """A copy on the desk and what is to be done with it: ``hold`` (keep it, with a slip), ``send`` to ``to``, or put it on its ``shelf``.

    ``off`` is a copy that isn't lent out (its state). ``loan`` is None when it was not out; ``late`` are days.
    """

    what: str
    item: Item
    loan: Loan | None = None
    late: int = 0
    hold: Hold | None = None
    to: Branch | None = None


def give_back(item: Item, *, at: Branch, returned_on: date | None = None, now: datetime) -> Back:
    """返却: Take a copy back at any branch; return what is to be done with it. ``returned_on``: the day, for what lay in the book drop.

    A copy that is at hand goes to the first in line, at once or by 搬送. A second scan changes nothing. Who took it back is written
    down nowhere. Raises: ReturnDayImpossible.
    """
    with database.writing():
        item = Item.get_by_id(item.id)
        loan = loans.open_loan_of(item)
        if loan:
            _close(loan, at, now, returned_on or clock.day_of(now))
        if item.state in ("lost", "missing"):  # it lies on the desk
            item.state = "available"
            Item.update(state="available").where(Item.id == item.id).execute()
            index.items_changed()
        back = _sort(item, loan, at, now)
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
    hold = hold_queue.holder_of(item)
    if hold is None:
        hold = hold_queue.at_hand(item, at, now=now)
    elif hold.state == "in_transit" and hold.pickup_branch_id == at.id:
        hold_queue.put_on_shelf(hold, item, now=now)
    elif hold.state == "in_transit":
        copy_places.put(item, at_branch=at, going_to=hold.pickup_branch)
    if hold:
        to = hold.pickup_branch if hold.state == "in_transit" else None
        return Back("hold", item, loan, late, hold, to)
    return _go_home(item, loan, late, at, now)


def _go_home(item: Item, loan: Loan | None, late: int, at: Branch, now: datetime) -> Back:
    is_home = item.branch_id == at.id
    if is_home:
        copy_places.put(item)
    else:
        copy_places.put(item, at_branch=at, going_to=item.branch)
    hold_queue.advance(item.title_id, now=now)
    if item.state != "available":
        return Back("off", item, loan, late, to=None if is_home else item.branch)
    return Back("shelf" if is_home else "send", item, loan, late, to=None if is_home else item.branch)


# -- undoing ---------------------------------------------------------------------------------------------------------
def undo_refusals(loan: Loan, *, today: date) -> list[errors.Refused]:
    """Return why a return can't be undone: not of today, lent again since, or the next patron was told."""
    if loan.patron is None or loan.returned_at is None or clock.day_of(loan.returned_at) != today:
        return [errors.UndoTooLate()]
    if _was_lent_again(loan) or loan.patron.state == "closed":
        return [errors.UndoNotLast()]
    hold = hold_queue.holder_of(loan.item)
    if hold and hold.group and hold.group.kind == "any_one":
        return [errors.UndoNotLast()]  # the holds that it cancelled can't be brought back
    return [errors.UndoTold()] if hold and _was_told(hold) else []


def _was_lent_again(loan: Loan) -> bool:
    """Return whether another loan of the copy is out or ended later; one without a moment, from a file, is judged by its first day."""
    later = (
        Loan.returned_on.is_null()
        | (Loan.returned_at >= loan.returned_at)
        | (Loan.returned_at.is_null() & (Loan.lent_on >= loan.lent_on))
    )
    return Loan.select().where(Loan.item == loan.item_id, Loan.id != loan.id, later).exists()


def _was_told(hold: Hold) -> bool:
    sent = HoldNotice.select().join(OutboxMail).where(
        HoldNotice.hold == hold, HoldNotice.kind == "ready", HoldNotice.day == hold.on_shelf_on,
        OutboxMail.state.in_(("sending", "sent")),
    )  # fmt: skip
    return hold.on_shelf_on is not None and (
        sent.exists() or (hold.contact_method == "phone" and hold.told_on is not None)
    )


def undo(loan: Loan, *, by: str, now: datetime) -> Loan:
    """返却の取消: the loan is open again, with its old due date; whoever was given the copy waits on. Refusals."""
    with database.writing():
        loan = Loan.get_by_id(loan.id)
        if reasons := undo_refusals(loan, today=clock.day_of(now)):
            raise errors.Refusals(reasons)
        if hold := hold_queue.holder_of(loan.item):
            hold_queue.back_in_line(hold)
        loan.returned_on = loan.returned_at = loan.returned_to = None
        loan.save(only=[Loan.returned_on, Loan.returned_at, Loan.returned_to])
        copy_places.put(loan.item)
        audit.record("return.undone", actor=by, now=now, patron=loan.patron)
        hold_queue.advance(loan.item.title_id, now=now)
    return loan
