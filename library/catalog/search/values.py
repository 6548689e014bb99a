"""The names, titles and subjects that stand behind rows of the index, written and read: other spellings of a word are
sought among them.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from peewee import chunked

from library.catalog import records
from library.catalog.fulltext import index
from library.store import engine

MOST = 150  # rows of the index that are read
ENOUGH = 0.5  # of the rows needed: the arrays of the search may be older than the index
COLUMNS, READINGS = "title title_read author author_read subject subject_read", "title_read author_read subject_read"
_TITLES = "SELECT title, title_kana FROM title WHERE id IN ({}) ORDER BY id"
_NAMES = "SELECT name, kana FROM title_name WHERE title_id IN ({}) ORDER BY title_id, position"
_CREATORS = (
    "SELECT author.name, author.kana FROM contributor JOIN author ON author.id = contributor.author_id "
    "WHERE contributor.title_id IN ({}) ORDER BY author.id"
)
_SUBJECTS = "SELECT subjects FROM title WHERE id IN ({}) ORDER BY id"


class Value(NamedTuple):
    """A name, title or subject, and one spelling of it: itself or its reading."""

    name: str
    spelled: str


def of_queries(queries: list[str], needed: int, *, columns: str = COLUMNS) -> Iterator[Value]:
    """Yield the values of MOST index rows at most that the queries find in these columns, those of the rarest query
    first; none when all queries together find fewer than ENOUGH of the ``needed`` rows.
    """
    rows_found = sorted((index.find_rows(f"{{{columns}}}: {query}") for query in queries), key=len)
    if sum(map(len, rows_found)) < needed * ENOUGH:
        return
    yield from _values(np.concatenate([_sampled(rows) for rows in rows_found])[:MOST])


def of_titles(titles: np.ndarray) -> Iterator[Value]:
    """Yield all values of these titles (ids); one that several titles have comes once for each."""
    for some in chunked(titles.tolist(), MOST):
        numbers = np.array(list(some), np.int64) * index.KINDS
        yield from _values(np.concatenate([numbers + kind for kind in (index.TITLE, index.AUTHOR, index.REST)]))


def _values(rows: np.ndarray) -> Iterator[Value]:
    for kind, source in ((index.TITLE, _TITLES), (index.TITLE, _NAMES), (index.AUTHOR, _CREATORS)):
        for name, kana in _select(source, rows, kind):
            yield from _both(name.replace(", ", ""), kana.replace(", ", " "))
    for (subjects,) in _select(_SUBJECTS, rows, index.REST):
        for heading, kana in records.split_subjects(subjects):
            yield from _both(heading, kana)


def _sampled(rows: np.ndarray) -> np.ndarray:
    """Return about MOST of the rows, evenly spread."""
    return rows[:: max(1, len(rows) // MOST)]


def _select(sql: str, rows: np.ndarray, kind: int) -> list[tuple]:
    titles = np.unique(rows[rows % index.LOANED == kind] // index.KINDS).tolist()
    if not titles:
        return []
    return engine.run(sql.format(", ".join("?" * MOST)), titles + [0] * (MOST - len(titles))).fetchall()


def _both(name: str, kana: str) -> Iterator[Value]:
    yield Value(name, name)
    if kana:
        yield Value(name, kana)
