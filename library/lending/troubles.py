"""紛失・汚損・弁償・「返しました」: trouble with a loan. Until it is settled the loan stays with its patron."""

from datetime import datetime
from typing import Any

from library import audit, clock, errors
from library.lending import item_states, loans, withdrawals
from library.lending.holds import hold_queue
from library.store import database
from models import Loan

UNSETTLED = ("lost", "damaged", "claimed")


def _open(loan: Loan) -> Loan:
    loan = Loan.get_by_id(loan.id)
    if loan.returned_on is not None:
        raise errors.Refusals([errors.LoanOver()])
    return loan


def _set(loan: Loan, trouble: str, action: str, *, by: str, now: datetime, **columns: Any) -> Loan:
    for name, value in (columns | {"trouble": trouble}).items():
        setattr(loan, name, value)
    Loan.update(columns | {"trouble": trouble}).where(Loan.id == loan.id).execute()
    audit.record(action, actor=by, now=now, patron=loan.patron_id)
    return loan


def report_lost(loan: Loan, *, by: str, now: datetime) -> Loan:
    """紛失: note that the patron lost the copy. Reminders stop; the loan stays until ``settle``. Raises: LoanOver."""
    with database.writing():
        loan = _open(loan)
        item_states.set_state(loan.item, "lost", now=now)
        return _set(loan, "lost", "loan.lost", by=by, now=now)


def claim_returned(loan: Loan, *, by: str, now: datetime) -> Loan:
    """返しました: note the patron's claim; reminders stop while the desk searches. Raises: LoanOver."""
    with database.writing():
        loan = _open(loan)
        return loan if loan.trouble else _set(loan, "claimed", "loan.claimed", by=by, now=now)


def reject_claim(loan: Loan, *, by: str, now: datetime) -> Loan:
    """End a claim, as the copy is not on its shelf; the loan goes on as before. Raises: LoanOver."""
    with database.writing():
        loan = _open(loan)
        return _set(loan, "", "loan.claim_rejected", by=by, now=now) if loan.trouble == "claimed" else loan


def report_damage(loan: Loan, *, by: str, now: datetime) -> Loan:
    """汚損: note damage and send the copy to repair; a loan that is open is returned by it. Raises: UndoTooLate when its
    patron was erased.
    """
    with database.writing():
        loan = Loan.get_by_id(loan.id)
        if loan.patron_id is None:
            raise errors.Refusals([errors.UndoTooLate()])
        columns = {} if loan.returned_on else {"returned_on": clock.day_of(now), "returned_at": now}
        loan = _set(loan, "damaged", "loan.damaged", by=by, now=now, **columns)
        item_states.set_state(loan.item, "repair", now=now)
        return loan


def settle(loan: Loan, *, item_state: str, reason: str = withdrawals.REPLACED, by: str, now: datetime) -> Loan:
    """End the trouble (弁償 …), close the loan and set the copy to ``item_state``; ``reason``: if it is withdrawn."""
    with database.writing():
        loan = Loan.get_by_id(loan.id)
        columns = {} if loan.returned_on else {"returned_on": clock.day_of(now), "returned_at": now}
        loan = _set(loan, "", "loan.settled", by=by, now=now, **columns)
        if loans.open_loan_of(loan.item) is None and loan.item.state != "withdrawn":
            if item_state == "withdrawn":
                withdrawals.write_off(loan.item, reason, clock.day_of(now), by=by, now=now)
            else:
                item_states.set_state(loan.item, item_state, now=now)
            if item_state == "available":
                hold_queue.pass_on(loan.item, now=now)
        return loan


def unsettled() -> list[Loan]:
    """Return the loans that are lost, damaged or claimed returned, oldest first."""
    return list(loans.with_titles().where(Loan.trouble.in_(UNSETTLED)).order_by(Loan.lent_on, Loan.id))
