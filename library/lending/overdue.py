"""督促: reminders of overdue loans, one at each stage (days late), always at the highest stage reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from peewee import SQL, Expression, ModelSelect, chunked, fn

from library import audit, clock, policy
from library.lending import loans
from library.mail import outbox
from library.patrons import patrons
from library.store import database
from library.store.queries import tuples
from models import DunningCall, Loan, LoanNotice, OutboxMail, Patron, PatronAddress

PATRONS_AT_ONCE = 100  # in one transaction
NOTICES_AT_ONCE = 500  # in one statement


def queue(*, now: datetime) -> dict[str, int]:
    """Queue one mail per working address about all loans that reached a new stage; return counts by name."""
    today = clock.day_of(now)
    counts = {"patrons": 0, "mails": 0, "loans": 0}
    for some in chunked(sorted({patron for patron, *_ in _reached(today)}), PATRONS_AT_ONCE):
        with database.writing():
            _queue_for(_reached(today, some), counts, today, now)
    return counts


def _reached(today: date, patrons: Iterable[int] | None = None) -> list[tuple[int, int, date, int]]:
    """Return (patron id, loan id, due date, stage) of loans with a stage to remind of, where a mail can be sent."""
    stages = sorted(policy.get("overdue_stages"))
    if not stages:
        return []
    asked = (LoanNotice.loan == Loan.id) & (LoanNotice.kind == "overdue") & (LoanNotice.due_on == Loan.due_on)
    reachable = PatronAddress.select(SQL("1")).where(
        PatronAddress.patron == Loan.patron, PatronAddress.undeliverable_at.is_null()
    )
    rows = (
        Loan.select(Loan.patron, Loan.id, Loan.due_on, fn.COALESCE(fn.MAX(LoanNotice.stage), 0))
        .left_outer_join(LoanNotice, on=asked)
        .where(_is_late(today, stages[0]), fn.EXISTS(reachable), Loan.patron.in_(list(patrons)) if patrons else True)
        .group_by(Loan.id)
        .order_by(Loan.patron, Loan.due_on, Loan.id)
    )
    found = []
    for patron, loan, due_on, done in tuples(rows):
        stage = max(days for days in stages if days <= (today - due_on).days)
        if stage > done:
            found.append((patron, loan, due_on, stage))
    return found


def late_on(day: date) -> ModelSelect[Loan]:
    """Select the loans that will have reached a stage on a day if they are still out."""
    stages = policy.get("overdue_stages")
    return Loan.select().where(_is_late(day, min(stages)) if stages else Loan.id.is_null())


def note_earlier_reminders(due: Mapping[int, date], times: Mapping[int, int], *, today: date) -> int:
    """Note the reminders that an earlier system sent, in the caller's transaction; return the number of loans that have
    reached the first stage.

    ``due``: loan id → due day; ``times``: loan id → number of reminders there, where known. A loan counts as reminded
    up to its days late, or up to the stage of its last reminder if that is later; the next mail is of the stage after.
    """
    stages = sorted(policy.get("overdue_stages"))
    rows, reached = [], 0
    for loan, due_on in due.items():
        late = (today - due_on).days
        asked = stages[min(times.get(loan, 0), len(stages)) - 1] if times.get(loan) and stages else 0
        if max(late, asked) >= 1:
            rows.append({"loan": loan, "kind": "overdue", "due_on": due_on, "stage": max(late, asked)})
            reached += bool(stages) and late >= stages[0]
    for some in chunked(rows, NOTICES_AT_ONCE):
        LoanNotice.insert_many(some).on_conflict_ignore().execute()
    return reached


def note_reminded(loans: Iterable[Loan], *, today: date) -> None:
    """Note that late loans were reminded of at their present stage (a postcard), in the caller's transaction."""
    stages = policy.get("overdue_stages")
    for loan in loans:
        stage = _present_stage(loan, stages, today)
        told = {"loan": loan, "kind": "overdue", "due_on": loan.due_on, "stage": stage}
        LoanNotice.insert(told).on_conflict_ignore().execute()


def reminded_stages(loans: Iterable[Loan]) -> dict[int, int]:
    """Return loan id → highest stage (days late) reminded of for its present due date; no entry for loans without."""
    rows = (
        LoanNotice.select(LoanNotice.loan, fn.MAX(LoanNotice.stage))
        .join(Loan)
        .where(LoanNotice.loan.in_([loan.id for loan in loans]))
        .where(LoanNotice.kind == "overdue", LoanNotice.due_on == Loan.due_on)
        .group_by(LoanNotice.loan)
    )
    return dict(tuples(rows))


def stage_reached(loan: Loan, stages: Iterable[int], *, today: date) -> int:
    """Return the highest of these stages (days late) that a loan has reached; 0 before the first."""
    return max((days for days in stages if days <= (today - loan.due_on).days), default=0)


def _present_stage(loan: Loan, stages: Iterable[int], today: date) -> int:
    """Return the stage of a reminder of today; before the first stage, the days late."""
    return stage_reached(loan, stages, today=today) or (today - loan.due_on).days


def _is_late(today: date, days: int) -> Expression:
    """Return the condition of an open loan, neither lost nor claimed returned, that is late by so many days."""
    return Loan.returned_on.is_null() & (Loan.trouble == "") & (Loan.due_on <= today - timedelta(days=days))


def _queue_for(rows: list[tuple[int, int, date, int]], counts: dict[str, int], today: date, now: datetime) -> None:
    addresses = _addresses({row[0] for row in rows})
    for patron, group in groupby(rows, key=lambda row: row[0]):
        late = list(group)
        facts = {"loans": [[loan, due_on.isoformat()] for _, loan, due_on, _ in late]}
        key = f"overdue:{patron}:{today}"
        mails = outbox.put_to_all("overdue", key, addresses.get(patron, ()), patron=patron, facts=facts, now=now)
        if not mails:  # a mail of today exists: the rest waits for tomorrow
            continue
        for _, loan, due_on, stage in late:
            LoanNotice.create(loan=loan, kind="overdue", due_on=due_on, stage=stage, mail=mails[0])
        counts["patrons"] += 1
        counts["mails"] += len(mails)
        counts["loans"] += len(late)


def _addresses(patrons: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    rows = PatronAddress.select(PatronAddress.patron, PatronAddress.address, PatronAddress.kind).where(
        PatronAddress.patron.in_(list(patrons)), PatronAddress.undeliverable_at.is_null()
    )
    found = {}
    for patron, address, kind in tuples(rows.order_by(PatronAddress.patron, PatronAddress.position)):
        found.setdefault(patron, []).append((address, kind))
    return found


# -- what is left to say when it is sent, and the list to print -------------------------------------------------------
@dataclass(frozen=True)
class Letter:
    """The content of one 督促 mail."""

    name: str
    with_titles: bool
    loans: list[Loan]


def letter(mail: OutboxMail, *, today: date) -> Letter | None:
    """Return the content of a queued mail: those of its loans that are still late; None when there are none."""
    patron = mail.patron
    if patron is None:
        return None
    asked = {loan: date.fromisoformat(due) for loan, due in mail.facts.get("loans", [])}
    rows = loans.with_titles().where(Loan.id.in_(list(asked)), Loan.patron == patron, _is_late(today, 1))
    late = [loan for loan in rows.order_by(Loan.due_on, Loan.id) if loan.due_on == asked[loan.id]]
    return Letter(patron.name, patrons.names_titles(patron, mail.address), late) if late else None


def to_print(*, today: date, days: int | None = None) -> list[tuple[Patron, list[Loan]]]:
    """督促一覧: return (patron, loans late by ``days`` or more) by reading of the name, mailed or not; None: the first
    stage.
    """
    first = min(policy.get("overdue_stages"), default=1) if days is None else days
    rows = loans.with_titles().where(_is_late(today, first)).order_by(Patron.name_kana, Patron.id, Loan.due_on, Loan.id)
    return [(patron, list(late)) for patron, late in groupby(rows, key=lambda loan: loan.patron) if patron]


def reached_by_mail(patrons: Iterable[int]) -> set[int]:
    """Return the ids, out of these, of patrons with a working address."""
    return set(_addresses(patrons))


# -- calls -------------------------------------------------------------------------------------------------------------
class Call(NamedTuple):
    """A call to a patron. ``result``: a code of ``wording.DUNNING_RESULTS``."""

    patron_id: int
    called_on: date
    result: str


def note_call(patron_id: int, result: str | None, *, by: str, today: date, now: datetime) -> int:
    """Note today's call about all overdue loans of a patron, in place of an earlier one of today; None: there was no
    call. Return the number of loans.
    """
    stages = policy.get("overdue_stages")
    of_patron = Loan.select(Loan.id).where(Loan.patron == patron_id)
    with database.writing():
        late = list(Loan.select().where(Loan.patron == patron_id, _is_late(today, 1)))
        DunningCall.delete().where(DunningCall.loan.in_(of_patron), DunningCall.called_on == today).execute()
        for loan in late if result else ():
            DunningCall.create(loan=loan, called_on=today, stage=_present_stage(loan, stages, today), result=result)
        if late:
            audit.record("overdue.called" if result else "overdue.call_removed", actor=by, now=now, patron=patron_id)
    return len(late)


def calls(loans: Iterable[Loan]) -> list[Call]:
    """Return the calls about these loans since their present due dates, the newest first, once for all loans of a
    patron.
    """
    rows = (
        DunningCall.select(Loan.patron, DunningCall.called_on, DunningCall.result)
        .join(Loan)
        .where(DunningCall.loan.in_([loan.id for loan in loans]), DunningCall.called_on > Loan.due_on)
        .order_by(DunningCall.called_on.desc())
        .distinct()
    )
    return [Call(*row) for row in tuples(rows)]
