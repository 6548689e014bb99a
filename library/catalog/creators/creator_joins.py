"""著者をまとめる、分ける: what somebody at the desk says of names that are one person, or are not. Imports keep it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from peewee import chunked

from library import audit, errors
from library.catalog import heading_names
from library.catalog.creators import creators
from library.catalog.search import index, search as searches
from library.catalog.search.query import Query, Row
from library.store import database
from models import Contributor, Creator, CreatorIdentifier

BATCH = 200  # titles that are put into the index in one transaction
MOST = 50  # people that are found
_LAST = "\U0010ffff"


class Form(NamedTuple):
    """A form of a name at the desk: how many titles have it, and its numbers in registers."""

    author: Creator
    titles: int
    numbers: tuple[str, ...]


def found(words: str) -> list[list[Form]]:
    """Return the forms of each person who is called so: first those whose name begins so, then the most frequent. Where nobody is, of
    those who made titles that a search for such an author finds.
    """
    forms = (
        Creator.select(Creator.id)
        .where((Creator.name >= words) & (Creator.name < words + _LAST))
        .order_by(Creator.name)
        .limit(MOST)
    )
    ids = [form.id for form in forms]
    results = searches.find(Query(rows=(Row(words, "author"),)), size=1, with_removed=True)
    ids += [int(value.value) for name, values in results.facets if name == "author" for value in values]
    several = heading_names.forms_of(list(dict.fromkeys(heading_names.people_of(ids).values()))[:MOST])
    every = _forms([form for each in several.values() for form in each])
    people = {person: [every[form] for form in each if form in every] for person, each in several.items()}
    others, spelled = heading_names.others(several), heading_names.spellings(words)
    called = [each for person, each in people.items() if _is_called(each, others.get(person, ()), spelled)]
    return called or list(people.values())


def _is_called(forms: list[Form], others: Iterable[heading_names.Name], spelled: list[str]) -> bool:
    own = (heading_names.Name(each.author.name, each.author.kana, each.author.latin) for each in forms)
    return heading_names.nearest((*own, *others), spelled)[1] is not None


def _forms(ids: list[int]) -> dict[int, Form]:
    sql = "SELECT author_id, count(DISTINCT title_id) FROM contributor WHERE author_id IN ({}) GROUP BY author_id"
    counts = dict(heading_names.rows_among(sql, ids))
    numbers: dict[int, list[str]] = {}
    for row in CreatorIdentifier.select().where(CreatorIdentifier.author.in_(ids)):
        numbers.setdefault(row.author_id, []).append(f"{row.scheme} {row.value}")
    return {
        form.id: Form(form, counts.get(form.id, 0), tuple(sorted(numbers.get(form.id, ()))))
        for form in Creator.select().where(Creator.id.in_(ids))
    }


def join(author_ids: Collection[int], *, by: str, now: datetime) -> None:
    """Make one person of those whose names these are; the name with the most titles stands first. NothingTicked, AlreadyOnePerson."""
    with database.writing():
        chosen = _chosen(author_ids)
        owners = heading_names.people_of(chosen)
        several = list(dict.fromkeys(owners.values()))
        if len(several) == 1:
            raise errors.AlreadyOnePerson()
        target = max(several, key=lambda person: (_titles(person), -person))
        others = [
            form for person, forms in heading_names.forms_of(several).items() if person != target for form in forms
        ]
        Creator.update(person=target, person_fixed=True).where(Creator.id.in_(others)).execute()
        Creator.update(person_fixed=True).where(Creator.id.in_([target, *chosen])).execute()
        _note("people.joined", chosen, by, now)
    _index_again([target])


def part(author_ids: Collection[int], *, by: str, now: datetime) -> None:
    """Take these names out of their people; together they are a person of their own. NothingTicked, PersonNotParted."""
    with database.writing():
        chosen = _chosen(author_ids)
        before = heading_names.forms_of(set(heading_names.people_of(chosen).values()))
        left = {person: [form for form in forms if form not in chosen] for person, forms in before.items()}
        if not all(left.values()):
            raise errors.PersonNotParted()
        first = max(chosen, key=lambda form: (_titles(form), -form))
        _stand_under(first, chosen)
        for forms in left.values():
            _stand_under(forms[0], forms)
        Creator.update(person_fixed=True).where(Creator.id.in_(chosen)).execute()
        _note("people.parted", chosen, by, now)
    _index_again([first, *(forms[0] for forms in left.values())])


def _chosen(author_ids: Collection[int]) -> list[int]:
    chosen = [
        form.id for form in Creator.select(Creator.id).where(Creator.id.in_(list(author_ids))).order_by(Creator.id)
    ]
    if not chosen:
        raise errors.NothingTicked()
    return chosen


def _stand_under(person: int, forms: list[int]) -> None:
    Creator.update(person=None).where(Creator.id == person).execute()
    Creator.update(person=person).where(Creator.id.in_(forms), Creator.id != person).execute()


def _titles(form: int) -> int:
    return Contributor.select().where(Contributor.author == form).count()


def _note(action: str, chosen: list[int], by: str, now: datetime) -> None:
    index.copies_changed()
    audit.record(action, actor=by, now=now, authors=chosen)


def _index_again(persons: Iterable[int]) -> None:
    """Have all titles of these people found by all their names, a batch a transaction."""
    for ids in chunked(creators.titles_of(persons), BATCH):
        with database.writing():
            index.refresh(ids)
        database.give_way()
