"""延長: a later due date for a loan, counted from the day of the renewal."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from library import audit, clock, dates, errors, metrics, policy
from library.access import undos
from library.calendar import opening
from library.facts import use_facts
from library.lending import borrowed, loans
from library.lending.holds import hold_queue
from library.patrons import patrons
from library.store import database
from library.store.queries import Models, Query, among, blank, listed
from models import Branch, Item, Loan, Patron, Title


@dataclass(frozen=True)
class Outcome:
    """The result for one of several loans: its due date now, or the reasons why it was not renewed."""

    loan: Loan
    due_on: date
    reasons: Sequence[errors.Refused] = ()


@dataclass(frozen=True)
class Together:
    """The plan of まとめて延長する: loans to renew with their new due dates, and loans left out as they would gain few days."""

    renewed: Sequence[tuple[Loan, date]]
    left_out: Sequence[tuple[Loan, errors.Refused]]


class Renewals:
    """延長 of several loans, judged together: the rules are read once. Loans need item, title, branch and patron.

    ``rules``: if already read. ``are_all``: ``chosen`` has all open loans of its patrons, so none are looked up.
    ``viewer``: a patron who renews for a family. Their own holds stop nothing, or a refusal would tell them what
    another borrowed.
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
        self._branches = loans.calendar_branches(chosen)
        self._calendars = opening.calendars({row.id: row for row in self._branches.values()}.values(), self._rules)
        self._lines = hold_queue.in_lines({loan.item.title.id for loan in chosen}, today=today)
        self._terms = borrowed.terms(loan.item for loan in chosen)
        self._late = {}
        patrons_of = listed({loan.patron_id for loan in chosen if loan.patron_id})
        for loan in chosen if are_all else _LATE.rows(patrons=patrons_of, today=today):
            self._late.setdefault(loan.patron_id, []).append(loan)

    def due(self, loan: Loan) -> date:
        """Return the due date after a renewal today. Raises: NeverOpen."""
        days = self._for(loan)["loan_days"]
        day = self._calendars[self._branches[loan.id].id].next_open_day(self._today + timedelta(days=days))
        return min(day, self._terms[loan.item_id].latest) if loan.item_id in self._terms else day

    def calendar_branch(self, loan: Loan) -> Branch:
        """Return the branch whose open days count for a loan."""
        return self._branches[loan.id]

    def left(self, loan: Loan) -> int:
        """Return the number of renewals that a loan still may have."""
        if loan.item_id in self._terms and self._terms[loan.item_id].no_renewal:
            return 0
        return max(0, self._for(loan)["renewals"] - loan.renewals)

    def refusals(self, loan: Loan) -> list[errors.Refused]:
        """Return every reason why a loan can't be renewed now."""
        if loan.returned_on is not None or loan.patron is None:
            return [errors.LoanOver()]
        late = self._late.get(loan.patron_id, ())
        reasons = patrons.card_refusals(loan.patron, today=self._today)
        reasons += loans.overdue_refusals(late, today=self._today, rules=self._rules)
        if loan.trouble:
            reasons.append(errors.LoanUnsettled())
        return reasons + self._limit_refusals(loan) + self._waiting_refusals(loan) + self._date_refusals(loan)

    def together_refusals(self, loan: Loan) -> list[errors.Refused]:
        """Return the reasons of すべて延長する alone: the loan would gain too few days."""
        days = (self.due(loan) - loan.due_on).days
        return [errors.RenewalGainsLittle(n=days)] if days < self._rules.get("renew_gain_days") else []

    def together(self, chosen: Iterable[Loan]) -> Together:
        """Return the plan for renewing these at once; loans that can't be renewed at all are in neither part."""
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
        return self._rules.lending(loan.patron.category if loan.patron else "", loans.type_of(loan.item))

    def _limit_refusals(self, loan: Loan) -> list[errors.Refused]:
        terms, limit = self._terms.get(loan.item_id), self._for(loan)["renewals"]
        if terms and (terms.no_renewal or terms.latest <= loan.due_on):
            return [errors.BorrowedNotRenewed()]
        if limit == 0:
            return [errors.KindNotRenewed()]
        return [errors.RenewalsUsed(n=limit)] if loan.renewals >= limit else []

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
    """Return every reason why one loan can't be renewed now."""
    return Renewals([loan], today=today).refusals(loan)


# the loans as they are now, within the transaction
_NOW = Models(
    Loan,
    {"item": Item, "item.title": Title, "branch": Branch, "patron": Patron},
    lambda rows: (
        rows.join(Item)
        .join(Title)
        .switch(Loan)
        .join(Branch, on=Loan.branch)
        .switch(Loan)
        .left_outer_join(Patron, on=Loan.patron)
        .where(Loan.id.in_(among("loans")))
        .order_by(Loan.due_on, Loan.id)
    ),
)


def renew(loan: Loan, *, now: datetime, by: str, override: str = "", rules: policy.Policy | None = None) -> Loan:
    """延長: renew one loan. Raises: Refusals with all reasons, unless ``override`` says why it is renewed anyway.

    ``rules``: if already read.
    """
    with database.writing():
        found = _NOW.rows(loans=listed([loan.id]))
        if not found:
            raise errors.Refusals([errors.LoanOver()])
        judged = Renewals(found, today=clock.day_of(now), rules=rules)
        return _renew(found[0], judged, now=now, by=by, override=override)


def renew_all(chosen: Iterable[Loan], *, now: datetime, by: str, together: bool = False) -> list[Outcome]:
    """Renew a patron's loans; return an outcome for each, first due first. ``together`` leaves out small gains."""
    return _each(chosen, lambda loan, judged: _renew(loan, judged, now=now, by=by, together=together), by, now)


def renew_shown(
    chosen: Iterable[Loan], until: Mapping[int, date], *, now: datetime, by: str, viewer: Patron | None = None
) -> list[Outcome]:
    """Renew each loan to the due date that was shown (loan id → date), refused with RenewalNotAsShown if it would get
    another; return an outcome for each.

    ``viewer``: the patron who renews for a family and may undo it.
    """
    return _each(
        chosen, lambda loan, judged: _renew(loan, judged, now=now, by=by, until=until[loan.id]), by, now, viewer
    )


def _each(
    chosen: Iterable[Loan],
    renew_one: Callable[[Loan, Renewals], Loan],
    by: str,
    now: datetime,
    viewer: Patron | None = None,
) -> list[Outcome]:
    outcomes, before = [], {}
    with database.writing():
        found = _NOW.rows(loans=listed(loan.id for loan in chosen))
        judged = Renewals(found, today=clock.day_of(now), viewer=viewer)
        for loan in found:
            before[loan.id] = loan.due_on
            try:
                outcomes.append(Outcome(loan, renew_one(loan, judged).due_on))
            except errors.Refusals as refused:
                outcomes.append(Outcome(loan, loan.due_on, refused.reasons))
        if by == "patron":
            _remember([outcome for outcome in outcomes if not outcome.reasons], before, now, viewer)
    return outcomes


# -- taking back -----------------------------------------------------------------------------------------------------
def _remember(renewed: list[Outcome], before: dict[int, date], now: datetime, viewer: Patron | None) -> None:
    """Store the facts for 元に戻す."""
    if renewed and (patron := viewer or renewed[0].loan.patron_id):
        rows = undo_rows((each.loan for each in renewed), before)
        undos.remember(patron, "family" if viewer else "renewals", {"loans": rows}, now=now)


def undo_rows(renewed: Iterable[Loan], before: Mapping[int, date]) -> list[list]:
    """Return [loan id, due date before, due date now, number of renewals now] for each loan, for an undo. ``before``:
    loan id → due date.
    """
    return [[loan.id, before[loan.id].isoformat(), loan.due_on.isoformat(), loan.renewals] for loan in renewed]


def undo(patron: Patron, rows: list[list], *, by: str, now: datetime) -> None:
    """延長の取消: reset the due dates of loans that the desk has just renewed. Raises: UndoChanged."""
    with database.writing():
        take_back(patron, {"loans": rows}, channel="desk")
        audit.record("renewal.undone", actor=by, now=now, patron=patron)


def take_back(patron: Patron, facts: dict[str, Any], *, channel: str = "site", others: Sequence[int] = ()) -> None:
    """元に戻す: reset the due dates from the facts that ``_remember`` stored, in the caller's transaction.

    ``channel``: where it was renewed, site or desk; ``others``: ids of further patrons whose loans may be among them.
    Raises: UndoChanged when a loan was changed since.
    """
    for number, before, due_on, count in facts["loans"]:
        unchanged = (Loan.due_on == date.fromisoformat(due_on)) & (Loan.renewals == count) & (Loan.trouble == "")
        mine = (Loan.id == number) & Loan.patron.in_([patron.id, *others]) & Loan.returned_on.is_null()
        values = {"due_on": date.fromisoformat(before), "renewals": Loan.renewals - 1}
        if not Loan.update(values).where(mine, unchanged).execute():
            raise errors.UndoChanged()
        use_facts.forget_renewal(number, channel=channel)


# -- one -------------------------------------------------------------------------------------------------------------


def _renew(
    loan: Loan,
    judged: Renewals,
    *,
    now: datetime,
    by: str,
    override: str = "",
    together: bool = False,
    until: date | None = None,
) -> Loan:
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
    use_facts.of_renewal(loan, by=by, now=now)
    metrics.circulation.labels("renewal").inc()
    return loan
