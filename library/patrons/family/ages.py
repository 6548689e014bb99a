"""Ages at which a tie changes: from ``family_self_age`` (15) on the child may hide titles, and at 18 the tie ends
unless the child keeps it.

Each step of the job does everything that is due and not done yet, so that days without a run are caught up. A child who
was told late has the same time to answer.
"""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from typing import NamedTuple

from peewee import Expression

from library import clock, dates, errors, policy
from library.access import seals
from library.patrons import patrons
from library.patrons.family import addresses, ties
from library.store import database
from models import FamilyTie, OutboxMail, Patron

OF_AGE = 18  # 民法 4
SILENCE = timedelta(days=60)  # without an answer titles are hidden
TOLD_AHEAD = timedelta(days=30)
ANSWERED_AHEAD = timedelta(days=60)  # from then on the child can answer that the tie stays
MAILS = ("family_titles", "family_ending")
_CHILD, _VIEWER = Patron.alias(), Patron.alias()


# -- days ------------------------------------------------------------------------------------------------------------
def hides_on(tie: FamilyTie) -> date | None:
    """Return the day on which titles are hidden without an answer of the child; None where the child was not asked or
    has answered.
    """
    return None if tie.titles_settled or tie.titles_asked_on is None else tie.titles_asked_on + SILENCE


def ends_on(tie: FamilyTie, born: date | None) -> date | None:
    """Return the day on which the child's age ends a tie; None where it does not: no birth date, or agreed to as an
    adult.
    """
    if born is None or tie.agreed_at is None:
        return None
    of_age = dates.birthday(born, OF_AGE)
    if clock.day_of(tie.agreed_at) >= of_age:
        return None
    told = tie.ending_told_on
    return told + TOLD_AHEAD if told and told >= of_age else of_age


def may_stay(tie: FamilyTie, born: date | None, *, today: date) -> bool:
    """Tell whether the child can answer now that the tie stays."""
    day = ends_on(tie, born)
    return day is not None and tie.stays_on is None and day - ANSWERED_AHEAD <= today


# -- answers of the child --------------------------------------------------------------------------------------------
def answer(tie: FamilyTie, allowed: Collection[str], *, hidden: bool | None, now: datetime, by: str = "patron") -> None:
    """Set the viewer's rights, and whether titles are hidden (None: not asked), both or neither.

    Raises: FamilyLookMissing; FamilyTooYoung; FamilyTitlesSealed.
    """
    with database.writing():
        ties.allow(tie, allowed, now=now, by=by)
        if allowed and hidden is not None:
            choose_titles(tie, hidden=hidden, now=now, by=by)


def choose_titles(tie: FamilyTie, *, hidden: bool, now: datetime, by: str = "patron") -> None:
    """Hide titles from the viewer (書名を見せない), or show them, from now on.

    Raises: FamilyTooYoung; FamilyTitlesSealed, for showing them while records are sealed: another may have the child's
    password.
    """
    child = Patron.get_by_id(tie.child_id)
    if not ties.may_hide(child, today=clock.day_of(now)):
        raise errors.FamilyTooYoung(age=policy.get("family_self_age"))
    if tie.titles_hidden and not hidden and seals.is_sealed(child):
        raise errors.FamilyTitlesSealed()
    with database.writing():
        _settle(tie, hidden=hidden, now=now, by=by)


def _settle(tie: FamilyTie, *, hidden: bool, now: datetime, by: str) -> None:
    FamilyTie.update(titles_hidden=hidden, titles_settled=True).where(FamilyTie.id == tie.id).execute()
    if hidden:
        addresses.hide_titles(tie.child_id, tie.viewer_id)
    if hidden != tie.titles_hidden:
        ties.record("family.titles_hidden" if hidden else "family.titles_shown", tie, by=by, now=now)


def stay(tie: FamilyTie, *, now: datetime, by: str = "patron") -> None:
    """Record the child's answer that the tie goes on at 18. Raises: FamilyStayTooEarly."""
    today = clock.day_of(now)
    if not may_stay(tie, Patron.get_by_id(tie.child_id).birth_date, today=today):
        raise errors.FamilyStayTooEarly()
    with database.writing():
        FamilyTie.update({"stays_on": today} | ties.agreed_now_if_sealed(tie, now=now)).where(
            FamilyTie.id == tie.id
        ).execute()
        ties.record("family.stays", tie, by=by, now=now)


# -- the job ---------------------------------------------------------------------------------------------------------
def run(*, now: datetime) -> dict[str, int]:
    """Ask, hide, tell and end what is due; return the numbers of ties, as asked, hidden, told and ended."""
    steps: dict[str, Callable[[datetime], int]] = {"asked": _ask, "hidden": _hide, "told": _tell, "ended": _end}
    with database.writing():
        return {name: step(now) for name, step in steps.items()}


def _ask(now: datetime) -> int:
    """Ask each child who has reached the age since agreeing whether titles are shown."""
    today, age = clock.day_of(now), policy.get("family_self_age")
    minor = _CHILD.birth_date > dates.latest_birth_date(today, OF_AGE)
    rows = _ties(
        _CHILD.birth_date <= dates.latest_birth_date(today, age),
        minor,
        ~FamilyTie.titles_settled,
        FamilyTie.titles_asked_on.is_null(),
    )
    due = [row for row in rows if row.agreed_on < dates.birthday(row.born, age)]
    for row in due:
        FamilyTie.update(titles_asked_on=today).where(FamilyTie.id == row.tie.id).execute()
        _mail("family_titles", row.tie, row.child, now)
    return len(due)


def _hide(now: datetime) -> int:
    silent = FamilyTie.titles_asked_on <= clock.day_of(now) - SILENCE
    rows = _ties(silent, ~FamilyTie.titles_settled)
    for row in rows:
        _settle(row.tie, hidden=True, now=now, by="job")
    return len(rows)


def _tell(now: datetime) -> int:
    """Mail both of each tie that ends within TOLD_AHEAD, or should have ended."""
    due = [row for row in _growing(now) if row.tie.ending_told_on is None]
    for row in due:
        FamilyTie.update(ending_told_on=clock.day_of(now)).where(FamilyTie.id == row.tie.id).execute()
        for patron in (row.child, row.viewer):
            _mail("family_ending", row.tie, patron, now)
    return len(due)


def _end(now: datetime) -> int:
    today = clock.day_of(now)
    due = [row for row in _growing(now) if (day := ends_on(row.tie, row.born)) and day <= today]
    for row in due:
        addresses.hide_titles(row.child.id, row.viewer.id)
        FamilyTie.delete().where(FamilyTie.id == row.tie.id).execute()
        ties.record("family.ended", row.tie, by="job", now=now)
    return len(due)


class _Row(NamedTuple):
    """A tie that was agreed to: child, viewer, the day of agreeing and the child's birth date."""

    tie: FamilyTie
    child: Patron
    viewer: Patron
    agreed_on: date
    born: date


def _growing(now: datetime) -> list[_Row]:
    """Return the ties that end within TOLD_AHEAD, or should have ended, of children who did not answer
    that they stay.
    """
    soon = clock.day_of(now) + TOLD_AHEAD
    rows = _ties(_CHILD.birth_date <= dates.latest_birth_date(soon, OF_AGE), FamilyTie.stays_on.is_null())
    return [row for row in rows if ends_on(row.tie, row.born)]


def _ties(*conditions: Expression) -> list[_Row]:
    """Return the ties that were agreed to, of children with a birth date."""
    rows = FamilyTie.select(FamilyTie, _CHILD, _VIEWER).join(_CHILD, on=(FamilyTie.child == _CHILD.id))
    rows = rows.switch(FamilyTie).join(_VIEWER, on=(FamilyTie.viewer == _VIEWER.id))
    found = rows.where(FamilyTie.agreed_at.is_null(False), *conditions).order_by(FamilyTie.id)
    return [
        _Row(tie, tie.child, tie.viewer, clock.day_of(tie.agreed_at), tie.child.birth_date)
        for tie in found
        if tie.child and tie.agreed_at and tie.child.birth_date
    ]


# -- mails -----------------------------------------------------------------------------------------------------------
def _mail(kind: str, tie: FamilyTie, patron: Patron, now: datetime) -> None:
    for row in patrons.addresses(patron):
        if row.undeliverable_at is None:
            patrons.mail(row, kind, f"{tie.id}:{clock.day_of(now)}:{patron.id}", facts={"tie": tie.id}, now=now)


class Letter(NamedTuple):
    """The facts of a mail about a tie: names of its reader and the other patron, and the day on which
    the tie changes.
    """

    name: str
    other: str
    is_child: bool
    day: date


def letter(mail: OutboxMail) -> Letter | None:
    """Return the facts of a queued mail if it is sent now; None when the tie is over or the child has answered."""
    found = _ties(FamilyTie.id == mail.facts.get("tie"))
    if not found or mail.patron_id not in (found[0].child.id, found[0].viewer.id):
        return None
    tie, child, viewer, _, born = found[0]
    is_child = mail.patron_id == child.id
    ending = ends_on(tie, born) if tie.stays_on is None else None
    day = hides_on(tie) if mail.kind == "family_titles" else ending
    me, other = (child, viewer) if is_child else (viewer, child)
    return Letter(me.name, other.name, is_child, day) if day else None
