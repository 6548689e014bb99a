"""Unsealing: sealed records join the records of the same name that came meanwhile."""

from itertools import count
from typing import Any

from peewee import Expression, Field, fn

from library.store import positions
from library.store.queries import tuples
from models import (
    CalendarLink,
    CartRow,
    EbookHold,
    EbookLink,
    EbookLoan,
    HistoryEntry,
    Hold,
    Patron,
    PatronRequest,
    ReadingPosition,
    SdiCondition,
    Shelf,
    ShelvedTitle,
)

MOVED = (HistoryEntry, CartRow, SdiCondition, EbookLoan, EbookHold, EbookLink, CalendarLink, Shelf)
MARKED = (Hold, PatronRequest)  # whose rows stay the patron's, and are only marked


def unseal(patron: Patron) -> None:
    """Give a patron back all sealed records, in the caller's transaction. Of doubled ones the older SDI and place in a
    line stay, the newer e-book loan and the newer secret address.
    """
    _join_memos(patron)
    _drop_doubled(SdiCondition, SdiCondition.query, patron)
    _join_carts(patron)
    _join_shelves(patron)
    _end_doubled_ebooks(patron)
    for model in (EbookLink, CalendarLink):
        if model.select().where(model.patron == patron.id).exists():
            model.delete().where(model.sealed_for == patron.id).execute()
    for model in MOVED:
        model.update(patron=patron, sealed_for=None).where(model.sealed_for == patron.id).execute()
    for model in MARKED:
        model.update(sealed=False).where(model.patron == patron.id, model.sealed).execute()
    _number_again(patron)


def _join_memos(patron: Patron) -> None:
    """Give all records of one title the same memo, the older text before the newer, and the newer rating if there is
    one.
    """
    columns = (HistoryEntry.title, fn.MAX(HistoryEntry.memo), fn.MAX(HistoryEntry.rating))
    holders = (HistoryEntry.sealed_for == patron.id, HistoryEntry.patron == patron.id)
    older, newer = (
        {
            title: (memo, rating)
            for title, memo, rating in tuples(
                HistoryEntry.select(*columns)
                .where(holder, HistoryEntry.title.is_null(False))
                .group_by(HistoryEntry.title)
            )
        }
        for holder in holders
    )
    for title in older.keys() & newer.keys():
        (before, old_rating), (since, new_rating) = older[title], newer[title]
        memo = "\n".join(dict.fromkeys(text for text in (before, since) if text))
        same = (holders[0] | holders[1]) & (HistoryEntry.title == title)
        HistoryEntry.update(memo=memo, rating=new_rating or old_rating).where(same).execute()


def _drop_doubled(model: Any, column: Field, patron: Patron) -> None:
    """Delete rows that were made again meanwhile: the older stays, as an SDI knows the titles that it announced."""
    older = {value for (value,) in tuples(model.select(column).where(model.sealed_for == patron.id))}
    model.delete().where(model.patron == patron.id, column.in_(older)).execute()


def _join_carts(patron: Patron) -> None:
    """Put newer titles behind the sealed ones, each title once. The cart may be over its limit for a while."""
    _drop_doubled(CartRow, CartRow.title, patron)
    end = CartRow.select(fn.MAX(CartRow.position)).where(CartRow.sealed_for == patron.id).scalar() or 0
    CartRow.update(position=CartRow.position + end).where(CartRow.patron == patron.id).execute()


def _end_doubled_ebooks(patron: Patron) -> None:
    """Leave one loan or place in line of each e-book: the newer loan, the older place. A copy set aside for the other
    goes to the next in line within the hour.
    """
    lent, waits = EbookLoan.returned_on.is_null(), EbookHold.state.in_(("waiting", "ready"))
    my_hold, older_hold = EbookHold.patron == patron.id, EbookHold.sealed_for == patron.id
    again = {ebook for (ebook,) in tuples(EbookLoan.select(EbookLoan.ebook).where(EbookLoan.patron == patron.id, lent))}
    doubled = (EbookLoan.sealed_for == patron.id, lent, EbookLoan.ebook.in_(again))
    ReadingPosition.delete().where(ReadingPosition.loan.in_(EbookLoan.select(EbookLoan.id).where(*doubled))).execute()
    EbookLoan.update(returned_on=EbookLoan.lent_on, sealed_for=None).where(*doubled).execute()
    EbookHold.delete().where(older_hold, waits, EbookHold.ebook.in_(again)).execute()
    waited = {ebook for (ebook,) in tuples(EbookHold.select(EbookHold.ebook).where(older_hold, waits))}
    EbookHold.delete().where(my_hold, waits, EbookHold.ebook.in_(waited)).execute()
    lent_before = EbookLoan.select(EbookLoan.ebook).where(EbookLoan.sealed_for == patron.id, lent)
    EbookHold.delete().where(my_hold, waits, EbookHold.ebook.in_(lent_before)).execute()


def _join_shelves(patron: Patron) -> None:
    """Join shelves of one name: newer books go behind the older shelf's, which stays private. An older public shelf
    gets its notes back, and no other book.
    """
    open_ones = {shelf.name: shelf for shelf in Shelf.select().where(Shelf.patron == patron.id)}
    for sealed in list(Shelf.select().where(Shelf.sealed_for == patron.id).order_by(Shelf.id)):
        if other := open_ones.get(sealed.name):
            if other.token and other.id < sealed.id:
                _give_back_notes(other, sealed)
                _rename(patron, sealed)
            else:
                _give_back_notes(sealed, other)
                _put_behind(sealed, other)


def _give_back_notes(stays: Shelf, goes: Shelf) -> None:
    """Remove from the shelf ``goes`` the books that are on ``stays`` too, and join their notes there,
    the older first.
    """
    there = {book.title_id: book for book in ShelvedTitle.select().where(_on(stays), ShelvedTitle.title.is_null(False))}
    for book in list(ShelvedTitle.select().where(_on(goes)).order_by(ShelvedTitle.position.desc())):
        if same := there.get(book.title_id or 0):
            older, newer = (book, same) if goes.sealed_for_id else (same, book)
            same.note = "\n".join(dict.fromkeys(filter(None, (older.note, newer.note))))
            same.read_on = older.read_on or newer.read_on
            same.save()
            positions.remove(book, _on(goes))


def _put_behind(stays: Shelf, goes: Shelf) -> None:
    end = positions.last(ShelvedTitle, _on(stays))
    ShelvedTitle.update(shelf=stays, position=ShelvedTitle.position + end).where(_on(goes)).execute()
    goes.delete_instance()


def _rename(patron: Patron, shelf: Shelf) -> None:
    """Give what is left of a sealed shelf a free name; delete the shelf where nothing is left."""
    if positions.last(ShelvedTitle, _on(shelf)) == 0:
        shelf.delete_instance()
        return
    mine = (Shelf.patron == patron.id) | (Shelf.sealed_for == patron.id)
    taken = {name for (name,) in tuples(Shelf.select(Shelf.name).where(mine))}
    shelf.name = next(name for number in count(2) if (name := f"{shelf.name}（{number}）") not in taken)
    shelf.save(only=[Shelf.name])


def _on(shelf: Shelf) -> Expression:
    return ShelvedTitle.shelf == shelf.id


def _number_again(patron: Patron) -> None:
    """Number the shelves of both times 1, 2, 3 in one order."""
    rows = Shelf.select(Shelf.id).where(Shelf.patron == patron.id).order_by(Shelf.position, Shelf.id)
    for position, (shelf_id,) in enumerate(list(tuples(rows)), start=1):
        Shelf.update(position=position).where(Shelf.id == shelf_id).execute()
