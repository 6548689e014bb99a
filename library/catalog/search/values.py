"""The names, titles and subjects that stand behind rows of the index, written and read: other spellings of a word are
sought among them.
"""

from collections.abc import Iterator
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
_SUBJECTS = 3


class Value(NamedTuple):
    """A name, title or subject, and one spelling of it: itself or its reading."""

    name: str
    spelled: str


def of_queries(queries: list[str], needed: int, *, columns: str = COLUMNS) -> Iterator[Value]:
    """Yield the values of MOST index rows at most that the queries find in these columns, those of the rarest query
    first; none when all queries together find fewer rows than the part ENOUGH of ``needed``.
    """
    rows_found = sorted(index.find_each([f"{{{columns}}}: {query}" for query in queries]), key=len)
    if sum(map(len, rows_found)) < needed * ENOUGH:
        return
    yield from _values(np.concatenate([_sampled(rows) for rows in rows_found])[:MOST])


def of_titles(titles: np.ndarray) -> Iterator[Value]:
    """Yield all values of these titles (ids); one that several titles have comes once for each."""
    for some in chunked(titles.tolist(), MOST):
        numbers = np.array(list(some), np.int64) * indexed.KINDS
        yield from _values(
            np.concatenate([numbers + kind for kind in (indexed.TITLE, indexed.AUTHOR, indexed.SUBJECT)])
        )


def _values(rows: np.ndarray) -> Iterator[Value]:
    titles, creators, subjects = (_titles(rows, kind) for kind in (indexed.TITLE, indexed.AUTHOR, indexed.SUBJECT))
    found = engine.run(_VALUES.format(titles=titles, creators=creators, subjects=subjects)).fetchall()
    for kind, _, name, kana in sorted(found):
        if kind == _SUBJECTS:
            for heading in records.split_subjects(name):
                yield from _both(*heading)
        else:
            yield from _both(name.replace(", ", ""), kana.replace(", ", " "))


def _titles(rows: np.ndarray, kind: int) -> str:
    """Return the ids of the titles of these rows of one kind, for a condition; NULL when there is none."""
    return ", ".join(map(str, np.unique(rows[rows % indexed.LOANED == kind] // indexed.KINDS))) or "NULL"


def _sampled(rows: np.ndarray) -> np.ndarray:
    """Return about MOST of the rows, evenly spread."""
    return rows[:: max(1, len(rows) // MOST)]


def _both(name: str, kana: str) -> Iterator[Value]:
    yield Value(name, name)
    if kana:
        yield Value(name, kana)
