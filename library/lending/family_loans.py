"""家族の分もすべて延長する: the loans of a family judged and renewed together, for the children who leave their renewals to the viewer."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from library import audit, errors
from library.lending import renewals
from library.people.family import ties
from library.store import database
from models import FamilyTie, Loan, Patron


def renewable(viewer: Patron, looked_at: Sequence[FamilyTie], found: Sequence[Loan]) -> list[Loan]:
    """Return those of the family's loans that the viewer may renew: their own, and those of children who leave it to them."""
    allowed = {viewer.id, *(tie.child_id for tie in looked_at if tie.may_renew)}
    return [loan for loan in found if loan.patron_id in allowed]


def renew_shown(viewer: Patron, until: Mapping[int, date], *, now: datetime) -> list[renewals.Outcome]:
    """Renew exactly the loans that were shown, each to the day that was shown (loan id → date); return an outcome for each.

    The viewer can take it back for some minutes. Raises: FamilyRenewalNotLeft, before anything is done, when one of them is not out
    any more or belongs to somebody who does not leave it to the viewer.
    """
    with database.writing():
        owners = [viewer.id, *ties.renewed_for(viewer)]
        rows = Loan.select().where(Loan.id.in_(list(until)), Loan.patron.in_(owners), Loan.returned_on.is_null())
        chosen = list(rows)
        if len(chosen) < len(until):
            raise errors.FamilyRenewalNotLeft()
        outcomes = renewals.renew_shown(chosen, until, now=now, by="patron", viewer=viewer)
        _record(viewer, outcomes, now)
    return outcomes


def _record(viewer: Patron, outcomes: Sequence[renewals.Outcome], now: datetime) -> None:
    """Record, for each child, how many were renewed for them; not by whom, and not which."""
    renewed = [each.loan.patron_id or viewer.id for each in outcomes if not each.reasons]
    for child in sorted(set(renewed) - {viewer.id}):
        audit.record("family.renewed", actor="patron", now=now, patron=child, count=renewed.count(child))


def take_back(viewer: Patron, facts: dict[str, Any]) -> None:
    """元に戻す: as renewals.take_back, in the caller's transaction. Raises: UndoChanged, too, when a child leaves it to the viewer no more."""
    renewals.take_back(viewer, facts, others=ties.renewed_for(viewer))
