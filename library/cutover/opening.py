"""移行のはじめと開館: from ``begin`` on the library is being moved in, until the day that ``open_on`` names."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from library import audit, clock, dates, errors
from library.account import retention
from library.calendar import before_opening
from library.catalog.search import index
from library.cutover import figures, steps
from library.lending import overdue
from library.store import database
from models import (
    CardNumber,
    CategoryChange,
    Creator,
    Cutover,
    DeletedTitle,
    Ebook,
    EbookHold,
    EbookLoan,
    Hold,
    HoldGroup,
    Item,
    Loan,
    OfflineEntry,
    OutboxMail,
    Patron,
    ReadingPosition,
    ResetRequest,
    Series,
    Stocktaking,
    Subject,
    Title,
    WorkJoin,
)

FARTHEST = timedelta(days=60)  # from now to the opening
LONGEST = 200  # letters of a reason
# all that came in, in the order in which it can go: nothing refers to what is deleted but what goes with it
IMPORTED = (
    OfflineEntry, Hold, HoldGroup, Loan, Stocktaking, EbookHold, ReadingPosition, EbookLoan, Ebook, Item, DeletedTitle, Title, Series, Creator, Subject, WorkJoin,
    CategoryChange, CardNumber,
    ResetRequest, Patron,
)  # fmt: skip


class Outlook(NamedTuple):
    """Results of an opening: loans whose stages count as told, patrons whose time to be erased begins then, the first day of that, patrons
    whose first password, their day of birth, counts its days from then, and mails that were counted up to now and are never sent.
    """

    told: int
    erased: int
    first_erased: date | None
    first_passwords: int
    mails: int


def begin(*, by: str, now: datetime) -> None:
    """移行を始める. Raises: MovingAlready; MovedInBefore, for a library that was opened by a move."""
    with database.writing():
        if row := Cutover.get_or_none():
            raise errors.MovingAlready() if _is_going_on(row, now) else _moved_in(row)
        Cutover.create(begun_at=now, was_empty=is_empty())
        before_opening.note(None)
        audit.record("move.begun", actor=by, now=now)


def is_empty() -> bool:
    """Tell whether nothing came in yet that patrons could miss while the library moves."""
    return not Patron.select().exists() and not Title.select().exists()


def _is_going_on(row: Cutover, now: datetime) -> bool:
    return row.opens_on is None or row.opens_on > clock.day_of(now)


def _moved_in(row: Cutover) -> errors.Refused:
    return errors.MovedInBefore(day=dates.with_weekday(row.opens_on) if row.opens_on else "")


def going_on(*, now: datetime) -> Cutover:
    """Return the move that is going on. Raises: NotMoving, MovedInBefore."""
    row = Cutover.get_or_none()
    if row is None:
        raise errors.NotMoving()
    if not _is_going_on(row, now):
        raise _moved_in(row)
    return row


def outlook(opens_on: date) -> Outlook:
    """Return the outlook of an opening on a day: the figures of what it would do."""
    erased = retention.expired_cards(opens_on).count()
    move = Cutover.get_or_none()
    late = overdue.late_on(opens_on).count()
    waiting = Patron.select().where(_first_password_waits(move)).count() if move else 0
    return Outlook(late, erased, retention.erased_on(opens_on) if erased else None, waiting, move.mails if move else 0)


def _first_password_waits(move: Cutover) -> Any:
    """Return the condition on patrons who came in with this move and are to sign in by their day of birth: nobody could, until now."""
    return (Patron.password_hash == "") & (Patron.initial_code_hash == "") & (Patron.initial_issued_at >= move.begun_at)


def mark_told(opens_on: date) -> int:
    """Take each loan as asked for up to its stage on a day, in the caller's transaction; return how many had reached one."""
    return overdue.take_as_asked({loan.id: loan.due_on for loan in overdue.late_on(opens_on)}, {}, today=opens_on)


def open_on(day: date | None, reason: str = "", *, by: str, now: datetime) -> Outlook:
    """開館する, today or on a day to come. Overdue stages that are reached by then are marked told; later ones go out as they are reached.
    The time of patrons, and that of first passwords by the day of birth, counts from that day at the earliest.

    With open steps a ``reason`` is needed. Raises: RefusedTogether by ``on`` and ``reason``; NotMoving, MovedInBefore.
    """
    today, reason = clock.day_of(now), " ".join(reason.split())[:LONGEST]
    opens_on = day or today
    with database.writing():
        move = going_on(now=now)
        problems: dict[str, list[errors.Refused]] = {}
        if not today <= opens_on <= today + FARTHEST:
            problems["on"] = [errors.OpeningDayImpossible(days=FARTHEST.days)]
        if (left := steps.open_ones()) and not reason:
            problems["reason"] = [errors.StepsAreOpen(steps="、".join(left))]
        if problems:
            raise errors.RefusedTogether(problems)
        done = outlook(opens_on)._replace(told=mark_told(opens_on))
        before = Patron.retention_from.is_null() | (Patron.retention_from < opens_on)
        Patron.update(retention_from=opens_on).where(before).execute()
        Patron.update(initial_issued_at=clock.at(opens_on)).where(_first_password_waits(move)).execute()
        before_opening.note(opens_on)
        # whom was looked at is nobody's business from now on; that it was done stays
        steps.enter("sample", {}, opens=False)
        audit.record(
            "move.opened", actor=by, now=now, on=opens_on.isoformat(), reason=reason, count=len(left), told=done.told
        )
    return done


def check_name(typed: str, library: str) -> None:
    """Refuse a name that is not the library's: what can't be undone wants it typed. Raises: LibraryNameDiffers."""
    if "".join(typed.split()) != "".join(library.split()):
        raise errors.LibraryNameDiffers(name=library)


def discard(*, by: str, now: datetime) -> dict[str, int]:
    """Remove what was imported, to rehearse once more: branches, rules, staff, texts and mappings stay. Return how much there was.

    Raises: NotMoving, MovedInBefore; OpeningIsSet, once a day is named; NotEmptyBefore, where some was there before the move began.
    """
    with database.writing():
        move = going_on(now=now)
        if move.opens_on is not None:
            raise errors.OpeningIsSet(day=dates.with_weekday(move.opens_on))
        if not move.was_empty:
            raise errors.NotEmptyBefore()
        removed = figures.counted(today=clock.day_of(now))
        OutboxMail.delete().where(OutboxMail.patron.is_null(False)).execute()
        for table in IMPORTED:
            table.delete().execute()
        steps.forget()
        Cutover.update(mails=0).where(Cutover.id == move.id).execute()
        audit.record("move.discarded", actor=by, now=now, **removed)
    index.rebuild()
    return removed
