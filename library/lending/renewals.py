"""延長: a loan for longer, counted from the day it is asked for."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from library import audit, clock, dates, errors, metrics, policy
from library.access import undos
from library.calendar import opening
from library.lending import loans
from library.lending.holds import hold_queue
from library.patrons import patrons
from library.store import database
from library.store.queries import Query, among, blank, listed
from models import Branch, Loan, Patron


@dataclass(frozen=True)
class Outcome:
    """One loan of several: until when it may be kept now, or the reasons why not longer."""

    loan: Loan
    due_on: date
    reasons: Sequence[errors.Refused] = ()


@dataclass(frozen=True)
class Together:
    """まとめて延長する, planned: each loan that it renews, with its new due date, and each that it leaves out for its small gain."""

    renewed: Sequence[tuple[Loan, date]]
    left_out: Sequence[tuple[Loan, errors.Refused]]


class Renewals:
    """延長 of loans judged together: what the rules need is read once for all. Items, titles, branches and patrons come along.

    ``rules``: if they have been read already. ``are_all``: these are all open loans of their patrons, so no others are looked for.
    ``viewer``: who renews for a family. What they reserve themselves stops nothing, or they could ask so what another has.
    """

    def __init__(
        self,
        chosen: Collection[Loan],
        *,
        today: date,
        rules: policy.Policy | None = None,
        are_all: bool = False,
        viewer: Patron | None = None,
    ):
        self._today, self._rules, self._viewer = today, rules or policy.read(), viewer and viewer.id
        self._places = loans.places(chosen)
        self._calendars = opening.calendars({row.id: row for row in self._places.values()}.values(), self._rules)
        self._lines = hold_queue.in_lines({loan.item.title.id for loan in chosen}, today=today)
        self._late = {}
        patrons_of = listed({loan.patron_id for loan in chosen if loan.patron_id})
        for loan in chosen if are_all else _LATE.rows(patrons=patrons_of, today=today):
            self._late.setdefault(loan.patron_id, []).append(loan)

    def due(self, loan: Loan) -> date:
        """Return the due date that a renewal today would give. Raises: NeverOpen."""
        days = self._for(loan)["loan_days"]
        return self._calendars[self._places[loan.id].id].next_open_day(self._today + timedelta(days=days))

    def place(self, loan: Loan) -> Branch:
        """Return the branch whose open days count for a loan."""
        return self._places[loan.id]

    def left(self, loan: Loan) -> int:
        """Return how many times more the loan may be renewed."""
        return max(0, self._for(loan)["renewals"] - loan.renewals)

    def refusals(self, loan: Loan) -> list[errors.Refused]:
        """Return every reason why this loan can't be renewed now."""
        if loan.returned_on is not None or loan.patron is None:
            return [errors.LoanOver()]
        late = self._late.get(loan.patron_id, ())
        reasons = patrons.card_refusals(loan.patron, today=self._today)
        reasons += loans.overdue_refusals(late, today=self._today, rules=self._rules)
        if loan.trouble:
            reasons.append(errors.LoanUnsettled())
        return reasons + self._limit_refusals(loan) + self._waiting_refusals(loan) + self._date_refusals(loan)

    def together_refusals(self, loan: Loan) -> list[errors.Refused]:
        """Return why すべて延長する leaves out a loan that one by one could be renewed: it would gain few days."""
        days = (self.due(loan) - loan.due_on).days
        return [errors.RenewalGainsLittle(days=days)] if days < self._rules.get("renew_gain_days") else []

    def together(self, chosen: Iterable[Loan]) -> Together:
        """Return what renewing these at once would do; what can't be renewed at all is in neither part."""
        renewed, left_out = [], []
        for loan in chosen:
            if self.refusals(loan):
                continue
            if reasons := self.together_refusals(loan):
                left_out.append((loan, reasons[0]))
            else:
                renewed.append((loan, self.due(loan)))
        return Together(renewed, left_out)

    def _for(self, loan: Loan) -> dict[str, Any]:
        category = loan.patron.category if loan.patron else loan.category
        return self._rules.lending(category, loans.type_of(loan.item))

    def _limit_refusals(self, loan: Loan) -> list[errors.Refused]:
        limit = self._for(loan)["renewals"]
        if limit == 0:
            return [errors.KindNotRenewed()]
        return [errors.RenewalsUsed(limit=limit)] if loan.renewals >= limit else []

    def _waiting_refusals(self, loan: Loan) -> list[errors.Refused]:
        """Refuse for those in line without a copy: every free copy is on a pull list for somebody already."""
        line = self._lines[loan.item.title.id]
        those = (loan.patron_id, self._viewer)
        others = any(hold.state == "waiting" and hold.patron_id not in those for hold in line)
        return [errors.SomebodyWaits()] if others else []

    def _date_refusals(self, loan: Loan) -> list[errors.Refused]:
        try:
            new = self.due(loan)
        except errors.NeverOpen as never:
            return [never]
        return [] if new > loan.due_on else [errors.RenewalNotLater(due=dates.with_weekday(loan.due_on))]


_LATE = Query(
    lambda: Loan.select(Loan.patron, Loan.due_on, Loan.trouble).where(
        Loan.patron.in_(among("patrons")), Loan.returned_on.is_null(), Loan.due_on < blank("today")
    )
)


def refusals(loan: Loan, *, today: date) -> list[errors.Refused]:
    """Return every reason why this loan can't be renewed now."""
    return Renewals([loan], today=today).refusals(loan)


def renew(loan: Loan, *, now: datetime, by: str, override: str = "") -> Loan:
    """延長: the due date as of today. Refusals with all reasons, unless ``override`` says why all the same."""
    with database.writing():
        return _renew(Loan.get_by_id(loan.id), now=now, by=by, override=override)


def renew_all(chosen: Iterable[Loan], *, now: datetime, by: str, together: bool = False) -> list[Outcome]:
    """Renew loans of a patron; return an outcome for each, in order. ``together`` leaves out what would gain few days."""
    return _each(chosen, lambda loan: _renew(loan, now=now, by=by, together=together), by, now)


def renew_shown(
    chosen: Iterable[Loan], until: Mapping[int, date], *, now: datetime, by: str, viewer: Patron | None = None
) -> list[Outcome]:
    """Renew loans to the due dates that were shown (loan id → date), and none to another; return an outcome for each. ``viewer``: who
    renews for a family and may take it back.
    """
    return _each(
        chosen, lambda loan: _renew(loan, now=now, by=by, until=until[loan.id], viewer=viewer), by, now, viewer
    )


def _each(
    chosen: Iterable[Loan],
    renew_one: Callable[[Loan], Loan],
    by: str,
    now: datetime,
    viewer: Patron | None = None,
) -> list[Outcome]:
    outcomes, before = [], {}
    with database.writing():
        for loan in Loan.select().where(Loan.id.in_([loan.id for loan in chosen])).order_by(Loan.due_on, Loan.id):
            before[loan.id] = loan.due_on
            try:
                outcomes.append(Outcome(loan, renew_one(loan).due_on))
            except errors.Refusals as refused:
                outcomes.append(Outcome(loan, loan.due_on, refused.reasons))
        if by == "patron":
            _remember([outcome for outcome in outcomes if not outcome.reasons], before, now, viewer)
    return outcomes


# -- taking back -----------------------------------------------------------------------------------------------------
def _remember(renewed: list[Outcome], before: dict[int, date], now: datetime, viewer: Patron | None) -> None:
    """Write down what a patron may take back: loan, due date before, due date and number of renewals since."""
    if renewed and (patron := viewer or renewed[0].loan.patron_id):
        rows = [
            [each.loan.id, before[each.loan.id].isoformat(), each.due_on.isoformat(), each.loan.renewals]
            for each in renewed
        ]
        undos.remember(patron, "family" if viewer else "renewals", {"loans": rows}, now=now)


def take_back(patron: Patron, facts: dict[str, Any], *, others: Sequence[int] = ()) -> None:
    """元に戻す: each due date as it was, in the caller's transaction. ``others``: ids of patrons whose loans may be among them.

    Raises: UndoChanged, when one loan is not as the renewal left it.
    """
    for number, before, due_on, count in facts["loans"]:
        unchanged = (Loan.due_on == date.fromisoformat(due_on)) & (Loan.renewals == count) & (Loan.trouble == "")
        mine = (Loan.id == number) & Loan.patron.in_([patron.id, *others]) & Loan.returned_on.is_null()
        values = {"due_on": date.fromisoformat(before), "renewals": Loan.renewals - 1}
        if not Loan.update(values).where(mine, unchanged).execute():
            raise errors.UndoChanged()


# -- one -------------------------------------------------------------------------------------------------------------


def _renew(
    loan: Loan,
    *,
    now: datetime,
    by: str,
    override: str = "",
    together: bool = False,
    until: date | None = None,
    viewer: Patron | None = None,
) -> Loan:
    judged = Renewals([loan], today=clock.day_of(now), viewer=viewer)
    reasons = judged.refusals(loan)
    if together and not reasons:
        reasons = judged.together_refusals(loan)
    if until and not reasons and judged.due(loan) != until:
        reasons = [errors.RenewalNotAsShown()]
    firm = any(isinstance(reason, (errors.LoanOver, errors.RenewalNotLater, errors.NeverOpen)) for reason in reasons)
    if reasons and (firm or not override.strip()):
        raise errors.Refusals(reasons)
    if reasons:
        names = [type(reason).__name__ for reason in reasons]
        audit.record(
            "loan.overridden", actor=by, now=now, patron=loan.patron, reasons=names, why=override.strip()[:200]
        )
    loan.due_on, loan.renewals = judged.due(loan), loan.renewals + 1
    Loan.update(due_on=loan.due_on, renewals=loan.renewals).where(Loan.id == loan.id).execute()
    metrics.circulation.labels("renewal").inc()
    return loan
