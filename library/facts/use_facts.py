"""利用の事実: each loan, renewal, hold and request, frozen without patron, title and copy, for the library's figures.

A fact is written in the transaction of its act. Taking the act back deletes it; nothing else changes it, but that it
is unlinked from its loan or hold, and loses its hour and day (``coarsen``). Rows stand under random numbers.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from peewee import Case, fn

from library import clock, dates
from library.facts import stages
from library.patrons import homes
from library.store import database
from library.store.queries import tuples
from models import Hold, Item, Loan, MonthFigure, Patron, PatronRequest, RecordedSince, Title, UseFact

NUMBERS = 2**53  # of which a fact draws one
YEARS_WITH_DAY = 3
A_MONTH = timedelta(days=31)
CHANCE = secrets.SystemRandom()
SUMMED = "facts"  # the figure of a month that tells that its facts are summed


# -- written with the act --------------------------------------------------------------------------------------------
def of_loan(loan: Loan, *, channel: str, at: datetime | None) -> None:
    """Write the fact of a new loan, in the caller's transaction. ``channel``: desk, offline or import; ``at``: the
    moment, for the hour, if known.

    The card's first loan at that branch on that day opens a visit; its first of the 年度 is remembered with the card.
    """
    same_visit = Loan.select().where(
        Loan.patron == loan.patron_id, Loan.lent_on == loan.lent_on, Loan.branch == loan.branch_id, Loan.id != loan.id
    )
    year = dates.fiscal_year(loan.lent_on)[0].year
    is_first = Patron.update(borrowed_in=year).where(Patron.id == loan.patron_id, Patron.borrowed_in < year).execute()
    _write("loan", loan, loan.lent_on, channel, at, opens_visit=not same_visit.exists(), first_in_year=is_first > 0)


def of_renewal(loan: Loan, *, by: str, now: datetime) -> None:
    """Write the fact of a renewal at the branch of the loan, in the caller's transaction. ``by``: patron, or staff."""
    _write("renewal", loan, clock.day_of(now), _channel(by), now)


def of_hold(hold: Hold, *, by: str, now: datetime) -> None:
    """Write the fact of a new 予約 at its 受取館, in the caller's transaction. ``by``: patron, or staff."""
    copies = Item.select(Item.material_type).where(Item.title == hold.title_id, Item.state != "withdrawn")
    kind = hold.title.material_type or copies.order_by(Item.id).limit(1).scalar() or ""
    said = about(hold.patron, hold.title, kind, clock.day_of(now))
    said |= {"day": clock.day_of(now), "hour": clock.local(now).hour}
    _create("hold", hold.pickup_branch_id, channel=_channel(by), hold=hold, **said)


def of_request(request: PatronRequest, *, by: str, now: datetime) -> None:
    """Write the fact of a リクエスト at its 受取館, in the caller's transaction; it leads to no patron.

    The hold that comes of it writes none. ``by``: patron, or staff.
    """
    day, unknown = clock.day_of(now), Title(audience="", ndc="")
    said = about(request.patron, unknown, "", day) | {"day": day, "hour": clock.local(now).hour}
    _create("request", request.pickup_branch_id, channel=_channel(by), **said)


def _channel(by: str) -> str:
    return "site" if by == "patron" else "desk"


def _write(act: str, loan: Loan, day: date, channel: str, at: datetime | None, **flags: Any) -> None:
    item = loan.item
    if loan.patron is None:
        raise ValueError("an act has a patron when it is done")
    flags |= about(loan.patron, item.title, item.material_type or item.title.material_type, day)
    flags["borrowed"] = item.owner_id is not None
    hour = at and clock.local(at).hour
    _create(act, loan.branch_id, channel=channel, loan=loan, day=day, hour=hour, **flags)


def about(patron: Patron, title: Title, kind: str, day: date) -> dict[str, Any]:
    """Return the columns of a fact that tell of its patron and title on a day; ``kind``: 資料区分."""
    is_group, is_partner = homes.kinds(patron.category)
    return {
        "category": patron.category,
        "is_group": is_group or is_partner,
        "is_partner": is_partner,
        "stage": stages.stage(patron.birth_date, today=day),
        "age_group": stages.age_group(patron.birth_date, today=day),
        "residence": patron.residence,
        "material_type": kind,
        "audience": title.audience,
        "ndc": title.ndc,
    }


def _create(act: str, branch: int, **columns: Any) -> None:
    UseFact.insert(id=secrets.randbelow(NUMBERS), act=act, branch=branch, **columns).execute()
    month = columns["day"].replace(day=1)
    if month < clock.today().replace(day=1):  # which may be summed already
        MonthFigure.delete().where(MonthFigure.month == month, MonthFigure.name == SUMMED).execute()


# -- taken back ------------------------------------------------------------------------------------------------------
def forget_loan(loan: Loan) -> None:
    """Delete the facts of a loan that is undone, before its row goes, in the caller's transaction.

    The visit that it opened, and the first loan of the year, are then another loan's of the card, if there is one.
    """
    fact = UseFact.get_or_none(UseFact.loan == loan.id, UseFact.act == "loan")
    UseFact.delete().where(UseFact.loan == loan.id).execute()
    if fact is None:
        return
    others = Loan.select(Loan.id).where(Loan.patron == loan.patron_id, Loan.id != loan.id)
    first, last = dates.fiscal_year(loan.lent_on)
    if fact.opens_visit:
        _hand_on(UseFact.opens_visit, others.where(Loan.lent_on == loan.lent_on, Loan.branch == loan.branch_id))
    if fact.first_in_year and not _hand_on(UseFact.first_in_year, others.where(Loan.lent_on.between(first, last))):
        Patron.update(borrowed_in=first.year - 1).where(Patron.id == loan.patron_id).execute()


def _hand_on(flag: Any, loans: Any) -> int:
    first = UseFact.select(fn.min(UseFact.loan)).where(UseFact.loan.in_(loans), UseFact.act == "loan")
    return UseFact.update({flag: True}).where(UseFact.loan == first, UseFact.act == "loan").execute()


def forget_renewal(loan_id: int, *, channel: str) -> None:
    """Delete the fact of the last renewal of a loan, which is taken back, in the caller's transaction.

    ``channel``: where it was renewed, site or desk; that tells two of one hour apart.
    """
    mine = UseFact.select(UseFact.id).where(UseFact.loan == loan_id, UseFact.act == "renewal")
    of_others = Case(None, [(UseFact.channel == channel, 0)], 1)
    last = mine.order_by(UseFact.day.desc(), UseFact.hour.desc(), of_others).limit(1)
    UseFact.delete().where(UseFact.id == last).execute()


def forget_holds(ids: Collection[int]) -> None:
    """Delete the facts of holds that are taken back with 元に戻す, in the caller's transaction."""
    UseFact.delete().where(UseFact.hold.in_(list(ids))).execute()


def unlink(loans: Collection[int]) -> None:
    """Remove the loans, and all but the class, from their facts, as patrons are unlinked in the caller's transaction.

    The marks of first loans are dealt anew among the unlinked facts of a day, branch and stage: they tell how many
    borrowed, and not what anybody borrowed first.
    """
    mine, is_loan = UseFact.loan.in_(list(loans)), UseFact.act == "loan"
    places = list(tuples(UseFact.select(UseFact.day, UseFact.branch, UseFact.stage).where(mine, is_loan).distinct()))
    UseFact.update(loan=None, ndc=fn.SUBSTR(UseFact.ndc, 1, 1)).where(mine).execute()
    for day, branch, stage in places:
        alike = (UseFact.day == day) & (UseFact.branch == branch) & (UseFact.stage == stage)
        facts = list(UseFact.select().where(is_loan, alike, UseFact.loan.is_null()))
        for fact, other in zip(facts, CHANCE.sample(facts, len(facts)), strict=True):
            marks = {"opens_visit": other.opens_visit, "first_in_year": other.first_in_year}
            if marks != {name: getattr(fact, name) for name in marks}:
                UseFact.update(marks).where(UseFact.id == fact.id).execute()


# -- since when, and how finely --------------------------------------------------------------------------------------
def since() -> dict[str, date]:
    """Return the first day that figures count: ``loans``, and ``facts`` for all that only facts tell; {} for none."""
    return {row.name: row.day for row in RecordedSince.select()}


def begin(day: date) -> None:
    """Count from a day on, in the caller's transaction; a library that counts already goes on as it did."""
    rows = [{"name": name, "day": day} for name in ("loans", "facts")]
    RecordedSince.insert_many(rows).on_conflict_ignore().execute()


def days_kept_from(*, today: date) -> date:
    """Return the first day of the facts that still have their day of the month."""
    year = dates.fiscal_year(today)[0]
    return year.replace(year=year.year - YEARS_WITH_DAY)


def coarsen(*, now: datetime) -> dict[str, int]:
    """Remove the hour from facts of 13 months ago, and the day of the month from those older than YEARS_WITH_DAY 年度;
    return the numbers of facts. Cards forget that they borrowed in a 年度 that is over for a month.
    """
    today = clock.day_of(now)
    with_hour = dates.year_before(today) - A_MONTH
    with_day = days_kept_from(today=today)
    with database.writing():
        year = dates.fiscal_year(today - A_MONTH)[0].year
        Patron.update(borrowed_in=0).where(Patron.borrowed_in > 0, Patron.borrowed_in < year).execute()
        old = UseFact.hour.is_null(False) & (UseFact.day < with_hour)
        hours = UseFact.update(hour=None).where(old).execute()
    days, months = 0, UseFact.select(UseFact.day).where(UseFact.day < with_day).distinct()
    for fact in list(months):
        if fact.day.day > 1:
            with database.writing():
                days += UseFact.update(day=fact.day.replace(day=1)).where(UseFact.day == fact.day).execute()
    return {"hours": hours, "days": days}
