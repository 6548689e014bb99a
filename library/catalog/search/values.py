"""The names, titles and subjects that stand behind rows of the index, written and read: other spellings of a word are
sought among them.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from peewee import chunked

from library.catalog import records
from library.catalog.fulltext import index, rows as indexed
from library.store import engine

MOST = 150  # rows of the index that are read
ENOUGH = 0.5  # of the rows needed: the arrays of the search may be older than the index
COLUMNS, READINGS = "title title_read author author_read subject subject_read", "title_read author_read subject_read"
_VALUES = """
SELECT 0, id, title, title_kana FROM title WHERE id IN ({titles}) UNION ALL
SELECT 1, title_id, name, kana FROM title_name WHERE title_id IN ({titles}) UNION ALL
SELECT 2, title_id, name, kana FROM contributor JOIN author ON author.id = author_id WHERE title_id IN ({creators})
UNION ALL SELECT 3, id, subjects, '' FROM title WHERE id IN ({subjects})
"""
_KINDS = (indexed.TITLE, indexed.TITLE, indexed.AUTHOR, indexed.SUBJECT)  # of the rows that each of these stands behind
_SUBJECTS = 3
_NO_ROWS = np.zeros(0, np.int64)


class Value(NamedTuple):
    """A name, title or subject, and one spelling of it: itself or its reading."""

    name: str
    spelled: str


class Sought(NamedTuple):
    """Index queries that are looked for in these columns."""

    queries: Sequence[str]
    columns: str = COLUMNS


def of_each(sought: Sequence[Sought], needed: int) -> list[list[Value]]:
    """Return, for each, the values of MOST index rows at most that its queries find, those of the rarest query first;
    none when all of them together find fewer than ENOUGH of the ``needed`` rows. All are asked in two statements.
    """
    found = index.find_each([f"{{{each.columns}}}: {query}" for each in sought for query in each.queries])
    rows = []
    for each in sought:
        some = sorted(islice(found, len(each.queries)), key=len)
        evenly = [few[:: max(1, len(few) // MOST)] for few in some]
        rows.append(np.concatenate(evenly)[:MOST] if some and sum(map(len, some)) >= needed * ENOUGH else _NO_ROWS)
    return _values(rows)


def of_titles(titles: np.ndarray) -> Iterator[Value]:
    """Yield all values of these titles (ids); one that several titles have comes once for each."""
    for some in chunked(titles.tolist(), MOST):
        numbers = np.array(list(some), np.int64) * indexed.KINDS
        yield from _values([np.concatenate([numbers + kind for kind in _KINDS[1:]])])[0]


def _values(each: Sequence[np.ndarray]) -> list[list[Value]]:
    """Return the values of each of these rows of the index."""
    rows = np.concatenate(each) if each else _NO_ROWS
    if not len(rows):
        return [[] for _ in each]
    titles, creators, subjects = (_titles(rows, kind) for kind in _KINDS[1:])
    found = sorted(engine.run(_VALUES.format(titles=titles, creators=creators, subjects=subjects)).fetchall())
    read = [(title * indexed.KINDS + _KINDS[kind], list(_read(kind, name, kana))) for kind, title, name, kana in found]
    wanted = [set((some - some % indexed.KINDS + some % indexed.LOANED).tolist()) for some in each]
    return [[value for row, values in read if row in some for value in values] for some in wanted]


def _read(kind: int, name: str, kana: str) -> Iterator[Value]:
    plain = [(name.replace(", ", ""), kana.replace(", ", " "))]
    for each, read in records.split_subjects(name) if kind == _SUBJECTS else plain:
        yield Value(each, each)
        if read:
            yield Value(each, read)


def _titles(rows: np.ndarray, kind: int) -> str:
    """Return the ids of the titles of these rows of one kind, for a condition; NULL when there is none."""
    return ", ".join(map(str, np.unique(rows[rows % indexed.LOANED == kind] // indexed.KINDS))) or "NULL"
