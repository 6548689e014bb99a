"""電子書籍の貸出: as many loans at a time as there are licences, for some days; then each ends by itself.

The rules are those of lending (docs/adr/0065-ebooks.md): the same card and limits by material type (電子書籍), and a line
whose first patron is told of a free licence, which is kept for some days. Nothing is renewed, only lent again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from peewee import Expression, IntegrityError, ModelSelect, fn

from library import clock, dates, errors, metrics, policy
from library.ebooks import borrowed
from library.lending import loans
from library.patrons import patrons
from library.reading import history
from library.store import database
from library.store.queries import tuples
from models import Ebook, EbookHold, EbookLoan, Loan, OutboxMail, Patron, ReadingPosition

KIND = "電子書籍"
IN_LINE = ("waiting", "ready")
SHOWN_DAYS = 60  # for which a place in the line that ended is shown
MAIL = "ebook_ready"


@dataclass(frozen=True)
class Standing:
    """The state of an e-book: licences (None: no limit), cover type, and the numbers out, kept for patrons, and
    waiting.
    """

    ebook_id: int
    title_id: int
    licences: int | None
    days: int | None
    cover: str
    out: int
    reserved: int
    waiting: int

    @property
    def free(self) -> int | None:
        """Return the number of licences that can be lent at once; None: no limit."""
        return None if self.licences is None else max(0, self.licences - self.out - self.reserved)

    def is_free_for(self, *, kept_for_them: bool) -> bool:
        """Tell whether a licence can be lent to a patron; always if one is ``kept_for_them``."""
        return kept_for_them or self.free is None or self.free > 0


def _count(model: type[EbookLoan] | type[EbookHold], condition: Expression) -> ModelSelect[Any]:
    return model.select(fn.count(model.id)).where(model.ebook == Ebook.id, condition)


def standing_columns() -> tuple[Any, ...]:
    """Return the columns that a query on e-books selects for a ``Standing``."""
    return (
        Ebook.id,
        Ebook.title,
        Ebook.licences,
        Ebook.days,
        Ebook.cover,
        _count(EbookLoan, EbookLoan.returned_on.is_null()),
        _count(EbookHold, EbookHold.state == "ready"),
        _count(EbookHold, EbookHold.state == "waiting"),
    )


def standing(ebook: Ebook) -> Standing:
    return every([ebook])[ebook.id]


def every(ebooks: Iterable[Ebook]) -> dict[int, Standing]:
    """Return the standing of e-books by id, withdrawn ones too."""
    rows = Ebook.select(*standing_columns()).where(Ebook.id.in_([ebook.id for ebook in ebooks]))
    return {row[0]: Standing(*row) for row in tuples(rows)}


# -- a patron's e-books -----------------------------------------------------------------------------------------------
class Mine:
    """One patron's e-books and permissions, read once and used for many e-books."""

    def __init__(
        self,
        patron: Patron,
        *,
        today: date,
        rules: policy.Policy | None = None,
        open_loans: list[Loan] | None = None,
    ) -> None:
        self.patron, self.today, rules = patron, today, rules or policy.read()
        held = borrowed.places_of(patron)
        in_line = [hold for hold in held if hold.state in IN_LINE]
        self.loans, self.holds = borrowed.lent_to(patron, today=today), in_line
        since = clock.at(today - timedelta(days=SHOWN_DAYS))
        ended = [hold for hold in held if hold.ended_at and hold.ended_at >= since]
        self.over = ended
        self.loan_of = {loan.ebook_id: loan for loan in self.loans}
        self.hold_of = {hold.ebook_id: hold for hold in self.holds}
        self.rules = rules.lending(patron.category, KIND)
        self._own = patrons.card_refusals(patron, today=today)
        self._own += loans.overdue_refusals(
            loans.open_loans(patron) if open_loans is None else open_loans, today=today, rules=rules
        )

    def borrow_refusals(self, at: Standing) -> list[errors.Refused]:
        """Return every reason against lending this e-book to the patron now."""
        reasons = self._own + self._had(at)
        if not self.rules["lendable"]:
            reasons.append(errors.KindNotLent(kind_word=KIND))
        if len(self.loans) >= self.rules["loan_limit"]:
            reasons.append(errors.LoanKindLimitReached(kind_word=KIND, n=self.rules["loan_limit"]))
        if not at.is_free_for(kept_for_them=self._is_ready(at)):
            reasons.append(errors.EbookAllOut())
        return reasons

    def wait_refusals(self, at: Standing) -> list[errors.Refused]:
        """Return every reason against a place in the line."""
        reasons = self._own + self._had(at)
        if not (self.rules["lendable"] and self.rules["holdable"]):
            reasons.append(errors.KindNotHeld(kind_word=KIND))
        if at.ebook_id in self.hold_of:
            reasons.append(errors.AlreadyHeld())
        if len(self.holds) >= self.rules["hold_limit"]:
            reasons.append(errors.HoldKindLimitReached(kind_word=KIND, n=self.rules["hold_limit"]))
        if at.is_free_for(kept_for_them=False):
            reasons.append(errors.EbookIsFree())
        return reasons

    def offer(self, at: Standing) -> tuple[str, list]:
        """Return the one act that makes sense (read, borrow, wait, leave), and the reasons against it now."""
        if at.ebook_id in self.loan_of:
            return "read", []
        refused = self.borrow_refusals(at)
        if refused and at.ebook_id in self.hold_of:
            return "leave", []
        if errors.EbookAllOut() in refused:
            return "wait", self.wait_refusals(at)
        return "borrow", refused

    def _had(self, at: Standing) -> list[errors.Refused]:
        loan = self.loan_of.get(at.ebook_id)
        return [errors.EbookLentToPatron(due=dates.with_weekday(loan.due_on))] if loan else []

    def _is_ready(self, at: Standing) -> bool:
        hold = self.hold_of.get(at.ebook_id)
        return hold is not None and hold.state == "ready"


# -- lending ---------------------------------------------------------------------------------------------------------
def borrow(ebook: Ebook, patron: Patron, *, now: datetime) -> EbookLoan:
    """貸出: lend until the end of the last day; sent twice it lends once. Raises: Refusals with all reasons.

    It enters the patron's history, if they keep one, and ends their place in the line.
    """
    today = clock.day_of(now)
    with database.writing():
        ebook, patron = _fresh(ebook, patron, now)
        mine, at = Mine(patron, today=today), standing(ebook)
        if loan := mine.loan_of.get(ebook.id):
            return loan
        if reasons := mine.borrow_refusals(at):
            raise errors.Refusals(reasons)
        loan = _lend(ebook, patron, mine.rules, today)
        if hold := mine.hold_of.get(ebook.id):
            _take_back_mail(hold)
            hold.delete_instance()
        history.record(patron, ebook.title, branch=KIND, lent_on=today)
    metrics.circulation.labels("ebook_loan").inc()
    return loan


def _fresh(ebook: Ebook, patron: Patron, now: datetime) -> tuple[Ebook, Patron]:
    """Return both rows as they are in this transaction, after ending loans that are over."""
    ebook = Ebook.get_by_id(ebook.id)
    if ebook.withdrawn_at is not None:
        raise errors.Refusals([errors.EbookWithdrawn()])
    _end_over(ebook, now)
    return ebook, Patron.get_by_id(patron.id)


def _lend(ebook: Ebook, patron: Patron, rules: dict[str, Any], today: date) -> EbookLoan:
    due_on = today + timedelta(days=ebook.days or rules["loan_days"])
    try:
        return EbookLoan.create(ebook=ebook, patron=patron, licence=_first_free(ebook), lent_on=today, due_on=due_on)
    except IntegrityError as error:  # the last word is the database's: one open loan a licence
        raise errors.Refusals([errors.EbookAllOut()]) from error


def _first_free(ebook: Ebook) -> int | None:
    """Return the lowest free licence number; None without numbers."""
    if ebook.licences is None:
        return None
    taken = EbookLoan.select(EbookLoan.licence).where(EbookLoan.ebook == ebook, EbookLoan.returned_on.is_null())
    return min({*range(1, ebook.licences + 1)} - {row[0] for row in tuples(taken)})


def give_back(loan: EbookLoan, *, now: datetime) -> None:
    """返却 before its day: the licence goes to the first in line. Afterwards no row tells who had it."""
    with database.writing():
        if _close(EbookLoan.id == loan.id, clock.day_of(now)):
            advance(Ebook.get_by_id(loan.ebook_id), now=now)


def _close(condition: Expression, day: date) -> int:
    """End loans and forget their reading positions; return their number. In the caller's transaction."""
    ended = EbookLoan.select(EbookLoan.id).where(condition, EbookLoan.returned_on.is_null())
    ReadingPosition.delete().where(ReadingPosition.loan.in_(ended)).execute()
    return (
        EbookLoan.update(returned_on=day, patron=None, sealed_for=None)
        .where(condition, EbookLoan.returned_on.is_null())
        .execute()
    )


# -- the line --------------------------------------------------------------------------------------------------------
def wait(ebook: Ebook, patron: Patron, *, now: datetime) -> EbookHold:
    """順番待ち: put the patron at the end of the line. Raises: Refusals with all reasons."""
    with database.writing():
        ebook, patron = _fresh(ebook, patron, now)
        if reasons := Mine(patron, today=clock.day_of(now)).wait_refusals(standing(ebook)):
            raise errors.Refusals(reasons)
        return EbookHold.create(ebook=ebook, patron=patron, placed_at=now)


def leave(hold: EbookHold, *, now: datetime) -> None:
    """Leave the line; a kept licence goes to the next patron. Raises: EbookLineEmpty."""
    with database.writing():
        fresh = EbookHold.get_or_none(EbookHold.id == hold.id)
        if fresh is None or fresh.state not in IN_LINE:
            raise errors.Refusals([errors.EbookLineEmpty()])
        _end(fresh, "cancelled", now)
        advance(fresh.ebook, now=now)


def _end(hold: EbookHold, state: str, now: datetime) -> None:
    _take_back_mail(hold)
    EbookHold.update(state=state, ended_at=now).where(EbookHold.id == hold.id).execute()


def end_line(ebook: Ebook, *, now: datetime) -> None:
    """End the line for good. In the caller's transaction."""
    for hold in list(EbookHold.select().where(EbookHold.ebook == ebook, EbookHold.state.in_(IN_LINE))):
        _end(hold, "withdrawn", now)


def advance(ebook: Ebook, *, now: datetime) -> None:
    """Keep each free licence for the first patron who may borrow, and tell them; others keep their place.

    In the caller's transaction.
    """
    if ebook.withdrawn_at is not None:
        return
    free, today = standing(ebook).free, clock.day_of(now)
    waiting = (
        EbookHold.select(EbookHold, Patron).join(Patron).where(EbookHold.ebook == ebook, EbookHold.state == "waiting")
    )
    for hold in list(waiting.order_by(EbookHold.placed_at, EbookHold.id)):
        if free == 0:
            return
        if _may_borrow(hold.patron, today):
            _keep_for(hold, today, now)
            free = free if free is None else free - 1


def _may_borrow(patron: Patron, today: date) -> bool:
    return patrons.may_borrow(patron, today=today) and not loans.overdue_refusals(loans.open_loans(patron), today=today)


def _keep_for(hold: EbookHold, today: date, now: datetime) -> None:
    """Keep a licence for as many days as a copy waits on the hold shelf; calendar days, as no branch need be open for
    it.
    """
    until = today + timedelta(days=policy.lending(hold.patron.category, KIND)["shelf_days"])
    EbookHold.update(state="ready", until=until).where(EbookHold.id == hold.id).execute()
    for row in patrons.deliverable(hold.patron, "hold"):
        patrons.mail(row, MAIL, hold.id, facts={"text": dates.with_weekday(until)}, now=now)


def _take_back_mail(hold: EbookHold) -> None:
    """Cancel a mail that is not sent yet and no longer needed."""
    waiting = OutboxMail.key.startswith(f"{MAIL}:{hold.id}:") & (OutboxMail.state == "queued")
    OutboxMail.update(state="cancelled").where(OutboxMail.patron == hold.patron_id, waiting).execute()


# -- the end of loans --------------------------------------------------------------------------------------------------
def _end_over(ebook: Ebook, now: datetime) -> tuple[int, int]:
    """End loans and kept licences after their last day; return the number of each. In the caller's transaction."""
    today = clock.day_of(now)
    closed = _close((EbookLoan.ebook == ebook) & (EbookLoan.due_on < today), today)
    ready = EbookHold.select().where(EbookHold.ebook == ebook, EbookHold.state == "ready", EbookHold.until < today)
    late = list(ready)
    for hold in late:
        _end(hold, "expired", now)
    advance(ebook, now=now)
    return closed, len(late)


def end_all_over(*, now: datetime) -> dict[str, int]:
    """自動返却: end all that is over, serve the lines, and return counts. One transaction for each e-book."""
    counts = {"loans": 0, "expired": 0}
    touched = (
        EbookLoan.select(EbookLoan.ebook)
        .where(EbookLoan.returned_on.is_null())
        .union(EbookHold.select(EbookHold.ebook).where(EbookHold.state.in_(IN_LINE)))
    )
    for (ebook_id,) in tuples(touched):
        with database.writing():
            closed, late = _end_over(Ebook.get_by_id(ebook_id), now)
        counts["loans"] += closed
        counts["expired"] += late
    return counts


def close_card(patron: Patron, *, now: datetime) -> None:
    """Return all loans of a closed card and serve the lines. In the caller's transaction."""
    touched = {loan.ebook_id: loan.ebook for loan in EbookLoan.select().where(EbookLoan.patron == patron)}
    holds = list(EbookHold.select().where(EbookHold.patron == patron))
    touched |= {hold.ebook_id: hold.ebook for hold in holds}
    _close(EbookLoan.patron == patron, clock.day_of(now))
    for hold in holds:
        _take_back_mail(hold)
        hold.delete_instance()
    for ebook in touched.values():
        advance(ebook, now=now)
