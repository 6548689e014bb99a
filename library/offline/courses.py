"""The course of a copy: its loans one after the other, with the hours of those that entries tell of. A loan of the desk has a day alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from peewee import JOIN

from library import clock
from library.store import queries
from models import Item, Loan, OfflineEntry, Patron


@dataclass(frozen=True)
class Past:
    """One loan of the copy; ``moment``: of its beginning, where an entry tells of it."""

    id: int
    patron_id: int | None
    lent_on: date
    returned_on: date | None
    moment: datetime | None

    def had_begun(self, at: datetime) -> bool:
        """Tell if it had begun at a moment; one of that same day without an hour had not."""
        return self.moment <= at if self.moment else self.lent_on < clock.day_of(at)

    def order(self) -> tuple[datetime, int]:
        return self.moment or clock.at(self.lent_on), self.id


@dataclass(frozen=True)
class Course:
    """Loans of one copy; ``returns``: the moments of returns that entries tell of."""

    loans: list[Past]
    returns: list[datetime]

    @property
    def open(self) -> Past | None:
        return next((loan for loan in self.loans if loan.returned_on is None), None)

    def after(self, at: datetime) -> Past | None:
        """Return the first loan that began after a moment, or on its day at nobody knows what hour."""
        later = [loan for loan in self.loans if not loan.had_begun(at)]
        return min(later, key=Past.order, default=None)

    def before(self, at: datetime) -> Past | None:
        """Return the last loan that had begun at a moment."""
        return max((loan for loan in self.loans if loan.had_begun(at)), key=Past.order, default=None)

    def same(self, patron: Patron, at: datetime) -> Past | None:
        """Return the loan to this person on the day of a moment, if the copy didn't come back between the two."""
        day = clock.day_of(at)
        for loan in self.loans:
            if (loan.patron_id, loan.lent_on) == (patron.id, day):
                first, last = sorted((loan.moment or at, at))
                if (loan.moment or loan.returned_on is None) and not any(first < back < last for back in self.returns):
                    return loan
        return None

    def is_in(self, at: datetime) -> bool:
        """Tell if the copy was surely in at a moment: the loan before it was over on that day, and none of that day lacks its hour."""
        day, last = clock.day_of(at), self.before(at)
        if any(loan.lent_on == day and loan.moment is None for loan in self.loans):
            return False
        return last is None or (last.returned_on is not None and last.returned_on <= day)


# rows, and no models: of a copy that went out a thousand times, all are looked at for each of a thousand entries
_LOANS = queries.Query(
    lambda: (
        Loan.select(Loan.id, Loan.patron, Loan.lent_on, Loan.returned_on, OfflineEntry.kind, OfflineEntry.at)
        .join(OfflineEntry, JOIN.LEFT_OUTER, on=(OfflineEntry.loan == Loan.id))
        .where(Loan.item == queries.blank("item"))
        .order_by(Loan.id, OfflineEntry.at)
    )
)


def read(item: Item) -> Course:
    """Return the course of a copy."""
    rows = _LOANS.rows(item=item.id)  # where two entries tell of a loan, the first one's moment counts
    moments: dict[int, datetime] = {row.id: row.at for row in reversed(rows) if row.kind == "loan"}
    loans = {row.id: Past(row.id, row.patron_id, row.lent_on, row.returned_on, moments.get(row.id)) for row in rows}
    return Course(list(loans.values()), [row.at for row in rows if row.kind == "return"])
