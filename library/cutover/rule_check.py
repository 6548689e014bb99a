"""貸出ルール: real loans beside the due dates that our lending rules give them."""

import random
from datetime import date, timedelta
from typing import NamedTuple

from library import errors, policy
from library.calendar import opening
from library.lending import loans
from library.store.queries import tuples
from models import Branch, Item, Loan, Patron, Title

SHOWN = 10


class Worked(NamedTuple):
    """A loan, and the rules for its kind; ``ours``: the due date that they give, None where the branch never opens."""

    barcode: str
    category: str
    material_type: str
    branch: str
    lent_on: date
    renewals: int
    due_on: date
    ours: date | None
    loan_days: int
    loan_limit: int
    renewals_allowed: int


def drawn_loans(chance: random.Random | None = None) -> list[Worked]:
    """Return ten random loans that are out, the earliest lent first."""
    ids = [number for (number,) in tuples(Loan.select(Loan.id).where(Loan.returned_on.is_null()).order_by(Loan.id))]
    drawn = (chance or random.SystemRandom()).sample(ids, min(SHOWN, len(ids)))
    rows = (
        Loan.select(Loan, Item, Title, Patron, Branch)
        .join(Item)
        .join(Title)
        .join_from(Loan, Patron)
        .join_from(Loan, Branch, on=Loan.branch)
        .where(Loan.id.in_(drawn))
        .order_by(Loan.lent_on, Loan.id)
    )
    found, rules = list(rows), policy.read()
    calendars = opening.calendars({row.branch for row in found}, rules)
    return [_worked(row, rules, calendars[row.branch_id]) for row in found]


def _worked(row: Loan, rules: policy.Policy, calendar: opening.Calendar) -> Worked:
    kind = loans.type_of(row.item)
    category = row.patron.category if row.patron else ""  # an open loan has a patron
    rule = rules.lending(category, kind)
    try:
        ours = calendar.next_open_day(row.lent_on + timedelta(days=rule["loan_days"]))
    except errors.NeverOpen:
        ours = None
    loan = (row.item.barcode, category, kind, row.branch.name, row.lent_on, row.renewals, row.due_on)
    return Worked(*loan, ours, rule["loan_days"], rule["loan_limit"], rule["renewals"])
