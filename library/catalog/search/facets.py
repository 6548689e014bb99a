"""Limits and facets of a search: the rows that it keeps, and how many of them are at each branch, of each kind, by each
author.

``rows`` are sorted row numbers of the snapshot, in and out.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from peewee import Expression, fn

from library import clock, holdings
from library.catalog import heading_names, ndc
from library.catalog.codes import accessible, languages
from library.catalog.folding import fold
from library.catalog.query.query import FACETS, Query
from library.catalog.search import call_numbers
from library.catalog.search.snapshot import Snapshot
from library.catalog.series import newest
from library.language import sentences
from library.store import engine, numbers
from library.store.numbers import Lists
from library.store.queries import Query as Compiled, among, blank, listed
from models import Issue, Item, Loan

MOST_AUTHORS = 10  # authors that the facet names
FEW = 1_000  # for so many titles their own copies are looked up, for more all open loans
SORTED = 5_000  # fewer numbers than these are counted faster by sorting than by an array of all possible ones


@dataclass
class Value:
    """A value of a facet: as the query names it, its label on the screen, and the number of titles that have it."""

    value: str
    label: str
    count: int
    chosen: bool = False


def within_limits(query: Query, shot: Snapshot, rows: np.ndarray) -> np.ndarray:
    """Return the rows within the years and the class of the query; with 在架だけ only those that can be lent now."""
    if query.year_from:
        rows = rows[shot.years[rows] >= query.year_from]
    if query.year_to:
        rows = rows[(shot.years[rows] <= query.year_to) & (shot.years[rows] > 0)]
    if query.ndc:
        rows = rows[_in_class(query.ndc, shot, rows)]
    return lendable_now(shot, rows) if query.available else rows


def lendable_now(shot: Snapshot, rows: np.ndarray) -> np.ndarray:
    """Return the rows whose titles can be lent now."""
    if not len(rows):
        return rows
    since = newest.since(clock.today())
    if len(rows) <= FEW:
        ((text,),) = _TITLES_OUT_AMONG.rows(titles=listed(shot.ids[rows].tolist()), since=since)
        lent = np.sort(shot.rows_of(numbers.parsed(text, np.int64)))
        out = np.searchsorted(lent, rows, "right") - np.searchsorted(lent, rows)
    else:
        texts = engine.run(_titles_out()).fetchone()[0], _TITLES_KEPT.rows(since=since)[0][0]
        lent = np.concatenate([shot.rows_of(numbers.parsed(text, np.int64)) for text in texts])
        out = np.bincount(lent, minlength=len(shot.ids))[rows]
    return rows[shot.lendable[rows] > out]


def _in_class(text: str, shot: Snapshot, rows: np.ndarray) -> np.ndarray:
    place = call_numbers.read(text)
    if place and place.letters:
        return call_numbers.mask_of(place, shot)[rows]
    digits = "".join(letter for letter in fold.strict(text) if letter in ndc.DIGITS)[:8]
    return shot.in_class(digits, rows) if digits else np.ones(len(rows), bool)


def _titles_out() -> str:
    """Return the SQL for the titles of all lendable copies that are on loan, kept for a hold, or under
    way to a branch.
    """
    return (
        f"SELECT {numbers.joined('title_id')} FROM ("  # noqa: S608
        f"SELECT item.title_id FROM loan LEFT JOIN item ON item.id = loan.item_id AND item.state = 'available' AND {holdings.OWN} "
        "WHERE loan.returned_on IS NULL "
        f"UNION ALL SELECT title_id FROM item WHERE aside AND state = 'available' AND {holdings.OWN} "
        f"UNION ALL SELECT title_id FROM item WHERE going_to_id IS NOT NULL AND NOT aside AND state = 'available' AND {holdings.OWN}) AS lent"
    )


def _titles_of(is_out: Callable[[Expression], Any], titles: Any) -> Any:
    """Return the query for the titles of such copies among some titles: few of 40,000 open loans are of a book on the
    page. ``is_out``: the condition on a copy, from that of one on its way.
    """
    is_lent = fn.EXISTS(Loan.select(Loan.id).where(Loan.item == Item.id, Loan.returned_on.is_null()))
    return Item.select(numbers.of_column(Item.title)).where(
        Item.title.in_(titles),
        Item.state == "available",
        holdings.is_own(),
        is_out(is_lent | Item.aside | Item.going_to.is_null(False)),
    )


_TITLES_OUT_AMONG = Compiled(
    lambda: _titles_of(lambda is_away: is_away | newest.is_kept(blank("since")), among("titles"))
)
# those of the newest issues (最新号), which are not lent yet
_TITLES_KEPT = Compiled(
    lambda: _titles_of(lambda is_away: ~is_away & newest.is_kept(blank("since")), Issue.select(Issue.title))
)


def count_facets(query: Query, shot: Snapshot, rows: np.ndarray) -> tuple[np.ndarray, list[tuple[str, list[Value]]]]:
    """Return the rows that have the chosen values of all facets, and the values of each facet with their counts. Each
    is counted among the rows that have the chosen values of the other facets; a serial is counted once.
    """
    masks = {name: _FACETS[name].keep(shot, rows, getattr(query, name)) for name in FACETS if getattr(query, name)}
    facets = []
    for name in FACETS:
        others = [mask for facet, mask in masks.items() if facet != name]
        among = rows[np.logical_and.reduce(others)] if others else rows
        values = _FACETS[name].count(shot, among, getattr(query, name))
        facets.append((name, values))
    if masks:
        rows = rows[np.logical_and.reduce(list(masks.values()))]
    return rows, facets


def issues(shot: Snapshot) -> tuple[np.ndarray, np.ndarray]:
    """Return the serial of each row (0 for none) and the place of its issue in that, a 増刊 before all others."""
    if "issues" not in shot.cached:
        order = "serial_id, CASE WHEN kind = 'extra' THEN 0 ELSE 1 END, position"
        found = np.array(engine.run(f"SELECT title_id, serial_id FROM issue ORDER BY {order}").fetchall(), np.int64)  # noqa: S608
        found = found.reshape(-1, 2)
        rows = shot.rows_or_missing(found[:, 0])
        serials, places = np.zeros(len(shot.ids), np.int64), np.zeros(len(shot.ids), np.int64)
        serials[rows[rows >= 0]], places[rows[rows >= 0]] = found[rows >= 0, 1], np.flatnonzero(rows >= 0)
        shot.cached["issues"] = serials, places
    return shot.cached["issues"]


def _once(shot: Snapshot, rows: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the values, each one time for all issues of a serial (雑誌). ``rows``: the row of each value."""
    serials = issues(shot)[0]
    among = np.flatnonzero(serials[rows]) if len(rows) else rows
    if not len(among):
        return values
    pairs = np.stack((serials[rows[among]], values[among].astype(np.int64)))
    is_counted = np.ones(len(values), bool)
    is_counted[among] = False
    is_counted[among[np.unique(pairs, axis=1, return_index=True)[1]]] = True
    return values[is_counted]


def with_chosen_values(query: Query, shot: Snapshot, rows: np.ndarray) -> np.ndarray:
    """Return the rows that have the chosen values of all facets."""
    for name in FACETS:
        if values := getattr(query, name):
            rows = rows[_FACETS[name].keep(shot, rows, values)]
    return rows


class _WordFacet:
    """A facet with one word a title, the most frequent first."""

    def __init__(self, name: str, label: Callable[[str], str] = str) -> None:
        self.name, self.label = name, label

    def keep(self, shot: Snapshot, rows: np.ndarray, chosen: tuple[str, ...]) -> np.ndarray:
        """Return the mask over ``rows`` of those that have one of the chosen values."""
        return shot.has_word(self.name, *chosen, rows=rows)

    def count(self, shot: Snapshot, rows: np.ndarray, chosen: tuple[str, ...]) -> list[Value]:
        """Return the values that ``rows`` have, in the order of the screen."""
        counts = np.bincount(_once(shot, rows, shot.codes[self.name][rows])).tolist()
        found = [(word, count) for word, count in zip(shot.words[self.name], counts, strict=False) if word and count]
        found.sort(key=lambda pair: -pair[1])
        return [Value(word, self.label(word), count, word in chosen) for word, count in found]


class _NumberFacet:
    """A facet with one number a title, taken from an array, in order of the numbers: NDC class, decade."""

    def __init__(self, numbers: Callable[[Snapshot], np.ndarray], values: dict[int, tuple[str, str]]) -> None:
        self.numbers, self.values = numbers, values  # number → (value, label)

    def keep(self, shot: Snapshot, rows: np.ndarray, chosen: tuple[str, ...]) -> np.ndarray:
        wanted = [number for number, (value, _) in self.values.items() if value in chosen]
        numbers = self.numbers(shot)[rows]
        return np.isin(numbers, wanted) if len(wanted) > 1 else numbers == (wanted or [-1])[0]

    def count(self, shot: Snapshot, rows: np.ndarray, chosen: tuple[str, ...]) -> list[Value]:
        counts = np.bincount(_once(shot, rows, self.numbers(shot)[rows])).tolist()
        named = [(self.values[number], count) for number, count in enumerate(counts) if count and number in self.values]
        return [Value(value, label, count, value in chosen) for (value, label), count in named]


class _ListFacet:
    """A facet of several values a title, each a place in a list of codes and labels: the branches, the formats. In the
    order of that list.
    """

    def __init__(self, places: Callable[[Snapshot], Lists], named: Callable[[Snapshot], dict[str, str]]) -> None:
        self.places, self.named = places, named  # code → label

    def keep(self, shot: Snapshot, rows: np.ndarray, chosen: tuple[str, ...]) -> np.ndarray:
        return self.places(shot).have(rows, [place for place, code in enumerate(self.named(shot)) if code in chosen])

    def count(self, shot: Snapshot, rows: np.ndarray, chosen: tuple[str, ...]) -> list[Value]:
        values, places = self.places(shot).pick(rows)
        counts = np.bincount(_once(shot, rows[places], values)).tolist()
        named = zip(self.named(shot).items(), counts, strict=False)
        return [Value(code, label, count, code in chosen) for (code, label), count in named if count]


class _CreatorFacet:
    """The facet of creators: only the most frequent and the chosen ones are named."""

    def keep(self, shot: Snapshot, rows: np.ndarray, chosen: tuple[str, ...]) -> np.ndarray:
        if "creators" not in shot.cached:
            shot.cached["creators"] = heading_names.creators_of_forms_under_others()
        return shot.creators.have(rows, [shot.cached["creators"].get(form, form) for form in _ids(chosen)])

    def count(self, shot: Snapshot, rows: np.ndarray, chosen: tuple[str, ...]) -> list[Value]:
        creators, places = shot.creators.pick(rows)
        authors, counts = _tally(_once(shot, rows[places], creators))
        wanted = np.isin(authors, _ids(chosen)) if chosen else np.zeros(len(authors), bool)
        if len(authors) > MOST_AUTHORS:  # only these have to be put in order
            least = np.partition(counts, -MOST_AUTHORS)[-MOST_AUTHORS]
            frequent = (counts >= least) | wanted
            authors, counts, wanted = authors[frequent], counts[frequent], wanted[frequent]
        if not len(authors):
            return []
        first = np.lexsort((authors, -counts, ~wanted))[: max(MOST_AUTHORS, int(wanted.sum()))]
        pairs = list(zip(authors[first].tolist(), counts[first].tolist(), strict=True))
        names = _creator_names([author for author, _ in pairs])
        return [
            Value(str(author), names[author], count, str(author) in chosen)
            for author, count in pairs
            if author in names
        ]


def _ids(chosen: tuple[str, ...]) -> list[int]:
    return [int(value) for value in chosen if value.isdecimal() and len(value) < 10]


def _tally(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct numbers, and how often each occurs."""
    if len(numbers) < SORTED:
        return np.unique(numbers, return_counts=True)
    counts = np.bincount(numbers)
    found = np.flatnonzero(counts)
    return found, counts[found]


def _creator_names(authors: list[int]) -> dict[int, str]:
    """Return the names by id; those of one name with a year of birth or a reading, to tell them apart."""
    blanks = ", ".join("?" * max(MOST_AUTHORS, len(authors)))  # always as many, so that SQLite knows the query
    values = authors + [0] * (MOST_AUTHORS - len(authors))
    sql = f"SELECT id, name, born, kana, latin FROM author WHERE id IN ({blanks})"  # noqa: S608
    rows = engine.run(sql, values).fetchall()
    alike = Counter(name for _, name, *_ in rows)
    return {
        number: _told_apart(name, born, kana or latin) if alike[name] > 1 else name
        for number, name, born, kana, latin in rows
    }


def _told_apart(name: str, born: str, reading: str) -> str:
    if born:
        return sentences.Sentence("{name}（{year}年生）", name=name, year=born)
    return f"{name}（{reading}）" if reading else name


_FACETS: dict[str, _WordFacet | _NumberFacet | _ListFacet | _CreatorFacet] = {
    "branch": _ListFacet(lambda shot: shot.branches, lambda shot: shot.branch_names),
    "material": _WordFacet("material"),
    "audience": _WordFacet("audience"),
    "ndc_class": _NumberFacet(
        lambda shot: shot.divisions, {digit: (str(digit), ndc.caption(str(digit))) for digit in range(10)}
    ),
    "decade": _NumberFacet(
        lambda shot: shot.decades,
        {n: (str(10 * n), sentences.Sentence("{year}年代", year=10 * n)) for n in range(1, 1000)},
    ),
    "author": _CreatorFacet(),
    "language": _WordFacet("language", languages.words),
    "format": _ListFacet(
        lambda shot: shot.formats, lambda shot: {code: accessible.words(code) for code in shot.format_codes}
    ),
}
