"""検索: the ranks of the titles that a query finds; in other words, where its box finds nothing as it was typed."""

from datetime import date
from typing import NamedTuple

import numpy as np

from library.catalog.folding import fold
from library.catalog.query import exclusions
from library.catalog.query.query import Query
from library.catalog.search import alternatives, facets, matching, reference_search, snapshot
from library.catalog.search.snapshot import Snapshot
from library.store import engine


class Found(NamedTuple):
    """The ranks of all titles (``matching``), None for a query without words. ``interpretation``: the parts of a pasted
    reference that found them. ``instead``: the text that was looked for, as the one in the box finds nothing.
    """

    ranks: np.ndarray | None
    interpretation: reference_search.Interpretation | None = None
    instead: str = ""


def find(query: Query, shot: Snapshot) -> Found:
    """Return the ranks by all words of a query. When the text of the box finds nothing, it is taken for a reference,
    for a title with its volume, or put in other words. Limits and facets are not applied (``facets``).
    """
    found = Found(matching.ranks(Query(q=query.q), shot))
    if found.ranks is not None and not matching.has_hits(found.ranks) and not exclusions.split(query.q)[1]:
        found = _find_in_other_words(query.q, shot) or found
    others = matching.ranks(query.without("q"), shot)
    if found.ranks is None or others is None:
        return found if others is None else found._replace(ranks=others)
    return found._replace(ranks=np.maximum(found.ranks, others))


def _find_in_other_words(text: str, shot: Snapshot) -> Found | None:
    if cited := reference_search.find(text, shot):
        return Found(*cited)
    if (volume := alternatives.find_volume(text, shot)) is not None:
        return Found(volume)
    same = None if matching.looks_like_isbn(text) else alternatives.find_reworded(text, shot)
    return Found(same.ranks, None, same.text) if same else None


def best(query: Query, size: int, *, shot: Snapshot | None = None) -> list[int]:
    """Return the ids of the ``size`` best titles that have the words of a query, in order, without its limits and
    without other words: fast, for suggestions while somebody types.
    """
    shot = shot or snapshot.current()
    ranks = matching.ranks(query, shot)
    if ranks is None:
        return []
    rows = np.flatnonzero(ranks != matching.MISS)
    keys = ranks[rows] * np.int64(len(shot.ids)) + shot.positions["relevance"][rows]
    return shot.ids[rows[first_indexes(keys, 0, size)]].tolist()


def acquired(query: Query, *, first: date, last: date, shot: Snapshot | None = None) -> list[int]:
    """Return the ids of the titles found that were acquired from ``first`` to ``last``, the latest first; issues of a
    serial (雑誌) only where the query names that, or asks for a material. ``shot``: the snapshot, if read.
    """
    shot = shot or snapshot.current()
    rows = np.flatnonzero((shot.arrived >= first.toordinal()) & (shot.arrived <= last.toordinal()) & ~shot.removed)
    rows = rows if query.material else rows[~np.isin(rows, _issues_not_named(query, shot))]
    if not len(rows):
        return []
    ranks = find(query, shot).ranks
    if ranks is not None:
        rows = rows[ranks[rows] != matching.MISS]
    rows = facets.with_chosen_values(query, shot, facets.within_limits(query, shot, rows))
    return shot.ids[rows[np.lexsort((-rows, -shot.arrived[rows]))]].tolist()


def _issues_not_named(query: Query, shot: Snapshot) -> list[int]:
    """Return the rows of all issues but those of serials whose names stand in a query."""
    if "serial_names" not in shot.cached:
        sql = (
            "SELECT issue.title_id, serial.name FROM issue JOIN serial ON serial.id = issue.serial_id ORDER BY issue.id"
        )
        found = [(shot.row_of(title_id), fold.strict(name)) for title_id, name in engine.run(sql).fetchall()]
        shot.cached["serial_names"] = [(row, name) for row, name in found if row is not None]
    asked = fold.strict(" ".join((query.q, *(row.text for row in query.rows))))
    return [row for row, name in shot.cached["serial_names"] if name not in asked]


def first_indexes(keys: np.ndarray, begin: int, end: int) -> np.ndarray:
    """Return the indexes of the keys from the begin-th to the end-th in order."""
    if end < len(keys):
        first = np.argpartition(keys, end - 1)[:end]
        return first[np.argsort(keys[first])][begin:]
    return np.argsort(keys)[begin:]
