"""What a search keeps of the titles that were found, and how many of these are at each branch, of each kind, by each author."""

from dataclasses import dataclass

import numpy as np

from library.catalog import fold, ndc, snapshot
from library.catalog.query import FACETS
from models import Author
from models import database as connection

MOST_AUTHORS = 10  # that a facet names


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
    if digits := "".join(letter for letter in fold.strict(query.ndc) if letter.isdigit())[:8]:
        first = int(digits.ljust(8, "0"))
        classes = shot.classes[rows]
        rows = rows[(classes >= first) & (classes < first + 10 ** (8 - len(digits)))]
    if query.language:
        rows = rows[_has_word(shot, "language", rows, query.language)]
    if query.available:
        rows = rows[shot.lendable[rows] > _lent(shot)[rows]]
    return rows


def _has_word(shot, name, rows, words):
    return np.isin(shot.codes[name][rows], [code for code, word in enumerate(shot.words[name]) if word in words])


def _lent(shot):
    """How many of the copies that can be lent are out now, for each row."""
    sql = (
        "SELECT group_concat(item.title_id) FROM loan CROSS JOIN item ON item.id = loan.item_id "
        "WHERE loan.returned_on IS NULL AND item.state = 'available'"
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


def _values(counts, chosen, value, label):
    """Of an array of counts by code those that are not nothing, the most frequent first."""
    codes = np.flatnonzero(counts)
    codes = codes[np.argsort(-counts[codes], kind="stable")].tolist()
    named = [(str(value(code)), code) for code in codes]
    return [Value(name, label(code), int(counts[code]), name in chosen) for name, code in named]


class _Words:
    """A facet of one word a title."""

    def __init__(self, name):
        self.name = name

    def keep(self, shot, rows, chosen):
        return _has_word(shot, self.name, rows, chosen)

    def count(self, shot, rows, chosen):
        words = shot.words[self.name]
        counts = np.bincount(shot.codes[self.name][rows], minlength=len(words))
        return [value for value in _values(counts, chosen, words.__getitem__, words.__getitem__) if value.value]


class _Numbers:
    """A facet that is computed from a number of each title: the NDC class, the decade."""

    def __init__(self, of, label):
        self.of, self.label = of, label

    def keep(self, shot, rows, chosen):
        return np.isin(self.of(shot, rows), [int(value) for value in chosen if value.isdigit() and len(value) < 9])

    def count(self, shot, rows, chosen):
        numbers = self.of(shot, rows)
        counts = np.bincount(numbers[numbers >= 0])
        codes = np.flatnonzero(counts).tolist()
        return [Value(str(code), self.label(code), int(counts[code]), str(code) in chosen) for code in codes]


class _Branches:
    def keep(self, shot, rows, chosen):
        return shot.branches.have(rows, [place for place, code in enumerate(shot.branch_codes) if code in chosen])

    def count(self, shot, rows, chosen):
        counts = np.bincount(shot.branches.of(rows)[0], minlength=len(shot.branch_codes))
        held = np.flatnonzero(counts).tolist()
        names = [(shot.branch_codes[place], shot.branch_names[place], int(counts[place])) for place in held]
        return [Value(code, name, count, code in chosen) for code, name, count in names]


class _Authors:
    """Only the most frequent are named, and those that were chosen."""

    def keep(self, shot, rows, chosen):
        return shot.authors.have(rows, [int(value) for value in chosen if value.isdigit() and len(value) < 9])

    def count(self, shot, rows, chosen):
        authors, counts = np.unique(shot.authors.of(rows)[0], return_counts=True)
        wanted = np.isin(authors, [int(value) for value in chosen if value.isdigit() and len(value) < 9])
        order = np.lexsort((authors, -counts, ~wanted))[: max(MOST_AUTHORS, int(wanted.sum()))]
        named = dict(Author.select(Author.id, Author.name).where(Author.id.in_(authors[order].tolist())).tuples())
        pairs = zip(authors[order].tolist(), counts[order].tolist(), strict=True)
        return [Value(str(one), named[one], count, str(one) in chosen) for one, count in pairs if one in named]


def _decades(shot, rows):
    years = shot.years[rows].astype(np.int32)
    return np.where(years == 0, -1, years // 10 * 10)


def _divisions(shot, rows):
    classes = shot.classes[rows].astype(np.int64)
    return np.where(classes == snapshot.NO_CLASS, -1, classes // 10**7)


_FACETS = {
    "branch": _Branches(),
    "material": _Words("material"),
    "audience": _Words("audience"),
    "ndc_class": _Numbers(_divisions, lambda digit: ndc.caption(str(digit))),
    "decade": _Numbers(_decades, lambda year: f"{year}年代"),
    "author": _Authors(),
}
