"""The course of a copy: its loans one after the other, with the hours of those that entries tell of. A loan of the desk has a day alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from library import clock
from models import Item, Loan, OfflineEntry, Patron


@dataclass(frozen=True)
class Course:
    """Loans of one copy; ``moments``: by loan, where an entry says it; ``returns``: the moments of returns that entries tell of."""

    loans: list[Loan]
    moments: dict[int, datetime]
    returns: list[datetime]

    @property
    def open(self) -> Loan | None:
        return next((loan for loan in self.loans if loan.returned_on is None), None)

    def moment(self, loan: Loan) -> datetime | None:
        return self.moments.get(loan.id)

    def began_by(self, loan: Loan, at: datetime) -> bool:
        """Tell if a loan had begun at a moment; one of that same day without an hour had not."""
        moment = self.moment(loan)
        return moment <= at if moment else loan.lent_on < clock.day_of(at)

    def after(self, at: datetime) -> Loan | None:
        """Return the first loan that began after a moment, or on its day at nobody knows what hour."""
        later = [loan for loan in self.loans if not self.began_by(loan, at)]
        return min(later, key=self._order, default=None)

    def before(self, at: datetime) -> Loan | None:
        """Return the last loan that had begun at a moment."""
        return max((loan for loan in self.loans if self.began_by(loan, at)), key=self._order, default=None)

    def same(self, patron: Patron, at: datetime) -> Loan | None:
        """Return the loan to this person on the day of a moment, if the copy didn't come back between the two."""
        day = clock.day_of(at)
        for loan in self.loans:
            if (loan.patron_id, loan.lent_on) == (patron.id, day):
                moment = self.moment(loan)
                first, last = sorted((moment or at, at))
                if (moment or loan.returned_on is None) and not any(first < back < last for back in self.returns):
                    return loan
        return None

    def is_in(self, at: datetime) -> bool:
        """Tell if the copy was surely in at a moment: the loan before it was over on that day, and none of that day lacks its hour."""
        day, last = clock.day_of(at), self.before(at)
        if any(loan.lent_on == day and self.moment(loan) is None for loan in self.loans):
            return False
        return last is None or (last.returned_on is not None and last.returned_on <= day)

    def _order(self, loan: Loan) -> tuple[datetime, int]:
        return self.moment(loan) or clock.at(loan.lent_on), loan.id


def read(item: Item) -> Course:
    """Return the course of a copy."""
    rows = list(Loan.select().where(Loan.item == item))
    told = OfflineEntry.select(OfflineEntry.loan, OfflineEntry.at, OfflineEntry.kind).where(OfflineEntry.loan.in_(rows))
    told = list(told.order_by(OfflineEntry.at.desc()))
    loans = [row for row in told if row.kind == "loan"]
    moments = {row.loan_id: row.at for row in loans if row.loan_id}  # the first, where two tell of it
    return Course(rows, moments, [row.at for row in told if row.kind == "return"])
