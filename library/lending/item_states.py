"""資料の状態: 館内, 修理中, 不明, 紛失 … (除籍 by ``withdrawals``), and the consequences of a change for waiting holds."""

from datetime import datetime

from library import audit, errors
from library.catalog import changes
from library.lending import loans
from library.lending.holds import copy_places, hold_queue
from library.store import database
from models import Branch, Hold, Item


def change(item: Item, state: str, *, by: str, now: datetime) -> Item:
    """Set the state of a copy that isn't on loan; a hold that it was kept for waits. Raises: Refusals (ItemHasLoan,
    StateByWithdrawal).
    """
    with database.writing():
        item = Item.get_by_id(item.id)
        if "withdrawn" in (state, item.state):
            raise errors.Refusals([errors.StateByWithdrawal()])
        if loans.open_loan_of(item):
            raise errors.Refusals([errors.ItemHasLoan()])
        set_state(item, state, now=now)
        audit.record("item.state", actor=by, now=now, barcode=item.barcode, state=state)
    return item


def set_state(item: Item, state: str, *, now: datetime) -> None:
    """Change the state of a copy, on loan or not, in the caller's transaction; nothing is recorded.

    A withdrawn copy stays so.
    """
    if item.state == "withdrawn":
        return
    item.state = state
    Item.update(state=state).where(Item.id == item.id).execute()
    hold = hold_queue.holder_of(item)
    if state != "available":
        if item.aside or item.going_to_id:
            copy_places.set_place(item, at_branch=Branch.get_by_id(copy_places.branch_of(item)))
        if hold:
            hold_queue.take_away(hold, now=now)
    hold_queue.advance(item.title_id, now=now)
    changes.note_copies([item.title_id], now=now)


def mark_missing(hold: Hold, *, by: str, now: datetime) -> Hold:
    """見つからない: set the pull-list copy of a hold to 不明 and try another copy for it. Returns the hold."""
    with database.writing():
        hold = Hold.get_by_id(hold.id)
        if hold.state == "preparing" and hold.item:
            change(hold.item, "missing", by=by, now=now)
    return Hold.get_by_id(hold.id)
