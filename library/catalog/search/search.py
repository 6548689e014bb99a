"""検索: the titles that a query finds, in order, a page of them, with exact counts of what they are."""

import threading
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import NamedTuple

import numpy as np

from library.catalog.asking import alternatives, exclusions, reference_search, spellings
from library.catalog.search import facets, grouping, matching, snapshot
from library.catalog.search.query import FACETS, Query
from library.catalog.search.snapshot import Snapshot

LIMITS = ("available", *FACETS, "ndc", "year_from", "year_to")  # that can be taken away one by one


@dataclass
class Results:
    """The result: the ids of one page in order, and of all titles found the number and the facets [(name, [Value])].

    ``page`` is the last one when the query asked for one further on. ``reading``: what was used of a reference in the box, whose words
    find nothing. ``suggestions``: what else may be meant [(text, count)]. Without a hit ``words`` says which words have some when they
    stand alone [(word, count)], ``mended`` how another word may be spelled (word → (text, count)), and ``without`` how many there are
    without one limit [(name, count)]. ``at_hand``: how many can be lent now, where that was asked for.
    ``instead``: what was looked for, as what stands in the box finds nothing; the titles and ``total`` are those that this finds.
    ``works``: how many works the titles are, where a row is one of them, and ``others`` how many titles more each row stands for.
    """

    query: Query
    total: int
    ids: list[int]
    page: int
    pages: int
    facets: list[tuple[str, list[facets.Value]]]
    words: list[tuple[str, int]] = field(default_factory=list)
    suggestions: list[tuple[str, int]] = field(default_factory=list)
    reading: reference_search.Reading | None = None
    without: list[tuple[str, int]] = field(default_factory=list)
    mended: dict[str, tuple[str, int]] = field(default_factory=dict)
    instead: str = ""
    at_hand: int | None = None
    works: int | None = None
    others: list[int] = field(default_factory=list)


class _Help(NamedTuple):
    """All that helps where little or nothing was found, as ``Results`` has it."""

    words: list[tuple[str, int]]
    suggestions: list[tuple[str, int]]
    reading: reference_search.Reading | None
    without: list[tuple[str, int]]
    mended: dict[str, tuple[str, int]]
    instead: str = ""


class _Found(NamedTuple):
    """All that a query finds, in no order: rows, their ranks (None when no word was asked for), and the facets. ``first``: the
    places of the first page in each order that was asked for.
    """

    rows: np.ndarray
    ranks: np.ndarray | None
    facets: list
    help: _Help
    first: dict[tuple[str, int], np.ndarray]


class _Recent:
    """The last results, for the next page, another order, and what everybody asks; by snapshot and query."""

    HITS = 4_000_000  # of all results together, about 20 MB: what everybody asks has 200,000 hits among 500,000 titles
    LEAST = 2_000  # what one counts at least: its facets take room, too

    def __init__(self) -> None:
        self.results: dict[tuple[int, Query], _Found] = {}
        self.hits, self.lock = 0, threading.Lock()

    def get(self, key: tuple[int, Query]) -> _Found | None:
        with self.lock:
            if (found := self.results.pop(key, None)) is not None:
                self.results[key] = found  # the newest stand last
            return found

    def put(self, key: tuple[int, Query], found: _Found) -> None:
        with self.lock:
            if key not in self.results:
                self.results[key] = found
                self.hits += max(self.LEAST, len(found.rows))
            while self.hits > self.HITS:
                self.hits -= max(self.LEAST, len(self.results.pop(next(iter(self.results))).rows))

    def clear(self) -> None:
        with self.lock:
            self.results, self.hits = {}, 0


_recent = _Recent()


def find(query: Query, *, size: int = 20, at_hand: bool = False, with_gone: bool = False) -> Results:
    """Return the titles that the query finds, if wished with how many can be lent now. Never refuses a query. ``with_gone``: for the staff,
    with those of which every copy is withdrawn.
    """
    shot = snapshot.current(with_gone=with_gone)
    found = _found(query, shot)
    works = grouping.first_of_each(shot, found.rows, _keys(query, shot, found)) if query.group else None
    pages = max(1, -(-len(found.rows if works is None else works) // size))
    page = min(query.page, pages)
    places = _places(query, shot, found, page, size, works)
    results = Results(
        query, len(found.rows), shot.ids[found.rows[places]].tolist(), page, pages, found.facets, *found.help
    )
    if works is not None:
        results.works, results.others = len(works), grouping.others(shot, found.rows, found.rows[places])
    if at_hand:
        results.at_hand = len(facets.at_hand(shot, found.rows))
    return results


def first(query: Query, size: int, *, shot: Snapshot | None = None) -> list[int]:
    """Return the best titles of a query in words, in order, and nothing else: for what is asked with each letter that is typed."""
    shot = shot or snapshot.current()
    ranks = matching.ranks(query, shot)
    if ranks is None:
        return []
    rows = np.flatnonzero(ranks != matching.MISS)
    keys = ranks[rows] * np.int64(len(shot.ids)) + shot.positions["relevance"][rows]
    return shot.ids[rows[_page(keys, 0, size)]].tolist()


def arrived(query: Query, *, first: date, last: date, shot: snapshot.Snapshot | None = None) -> list[int]:
    """Return the titles found that were acquired on these days or between, the latest first. ``shot``: the snapshot, if read."""
    shot = shot or snapshot.current()
    rows = np.flatnonzero((shot.arrived >= first.toordinal()) & (shot.arrived <= last.toordinal()) & ~shot.gone)
    if not len(rows):
        return []
    ranks, *_ = _ranks(query, shot)
    if ranks is not None:
        rows = rows[ranks[rows] != matching.MISS]
    rows = facets.chosen(query, shot, facets.limited(query, shot, rows))
    return shot.ids[rows[np.lexsort((-rows, -shot.arrived[rows]))]].tolist()


def forget() -> None:
    """Drop what was found before, so that it is looked for again."""
    _recent.clear()


def _found(query: Query, shot: Snapshot) -> _Found:
    key = (shot.number, replace(query, group="", sort="relevance", page=1))
    found = _recent.get(key)
    if found is None:
        found = _look_for(query, shot)
        if not query.available:  # that changes with every loan
            _recent.put(key, found)
    return found


def _look_for(query: Query, shot: Snapshot) -> _Found:
    ranks, reading, instead = _ranks(query, shot)
    meant = np.flatnonzero(~shot.gone) if ranks is None else np.flatnonzero(ranks != matching.MISS)
    offers = [] if reading else _offers(query, len(meant), shot)
    if not len(meant) and _is_alone(query) and (near := alternatives.near(query.q, offers, shot)):
        ranks, instead = near
        meant = np.flatnonzero(ranks != matching.MISS)
    rows, counts = facets.counted(query, shot, facets.limited(query, shot, meant))
    if len(rows) and not instead:
        helpful = _Help([], offers, reading, [], {})
    else:
        words = _alone(query, shot)
        limits = [] if len(rows) else _without(query, shot, meant)
        helpful = _Help(words, offers, reading, limits, _mended(words, shot), instead)
    return _Found(rows.astype(np.int32), None if ranks is None else ranks[rows], counts, helpful, {})


def _mended(words: list[tuple[str, int]], shot: Snapshot) -> dict[str, tuple[str, int]]:
    """Return another spelling of each of several words that finds nothing, with its number."""
    unknown, count = [word for word, hits in words if not hits], partial(matching.count, shot=shot)
    some = unknown if len(words) > 1 else []
    return {word: other for word in some for other in spellings.instead_of(word, 0, count, shot.frequent)[:1]}


def _without(query: Query, shot: Snapshot, rows: np.ndarray) -> list[tuple[str, int]]:
    """Return the limits that leave nothing of these rows, and how many titles there are without each of them alone."""
    found = []
    for name in LIMITS:
        if getattr(query, name):
            wider = query.without(name)
            found.append((name, len(facets.chosen(wider, shot, facets.limited(wider, shot, rows)))))
    return [(name, count) for name, count in found if count]


def _ranks(query: Query, shot: Snapshot) -> tuple[np.ndarray | None, reference_search.Reading | None, str]:
    """Return the ranks by all that the query says in words; where the box finds nothing, by the same said otherwise, or by what it says as
    a reference, with this and with what was asked instead.
    """
    found, reading, instead = matching.ranks(Query(q=query.q), shot), None, ""
    if found is not None and not _is_some(found) and not exclusions.parted(query.q)[1]:
        if cited := reference_search.find(query.q, shot):
            found, reading = cited
        elif (volume := alternatives.volume(query.q, shot)) is not None:
            found = volume
        elif not matching.is_number(query.q) and (same := alternatives.the_same(query.q, shot)):
            found, instead = same
    others = matching.ranks(query.without("q"), shot)
    if found is None or others is None:
        return others if found is None else found, reading, instead
    return np.maximum(found, others), reading, instead


def _is_some(ranks: np.ndarray) -> bool:
    return ranks.min(initial=matching.MISS) != matching.MISS


def _is_alone(query: Query) -> bool:
    """Tell whether nothing in words is asked but what stands in the box, which is no number."""
    return bool(query.q) and not query.rows and not query.isbn and not matching.is_number(query.q)


def _alone(query: Query, shot: Snapshot) -> list[tuple[str, int]]:
    texts = (exclusions.parted(query.q)[0], *(row.text for row in query.rows if row.join != "not"))
    words = dict.fromkeys(word for text in texts for word in matching.words(text))
    return [(word, matching.alone(word, shot)) for word in words]


def _offers(query: Query, found: int, shot: Snapshot) -> list[tuple[str, int]]:
    """Return what else may have been meant by the box, whatever the query is limited to."""
    is_everything = found > spellings.FEW and found * spellings.TIMES > len(shot.ids)
    if not _is_alone(query) or is_everything:
        return []
    return spellings.instead_of(query.q, found, partial(matching.count, shot=shot), shot.frequent)


def _keys(query: Query, shot: Snapshot, found: _Found) -> np.ndarray:
    """Return the numbers by which the rows are put in order."""
    if query.sort != "relevance":
        return shot.positions[query.sort][found.rows]
    if found.ranks is None:
        return shot.positions["newest"][found.rows]
    return found.ranks * np.int64(len(shot.ids)) + shot.positions["relevance"][found.rows]


def _places(
    query: Query, shot: Snapshot, found: _Found, page: int, size: int, works: np.ndarray | None = None
) -> np.ndarray:
    """Return the places of one page of what was found, of the titles that stand for their ``works`` where there are some; the first page
    of all is kept for whoever asks the same.
    """
    first, last = (page - 1) * size, page * size
    if works is not None:
        return works[_page(_keys(query, shot, found)[works], first, last)]
    if page > 1:
        return _page(_keys(query, shot, found), first, last)
    if (query.sort, size) not in found.first:
        found.first[query.sort, size] = _page(_keys(query, shot, found), 0, size)
    return found.first[query.sort, size]


def _page(keys: np.ndarray, begin: int, end: int) -> np.ndarray:
    """Return the places of the keys from the begin-th to the end-th in order."""
    if end < len(keys):
        first = np.argpartition(keys, end - 1)[:end]
        return first[np.argsort(keys[first])][begin:]
    return np.argsort(keys)[begin:]
