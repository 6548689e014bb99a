"""家族の分もすべて延長する: the loans of a family judged and renewed together, for the children who leave their renewals to the viewer.

Of a child who shows no titles (書名を見せない) all is renewed or nothing, at the press and without reasons: what can be tried out on one loan
tells what it is.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from peewee import Expression

from library import audit, clock, errors
from library.lending import loans, renewals
from library.patrons.family import ties
from library.store import database
from models import FamilyTie, Loan, Patron


def renewable(viewer: Patron, looked_at: Sequence[FamilyTie], found: Sequence[Loan]) -> list[Loan]:
    """Return those of the family's loans that the viewer may renew one by one: their own, and those of children who leave it to them and
    show their titles.
    """
    allowed = {viewer.id, *(tie.child_id for tie in looked_at if tie.may_renew and not tie.titles_hidden)}
    return [loan for loan in found if loan.patron_id in allowed]


def renew_shown(
    viewer: Patron, until: Mapping[int, date], whole: Collection[int] = (), *, now: datetime
) -> list[renewals.Outcome]:
    """Renew exactly the loans that were shown, each to the day that was shown (loan id → date), and of each tie in ``whole``, whose child
    shows no titles, all that is out or nothing; return an outcome for each.

    The viewer can take it back for some minutes. Raises: FamilyRenewalNotLeft, before anything is done, when one of them is not out
    any more or belongs to somebody who does not leave it so to the viewer.
    """
    with database.writing():
        left = ties.renewable_by(viewer)
        chosen = renewable(viewer, left, _out(Loan.id.in_(list(until))))
        groups = [_out(Loan.patron == tie.child_id) for tie in left if tie.id in whole and tie.titles_hidden]
        groups = [found for group in groups if (found := [loan for loan in group if loans.is_asked_for(loan)])]
        if len(chosen) < len(until) or len(groups) < len(whole):
            raise errors.FamilyRenewalNotLeft()
        refused, days = [], dict(until)
        for group in groups:
            judged = renewals.Renewals(group, today=clock.day_of(now), viewer=viewer).together(group)
            if len(judged.renewed) < len(group):
                refused += [renewals.Outcome(loan, loan.due_on, [errors.FamilyRenewedTogether()]) for loan in group]
            else:
                chosen += group
                days |= {loan.id: day for loan, day in judged.renewed}
        outcomes = renewals.renew_shown(chosen, days, now=now, by="patron", viewer=viewer)
        _record(viewer, outcomes, now)
    return outcomes + refused


def _out(which: Expression) -> list[Loan]:
    return list(loans.with_titles().where(which, Loan.returned_on.is_null()))


def _record(viewer: Patron, outcomes: Sequence[renewals.Outcome], now: datetime) -> None:
    """Record, for each child, how many were renewed for them; not by whom, and not which."""
    renewed = [each.loan.patron_id or viewer.id for each in outcomes if not each.reasons]
    for child in sorted(set(renewed) - {viewer.id}):
        audit.record("family.renewed", actor="patron", now=now, patron=child, count=renewed.count(child))


def take_back(viewer: Patron, facts: dict[str, Any]) -> None:
    """元に戻す: as renewals.take_back, in the caller's transaction. Raises: UndoChanged, too, when a child leaves it to the viewer no more."""
    others = [tie.child_id for tie in ties.renewable_by(viewer) if tie.child_id]
    renewals.take_back(viewer, facts, others=others)
