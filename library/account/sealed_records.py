"""保護中の記録を削除する: for a patron who can't prove to be the one of before, or wants none of it."""

from datetime import datetime

from library import audit
from library.access import seals
from library.ebooks import lending
from library.store import database
from models import (
    CalendarLink,
    CartRow,
    EbookHold,
    EbookLink,
    EbookLoan,
    HistoryEntry,
    OutboxMail,
    Patron,
    SdiCondition,
    Shelf,
    ShelvedTitle,
)


def delete(patron: Patron, *, now: datetime) -> None:
    """Delete all that is sealed for good; what came since stays. Sealed e-books are returned. Nothing where there is no seal."""
    with database.writing():
        if seals.of_patron(patron) is None:
            return
        _return_ebooks(patron, now)
        for model in (HistoryEntry, CartRow, SdiCondition, Shelf, EbookHold, EbookLink, CalendarLink):
            model.delete().where(model.patron == patron.id, model.sealed).execute()
        shelves = Shelf.select(Shelf.id).where(Shelf.patron == patron.id)
        emptied = {"note": "", "read_on": None}
        ShelvedTitle.update(emptied).where(ShelvedTitle.shelf.in_(shelves), ShelvedTitle.sealed).execute()
        settled = OutboxMail.state.in_(("sent", "failed", "cancelled"))
        mails = (OutboxMail.patron == patron.id) & OutboxMail.sealed & settled
        OutboxMail.update(text="", subject="", facts={}).where(mails).execute()
        seals.end(patron)
        audit.record("seal.deleted", actor="patron", now=now, patron=patron)


def _return_ebooks(patron: Patron, now: datetime) -> None:
    for loan in list(EbookLoan.select().where(EbookLoan.patron == patron.id, EbookLoan.sealed)):
        lending.give_back(loan, now=now)
    in_line = EbookHold.state.in_(lending.IN_LINE)
    for hold in list(EbookHold.select().where(EbookHold.patron == patron.id, EbookHold.sealed, in_line)):
        lending.leave(hold, now=now)
