"""SDI: searches that a patron saved, and what is new for each. What is mailed of it: ``library.reading.looking_back.sdi_mails``.

New for a condition is a title that it finds, acquired since the condition was made, and not told for it yet. Days alone can't say that:
what came earlier on the day on which the condition was made is written down then, and what comes later on a day of telling is
told the next time.
"""

from datetime import date

from peewee import fn

from library import clock, errors
from library.catalog.search import query as queries
from library.catalog.search import search
from library.catalog.search.query import Query
from library.store import database
from models import SdiCondition, SdiTitle

MOST = 10  # conditions of one patron
LONGEST_NAME = 60  # letters


# -- conditions ------------------------------------------------------------------------------------------------------
def of_patron(patron) -> list[SdiCondition]:
    """In the order in which they were made."""
    return list(SdiCondition.select().where(SdiCondition.patron == patron.id).order_by(SdiCondition.id))


def query_of(condition) -> Query:
    """What the condition looks for."""
    return queries.from_address(condition.query)


def saved_as(query: Query) -> str:
    """A search as a condition keeps it: which page was open, and in which order, says nothing of what is looked for."""
    return query.without("sort", "page").address()


def refusals(patron, query: Query) -> list:
    """Why this search can't be saved now."""
    mine = of_patron(patron)
    same = next((condition for condition in mine if condition.query == saved_as(query)), None)
    if same:
        return [errors.SdiTwice(name=same.name)]
    return [errors.SdiFull(limit=MOST)] if len(mine) >= MOST else []


def save(patron, query: Query, name: str, *, active: bool = True, now) -> SdiCondition:
    """登録: from now on what it finds new is told. Refusals: SdiFull, SdiTwice; RefusedTogether by field."""
    name = _read_name(name)
    there = search.arrived(query, first=clock.day_of(now), last=clock.day_of(now))
    with database.writing():
        if reasons := refusals(patron, query):
            raise errors.Refusals(reasons)
        made = SdiCondition.create(patron=patron, name=name, query=saved_as(query), active=active, created_at=now)
        for title_id in there:
            SdiTitle.create(condition=made, title=title_id)
    return made


def rename(condition, name: str):
    """RefusedTogether by field."""
    name = _read_name(name)
    with database.writing():
        SdiCondition.update(name=name).where(SdiCondition.id == condition.id).execute()


def _read_name(text):
    name = " ".join(text.split())
    if not name:
        raise errors.RefusedTogether({"sdi_name": [errors.FieldEmpty()]})
    if len(name) > LONGEST_NAME:
        raise errors.RefusedTogether({"sdi_name": [errors.FieldTooLong(maximum=LONGEST_NAME)]})
    return name


def switch(condition, *, active: bool):
    """配信 or 停止 of one condition."""
    with database.writing():
        SdiCondition.update(active=active).where(SdiCondition.id == condition.id).execute()


def switch_off(patron) -> int:
    """停止 of all conditions of a patron, inside the caller's transaction; how many were on."""
    return SdiCondition.update(active=False).where(SdiCondition.patron == patron.id, SdiCondition.active).execute()


def remove(condition):
    """With all that is known of what was told for it."""
    with database.writing():
        SdiCondition.delete().where(SdiCondition.id == condition.id).execute()


# -- what is new -----------------------------------------------------------------------------------------------------
def found(condition, *, today: date) -> list[int]:
    """Titles that it finds and that were acquired since the day on which it was made, the latest first; told or not."""
    return search.arrived(query_of(condition), first=clock.day_of(condition.created_at), last=today)


def known(conditions) -> dict[int, set[int]]:
    """Of each condition by its id, the titles that are not new for it any more."""
    kept = {condition.id: set() for condition in conditions}
    rows = SdiTitle.select(SdiTitle.condition, SdiTitle.title).where(SdiTitle.condition.in_(list(kept)))
    for condition, title in rows.tuples():
        kept[condition].add(title)
    return kept


def new(conditions, *, today: date) -> dict[int, list[int]]:
    """Of each condition by its id, the titles that are new for it, the latest first."""
    kept = known(conditions)
    return {
        condition.id: [title for title in found(condition, today=today) if title not in kept[condition.id]]
        for condition in conditions
    }


def announced(condition) -> list[tuple[int, date]]:
    """Titles that were told for it, each with the day, the last first."""
    rows = SdiTitle.select(SdiTitle.title, SdiTitle.told_on).where(
        SdiTitle.condition == condition.id, SdiTitle.told_on.is_null(False)
    )
    return list(rows.order_by(SdiTitle.told_on.desc(), SdiTitle.title.desc()).tuples())


def last_announced(conditions) -> dict[int, date]:
    """Of each condition by its id, the day on which something was told for it last."""
    rows = SdiTitle.select(SdiTitle.condition, fn.MAX(SdiTitle.told_on).converter(SdiTitle.told_on.python_value))
    mine = SdiTitle.condition.in_([condition.id for condition in conditions])
    return dict(rows.where(mine, SdiTitle.told_on.is_null(False)).group_by(SdiTitle.condition).tuples())
