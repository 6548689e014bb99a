"""廃止: a card that is given back. Nobody can sign in with it, and ``library.account.retention`` erases it when its time
is over.
"""

from collections.abc import Iterable
from datetime import datetime

from peewee import fn

from library import audit, clock, errors, patron_columns
from library.access import seals, sessions
from library.access.factors import passkeys
from library.access.guessing import tries
from library.ebooks import lending as ebook_lending
from library.lending.holds import hold_queue, hold_states
from library.numbers import cards
from library.patrons import patrons
from library.patrons.family import ties
from library.requests import receipt
from library.site import questions
from library.store import database
from library.store.queries import tuples
from models import (
    CalendarLink,
    CartRow,
    ClosingRequest,
    EbookLink,
    HistoryEntry,
    Hold,
    Loan,
    Patron,
    SdiCondition,
    Shelf,
    Undo,
)


def refusals(patron: Patron) -> list:
    """Return the refusals of closing a card: it is closed, or the patron has loans that are out or unsettled."""
    if patron.state == "closed":
        return [errors.CardClosed()]
    count = count_owing([patron.id]).get(patron.id)
    return [errors.PatronHasLoans(n=count)] if count else []


def count_owing(patron_ids: Iterable[int]) -> dict[int, int]:
    """Return patron id → number of loans that are out or unsettled; patrons without any are absent."""
    with_them = Loan.returned_on.is_null() | (Loan.trouble != "")
    rows = Loan.select(Loan.patron, fn.COUNT(Loan.id)).where(Loan.patron.in_(list(patron_ids)), with_them)
    return dict(tuples(rows.group_by(Loan.patron)))


def close(patron: Patron, *, by: str, now: datetime) -> None:
    """Close a card: cancel its holds, let copies set aside go on to the next patron, delete the patron's private
    records. Raises: Refusals.
    """
    with database.writing():
        patron = Patron.get_by_id(patron.id)
        if reasons := refusals(patron):
            raise errors.Refusals(reasons)
        emptied = {name: getattr(Patron, name).default for name in patron_columns.emptied(patron_columns.CLOSING)}
        Patron.update(emptied, state="closed", closed_on=clock.day_of(now)).where(Patron.id == patron.id).execute()
        rows = Hold.select(Hold.id).where(Hold.patron == patron, Hold.state.in_(hold_states.OPEN)).order_by(Hold.id)
        for (hold_id,) in tuples(rows):  # read one by one: the end of a hold may move the next of its 順番どおり
            hold_queue.end(Hold.get_by_id(hold_id), "cancelled", "closed", now=now)
        receipt.close_card(patron, now=now)
        seals.give_back_for_closing(patron)
        ebook_lending.close_card(patron, now=now)
        for model in (CartRow, EbookLink, HistoryEntry, SdiCondition, CalendarLink, Shelf, ClosingRequest, Undo):
            model.delete().where(model.patron == patron).execute()
        cards.erase_mykey(patron)
        ties.close_card(patron)
        questions.close_card(patron)
        sessions.end_others(patron)
        patrons.forget_old_password(patron)
        passkeys.forget(patron)
        tries.start_anew(tries.card_counter(patron))
        audit.record("patron.closed", actor=by, now=now, patron=patron)


# -- asked for by the patron -----------------------------------------------------------------------------------------
def request_of(patron: Patron) -> ClosingRequest | None:
    """Return the patron's request to close the card; None where there is none."""
    return ClosingRequest.get_or_none(ClosingRequest.patron == patron.id)


def request(patron: Patron, *, now: datetime) -> None:
    """Ask for 廃止, once; the addresses on file get a mail, and older ones where something is sealed. Raises: Refusals,
    those of closing.
    """
    with database.writing():
        if reasons := refusals(patron):
            raise errors.Refusals(reasons)
        if request_of(patron) is None:
            ClosingRequest.create(patron=patron, asked_at=now)
            cause = audit.record("closing.requested", actor="patron", now=now, patron=patron)
            older = seals.older_addresses(patron, now=now) if seals.is_sealed(patron) else []
            told = {row.address: row for row in [*older, *patrons.addresses(patron)]}
            patrons.tell_of_change(patron, "closing", [], to=told.values(), cause=cause, now=now)


def withdraw(patron: Patron, *, now: datetime) -> None:
    """Withdraw the request: the patron keeps the card."""
    with database.writing():
        if ClosingRequest.delete().where(ClosingRequest.patron == patron).execute():
            audit.record("closing.withdrawn", actor="patron", now=now, patron=patron)


def requests() -> list[ClosingRequest]:
    """Return the requests to close a card, the oldest first, with their patrons."""
    return list(ClosingRequest.select(ClosingRequest, Patron).join(Patron).order_by(ClosingRequest.asked_at))
