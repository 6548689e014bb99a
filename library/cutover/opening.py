"""移行のはじめと開館: a cutover lasts from ``begin`` until the day that ``open_on`` names."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import models
from library import audit, clock, dates, errors
from library.account import retention
from library.calendar import before_opening
from library.catalog.fulltext import index
from library.cutover import figures, first_backup, sample, steps
from library.lending import overdue
from library.store import database
from models import Cutover, OutboxMail, Patron, Title

FARTHEST = timedelta(days=60)  # from now to the opening
LONGEST = 200  # letters of a reason
UNSEEN = {"rules": errors.RulesUnseen, "numbers": errors.NumbersUnread, "mails": errors.MailsUnseen}
# all imported tables, in an order in which no row refers to a deleted one
IMPORTED = (
    models.UseFact, models.OfflineEntry, models.Hold, models.HoldGroup, models.Loan, models.Stocktaking,
    models.EbookHold, models.ReadingPosition, models.EbookLoan, models.Ebook, models.Item, models.DeletedTitle,
    models.Title,
    models.Series, models.Creator, models.Subject, models.WorkJoin, models.CategoryChange, models.CardNumber,
    models.ResetRequest, models.Patron,
)  # fmt: skip


class Outlook(NamedTuple):
    """Results of an opening: ``told``: loans whose overdue stages count as told; ``erased``: patrons with expired
    cards, who are erased from ``first_erased`` on; ``first_passwords``: patrons whose first password, the day of birth,
    counts its days from the opening; ``mails``: mails that were counted until now and are never sent.
    """

    told: int
    erased: int
    first_erased: date | None
    first_passwords: int
    mails: int


def begin(*, by: str, now: datetime) -> None:
    """移行を始める. Raises: MovingAlready; MovedInBefore, for a library that was opened by a cutover."""
    with database.writing():
        if row := Cutover.get_or_none():
            raise errors.MovingAlready() if _is_going_on(row, now) else _moved_in(row)
        Cutover.create(begun_at=now, was_empty=is_empty())
        before_opening.set_opening_day(None)
        audit.record("move.begun", actor=by, now=now)


def is_empty() -> bool:
    """Tell whether there are neither patrons nor titles yet."""
    return not Patron.select().exists() and not Title.select().exists()


def _is_going_on(row: Cutover, now: datetime) -> bool:
    return row.opens_on is None or row.opens_on > clock.day_of(now)


def _moved_in(row: Cutover) -> errors.Refused:
    return errors.MovedInBefore(day=dates.with_weekday(row.opens_on))


def going_on(*, now: datetime) -> Cutover:
    """Return the cutover that is going on. Raises: NotMoving, MovedInBefore."""
    row = Cutover.get_or_none()
    if row is None:
        raise errors.NotMoving()
    if not _is_going_on(row, now):
        raise _moved_in(row)
    return row


def why_open(name: str, *, now: datetime) -> errors.Refused:
    """Return the reason why a step is open. ``name``: a key of ``steps.LABELS``."""
    if name in UNSEEN:
        return UNSEEN[name]()
    if name == "counts":
        return figures.refusal(today=clock.day_of(now))
    reasons = sample.refusals() if name == "sample" else [first_backup.refusal(now=now)]
    return next(filter(None, reasons), errors.StepUnconfirmed())


def outlook(opens_on: date) -> Outlook:
    """Return the results that an opening on this day would have."""
    erased = retention.expired_cards(opens_on).count()
    cutover = Cutover.get_or_none()
    late = overdue.late_on(opens_on).count()
    waiting = Patron.select().where(_first_password_waits(cutover)).count() if cutover else 0
    mails = cutover.mails if cutover else 0
    return Outlook(late, erased, retention.erased_on(opens_on) if erased else None, waiting, mails)


def _first_password_waits(cutover: Cutover) -> Any:
    """Return the SQL condition for patrons of this cutover who are to sign in by their day of birth; they can't before
    the opening.
    """
    is_first = (Patron.password_hash == "") & (Patron.initial_code_hash == "")
    return is_first & (Patron.initial_issued_at >= cutover.begun_at)


def take_stages_as_told(opens_on: date) -> int:
    """Record the overdue stage of each loan on a day as told, in the caller's transaction; return the number of loans
    with one.
    """
    return overdue.note_earlier_reminders(
        {loan.id: loan.due_on for loan in overdue.late_on(opens_on)}, {}, today=opens_on
    )


def open_on(day: date | None, reason: str = "", *, by: str, now: datetime) -> Outlook:
    """開館する, today or on a later day; return its results. Overdue stages reached by then count as told.

    The time of expired cards and of first passwords counts from that day at the earliest. While steps are open, a
    ``reason`` is needed. Raises: RefusedTogether by ``on`` and ``reason``; NotMoving, MovedInBefore.
    """
    today, reason = clock.day_of(now), " ".join(reason.split())[:LONGEST]
    opens_on = day or today
    with database.writing():
        cutover = going_on(now=now)
        problems: dict[str, list[errors.Refused]] = {}
        if not today <= opens_on <= today + FARTHEST:
            problems["on"] = [errors.OpeningDayImpossible(days=FARTHEST.days)]
        if (left := steps.open_ones()) and not reason:
            problems["reason"] = [errors.StepsAreOpen(steps="、".join(left))]
        if problems:
            raise errors.RefusedTogether(problems)
        done = outlook(opens_on)._replace(told=take_stages_as_told(opens_on))
        before = Patron.retention_from.is_null() | (Patron.retention_from < opens_on)
        Patron.update(retention_from=opens_on).where(before).execute()
        Patron.update(initial_issued_at=clock.at(opens_on)).where(_first_password_waits(cutover)).execute()
        before_opening.set_opening_day(opens_on)
        # the names of the sampled patrons go; that the step was done stays
        steps.enter("sample", {}, opens=False)
        audit.record(
            "move.opened", actor=by, now=now, on=opens_on.isoformat(), reason=reason, count=len(left), told=done.told
        )
    return done


def check_name(typed: str, library: str) -> None:
    """Refuse a typed name that is not the library's, before an act that can't be undone. Raises: LibraryNameDiffers."""
    if "".join(typed.split()) != "".join(library.split()):
        raise errors.LibraryNameDiffers(name=library)


def discard(*, by: str, now: datetime) -> dict[str, int]:
    """Delete all that was imported, to rehearse again; branches, rules, staff, texts and mappings stay. Return the
    figures before it, as ``counted``.

    Raises: NotMoving, MovedInBefore; OpeningIsSet, once a day is named; NotEmptyBefore, where the library was not empty
    at the beginning.
    """
    with database.writing():
        cutover = going_on(now=now)
        if cutover.opens_on is not None:
            raise errors.OpeningIsSet(day=dates.with_weekday(cutover.opens_on))
        if not cutover.was_empty:
            raise errors.NotEmptyBefore()
        removed = figures.counted(today=clock.day_of(now))
        OutboxMail.delete().where(OutboxMail.patron.is_null(False)).execute()
        for table in IMPORTED:
            table.delete().execute()
        steps.forget()
        Cutover.update(mails=0).where(Cutover.id == cutover.id).execute()
        audit.record("move.discarded", actor=by, now=now, **removed)
    index.rebuild()
    return removed
