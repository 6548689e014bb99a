"""Lending a セット in one scan, taking that back, and what is still missing as its copies come back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from library import clock, errors, policy
from library.catalog.series import newest
from library.lending import loans
from library.lending.holds import hold_queue
from library.lending.sets import item_sets
from library.store import database
from models import Branch, Item, ItemSet, Loan, Patron

NOT_THERE = ("lost", "missing")  # states of copies that are not found
_KEY = "set:"  # begins Loan.request of loans that were made together


@dataclass(frozen=True)
class Short:
    """A copy of a set that can't be lent now, and every reason."""

    item: Item
    reasons: list[errors.Refused]


@dataclass(frozen=True)
class Lent:
    """The outcome: the ``loans`` that were made, and the copies that can't be lent. Without loans nothing was done: the
    copies are ``short``, or all are with the patron since a moment ago.
    """

    loans: list[Loan]
    short: list[Short]


def check_out(
    patron: Patron,
    item_set: ItemSet,
    *,
    branch: Branch,
    without: Collection[int] = (),
    request: str,
    now: datetime,
    by: str,
    rules: policy.Policy | None = None,
) -> Lent:
    """Lend all copies of a set at a branch, or nothing; but those that can't be lent may be left out where ``without``
    has the ids of all of them. ``request`` names the form: sent twice it lends once. Raises: SetIsEmpty, NeverOpen.
    """
    rules = rules or policy.read()
    with database.writing():
        free, short = _sorted_out(patron, item_set, now, rules)
        if not {each.item.id for each in short} <= set(without):
            return Lent([], short)
        key = f"{_KEY}{item_set.id}:{request}"
        made = [
            loans.check_out(patron, item, branch=branch, request=key, rules=rules, now=now, by=by).loan for item in free
        ]
    return Lent(made, short)


def _sorted_out(
    patron: Patron, item_set: ItemSet, now: datetime, rules: policy.Policy
) -> tuple[list[Item], list[Short]]:
    """Return the copies that can be lent together, and the others; those lent to the patron today are neither."""
    today, have, copies = clock.day_of(now), loans.open_loans(patron), item_sets.copies(item_set)
    if not copies:
        raise errors.SetIsEmpty()
    free: list[Item] = []
    short: list[Short] = []
    for item in copies:
        queue, stays = hold_queue.open_on(item, today=today), newest.is_kept_now(item, today=today)
        scan = loans.Scan(have, loans.open_loan_of(item), queue, stays)
        if scan.out and (scan.out.patron_id, scan.out.lent_on) == (patron.id, today):
            continue
        if reasons := loans.check_out_refusals(patron, item, today=today, rules=rules, scan=scan):
            short.append(Short(item, reasons))
        else:
            free.append(item)
            have = [*have, Loan(item=item, patron=patron, lent_on=today, due_on=today)]
    return free, short


def together(loan: Loan) -> list[Loan]:
    """Return the loans that were made by one scan of a set with this one, itself among them; [] for an ordinary one."""
    if not loan.request.startswith(_KEY):
        return []
    key = loan.request.rpartition(":")[0]
    rows = Loan.select().where(Loan.patron == loan.patron_id, Loan.lent_on == loan.lent_on)
    return list(rows.where(Loan.request.startswith(f"{key}:")).order_by(Loan.id))


def undo(loan: Loan, *, by: str, now: datetime) -> list[Loan]:
    """Take back a loan, or those of a set together, and return them. Raises: Refusals of ``loans.undo``."""
    with database.writing():
        made = together(loan) or [loan]
        for each in made:
            loans.undo(each, by=by, now=now)
    return made


def last_taken(item_set: ItemSet) -> list[Loan]:
    """Return the open loans of the copies that are with the last borrower of a set; [] where none is out."""
    out = item_sets.open_loans([item_set])
    last = max(out, key=lambda loan: loan.id, default=None)
    return [loan for loan in out if last and loan.patron_id == last.patron_id]


def missing(item_set: ItemSet) -> int:
    """Return the number of copies that are not back: on loan, or not found."""
    out = {loan.item_id for loan in item_sets.open_loans([item_set])}
    return sum(item.id in out or item.state in NOT_THERE for item in item_sets.copies(item_set))
