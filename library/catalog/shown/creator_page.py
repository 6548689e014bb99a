"""The page of a creator: all names, numbers in registers, and works by role."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from library import wording
from library.catalog import heading_names, removed_titles
from library.catalog.records import Identifier
from library.catalog.works import works
from library.store import engine
from models import Contributor, Creator, CreatorIdentifier, CreatorName, Title


class Work(NamedTuple):
    """A work of a creator: its newest title, and the number of its titles."""

    title_id: int
    name: str
    facts: tuple[str, ...]
    titles: int


@dataclass
class CreatorPage:
    """The page's data. ``other_names``: without the form under which the creator stands; ``see_also``: (name, its
    creator's id, None when no title has it); ``works``: by role, the role with most works first.
    """

    form: Creator
    other_names: list[heading_names.Name]
    see_also: list[tuple[str, int | None]]
    identifiers: list[Identifier]
    works: dict[str, list[Work]]


def creator_of(author_id: int) -> int | None:
    """Return the id of the creator who has this form of a name (an ``author`` row); None when there is no such row."""
    return heading_names.creators_of([author_id]).get(author_id)


def read(creator_id: int) -> CreatorPage:
    """Return the page of a creator."""
    ids = heading_names.forms_of([creator_id])[creator_id]
    forms = {form.id: form for form in Creator.select().where(Creator.id.in_(ids))}
    first = forms.pop(creator_id)
    stored = list(
        CreatorName.select().where(CreatorName.author.in_(ids)).order_by(CreatorName.author, CreatorName.position)
    )
    others = [heading_names.Name(form.name, form.kana, form.latin) for form in forms.values()]
    others += [heading_names.Name(row.name, row.kana, row.latin) for row in stored if row.kind == heading_names.OTHER]
    numbers = CreatorIdentifier.select(CreatorIdentifier.scheme, CreatorIdentifier.value).where(
        CreatorIdentifier.author.in_(ids)
    )
    return CreatorPage(
        first,
        _distinct(first, others),
        _see_also([row.name for row in stored if row.kind == heading_names.SEE_ALSO]),
        [(row.scheme, row.value) for row in numbers.order_by(CreatorIdentifier.scheme, CreatorIdentifier.value)],
        _works(ids),
    )


def _distinct(first: Creator, others: Sequence[heading_names.Name]) -> list[heading_names.Name]:
    """Return the other names, each once, without the first form's but with its romanisation."""
    found: dict[tuple[str, str], heading_names.Name] = {}
    for each in others:
        found.setdefault((each.name, each.kana), each)
    if first.latin and first.latin != first.name:
        found.setdefault((first.latin, ""), heading_names.Name(first.latin, "", ""))
    found.pop((first.name, first.kana), None)
    return list(found.values())


def _see_also(wanted: list[str]) -> list[tuple[str, int | None]]:
    sql = "SELECT a.name, COALESCE(a.person_id, a.id) FROM author a WHERE EXISTS (SELECT 1 FROM contributor WHERE author_id = a.id) AND a.name IN ({})"
    ways = {name: heading_names.written_forms(name) for name in wanted}
    owners = dict(engine.rows_among(sql, {each for several in ways.values() for each in several}))
    return [(name, next((owners[each] for each in several if each in owners), None)) for name, several in ways.items()]


def _works(ids: list[int]) -> dict[str, list[Work]]:
    columns = (Title.id, Title.title, Title.volume, Title.publisher, Title.year, Title.work_key)
    rows = (
        Contributor.select(Contributor.role, Contributor.title, *columns)
        .join(Title)
        .where(Contributor.author.in_(ids), ~removed_titles.is_removed())
    )
    grouped: dict[str, dict[str, list[Title]]] = {}
    for row in rows.order_by(Title.year.desc(nulls="last"), Title.id.desc()):
        of_work = grouped.setdefault(row.role, {}).setdefault(row.title.work_key or str(row.title.id), [])
        if row.title not in of_work[-1:]:
            of_work.append(row.title)
    found = {role: [_work(titles) for titles in several.values()] for role, several in grouped.items()}
    return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))


def _work(titles: list[Title]) -> Work:
    newest = titles[0]
    name = newest.full_name if len(titles) == 1 else works.split_volume(newest)[0]
    return Work(newest.id, name, tuple(filter(None, (newest.publisher, wording.year(newest.year)))), len(titles))
