"""延長 from My Library: what is due soon, renewed with one press for each patron and day."""

from collections.abc import Sequence
from datetime import date

from library import policy
from library.account import today as matters
from library.lending import loans, renewals
from models import FamilyTie, Loan, Patron


def add(
    found: list[matters.Due], viewer: Patron, looked_at: Sequence[FamilyTie], *, today: date, rules: policy.Policy
) -> list[matters.Due]:
    """Return ``found`` with the renewals of what is due soon: of one's own, and of children who allow it and show
    titles.
    """
    near = matters.near(found)
    of_tie = {tie.id: tie.child for tie in looked_at if tie.child and tie.may_renew and not tie.titles_hidden}
    chosen = {
        each.tie: viewer if each.tie is None else of_tie[each.tie] for each in near if each.tie in (None, *of_tie)
    }
    if not chosen:
        return found
    borrowed = loans.open_loans_of(chosen.values(), until=near[-1].day)
    borrowers: dict[int | None, Patron] = {patron.id: patron for patron in chosen.values()}
    for loan in borrowed:
        loan.patron = borrowers[loan.patron_id]  # known, so that the rules need not ask for it with each loan
    judged = renewals.Renewals(borrowed, today=today, rules=rules, are_all=True, viewer=viewer)  # all late ones, too
    return [
        each._replace(renewal=_renewal(judged, borrowed, each.day, chosen[each.tie]))
        if each in near and each.tie in chosen
        else each
        for each in found
    ]


def _renewal(judged: renewals.Renewals, borrowed: list[Loan], day: date, patron: Patron) -> matters.Renewal:
    until, reason = [], ""
    for loan in borrowed:
        if loan.patron_id == patron.id and loan.due_on == day and loans.may_be_reminded(loan):
            if refused := judged.refusals(loan):
                reason = reason or refused[0].opening(stop=True)  # stands in a line with another
            else:
                until.append((loan.id, judged.due(loan)))
    return matters.Renewal(until, reason)
