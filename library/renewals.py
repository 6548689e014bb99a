"""延長: a loan for longer, counted from the day it is asked for."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from library import audit, clock, database, errors, hold_queue, loans, opening, patrons, policy
from library.queries import Query, among, blank, listed
from models import Loan


@dataclass(frozen=True)
class Answer:
    """To one loan of several: until when it may be kept now, or the reasons why not longer."""

    loan: Loan
    due_on: date
    reasons: list = field(default_factory=list)


def preview(loan, *, today) -> date:
    """The due date that a renewal today would give. NeverOpen."""
    days = _rules(loan)["loan_days"]
    return opening.next_open_day(loan.branch, today + timedelta(days=days))


def renewals_left(loan) -> int:
    return max(0, _rules(loan)["renewals"] - loan.renewals)


def refusals(loan, *, today, have=None, line=None) -> list:
    """Every reason why this loan can't be renewed now. If they are known, ``have``: all open loans of the patron, or those of them
    that are overdue; ``line``: those in line for the title.
    """
    if loan.returned_on is not None or loan.patron_id is None:
        return [errors.LoanOver()]
    have = loans.open_loans(loan.patron) if have is None else have
    reasons = patrons.card_refusals(loan.patron, today=today) + loans.overdue_refusals(have, today=today)
    if loan.trouble:
        reasons.append(errors.LoanUnsettled())
    line = hold_queue.in_line(loan.item.title_id, today=today) if line is None else line
    return reasons + _limit_refusals(loan) + _waiting_refusals(loan, line) + _date_refusals(loan, today)


def refusals_of_many(chosen, *, today) -> dict[int, list]:
    """Return every reason against each of these loans of many patrons, by loan id, in a few queries. Items, titles, branches
    and patrons come along with the loans.
    """
    late = {}
    for loan in _LATE.rows(patrons=listed({loan.patron_id for loan in chosen}), today=today):
        late.setdefault(loan.patron_id, []).append(loan)
    lines = hold_queue.in_lines({loan.item.title.id for loan in chosen}, today=today)
    return {
        loan.id: refusals(loan, today=today, have=late.get(loan.patron_id, []), line=lines[loan.item.title.id])
        for loan in chosen
    }


_LATE = Query(
    lambda: Loan.select(Loan.patron, Loan.due_on, Loan.trouble).where(
        Loan.patron.in_(among("patrons")), Loan.returned_on.is_null(), Loan.due_on < blank("today")
    )
)


def _rules(loan):
    return policy.lending(loan.patron.category, loans.type_of(loan.item))


def _limit_refusals(loan):
    limit = _rules(loan)["renewals"]
    if limit == 0:
        return [errors.KindNotRenewed()]
    return [errors.RenewalsUsed(limit=limit)] if loan.renewals >= limit else []


def _waiting_refusals(loan, line):
    """Those who are in line without a copy: every free copy is on a pull list for somebody already."""
    others = any(hold.state == "waiting" and hold.patron_id != loan.patron_id for hold in line)
    return [errors.SomebodyWaits()] if others else []


def _date_refusals(loan, today):
    try:
        new = preview(loan, today=today)
    except errors.NeverOpen as never:
        return [never]
    return [] if new > loan.due_on else [errors.RenewalNotLater()]


def renew(loan, *, now, by: str, override: str = "") -> Loan:
    """延長: the due date as of today. Refusals with all reasons, unless ``override`` says why all the same."""
    with database.writing():
        return _renew(Loan.get_by_id(loan.id), now=now, by=by, override=override)


def together_refusals(loan, new_due: date) -> list:
    """Return why すべて延長する leaves out a loan that one by one could be renewed until ``new_due``: it would gain few days."""
    days = (new_due - loan.due_on).days
    return [errors.RenewalGainsLittle(days=days)] if days < policy.get("renew_gain_days") else []


def renew_all(chosen, *, now, by: str, together: bool = False) -> list[Answer]:
    """One, several or all of a patron's loans; an answer for each, in their order. What is refused stays as it was, and ``together``
    what would gain few days.
    """
    answers = []
    with database.writing():
        for loan in Loan.select().where(Loan.id.in_([loan.id for loan in chosen])).order_by(Loan.due_on, Loan.id):
            try:
                answers.append(Answer(loan, _renew(loan, now=now, by=by, together=together).due_on))
            except errors.Refusals as refused:
                answers.append(Answer(loan, loan.due_on, refused.reasons))
    return answers


def _renew(loan, *, now, by, override="", together=False):
    today = clock.day_of(now)
    reasons = refusals(loan, today=today)
    if together and not reasons:
        reasons = together_refusals(loan, preview(loan, today=today))
    firm = any(isinstance(reason, (errors.LoanOver, errors.RenewalNotLater, errors.NeverOpen)) for reason in reasons)
    if reasons and (firm or not override.strip()):
        raise errors.Refusals(reasons)
    if reasons:
        names = [type(reason).__name__ for reason in reasons]
        audit.record(
            "loan.overridden", actor=by, now=now, patron=loan.patron, reasons=names, why=override.strip()[:200]
        )
    loan.due_on, loan.renewals = preview(loan, today=today), loan.renewals + 1
    Loan.update(due_on=loan.due_on, renewals=loan.renewals).where(Loan.id == loan.id).execute()
    return loan
