"""Names of people: under which form each stands, and what other names there are of the same person."""

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from peewee import chunked

from library.catalog.folding import fold, romaji
from library.store import engine

ASKED = 500  # values in one query
OTHER, SEE_ALSO = "別名", "をも見よ"  # kinds of names in authority records
_PART = re.compile(r"[\s,，、・＝=]+")  # between the parts of a name


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


# of the chosen forms all forms of the same people, then the names of these and those that authority records add; nothing is looked for
# in a catalogue in which nobody has several
_OTHERS = """
WITH chosen AS (
    SELECT id, person_id FROM author
    WHERE (EXISTS (SELECT 1 FROM author WHERE person_id IS NOT NULL) OR EXISTS (SELECT 1 FROM author_name)) AND id IN ({})
), form (chosen, id) AS (
    SELECT id, id FROM chosen
    UNION SELECT id, person_id FROM chosen WHERE person_id IS NOT NULL
    UNION SELECT chosen.id, author.id FROM chosen JOIN author ON author.person_id = chosen.id
    UNION SELECT chosen.id, author.id FROM chosen JOIN author ON author.person_id = chosen.person_id
)
SELECT form.chosen, author.name, author.kana, author.latin, author.id, -1 AS position
FROM form JOIN author ON author.id = form.id WHERE form.id <> form.chosen
UNION ALL
SELECT form.chosen, author_name.name, author_name.kana, author_name.latin, form.id, author_name.position
FROM form JOIN author_name ON author_name.author_id = form.id WHERE author_name.kind = '別名'
"""


def others(author_ids: Collection[int]) -> dict[int, tuple[Name, ...]]:
    """Return, for those of these forms whose person has other names, the other ones: one query for some hundreds of ids."""
    found: dict[int, dict[Name, None]] = {}
    for form, name, kana, latin, *_ in sorted(rows_among(_OTHERS, set(author_ids)), key=lambda row: (row[5], row[4])):
        found.setdefault(form, {})[Name(name, kana, latin)] = None
    return {form: tuple(several) for form, several in found.items()}


def written(name: str) -> Iterable[str]:
    """Return the ways in which records write a name: 夏目, 漱石 and 夏目漱石 and 夏目 漱石."""
    return name, name.replace(", ", ""), name.replace(", ", " "), name.replace(",", "")


def spellings(text: str) -> list[str]:
    """Return what somebody may have typed for a name: the text itself, and the kana of romaji."""
    return [text, *romaji.readings(text.replace(" ", ""))]


def nearest(several: Iterable[Name], spelled: Iterable[str]) -> tuple[int, Name | None]:
    """Return, of the names of a person, the one that is spelled so, with its nearness, 0 before 1; None where none is."""
    ranked = [(near, name) for name in several if (near := _nearness(name, spelled)) is not None]
    return min(ranked, key=lambda each: each[0], default=(0, None))


def _nearness(name: Name, spelled: Iterable[str]) -> int | None:
    """Return 0 where a name, or a part of it, begins so, 1 where it does by the loose key. In a name of one part, as kanji are written,
    the given name begins anywhere.
    """
    for level, folded in enumerate((fold.strict, fold.loose)):
        wanted = [key for each in spelled if (key := folded(each))]
        for parts in (_PART.split(text) for text in name if text):
            begins = [folded("".join(parts[place:])) for place in range(len(parts))]
            if any(text.startswith(key) or (key in text and len(parts) == 1) for text in begins for key in wanted):
                return level
    return None
