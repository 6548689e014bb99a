"""The names, titles and subjects that rows of the index hold, as they are written and as they are read: for other spellings of a word."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from peewee import chunked

from library.catalog import records
from library.catalog.search import index
from library.store import engine

MOST = 150  # rows of the index that are read
ENOUGH = 0.5  # of the rows that it takes: the arrays may be older than the index
COLUMNS, READINGS = "title title_read author author_read subject subject_read", "title_read author_read subject_read"
_PARTS = 4  # kinds of rows, in each way of spelling
_TITLES = "SELECT title, title_kana FROM title WHERE id IN ({}) ORDER BY id"
_NAMES = "SELECT name, kana FROM title_name WHERE title_id IN ({}) ORDER BY title_id, position"
_PEOPLE = (
    "SELECT author.name, author.kana FROM contributor JOIN author ON author.id = contributor.author_id "
    "WHERE contributor.title_id IN ({}) ORDER BY author.id"
)
_SUBJECTS = "SELECT subjects FROM title WHERE id IN ({}) ORDER BY id"


class Value(NamedTuple):
    """A name, title or subject, and one spelling of it: itself or its reading."""

    name: str
    spelled: str


def found(ways: list[str], needed: int, *, columns: str = COLUMNS) -> Iterator[Value]:
    """Yield the values of some rows of the index that one of the queries finds, of the queries that find least first; nothing where they
    are too few for so many titles.
    """
    each = sorted((index.found(f"{{{columns}}}: {way}") for way in ways), key=len)
    if sum(map(len, each)) < needed * ENOUGH:
        return
    yield from _values(np.concatenate([_some(rows) for rows in each])[:MOST])


def every(titles: np.ndarray) -> Iterator[Value]:
    """Yield all values of these titles, one of several titles as often as it is there."""
    for some in chunked(titles.tolist(), MOST):
        numbers = np.array(list(some), np.int64) * index.KINDS
        yield from _values(np.concatenate([numbers + kind for kind in (index.TITLE, index.AUTHOR, index.REST)]))


def _values(rows: np.ndarray) -> Iterator[Value]:
    for kind, source in ((index.TITLE, _TITLES), (index.TITLE, _NAMES), (index.AUTHOR, _PEOPLE)):
        for name, kana in _asked(source, rows, kind):
            yield from _both(name.replace(", ", ""), kana.replace(", ", " "))
    for (subjects,) in _asked(_SUBJECTS, rows, index.REST):
        for heading, kana in records.split_subjects(subjects):
            yield from _both(heading, kana)


def _some(rows: np.ndarray) -> np.ndarray:
    """Return about MOST of the rows, evenly taken."""
    return rows[:: max(1, len(rows) // MOST)]


def _asked(sql: str, rows: np.ndarray, kind: int) -> list[tuple]:
    titles = np.unique(rows[rows % _PARTS == kind] // index.KINDS).tolist()
    if not titles:
        return []
    return engine.run(sql.format(", ".join("?" * MOST)), titles + [0] * (MOST - len(titles))).fetchall()


def _both(name: str, kana: str) -> Iterator[Value]:
    yield Value(name, name)
    if kana:
        yield Value(name, kana)
