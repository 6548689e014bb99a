"""The loans of a copy in order of time. Those from entries have a moment, those of the desk only a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from peewee import JOIN

from library import clock
from library.store import queries
from models import Item, Loan, OfflineEntry, Patron


@dataclass(frozen=True)
class Past:
    """One loan of the copy; ``moment``: its beginning, if an entry tells."""

    id: int
    patron_id: int | None
    lent_on: date
    returned_on: date | None
    moment: datetime | None

    def had_begun(self, at: datetime) -> bool:
        """Tell whether the loan had begun at a moment; one of the same day without an hour counts as not begun."""
        return self.moment <= at if self.moment else self.lent_on < clock.day_of(at)

    def order(self) -> tuple[datetime, int]:
        return self.moment or clock.at(self.lent_on), self.id


@dataclass(frozen=True)
class Course:
    """The loans of one copy; ``returns``: moments of its returns, from entries."""

    loans: list[Past]
    returns: list[datetime]

    @property
    def open(self) -> Past | None:
        return next((loan for loan in self.loans if loan.returned_on is None), None)

    def after(self, at: datetime) -> Past | None:
        """Return the first loan after a moment, or of the same day without an hour; None if there is none."""
        later = [loan for loan in self.loans if not loan.had_begun(at)]
        return min(later, key=Past.order, default=None)

    def before(self, at: datetime) -> Past | None:
        """Return the last loan that had begun at a moment; None if there is none."""
        return max((loan for loan in self.loans if loan.had_begun(at)), key=Past.order, default=None)

    def same(self, patron: Patron, at: datetime) -> Past | None:
        """Return the patron's loan of that day, unless the copy was returned between it and the moment; else None."""
        day = clock.day_of(at)
        for loan in self.loans:
            if (loan.patron_id, loan.lent_on) == (patron.id, day):
                first, last = sorted((loan.moment or at, at))
                if (loan.moment or loan.returned_on is None) and not any(first < back < last for back in self.returns):
                    return loan
        return None

    def is_in(self, at: datetime) -> bool:
        """Tell whether the copy was surely in at a moment: last loan over, and no loan of that day without an hour."""
        day, last = clock.day_of(at), self.before(at)
        if any(loan.lent_on == day and loan.moment is None for loan in self.loans):
            return False
        return last is None or (last.returned_on is not None and last.returned_on <= day)


# rows instead of models, for speed: a copy may have a thousand loans, read for each of a thousand entries
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
    rows = _LOANS.rows(item=item.id)  # if two entries have the same loan, the first one's moment counts
    moments: dict[int, datetime] = {row.id: row.at for row in reversed(rows) if row.kind == "loan"}
    loans = {row.id: Past(row.id, row.patron_id, row.lent_on, row.returned_on, moments.get(row.id)) for row in rows}
    return Course(list(loans.values()), [row.at for row in rows if row.kind == "return"])
