"""Names of people: under which form each stands, and what other names there are of the same person."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from peewee import chunked

from library.store import engine

ASKED = 500  # values in one query
OTHER, SEE_ALSO = "別名", "をも見よ"  # kinds of names in authority records


class Name(NamedTuple):
    """A name of a person, as the index of the search takes it."""

    name: str
    kana: str
    latin: str

    @property
    def reading(self) -> str:
        return self.kana


def rows_among(sql: str, values: Iterable[int | str]) -> list[tuple]:
    """Return the rows of a select whose last condition is ``… IN ({})``, for any number of values."""
    found: list[tuple] = []
    for some in chunked(values, ASKED):
        found += engine.run(sql.format(", ".join("?" * len(some))), tuple(some)).fetchall()
    return found


def people_of(author_ids: Collection[int]) -> dict[int, int]:
    """Return the person of each of these forms: the id of the form under which the person stands."""
    return dict(rows_among("SELECT id, COALESCE(person_id, id) FROM author WHERE id IN ({})", set(author_ids)))


def under_others() -> dict[int, int]:
    """Return the person of each form that stands under another one."""
    return dict(engine.run("SELECT id, person_id FROM author WHERE person_id IS NOT NULL").fetchall())


def forms_of(people: Collection[int]) -> dict[int, list[int]]:
    """Return the forms of each of these people, the one under which the person stands first."""
    forms = {person: [person] for person in people}
    for form, person in rows_among("SELECT id, person_id FROM author WHERE person_id IN ({}) ORDER BY id", forms):
        forms[person].append(form)
    return forms


def others(author_ids: Collection[int]) -> dict[int, tuple[Name, ...]]:
    """Return, for those of these forms whose person has other names, the other ones. Few queries for many ids."""
    if not _anybody_has_several():
        return {}
    people = people_of(author_ids)
    forms = forms_of(set(people.values()))
    several = {person for person, ids in forms.items() if len(ids) > 1}
    every = [form for ids in forms.values() for form in ids]
    wanted = [form for person in several for form in forms[person]]
    names = {
        form: Name(*name)
        for form, *name in rows_among("SELECT id, name, kana, latin FROM author WHERE id IN ({})", wanted)
    }
    added: dict[int, list[Name]] = {}
    sql = "SELECT author_id, name, kana, latin FROM author_name WHERE kind = '別名' AND author_id IN ({})"
    for form, *name in rows_among(sql, every):
        added.setdefault(form, []).append(Name(*name))
    found = {}
    for form, person in people.items():
        known = [names[each] for each in forms[person] if each in names and each != form]
        known += [name for each in forms[person] for name in added.get(each, ())]
        if known:
            found[form] = tuple(dict.fromkeys(known))
    return found


def _anybody_has_several() -> bool:
    sql = "SELECT EXISTS (SELECT 1 FROM author WHERE person_id IS NOT NULL) OR EXISTS (SELECT 1 FROM author_name)"
    return bool(engine.run(sql).fetchone()[0])
