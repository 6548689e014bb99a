"""資料の状態: 館内, 修理中, 不明, 紛失, 除籍 …, and what a change of it means for those who wait."""

from datetime import datetime

from library import audit, errors
from library.catalog import changes
from library.lending import loans
from library.lending.holds import copy_places, hold_queue
from library.store import database
from models import Branch, Hold, Item


def change(item: Item, state: str, *, by: str, now: datetime) -> Item:
    """Change the state of a copy that is not lent out; whoever it was kept for waits for another. Refusals: ItemHasLoan."""
    with database.writing():
        item = Item.get_by_id(item.id)
        if loans.open_loan_of(item):
            raise errors.Refusals([errors.ItemHasLoan()])
        put(item, state, now=now)
        audit.record("item.state", actor=by, now=now, barcode=item.barcode, state=state)
    return item


def put(item: Item, state: str, *, now: datetime) -> None:
    """Change it inside the caller's transaction, for a copy that comes back damaged or is lost by its borrower."""
    item.state = state
    Item.update(state=state).where(Item.id == item.id).execute()
    hold = hold_queue.holder_of(item)
    if state != "available":
        if item.aside or item.going_to_id:
            copy_places.put(item, at_branch=Branch.get_by_id(copy_places.branch_of(item)))
        if hold:
            hold_queue.take_away(hold, now=now)
    hold_queue.advance(item.title_id, now=now)
    changes.note_copies([item.title_id], now=now)


def not_found(hold: Hold, *, by: str, now: datetime) -> Hold:
    """Mark a copy of the pull list that is not on its shelf as missing, and look for another one."""
    with database.writing():
        hold = Hold.get_by_id(hold.id)
        if hold.state == "preparing" and hold.item:
            change(hold.item, "missing", by=by, now=now)
    return Hold.get_by_id(hold.id)
