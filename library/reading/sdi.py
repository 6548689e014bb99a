"""SDI: searches that a patron saved, and new titles for each. The mails: ``library.reading.sdi_mails``.

A title is new for a condition that finds it when it was acquired since the condition was made and not announced for it
yet. Days alone can't tell: titles that came earlier on the day of the condition are stored as known then, and titles
that come after the mails of a day are announced the next time.
"""

from collections.abc import Iterable
from datetime import date, datetime

from peewee import fn

from library import clock, errors
from library.catalog.query import query as queries
from library.catalog.query.query import Query
from library.catalog.search import search, snapshot
from library.store import database
from library.store.queries import tuples
from models import Patron, SdiCondition, SdiTitle

MOST = 10  # conditions of one patron
LONGEST_NAME = 60  # letters


# -- conditions ------------------------------------------------------------------------------------------------------
def of_patron(patron: Patron) -> list[SdiCondition]:
    """Return the patron's conditions in the order in which they were made."""
    return list(SdiCondition.select().where(SdiCondition.patron == patron.id).order_by(SdiCondition.id))


def query_of(condition: SdiCondition) -> Query:
    """Return the search of a condition."""
    return queries.from_address(condition.query)


def saved_as(query: Query) -> str:
    """Return a search as a condition stores it: without open page, order and grouping."""
    return query.without("group", "sort", "page").address()


def refusals(patron: Patron, query: Query) -> list:
    """Return the refusals of saving this search."""
    mine = of_patron(patron)
    same = next((condition for condition in mine if condition.query == saved_as(query)), None)
    if same:
        return [errors.SdiTwice(name=same.name)]
    return [errors.SdiFull(n=MOST)] if len(mine) >= MOST else []


def save(patron: Patron, query: Query, name: str, *, active: bool = True, now: datetime) -> SdiCondition:
    """登録: save a search, whose new titles are announced from now on. Raises: Refusals (SdiFull, SdiTwice);
    RefusedTogether by field.
    """
    name = _read_name(name)
    there = search.acquired(query, first=clock.day_of(now), last=clock.day_of(now))
    with database.writing():
        if reasons := refusals(patron, query):
            raise errors.Refusals(reasons)
        made = SdiCondition.create(patron=patron, name=name, query=saved_as(query), active=active, created_at=now)
        for title_id in there:
            SdiTitle.create(condition=made, title=title_id)
    return made


def change(condition: SdiCondition, name: str, *, active: bool) -> None:
    """Set name and 配信 or 停止 of a condition. Raises: RefusedTogether by field."""
    name = _read_name(name)
    with database.writing():
        SdiCondition.update(name=name, active=active).where(SdiCondition.id == condition.id).execute()


def _read_name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise errors.RefusedTogether({"sdi_name": [errors.FieldEmpty()]})
    if len(name) > LONGEST_NAME:
        raise errors.RefusedTogether({"sdi_name": [errors.FieldTooLong(maximum=LONGEST_NAME)]})
    return name


def switch_off(patron: Patron) -> int:
    """Set 停止 for all conditions of a patron, in the caller's transaction; return the number that were on."""
    return SdiCondition.update(active=False).where(SdiCondition.patron == patron.id, SdiCondition.active).execute()


def remove(condition: SdiCondition) -> None:
    """Delete a condition, and the record of titles announced for it."""
    with database.writing():
        SdiCondition.delete().where(SdiCondition.id == condition.id).execute()


# -- what is new -----------------------------------------------------------------------------------------------------
def matches(condition: SdiCondition, *, today: date, shot: snapshot.Snapshot | None = None) -> list[int]:
    """Return the titles that a condition finds, acquired since the day of the condition, the latest first; announced
    ones too.
    """
    return search.acquired(query_of(condition), first=clock.day_of(condition.created_at), last=today, shot=shot)


def titles_not_new(conditions: Iterable[SdiCondition]) -> dict[int, set[int]]:
    """Return condition id → titles that are not new for it: announced, or there when it was made."""
    titles: dict[int, set[int]] = {condition.id: set() for condition in conditions}
    rows = SdiTitle.select(SdiTitle.condition, SdiTitle.title).where(SdiTitle.condition.in_(list(titles)))
    for condition, title in tuples(rows):
        titles[condition].add(title)
    return titles


def new(conditions: Iterable[SdiCondition], *, today: date) -> dict[int, list[int]]:
    """Return condition id → titles that are new for it, the latest first."""
    old, shot = titles_not_new(conditions), snapshot.current()
    return {
        condition.id: [title for title in matches(condition, today=today, shot=shot) if title not in old[condition.id]]
        for condition in conditions
    }


def announced(condition: SdiCondition) -> list[tuple[int, date]]:
    """Return the titles that were announced for a condition, each with the day, the last first."""
    rows = SdiTitle.select(SdiTitle.title, SdiTitle.told_on).where(
        SdiTitle.condition == condition.id, SdiTitle.told_on.is_null(False)
    )
    return [(title, day) for title, day in tuples(rows.order_by(SdiTitle.told_on.desc(), SdiTitle.title.desc()))]


def last_announced(conditions: Iterable[SdiCondition]) -> dict[int, date]:
    """Return condition id → day of its last announcement; conditions without one are absent."""
    rows = SdiTitle.select(SdiTitle.condition, fn.MAX(SdiTitle.told_on).converter(SdiTitle.told_on.python_value))
    mine = SdiTitle.condition.in_([condition.id for condition in conditions])
    return dict(tuples(rows.where(mine, SdiTitle.told_on.is_null(False)).group_by(SdiTitle.condition)))
