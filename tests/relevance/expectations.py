"""Queries and what a librarian expects of them, and where a library that is open answers otherwise.

A table has a row for each query: what it shows, the titles that must be found, the one that must come first, and
those that must not be found. Titles stand between `` | ``; ``*`` is
every title that the row does not name before. Two titles of one name are one here.
"""

import csv
from dataclasses import dataclass

from library.catalog.query.query import Query
from library.catalog.shown import results
from models import Title

BETWEEN, EVERY_OTHER = " | ", "*"


@dataclass(frozen=True)
class Expectation:
    query: str
    shows: str
    found: list[str]
    first: str
    not_found: list[str]


@dataclass(frozen=True)
class Failures:
    """Titles that should have been found, the one that came first instead, and hits that should not be."""

    missed: list[str]
    first: list[str]
    false: list[str]

    @property
    def any(self) -> bool:
        return bool(self.missed or self.first or self.false)


def read(path) -> list[Expectation]:
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [_expectation(**row) for row in rows]


def _expectation(query, shows, found, first, not_found):
    lists = [text.split(BETWEEN) if text else [] for text in (found, not_found)]
    return Expectation(query, shows, lists[0], first, lists[1])


class Library:
    """The library that is open. It is not changed meanwhile."""

    def __init__(self):
        self.names = dict(Title.select(Title.id, Title.title).tuples())

    def failures(self, expected: Expectation) -> Failures:
        query = Query(q=expected.query)
        page = results.find(query, size=len(self.names))
        hits = [] if page.instead else [self.names[title_id] for title_id in page.ids]
        return Failures(
            missed=[name for name in expected.found if name not in hits],
            first=hits[:1] if expected.first and hits[:1] != [expected.first] else [],
            false=_unwanted(hits, expected.not_found, expected),
        )


def _unwanted(hits, unwanted, expected):
    if unwanted != [EVERY_OTHER]:
        return [name for name in unwanted if name in hits]
    return [name for name in dict.fromkeys(hits) if name not in (*expected.found, expected.first)]
