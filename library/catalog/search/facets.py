"""What a search keeps of the titles that were found, and how many of these are at each branch, of each kind, by each author."""

from dataclasses import dataclass

import numpy as np

from library.catalog import call_numbers, ndc
from library.catalog.folding import fold
from library.catalog.search import snapshot
from library.catalog.search.query import FACETS
from models import database as connection

MOST_AUTHORS = 10  # that a facet names
SORTED = 5_000  # fewer numbers are counted faster by sorting them than by an array of all there may be


@dataclass
class Value:
    """A value of a facet: as the query names it, as a person reads it, and how many titles have it."""

    value: str
    label: str
    count: int
    chosen: bool = False


def limited(query, shot, rows):
    """Those rows that keep to the years, class and language of the query and, if asked for, can be lent now."""
    if query.year_from:
        rows = rows[shot.years[rows] >= query.year_from]
    if query.year_to:
        rows = rows[(shot.years[rows] <= query.year_to) & (shot.years[rows] > 0)]
    if query.ndc:
        rows = rows[_in_class(query.ndc, shot, rows)]
    if query.language:
        rows = rows[shot.has_word("language", *query.language, rows=rows)]
    if query.available:
        rows = rows[shot.lendable[rows] > _lent(shot)[rows]]
    return rows


def _in_class(text, shot, rows):
    place = call_numbers.read(text)
    if place and place.letters:
        return call_numbers.found(place, shot)[rows]
    digits = "".join(letter for letter in fold.strict(text) if letter.isdigit())[:8]
    return shot.in_class(digits, rows) if digits else np.ones(len(rows), bool)


def _lent(shot):
    """How many of the copies that can be lent are out now, kept for somebody or under way, for each row."""
    sql = (
        "SELECT group_concat(title_id) FROM ("
        "SELECT item.title_id FROM loan CROSS JOIN item ON item.id = loan.item_id "
        "WHERE loan.returned_on IS NULL AND item.state = 'available' "
        "UNION ALL SELECT title_id FROM item WHERE aside AND state = 'available' "
        "UNION ALL SELECT title_id FROM item WHERE going_to_id IS NOT NULL AND NOT aside AND state = 'available')"
    )
    titles = snapshot.parsed(connection.execute_sql(sql).fetchone()[0], np.int64)
    return np.bincount(shot.rows_of(titles), minlength=len(shot.ids))


def counted(query, shot, rows):
    """The rows that have what was chosen, and the counts of each facet among those that have what was chosen of the others."""
    kept = {name: _FACETS[name].keep(shot, rows, getattr(query, name)) for name in FACETS if getattr(query, name)}
    facets = []
    for name in FACETS:
        others = [mask for facet, mask in kept.items() if facet != name]
        among = rows[np.logical_and.reduce(others)] if others else rows
        values = _FACETS[name].count(shot, among, getattr(query, name))
        facets.append((name, values))
    if kept:
        rows = rows[np.logical_and.reduce(list(kept.values()))]
    return rows, facets


def chosen(query, shot, rows):
    """The rows that have what was chosen of each facet."""
    for name in FACETS:
        if values := getattr(query, name):
            rows = rows[_FACETS[name].keep(shot, rows, values)]
    return rows


class _Words:
    """A facet of one word a title, the most frequent first."""

    def __init__(self, name):
        self.name = name

    def keep(self, shot, rows, chosen):
        return shot.has_word(self.name, *chosen, rows=rows)

    def count(self, shot, rows, chosen):
        counts = np.bincount(shot.codes[self.name][rows]).tolist()
        found = [(word, count) for word, count in zip(shot.words[self.name], counts, strict=False) if word and count]
        found.sort(key=lambda pair: -pair[1])
        return [Value(word, word, count, word in chosen) for word, count in found]


class _Numbers:
    """A facet that is a number of each title, computed from an array: the NDC class, the decade. In order of the numbers."""

    def __init__(self, of, values):
        self.of, self.values = of, values  # values: which numbers there may be, each with its value and its label

    def keep(self, shot, rows, chosen):
        wanted = [number for number, (value, _) in self.values.items() if value in chosen]
        return np.isin(self.of(shot)[rows], wanted) if len(wanted) > 1 else self.of(shot)[rows] == (wanted or [-1])[0]

    def count(self, shot, rows, chosen):
        counts = np.bincount(self.of(shot)[rows]).tolist()
        named = [(self.values[number], count) for number, count in enumerate(counts) if count and number in self.values]
        return [Value(value, label, count, value in chosen) for (value, label), count in named]


class _Branches:
    """In the order in which the library names its branches."""

    def keep(self, shot, rows, chosen):
        return shot.branches.have(rows, [place for place, code in enumerate(shot.branch_codes) if code in chosen])

    def count(self, shot, rows, chosen):
        counts = np.bincount(shot.branches.of(rows)[0]).tolist()
        named = zip(shot.branch_codes, shot.branch_names, counts, strict=False)
        return [Value(code, name, count, code in chosen) for code, name, count in named if count]


class _Authors:
    """Only the most frequent are named, and those that were chosen."""

    def keep(self, shot, rows, chosen):
        return shot.authors.have(rows, _ids(chosen))

    def count(self, shot, rows, chosen):
        authors, counts = _tally(shot.authors.of(rows)[0])
        wanted = np.isin(authors, _ids(chosen)) if chosen else np.zeros(len(authors), bool)
        if len(authors) > MOST_AUTHORS:  # only these have to be put in order
            least = np.partition(counts, -MOST_AUTHORS)[-MOST_AUTHORS]
            kept = (counts >= least) | wanted
            authors, counts, wanted = authors[kept], counts[kept], wanted[kept]
        first = np.lexsort((authors, -counts, ~wanted))[: max(MOST_AUTHORS, int(wanted.sum()))]
        pairs = list(zip(authors[first].tolist(), counts[first].tolist(), strict=True))
        names = _names([author for author, _ in pairs])
        return [
            Value(str(author), names[author], count, str(author) in chosen)
            for author, count in pairs
            if author in names
        ]


def _ids(chosen):
    return [int(value) for value in chosen if value.isdecimal() and len(value) < 10]


def _tally(numbers):
    """The different numbers, and how often each is there."""
    if len(numbers) < SORTED:
        return np.unique(numbers, return_counts=True)
    counts = np.bincount(numbers)
    found = np.flatnonzero(counts)
    return found, counts[found]


def _names(authors):
    blanks = ", ".join("?" * max(MOST_AUTHORS, len(authors)))  # always as many, so that SQLite knows the question
    values = authors + [0] * (MOST_AUTHORS - len(authors))
    return dict(connection.execute_sql(f"SELECT id, name FROM author WHERE id IN ({blanks})", values).fetchall())  # noqa: S608


_FACETS = {
    "branch": _Branches(),
    "material": _Words("material"),
    "audience": _Words("audience"),
    "ndc_class": _Numbers(
        lambda shot: shot.divisions, {digit: (str(digit), ndc.caption(str(digit))) for digit in range(10)}
    ),
    "decade": _Numbers(lambda shot: shot.decades, {n: (str(10 * n), f"{10 * n}年代") for n in range(1, 1000)}),
    "author": _Authors(),
}
