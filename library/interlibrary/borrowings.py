"""借受: a copy of another library arrives, is lent as its owner allows, and goes back. It is asked for in
``library.requests.deciding``.
"""

from datetime import date, datetime
from typing import Any, NamedTuple

from library import audit, clock, dates, errors
from library.catalog import changes, editing, isbn
from library.catalog.records import Record
from library.interlibrary import states, temporary_numbers
from library.lending import loans, returns
from library.lending.holds import copy_places, hold_mails, hold_queue, hold_states
from library.requests import arriving, deciding, receipt, same_work, states as request_states
from library.store import database
from models import Borrowing, Branch, Hold, Item, Loan, Partner, Patron, PatronRequest, Title, Wanted


class Arrival(NamedTuple):
    """A copy that came, and the hold that gets it; None if nobody waits."""

    borrowing: Borrowing
    item: Item
    hold: Hold | None


def ask(
    patron: Patron, wish: receipt.Wish, partner: Partner | None, *, by: str, now: datetime, **how: Any
) -> PatronRequest:
    """借受を書き入れる: take a request at the desk, and ask a partner for its work at once. ``how``: as for ``receipt.ask``.

    Raises: RefusedTogether by field, Refusals.
    """
    with database.writing():
        made = receipt.ask(patron, wish, by=by, now=now, **how)
        if made.wanted.state in request_states.UNDECIDED:
            deciding.borrow(made.wanted, partner, reply="", by=by, now=now)
    return made


def arrive(
    borrowing_id: int, *, due: str, barcode: str, in_house: bool, no_renewal: bool, at: Branch, by: str, now: datetime
) -> Arrival:
    """到着: take a copy in until its owner's day, with a 仮バーコード; without one it gets the lowest free one. Who asked for
    it has a hold, and the first gets it.

    Raises: BorrowingElsewhere; RefusedTogether by field (due, barcode).
    """
    today = clock.day_of(now)
    with database.writing():
        row = states.require(borrowing_id, "asked")
        due_on, number = _read(due, barcode, today)
        wanted = Wanted.get_by_id(row.wanted_id)
        title = _title_of(wanted, by=by, now=now)
        columns = {"barcode": number, "state": "available", "acquired_on": None, "branch": row.branch_id}
        if row.item_id:  # its arrival was undone
            Item.update(columns).where(Item.id == row.item_id).execute()
        else:
            row.item = Item.create(title=title, owner=row.partner_id, **columns)
        states.move(
            row, "arrived", item=row.item_id, arrived_on=today, due_on=due_on, in_house=in_house, no_renewal=no_renewal
        )
        item = Item.get_by_id(row.item_id)
        changes.note_copies([title.id], now=now)
        arriving.arrive(wanted, title, now=now)
        hold = hold_queue.give_to_first(item, at, now=now)
        if hold is None:
            copy_places.set_place(item, at_branch=at, going_to=row.branch if row.branch_id != at.id else None)
        audit.record("borrowing.arrived", actor=by, now=now, barcode=number)
    return Arrival(row, item, hold)


def _read(due: str, barcode: str, today: date) -> tuple[date, str]:
    problems: dict[str, list[errors.Refused]] = {}
    due_on, number = today, ""
    try:
        due_on = dates.parse(due)
        if due_on < today:
            problems["due"] = [errors.PartnersDayOver()]
    except ValueError:
        problems["due"] = [errors.DateMalformed() if due.strip() else errors.FieldEmpty()]
    try:
        number = temporary_numbers.take(barcode)
    except errors.Refused as refused:
        problems["barcode"] = [refused]
    if problems:
        raise errors.RefusedTogether(problems)
    return due_on, number


def _title_of(wanted: Wanted, *, by: str, now: datetime) -> Title:
    """Return the record of a wanted work: its own, that of the same ISBN or of an earlier request, else a new one."""
    earlier = Wanted.select(Wanted.title).where(Wanted.key == wanted.key, Wanted.title.is_null(False))
    known = Title.id.in_(earlier)
    if number := isbn.normalise(wanted.isbn):
        known |= Title.isbn == number
    found = wanted.title if wanted.title_id else Title.select().where(known).order_by(Title.id).first()
    told = {name: getattr(wanted, name) for name in ("volume", "author", "publisher", "year_text")}
    isbns, year = [number] if number else [], dates.year_of(wanted.year_text)
    record = Record(wanted.title_text, **told, year=year, isbns=isbns)
    return found or editing.add(record, by=by, today=clock.day_of(now), now=now)


# -- undoing an arrival ----------------------------------------------------------------------------------------------
def undo_arrival(borrowing_id: int, *, by: str, now: datetime) -> Borrowing:
    """到着の取り消し, on the day itself: the copy is asked for again, and who asked for it has a request, not a hold. Raises:
    BorrowingElsewhere; Refusals.
    """
    with database.writing():
        row = states.require(borrowing_id, "arrived")
        item = Item.get_by_id(row.item_id)
        requests = list(PatronRequest.select().where(PatronRequest.wanted == row.wanted_id, ~PatronRequest.cancelled))
        placed = {each.hold_id: each.asked_at for each in requests if each.hold_id}
        holds = [hold for hold in Hold.select().where(Hold.id.in_(list(placed))) if hold.placed_at == placed[hold.id]]
        if reasons := _undo_refusals(row, holds, today=clock.day_of(now)):
            raise errors.Refusals(reasons)
        if kept := hold_queue.holder_of(item):
            hold_queue.back_in_line(kept)
        PatronRequest.update(hold=None, ended_at=None).where(PatronRequest.id.in_([r.id for r in requests])).execute()
        Hold.delete().where(Hold.id.in_([hold.id for hold in holds])).execute()
        request_states.move(Wanted.get_by_id(row.wanted_id), "borrowing", ended_at=None)
        _take_out(row, item, now=now)
        states.move(row, "asked", arrived_on=None, due_on=None)
        audit.record("borrowing.arrival_undone", actor=by, now=now, barcode=temporary_numbers.before(item))
    return row


def _undo_refusals(row: Borrowing, holds: list[Hold], *, today: date) -> list[errors.Refused]:
    if row.arrived_on != today:
        return [errors.UndoTooLate()]
    again = Wanted.select().where(same_work.is_same(row.wanted), Wanted.state.in_(request_states.OPEN))
    is_used = again.exists() or Loan.select().where(Loan.item == row.item_id).exists()
    if is_used or any(hold.state not in hold_states.OPEN for hold in holds):
        return [errors.UndoNotLast()]
    return [errors.UndoTold()] if any(map(returns.was_told, holds)) else []


def _take_out(row: Borrowing, item: Item, *, now: datetime) -> None:
    """Take a copy out of the library's hands, and its number off it."""
    item.barcode, item.state = temporary_numbers.freed(row, item.barcode), "withdrawn"
    Item.update(barcode=item.barcode, state="withdrawn").where(Item.id == item.id).execute()
    copy_places.set_place(item)
    hold_queue.advance(item.title_id, now=now)
    changes.note_copies([item.title_id], now=now)


# -- going back ------------------------------------------------------------------------------------------------------
def send_back_refusals(row: Borrowing, item: Item) -> list[errors.Refused]:
    """Return the reasons against sending a copy back: it is on loan, or kept for a patron who takes it home."""
    if loan := loans.open_loan_of(item):
        return [errors.CopyIsLent(due=dates.with_weekday(loan.due_on, year=False))]
    return [errors.CopyIsKept()] if hold_queue.holder_of(item) and not row.in_house else []


def send_back(borrowing_id: int, *, by: str, now: datetime) -> Borrowing:
    """返送: the copy goes back, and its number is free. A hold that it was used for in the house (館内利用のみ) is over.

    Raises: BorrowingElsewhere; Refusals.
    """
    with database.writing():
        row = states.require(borrowing_id, "arrived")
        item = Item.get_by_id(row.item_id)
        if reasons := send_back_refusals(row, item):
            raise errors.Refusals(reasons)
        if hold := hold_queue.holder_of(item):
            hold_mails.withdraw_ready(hold)
            hold_states.move(hold, "collected", ended_at=now)
        audit.record("borrowing.sent_back", actor=by, now=now, barcode=item.barcode)
        states.move(row, "sent_back", sent_back_on=clock.day_of(now))
        _take_out(row, item, now=now)
    return row


def undo_sending(borrowing_id: int, *, by: str, now: datetime) -> Borrowing:
    """返送の取り消し, on the day itself: the copy is here again with its number, unless another has it. Raises:
    BorrowingElsewhere; Refusals.
    """
    with database.writing():
        row = states.require(borrowing_id, "sent_back")
        item = Item.get_by_id(row.item_id)
        number = temporary_numbers.before(item)
        if row.sent_back_on != clock.day_of(now):
            raise errors.Refusals([errors.UndoTooLate()])
        if Item.select().where(Item.barcode == number).exists():
            raise errors.Refusals([errors.UndoChanged()])
        Item.update(barcode=number, state="available").where(Item.id == item.id).execute()
        states.move(row, "arrived", sent_back_on=None)
        changes.note_copies([item.title_id], now=now)
        audit.record("borrowing.sending_undone", actor=by, now=now, barcode=number)
    return row
