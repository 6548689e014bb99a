"""まとめて延長する: a viewer renews the loans of the children who allow it, together with their own.

For a child who hides titles (書名を見せない), all loans are renewed or none, and no reasons are given: trying out one loan
would tell which book it is.
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
    """Return the loans that the viewer may renew singly: own ones, and of children who allow it and show titles."""
    allowed = {viewer.id, *(tie.child_id for tie in looked_at if tie.may_renew and not tie.titles_hidden)}
    return [loan for loan in found if loan.patron_id in allowed]


def renew_shown(
    viewer: Patron, until: Mapping[int, date], hidden_ties: Collection[int] = (), *, now: datetime
) -> list[renewals.Outcome]:
    """Renew loans to the days that were shown (loan id → day), and all loans of each child in ``hidden_ties``.

    ``hidden_ties``: ids of ties whose child hides titles; such a child's loans are renewed all or not at all. Return
    one outcome for each loan. The viewer can undo it for some minutes. Raises: FamilyRenewalNotLeft, before any
    renewal, when a loan is no longer out or a child no longer allows it.
    """
    with database.writing():
        left = ties.renewable_by(viewer)
        chosen = renewable(viewer, left, _out(Loan.id.in_(list(until))))
        groups = [_out(Loan.patron == tie.child_id) for tie in left if tie.id in hidden_ties and tie.titles_hidden]
        groups = [found for group in groups if (found := [loan for loan in group if loans.may_be_reminded(loan)])]
        if len(chosen) < len(until) or len(groups) < len(hidden_ties):
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
    """Record the number of renewals for each child, but neither the viewer nor the loans."""
    renewed = [each.loan.patron_id or viewer.id for each in outcomes if not each.reasons]
    for child in sorted(set(renewed) - {viewer.id}):
        audit.record("family.renewed", actor="patron", now=now, patron=child, count=renewed.count(child))


def take_back(viewer: Patron, facts: dict[str, Any]) -> None:
    """元に戻す: undo a family renewal from its stored facts, in the caller's transaction.

    Raises: UndoChanged when a loan was changed since, or a child no longer allows renewals.
    """
    others = [tie.child_id for tie in ties.renewable_by(viewer) if tie.child_id]
    renewals.take_back(viewer, facts, others=others)
