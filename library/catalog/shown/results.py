"""検索: the titles that a query finds, a page of them in order, with exact counts of its facets."""

import threading
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from library.catalog.query import exclusions
from library.catalog.query.query import FACETS, Query
from library.catalog.search import alternatives, facets, matching, reference_search, search, snapshot, spellings
from library.catalog.search.snapshot import Snapshot
from library.catalog.shown import grouping

LIMITS = ("available", *FACETS, "ndc", "year_from", "year_to")  # conditions that can be lifted one by one


@dataclass
class Results:
    """The ids of one page in order, and the number and facets [(name, [Value])] of all titles found.

    ``page`` is the last one when the query asked for a later one. ``interpretation``: the parts of a pasted reference
    that found the titles. ``suggestions``: もしかして [(text, count)]. When nothing was found, ``words``: the titles of each
    word alone [(word, count)]; ``mended``: other spellings of words without any, word → (text, count); ``without``: the
    titles without one limit [(name, count)]. ``at_hand``: how many can be lent now, if that was asked for. ``instead``:
    the text that was looked for, as the one in the box finds nothing; titles and ``total`` are its. ``works``: the
    number of works when a row is a work, and ``others`` the number of further titles of each row that stands for some.
    """

    query: Query
    total: int
    ids: list[int]
    page: int
    pages: int
    facets: list[tuple[str, list[facets.Value]]]
    words: list[tuple[str, int]] = field(default_factory=list)
    suggestions: list[tuple[str, int]] = field(default_factory=list)
    interpretation: reference_search.Interpretation | None = None
    without: list[tuple[str, int]] = field(default_factory=list)
    mended: dict[str, tuple[str, int]] = field(default_factory=dict)
    instead: str = ""
    at_hand: int | None = None
    works: int | None = None
    others: list[int] = field(default_factory=list)


class _Found(NamedTuple):
    """All titles that a query finds, in no order: rows, their ranks (None without words), the facets, and the other
    fields of ``Results``. ``first``: (sort, size) → indexes in ``rows`` of the first page.
    """

    rows: np.ndarray
    ranks: np.ndarray | None
    facets: list
    more: dict[str, Any]
    first: dict[tuple[str, int], np.ndarray]


class _Recent:
    """The last results, by snapshot and query: for the next page, another order, and the queries that
    everybody makes.
    """

    HITS = 4_000_000  # of all results together, about 20 MB: a common query has 200,000 hits among 500,000 titles
    LEAST = 2_000  # hits that a result counts at least: its facets take room, too

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


def find(
    query: Query, *, size: int = 20, at_hand: bool = False, with_removed: bool = False, serials_once: bool = False
) -> Results:
    """Return the titles that a query finds. ``at_hand``: also the number of those that can be lent now.
    ``with_removed``: for the staff, also titles whose copies are all withdrawn. ``serials_once``: of each serial (雑誌)
    the newest issue alone.
    """
    shot = snapshot.current(with_removed=with_removed)
    found = _found(query, shot)
    works = grouping.first_of_works(shot, found.rows, _keys(query, shot, found)) if query.group else None
    newest = grouping.newest_issues(shot, found.rows) if serials_once else None
    listed = newest if works is None else works
    total = len(found.rows if newest is None else newest)
    pages = max(1, -(-len(found.rows if listed is None else listed) // size))
    page = min(query.page, pages)
    shown = found.rows[_indexes_of_page(query, shot, found, page, size, listed)]
    results = Results(query, total, shot.ids[shown].tolist(), page, pages, found.facets, **found.more)
    if works is not None:
        results.works, results.others = len(works), grouping.count_others(shot, found.rows, shown)
    elif newest is not None:
        results.others = grouping.count_other_issues(shot, found.rows, shown)
    if at_hand:
        free = facets.lendable_now(shot, found.rows)
        newest = grouping.newest_issues(shot, free) if serials_once else None
        results.at_hand = len(free if newest is None else newest)
    return results


def count(query: Query) -> int:
    """Return the number of titles that a query finds as it was typed."""
    shot = snapshot.current()
    ranks = matching.ranks(query, shot)
    return len(facets.with_chosen_values(query, shot, facets.within_limits(query, shot, _rows_of(ranks, shot))))


def forget() -> None:
    """Drop the cached results."""
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
    ranks, interpretation, instead = search.find(query, shot)
    meant = _rows_of(ranks, shot)
    known: spellings.Known = {}
    offers = [] if interpretation else _offers(query, len(meant), shot, known)
    typed = 0 if instead or interpretation else len(meant)
    if not len(meant) and _is_box_alone(query) and (near := alternatives.find_nearest(query.q, offers, shot)):
        ranks, instead = near
        meant = _rows_of(ranks, shot)
    rows, counts = facets.count_facets(query, shot, facets.within_limits(query, shot, meant))
    more: dict[str, Any] = {"suggestions": offers, "interpretation": interpretation, "instead": instead}
    if instead or not len(rows):
        words = _word_counts(query, shot, typed)
        more |= {"words": words, "mended": _corrected(words, shot, known)}
    if not len(rows):
        more["without"] = _limits_to_lift(query, shot, meant)
    return _Found(rows.astype(np.int32), None if ranks is None else ranks[rows], counts, more, {})


def _rows_of(ranks: np.ndarray | None, shot: Snapshot) -> np.ndarray:
    """Return the rows that have a rank, all that are not removed for a query without words."""
    return np.flatnonzero(~shot.removed) if ranks is None else np.flatnonzero(ranks != matching.MISS)


def _corrected(words: list[tuple[str, int]], shot: Snapshot, known: spellings.Known) -> dict[str, tuple[str, int]]:
    """Return word → (another spelling, number of its titles) for each of several words that finds nothing."""
    some = [word for word, hits in words if not hits] if len(words) > 1 else []
    return spellings.correct(some, partial(matching.count_each, shot=shot), known)


def _limits_to_lift(query: Query, shot: Snapshot, rows: np.ndarray) -> list[tuple[str, int]]:
    """Return [(limit, number of titles without it)] for each limit whose lifting brings back some of these rows."""
    found, free = [], facets.lendable_now(shot, rows) if query.available else rows
    for name in LIMITS:
        if getattr(query, name):
            wider, among = query.without(name, "available"), rows if name == "available" else free
            found.append((name, len(facets.with_chosen_values(wider, shot, facets.within_limits(wider, shot, among)))))
    return [(name, count) for name, count in found if count]


def _is_box_alone(query: Query) -> bool:
    """Tell whether the only words of a query are in the box and are no ISBN."""
    return bool(query.q) and not query.rows and not query.isbn and not matching.looks_like_isbn(query.q)


def _word_counts(query: Query, shot: Snapshot, typed: int) -> list[tuple[str, int]]:
    """Return the words of a query, each with the number of titles that it finds; ``typed``: of the whole text."""
    texts = (exclusions.split(query.q)[0], *(row.text for row in query.rows if row.join != "not"))
    words = list(dict.fromkeys(word for text in texts for word in matching.words(text)))
    if words == [query.q] and _is_box_alone(query):
        return [(query.q, typed)]
    return list(zip(words, matching.count_each(words, shot), strict=True))


def _offers(query: Query, found: int, shot: Snapshot, known: spellings.Known) -> list[tuple[str, int]]:
    """Return the suggestions for the text of the box, whatever the limits; none for a query with other words, or one
    that finds more than a twentieth of all titles.
    """
    is_everything = found > spellings.FEW and found * spellings.TIMES > len(shot.ids)
    if not _is_box_alone(query) or is_everything:
        return []
    return spellings.suggest(query.q, found, partial(matching.count_each, shot=shot), shot.frequent, known)


def _keys(query: Query, shot: Snapshot, found: _Found) -> np.ndarray:
    """Return the sort key of each row found, a number."""
    if query.sort != "relevance":
        return shot.positions[query.sort][found.rows]
    if found.ranks is None:
        return shot.positions["newest"][found.rows]
    return found.ranks * np.int64(len(shot.ids)) + shot.positions["relevance"][found.rows]


def _indexes_of_page(
    query: Query, shot: Snapshot, found: _Found, page: int, size: int, works: np.ndarray | None = None
) -> np.ndarray:
    """Return the indexes in ``found.rows`` of one page, in order; with ``works`` (indexes) only of these. The first
    page is cached.
    """
    first, last = (page - 1) * size, page * size
    if works is not None:
        return works[search.first_indexes(_keys(query, shot, found)[works], first, last)]
    if page > 1:
        return search.first_indexes(_keys(query, shot, found), first, last)
    if (query.sort, size) not in found.first:
        found.first[query.sort, size] = search.first_indexes(_keys(query, shot, found), 0, size)
    return found.first[query.sort, size]
