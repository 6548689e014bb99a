"""著者をまとめる、分ける: decisions of the desk that names are of one creator, or of several. Imports keep them."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from library import audit, errors
from library.catalog import heading_names
from library.catalog.creators import creators
from library.catalog.fulltext import index
from library.catalog.query.query import Query, Row
from library.catalog.shown import results as searches
from library.store import database, engine
from models import Contributor, Creator, CreatorIdentifier

MOST = 50  # creators that are found
_LAST = "\U0010ffff"


class Form(NamedTuple):
    """A form of a name, the number of its titles, and its numbers in registers."""

    author: Creator
    titles: int
    numbers: tuple[str, ...]


def find_creators(words: str) -> list[list[Form]]:
    """Return the forms of each creator with such a name, those that begin with the words first, then those with most
    titles. When no creator has such a name: of the creators of titles that a search for this author finds.
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
    several = heading_names.forms_of(list(dict.fromkeys(heading_names.creators_of(ids).values()))[:MOST])
    every = _forms([form for each in several.values() for form in each])
    creators_found = {creator: [every[form] for form in each if form in every] for creator, each in several.items()}
    others, spelled = heading_names.other_names(several), heading_names.typed_spellings(words)
    named = [each for creator, each in creators_found.items() if _has_name(each, others.get(creator, ()), spelled)]
    return named or list(creators_found.values())


def _has_name(forms: list[Form], others: Iterable[heading_names.Name], spelled: list[str]) -> bool:
    own = (heading_names.Name(each.author.name, each.author.kana, each.author.latin) for each in forms)
    return heading_names.first_beginning((*own, *others), spelled) is not None


def _forms(ids: list[int]) -> dict[int, Form]:
    sql = "SELECT author_id, count(DISTINCT title_id) FROM contributor WHERE author_id IN ({}) GROUP BY author_id"
    counts = dict(engine.rows_among(sql, ids))
    numbers: dict[int, list[str]] = {}
    for row in CreatorIdentifier.select().where(CreatorIdentifier.author.in_(ids)):
        numbers.setdefault(row.author_id, []).append(f"{row.scheme} {row.value}")
    return {
        form.id: Form(form, counts.get(form.id, 0), tuple(sorted(numbers.get(form.id, ()))))
        for form in Creator.select().where(Creator.id.in_(ids))
    }


def join(author_ids: Collection[int], *, by: str, now: datetime) -> None:
    """Make the creators of these forms one, under the form with most titles. Raises: NothingTicked,
    AlreadyOnePerson.
    """
    with database.writing():
        chosen = _chosen(author_ids)
        owners = heading_names.creators_of(chosen)
        several = list(dict.fromkeys(owners.values()))
        if len(several) == 1:
            raise errors.AlreadyOnePerson()
        target = max(several, key=lambda creator: (_titles(creator), -creator))
        others = [
            form for creator, forms in heading_names.forms_of(several).items() if creator != target for form in forms
        ]
        Creator.update(person=target, person_fixed=True).where(Creator.id.in_(others)).execute()
        Creator.update(person_fixed=True).where(Creator.id.in_([target, *chosen])).execute()
        _note("people.joined", chosen, by, now)
    index.refresh_in_batches(creators.titles_of([target]))


def separate(author_ids: Collection[int], *, by: str, now: datetime) -> None:
    """Make a creator of their own of these forms, taken from theirs. Raises: NothingTicked, PersonNotParted."""
    with database.writing():
        chosen = _chosen(author_ids)
        before = heading_names.forms_of(set(heading_names.creators_of(chosen).values()))
        left = {creator: [form for form in forms if form not in chosen] for creator, forms in before.items()}
        if not all(left.values()):
            raise errors.PersonNotParted()
        first = max(chosen, key=lambda form: (_titles(form), -form))
        _stand_under(first, chosen)
        for forms in left.values():
            _stand_under(forms[0], forms)
        Creator.update(person_fixed=True).where(Creator.id.in_(chosen)).execute()
        _note("people.parted", chosen, by, now)
    index.refresh_in_batches(creators.titles_of([first, *(forms[0] for forms in left.values())]))


def _chosen(author_ids: Collection[int]) -> list[int]:
    chosen = [
        form.id for form in Creator.select(Creator.id).where(Creator.id.in_(list(author_ids))).order_by(Creator.id)
    ]
    if not chosen:
        raise errors.NothingTicked()
    return chosen


def _stand_under(creator: int, forms: list[int]) -> None:
    Creator.update(person=None).where(Creator.id == creator).execute()
    Creator.update(person=creator).where(Creator.id.in_(forms), Creator.id != creator).execute()


def _titles(form: int) -> int:
    return Contributor.select().where(Contributor.author == form).count()


def _note(action: str, chosen: list[int], by: str, now: datetime) -> None:
    index.copies_changed()
    audit.record(action, actor=by, now=now, authors=chosen)
