"""Titles that a CQL query finds: each clause is a search of ours, and their results are joined title by title."""

from typing import NamedTuple

import numpy as np

from library import branches, dates
from library.catalog import isbn
from library.catalog.query.query import LONGEST, Query, Row
from library.catalog.search import facets, matching, snapshot
from library.catalog.search.snapshot import Snapshot
from library.discovery.exchange import cql
from library.discovery.exchange.cql import Clause, Diagnostic, Tree

TEXTS = {"title": "title", "creator": "author", "publisher": "publisher", "subject": "subject", "anywhere": "all"}
INDEXES = (*TEXTS, "ndc", "isbn", "from", "until", "library")
EVERYTHING = "allrecords"
_SETS = ("dc", "cql", "dcndl", "bath", "rec")
_ALSO = {"serverchoice": "anywhere"}
_WORDWISE = ("any", "all")
_EXACT = ("==", "exact")
RELATIONS = ("=", *_EXACT, *_WORDWISE)
_ORDERS = {"title": "title", "creator": "author", "ndc": "call_number"}
_DAYS = ("date", "issued", "from", "until")
SORTED = (*_ORDERS, *_DAYS)


class Found(NamedTuple):
    total: int
    ids: list[int]


def find(asked: cql.Asked, *, begin: int, size: int) -> Found:
    """Return the number of titles found and up to ``size`` of their ids from ``begin`` (0 is the first). Raises:
    Diagnostic.
    """
    shot = snapshot.current()
    ranks = _ranks(asked.tree, shot)
    rows = shot.without_removed(np.flatnonzero(ranks != matching.MISS))
    keys = _keys(asked.sorts, shot, rows, ranks[rows])
    return Found(len(rows), shot.ids[rows[np.argsort(keys)[begin : begin + size]]].tolist())


def _keys(sorts: tuple[cql.Sort, ...], shot: Snapshot, rows: np.ndarray, ranks: np.ndarray) -> np.ndarray:
    """Return the sort number of each title, no two alike."""
    names = [_name(each.name) for each in sorts]
    if wrong := next((name for name in names if name not in SORTED), None):
        raise Diagnostic(cql.NO_INDEX, wrong)
    if not names:
        return ranks * np.int64(len(shot.ids)) + shot.positions["relevance"][rows]
    descending = sorts[0].descending
    if names[0] in _DAYS:
        return shot.positions["newest" if descending else "oldest"][rows]
    places = shot.positions[_ORDERS[names[0]]][rows].astype(np.int64)
    return -places if descending else places


def _ranks(tree: Tree, shot: Snapshot) -> np.ndarray:
    if isinstance(tree, Clause):
        return _rank_clause(tree, shot)
    left, right = _ranks(tree.left, shot), _ranks(tree.right, shot)
    if tree.boolean == "and":
        return np.maximum(left, right)
    if tree.boolean == "or":
        return np.minimum(left, right)
    return np.where(right == matching.MISS, left, np.uint8(matching.MISS))


def _name(index: str) -> str:
    """Return the name of an index without its context set, if that is a known one."""
    prefix, dot, name = index.rpartition(".")
    name = name.lower()
    return _ALSO.get(name, name) if not dot or prefix in _SETS else index


def _rank_clause(clause: Clause, shot: Snapshot) -> np.ndarray:
    name = _name(clause.index)
    if name == EVERYTHING:
        return np.zeros(len(shot.ids), np.uint8)
    if name not in INDEXES:
        raise Diagnostic(cql.NO_INDEX, clause.index)
    if clause.relation not in RELATIONS:
        raise Diagnostic(cql.NO_RELATION, clause.relation)
    term = clause.term.strip()[:LONGEST]
    if not term.strip("^* "):
        raise Diagnostic(cql.SYNTAX, "empty term")
    if name in TEXTS:
        return _rank_text(TEXTS[name], clause.relation, term, shot)
    return _rank_value(name, clause.relation, term, shot)


def _rank_text(field: str, relation: str, term: str, shot: Snapshot) -> np.ndarray:
    if relation in _WORDWISE:
        join = "or" if relation == "any" else "and"
        rows = tuple(_row(word, field, "contains", join) for word in term.split()[: matching.WORDS])
    else:
        rows = (_row(term, field, "equals" if relation in _EXACT else "contains", "and"),)
    found = matching.ranks(Query(rows=rows), shot)
    return np.zeros(len(shot.ids), np.uint8) if found is None else found


def _row(text: str, field: str, way: str, join: str) -> Row:
    """Return the search row of a term: ``^`` before it means its beginning, ``^`` on both sides the whole."""
    begins, ends = text.startswith("^"), text.endswith("^") and len(text) > 1
    if ends and not begins and way == "contains":
        raise Diagnostic(cql.NO_RELATION, text)
    if begins and way == "contains":
        way = "equals" if ends else "starts"
    return Row(text.strip("^").rstrip("*").strip(), field, way, join)


def _rank_value(name: str, relation: str, term: str, shot: Snapshot) -> np.ndarray:
    """Return the ranks of an index without text: a title matches or does not."""
    term = term.strip("^").rstrip("*").strip()
    terms = term.split()[: matching.WORDS] if relation in _WORDWISE else [term]
    found = [_rows(name, each, shot, is_exact=relation in _EXACT) for each in terms]
    ranks = np.full(len(shot.ids), matching.MISS, np.uint8)
    for rows in found[:1] if relation != "any" else found:
        ranks[rows] = 0
    for rows in found[1:] if relation == "all" else ():
        kept = np.isin(np.arange(len(ranks)), rows)
        ranks[~kept] = matching.MISS
    return ranks


def _rows(name: str, term: str, shot: Snapshot, *, is_exact: bool) -> np.ndarray:
    every = np.arange(len(shot.ids))
    if name == "isbn":
        number = isbn.normalise(term)
        ranks = matching.ranks(Query(isbn=number), shot) if number else None
        return np.flatnonzero(ranks != matching.MISS) if ranks is not None else every[:0]
    if name == "library":
        wanted = term.lower()
        codes = tuple(each.code for each in branches.in_order() if wanted in (each.code.lower(), each.name.lower()))
        return facets.with_chosen_values(Query(branch=codes), shot, every) if codes else every[:0]
    if name == "ndc":
        return _in_class(term, shot, every, is_exact=is_exact)
    year = dates.year_of(term)
    if year is None:
        raise Diagnostic(cql.BAD_VALUE, f"{name}={term}")
    return facets.within_limits(Query(year_from=year) if name == "from" else Query(year_to=year), shot, every)


def _in_class(term: str, shot: Snapshot, every: np.ndarray, *, is_exact: bool) -> np.ndarray:
    """Return the titles of a class and, unless ``is_exact``, of the classes below it."""
    if not any(letter.isdigit() for letter in term):
        raise Diagnostic(cql.BAD_VALUE, f"ndc={term}")
    found = facets.within_limits(Query(ndc=term), shot, every)
    if is_exact:
        for digit in "123456789":  # a class and its 0 are one number in the index
            below = facets.within_limits(Query(ndc=f"{term}{digit}"), shot, every)
            found = found[~np.isin(found, below)]
    return found
