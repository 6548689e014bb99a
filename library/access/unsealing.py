"""Giving sealed records back: what came meanwhile under the same name joins what was there before."""

from peewee import Expression, fn

from library.store import positions
from library.store.queries import tuples
from models import (
    CalendarLink,
    CartRow,
    EbookHold,
    EbookLink,
    EbookLoan,
    HistoryEntry,
    OutboxMail,
    Patron,
    ReadingPlace,
    SdiCondition,
    Shelf,
    ShelvedTitle,
)

_OWNED = (HistoryEntry, CartRow, SdiCondition, EbookLoan, EbookHold, EbookLink, CalendarLink, OutboxMail, Shelf)


def unseal(patron: Patron) -> None:
    """Take the mark from all that is sealed of a patron, in the caller's transaction. Nothing of both times is lost."""
    _join_memos(patron)
    _drop_doubled_conditions(patron)
    _join_carts(patron)
    _join_shelves(patron)
    _end_doubled_ebooks(patron)
    for model in _OWNED:
        model.update(sealed=False).where(model.patron == patron.id, model.sealed).execute()
    shelves = Shelf.select(Shelf.id).where(Shelf.patron == patron.id)
    ShelvedTitle.update(sealed=False).where(ShelvedTitle.shelf.in_(shelves), ShelvedTitle.sealed).execute()
    _number_again(patron)


def end_addresses_made_since(patron: Patron) -> None:
    """Delete the secret addresses that were made under the new password, in the caller's transaction: who made them proved nothing."""
    for model in (EbookLink, CalendarLink):
        model.delete().where(model.patron == patron.id, ~model.sealed).execute()


def _join_memos(patron: Patron) -> None:
    """Give all records of a title the same memo again: the older, then the newer; and the newer rating, if there is one."""
    mine = (HistoryEntry.patron == patron.id) & HistoryEntry.title.is_null(False)
    columns = (HistoryEntry.title, fn.MAX(HistoryEntry.memo), fn.MAX(HistoryEntry.rating))
    noted = {
        sealed: {
            title: (memo, rating)
            for title, memo, rating in tuples(
                HistoryEntry.select(*columns).where(mine, HistoryEntry.sealed == sealed).group_by(HistoryEntry.title)
            )
        }
        for sealed in (True, False)
    }
    for title in noted[True].keys() & noted[False].keys():
        (before, old_rating), (since, new_rating) = noted[True][title], noted[False][title]
        memo = "\n".join(dict.fromkeys(text for text in (before, since) if text))
        same = mine & (HistoryEntry.title == title)
        HistoryEntry.update(memo=memo, rating=new_rating or old_rating).where(same).execute()


def _drop_doubled_conditions(patron: Patron) -> None:
    """Delete searches that were saved again meanwhile: the older goes on, and knows what it announced."""
    older = SdiCondition.select(SdiCondition.query).where(SdiCondition.patron == patron.id, SdiCondition.sealed)
    again = (SdiCondition.patron == patron.id) & ~SdiCondition.sealed & SdiCondition.query.in_(older)
    SdiCondition.delete().where(again).execute()


def _join_carts(patron: Patron) -> None:
    """Put what was added meanwhile behind what was there before, each title once; there may be more than fit for now."""
    mine = CartRow.patron == patron.id
    older = {title for (title,) in tuples(CartRow.select(CartRow.title).where(mine, CartRow.sealed))}
    CartRow.delete().where(mine, ~CartRow.sealed, CartRow.title.in_(older)).execute()
    end = CartRow.select(fn.MAX(CartRow.position)).where(mine, CartRow.sealed).scalar() or 0
    CartRow.update(position=CartRow.position + end).where(mine, ~CartRow.sealed).execute()


def _end_doubled_ebooks(patron: Patron) -> None:
    """Have each e-book once: the loan that was made meanwhile goes on, and so does the older place in a line. What was kept for the
    other goes to the next in the hour.
    """
    lent, waits = EbookLoan.returned_on.is_null(), EbookHold.state.in_(("waiting", "ready"))
    my_loan, my_hold = EbookLoan.patron == patron.id, EbookHold.patron == patron.id
    again = [ebook for (ebook,) in tuples(EbookLoan.select(EbookLoan.ebook).where(my_loan, lent, ~EbookLoan.sealed))]
    older = (my_loan, lent, EbookLoan.sealed, EbookLoan.ebook.in_(again))
    ReadingPlace.delete().where(ReadingPlace.loan.in_(EbookLoan.select(EbookLoan.id).where(*older))).execute()
    EbookLoan.update(returned_on=EbookLoan.lent_on, patron=None, sealed=False).where(*older).execute()
    EbookHold.delete().where(my_hold, waits, EbookHold.sealed, EbookHold.ebook.in_(again)).execute()
    waited = [ebook for (ebook,) in tuples(EbookHold.select(EbookHold.ebook).where(my_hold, waits, EbookHold.sealed))]
    EbookHold.delete().where(my_hold, waits, ~EbookHold.sealed, EbookHold.ebook.in_(waited)).execute()


def _join_shelves(patron: Patron) -> None:
    """Put what stands on a shelf that was made again meanwhile behind the books of the older one of its name, which stays private."""
    older = {shelf.name: shelf for shelf in Shelf.select().where(Shelf.patron == patron.id, Shelf.sealed)}
    for newer in list(Shelf.select().where(Shelf.patron == patron.id, ~Shelf.sealed, Shelf.name.in_(list(older)))):
        shelf = older[newer.name]
        there = {title for (title,) in tuples(ShelvedTitle.select(ShelvedTitle.title).where(_on(shelf)))}
        end = positions.last(ShelvedTitle, _on(shelf))
        for book in list(ShelvedTitle.select().where(_on(newer)).order_by(ShelvedTitle.position)):
            if book.title_id is None or book.title_id not in there:
                end += 1
                ShelvedTitle.update(shelf=shelf, position=end).where(ShelvedTitle.id == book.id).execute()
            elif book.note:
                noted = fn.TRIM(ShelvedTitle.note.concat("\n").concat(book.note), "\n")
                ShelvedTitle.update(note=noted).where(_on(shelf), ShelvedTitle.title == book.title_id).execute()
        newer.delete_instance()


def _on(shelf: Shelf) -> Expression:
    return ShelvedTitle.shelf == shelf.id


def _number_again(patron: Patron) -> None:
    """Number the shelves of both times 1, 2, 3 in one order."""
    rows = Shelf.select(Shelf.id).where(Shelf.patron == patron.id).order_by(Shelf.position, Shelf.id)
    for position, (shelf_id,) in enumerate(list(tuples(rows)), start=1):
        Shelf.update(position=position).where(Shelf.id == shelf_id).execute()
