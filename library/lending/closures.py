"""休館の追加: a new closure moves due dates and hold deadlines, only to later days, with one mail to each patron concerned.

Due dates on a day that is closed now go to the next open day of the lending branch; deadlines keep their number of open
days. Removing a closure moves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Generic, TypeVar

from peewee import Expression, ModelSelect, chunked

from library import audit, branches as library_branches, clock
from library.calendar import closing_rules, opening
from library.lending import loans
from library.lending.holds import hold_states
from library.mail import outbox, push
from library.patrons import patrons
from library.store import database
from models import Branch, ClosedDay, ClosingRule, Hold, Item, Loan, LoanNotice, OutboxMail, Patron, Title

MAILS_AT_ONCE = 100  # in one statement


Row = TypeVar("Row", Loan, Hold)


@dataclass(frozen=True)
class Moved(Generic[Row]):
    """A loan or a hold, its day before and after the closure; ``announced``: its patron was told of the day before."""

    row: Row
    before: date
    after: date
    announced: bool


@dataclass(frozen=True)
class Moves:
    """Everything that a closure moves."""

    due_dates: list[Moved[Loan]]
    deadlines: list[Moved[Hold]]

    @property
    def announced(self) -> int:
        """Return the number of moved loans and holds whose patrons were told of the day before."""
        return sum(moved.announced for moved in (*self.due_dates, *self.deadlines))


# -- what it would move ----------------------------------------------------------------------------------------------
def preview(branches: Iterable[Branch], days: Iterable[date], *, today: date) -> Moves:
    """Return the moves if these branches closed on these days. Nothing is written. Raises: NeverOpen."""
    before = opening.calendars(branches)
    return _moves(branches, before, {key: each.with_days(days) for key, each in before.items()}, today)


def preview_rule(branch: Branch | None, text: str, *, today: date) -> Moves:
    """Return the moves of a new rule (第3水曜, 12/29-1/3) of a branch, or of all (None).

    Raises: ClosingRuleUnreadable, NeverOpen.
    """
    branches = [branch] if branch else library_branches.in_order()
    before = opening.calendars(branches)
    return _moves(branches, before, {key: each.with_rule(text) for key, each in before.items()}, today)


def preview_week(branch: Branch, weekdays: str, *, today: date) -> Moves:
    """Return the moves if a branch closed on exactly these weekdays (digits, Monday 0). Raises: NeverOpen."""
    before = opening.calendars([branch])
    return _moves([branch], before, {branch.id: replace(before[branch.id], weekdays=weekdays)}, today)


def _moves(
    branches: Iterable[Branch], before: dict[int, opening.Calendar], after: dict[int, opening.Calendar], today: date
) -> Moves:
    due_dates: list[Moved[Loan]] = []
    deadlines: list[Moved[Hold]] = []
    for branch in branches:
        calendars = before[branch.id], after[branch.id]
        days = [row.due_on for row in Loan.select(Loan.due_on).where(_is_due_at(branch, today)).distinct()]
        later = {day: new for day in days if (new := _later_day(*calendars, day)) > day}
        for loan, announced in _loans(branch, today, later) if later else ():
            due_dates.append(Moved(loan, loan.due_on, later[loan.due_on], announced))
        rows = Hold.select(Hold, Title, Patron).join(Title).switch(Hold).join(Patron)
        wanted = rows.where(Hold.pickup_branch == branch, Hold.state == "ready", Hold.pickup_by >= today)
        for hold in list(wanted.order_by(Hold.pickup_by, Hold.id)):
            if (last := hold.pickup_by) and (new := _later_end(*calendars, last, today)) > last:
                deadlines.append(Moved(hold, last, new, True))
    return Moves(due_dates, deadlines)


def _is_due_at(branch: Branch, today: date) -> Expression:
    """Return the condition that a loan is open and due by the calendar of a branch: its lending branch or, where that
    was given up, the branch of its copy.
    """
    given_up = Branch.select(Branch.id).where(Branch.closed_on.is_null(False))
    copies = Item.select(Item.id).where(Item.branch == branch)
    of_branch = (Loan.branch == branch) | (Loan.branch.in_(given_up) & Loan.item.in_(copies))
    return of_branch & (Loan.due_on >= today) & Loan.returned_on.is_null()


def _loans(branch: Branch, today: date, days: Iterable[date]) -> list[tuple[Loan, bool]]:
    """Return (loan, whether its patron was told of the due day) for open loans of a branch due on these days."""
    notices = LoanNotice.select(LoanNotice.id).where(
        LoanNotice.loan == Loan.id, LoanNotice.kind == "due", LoanNotice.due_on == Loan.due_on
    )
    rows = (
        Loan.select(Loan, Item, Title, Patron, notices.limit(1).alias("notice"))
        .join(Item)
        .join(Title)
        .switch(Loan)
        .join(Patron)
        .where(_is_due_at(branch, today), Loan.due_on.in_(list(days)))
        .order_by(Loan.due_on, Loan.id)
    )
    return [(loan, getattr(loan, "notice") is not None) for loan in rows]  # noqa: B009


def _later_day(before: opening.Calendar, after: opening.Calendar, day: date) -> date:
    """Return the next open day for a day that the change closes; any other day stays, as somebody wanted it so."""
    return after.next_open_day(day) if before.is_open(day) and not after.is_open(day) else day


def _later_end(before: opening.Calendar, after: opening.Calendar, day: date, today: date) -> date:
    left = before.open_between(today, day)
    return max(day, after.after_open_days(today - timedelta(days=1), left) if left else after.next_open_day(day))


def letters(moves: Moves) -> int:
    """Return the number of mails and pushes that these moves send."""
    return len(_facts_of(moves))


# -- doing it --------------------------------------------------------------------------------------------------------
def close(branches: Iterable[Branch], days: Iterable[date], *, by: str, now: datetime, note: str = "") -> Moves:
    """休館: close branches on these days and move what falls on them; 臨時開館 there ends. Raises: NeverOpen."""
    with database.writing():
        moves = preview(branches, days, today=clock.day_of(now))
        for branch in branches:
            for day in days:
                _put_day(branch, day, False, note)
        return _carry_out(moves, "calendar.closed", by, now, branches=_codes(branches), days=_texts(days))


def add_rule(branch: Branch | None, text: str, *, by: str, now: datetime) -> Moves:
    """Add a rule of a branch, or of all (None), and move what it closes. Raises: ClosingRuleUnreadable, NeverOpen."""
    rule = closing_rules.parse(text).text
    with database.writing():
        moves = preview_rule(branch, rule, today=clock.day_of(now))
        if not _rules(branch, rule).exists():
            ClosingRule.create(branch=branch, rule=rule)
        return _carry_out(moves, "calendar.rule_added", by, now, branches=_codes([branch] if branch else ()), rule=rule)


def close_weekly(branch: Branch, weekdays: str, *, by: str, now: datetime) -> Moves:
    """Close a branch each week on these weekdays alone (digits, Monday 0); move what falls there. Raises: NeverOpen."""
    with database.writing():
        moves = preview_week(branch, weekdays, today=clock.day_of(now))
        Branch.update(closed_weekdays=weekdays).where(Branch.id == branch.id).execute()
        return _carry_out(moves, "calendar.week_changed", by, now, branches=_codes([branch]), weekdays=weekdays)


def open_on(branches: Iterable[Branch], days: Iterable[date], *, by: str, now: datetime, note: str = "") -> None:
    """臨時開館: open on these days, whatever else closes them. Moves nothing."""
    with database.writing():
        for branch in branches:
            for day in days:
                _put_day(branch, day, True, note)
        audit.record("calendar.opened", actor=by, now=now, branches=_codes(branches), days=_texts(days))


def remove_days(branches: Iterable[Branch], days: Iterable[date], *, by: str, now: datetime) -> None:
    """Delete the single closures and openings of these branches on these days, if there are any. Moves nothing."""
    with database.writing():
        ClosedDay.delete().where(ClosedDay.branch.in_(list(branches)), ClosedDay.day.in_(list(days))).execute()
        audit.record("calendar.taken_back", actor=by, now=now, branches=_codes(branches), days=_texts(days))


def remove_rule(branch: Branch | None, text: str, *, by: str, now: datetime) -> None:
    """Delete a rule of a branch, or of all (None), if there is one. Moves nothing."""
    with database.writing():
        ClosingRule.delete().where(ClosingRule.id.in_(_rules(branch, text))).execute()
        audit.record("calendar.rule_removed", actor=by, now=now, branches=_codes([branch] if branch else ()), rule=text)


def _put_day(branch: Branch, day: date, is_open: bool, note: str) -> None:
    values = {"open": is_open, "note": note}
    ClosedDay.insert(branch=branch, day=day, **values).on_conflict(
        conflict_target=[ClosedDay.branch, ClosedDay.day], update=values
    ).execute()


def _rules(branch: Branch | None, rule: str) -> ModelSelect[ClosingRule]:
    of_branch = ClosingRule.branch == branch if branch else ClosingRule.branch.is_null()
    return ClosingRule.select(ClosingRule.id).where(of_branch, ClosingRule.rule == rule)


def _codes(branches: Iterable[Branch]) -> list[str]:
    return [branch.code for branch in branches]


def _texts(days: Iterable[date]) -> list[str]:
    return [day.isoformat() for day in days]


def _carry_out(moves: Moves, action: str, by: str, now: datetime, **details: Any) -> Moves:
    for moved in moves.due_dates:
        Loan.update(due_on=moved.after).where(Loan.id == moved.row.id).execute()
    for moved in moves.deadlines:
        Hold.update(pickup_by=moved.after).where(Hold.id == moved.row.id).execute()
    _tell(moves, now)
    counts = {"due_dates": len(moves.due_dates), "deadlines": len(moves.deadlines)}
    audit.record(action, actor=by, now=now, **details, **counts)
    return moves


def _facts_of(moves: Moves) -> dict[tuple[int, str, str], dict[str, Any]]:
    """Return (patron, address, kind) → facts, for a mail per address and a push per device: due dates as 返却期限通知 is
    set, deadlines as the hold is.
    """
    by_mail = [moved for moved in moves.deadlines if moved.row.contact_method == "mail"]
    owners = {moved.row.patron_id: moved.row.patron for moved in by_mail}
    to_holders = {
        patron_id: [(row.address, row.kind) for row in patrons.deliverable(patron, "hold")]
        for patron_id, patron in owners.items()
    }
    to_borrowers = patrons.ticked_addresses(
        {moved.row.patron_id for moved in moves.due_dates if moved.row.patron_id}, "due"
    )
    facts = _facts(moves.due_dates, to_borrowers, "loans", _loan_fact)
    _add(facts, _facts(by_mail, to_holders, "holds", _hold_fact))
    moved_of = {moved.row.patron_id for moved in (*moves.due_dates, *moves.deadlines) if moved.row.patron_id}
    devices = push.with_devices({}, moved_of, "closure")
    _add(facts, _facts(moves.due_dates, devices, "loans", _loan_fact))
    _add(facts, _facts(moves.deadlines, devices, "holds", _hold_fact))
    return facts


def _tell(moves: Moves, now: datetime) -> None:
    rows = [
        outbox.new_row(
            "closure",
            f"closure:{now.isoformat()}:{patron}:{address}",
            address=address,
            address_kind=kind,
            patron=patron,
            facts=each,
            now=now,
        )
        for (patron, address, kind), each in _facts_of(moves).items()
    ]
    for some in chunked(rows, MAILS_AT_ONCE):
        outbox.put_rows(some, now=now)


def _loan_fact(moved: Moved[Loan]) -> list[Any]:
    return [moved.row.id, moved.after.isoformat()]


def _hold_fact(moved: Moved[Hold]) -> int:
    return moved.row.id


def _add(facts: dict[tuple[int, str, str], dict[str, Any]], more: dict[tuple[int, str, str], dict[str, Any]]) -> None:
    for key, each in more.items():
        facts[key] = facts.get(key, {}) | each


def _facts(
    moved: list[Moved[Row]],
    addresses: Mapping[int, Iterable[tuple[str, str]]],
    name: str,
    as_fact: Callable[[Moved[Row]], Any],
) -> dict[tuple[int, str, str], dict[str, Any]]:
    """Return (patron, address, kind of address) → the facts for its mail."""
    by_patron = {}
    for each in moved:
        by_patron.setdefault(each.row.patron_id, []).append(as_fact(each))
    return {(patron, *each): {name: facts} for patron, facts in by_patron.items() for each in addresses.get(patron, ())}


# -- what is left to say when it is sent -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Letter:
    """The content of one mail: only the loans and holds that still have the moved day."""

    name: str
    with_titles: bool
    loans: list[Loan]
    holds: list[Hold]


def letter(mail: OutboxMail, *, today: date) -> Letter | None:
    """Return the content of a queued mail as it is true now; None when nothing in it has its moved day any more."""
    patron = mail.patron
    if patron is None or patron.state == "closed":
        return None
    new = {loan: date.fromisoformat(day) for loan, day in mail.facts.get("loans", [])}
    out = loans.with_titles()
    out = out.where(Loan.id.in_(list(new)), Loan.patron == patron, Loan.returned_on.is_null(), Loan.due_on >= today)
    holds = Hold.select(Hold, Title, Branch).join(Title).switch(Hold).join(Branch, on=Hold.pickup_branch)
    holds = holds.where(
        Hold.id.in_(mail.facts.get("holds", [])),
        Hold.patron == patron,
        Hold.state == "ready",
        Hold.pickup_by >= today,
        hold_states.not_cancelled(),
    )
    standing = [loan for loan in out.order_by(Loan.due_on, Loan.id) if loan.due_on == new[loan.id]]
    ready = list(holds.order_by(Hold.pickup_by, Hold.id))
    with_titles = patrons.names_titles(patron, mail.address)
    return Letter(patron.name, with_titles, standing, ready) if standing or ready else None
