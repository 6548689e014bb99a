"""検索: the titles that a query finds, in order, a page of them, with exact counts of what they are."""

from dataclasses import dataclass, field

import numpy as np

from library.catalog import facets, matching, snapshot
from library.catalog.query import Query


@dataclass
class Results:
    """What was found: the ids of one page in order, and of all of it the number and the facets [(name, [Value])].

    ``page`` is the last one when the query asked for one further on. Without a hit ``words`` says which words have some
    when they stand alone: [(word, count)].
    """

    query: Query
    total: int
    ids: list[int]
    page: int
    pages: int
    facets: list[tuple[str, list[facets.Value]]]
    words: list[tuple[str, int]] = field(default_factory=list)


def find(query: Query, *, size: int = 20) -> Results:
    """Titles that the query finds. Never refuses a query."""
    shot = snapshot.current()
    ranks = matching.ranks(query, shot)
    rows = np.arange(len(shot.ids)) if ranks is None else np.flatnonzero(ranks != matching.MISS)
    rows, counts = facets.counted(query, shot, facets.limited(query, shot, rows))
    pages = max(1, -(-len(rows) // size))
    page = min(query.page, pages)
    places = _page(_keys(query, shot, ranks, rows), (page - 1) * size, page * size)
    words = [] if len(rows) else _alone(query, shot)
    return Results(query, len(rows), shot.ids[rows[places]].tolist(), page, pages, counts, words)


def _alone(query, shot):
    texts = (query.q, *(row.text for row in query.rows if row.join != "not"))
    words = dict.fromkeys(word for text in texts for word in matching.words(text))
    return [(word, matching.alone(word, shot)) for word in words]


def _keys(query, shot, ranks, rows):
    """Numbers by which the rows are put in order."""
    if query.sort != "relevance":
        return shot.positions[query.sort][rows]
    newest = shot.positions["newest"][rows]
    return newest if ranks is None else ranks[rows] * np.int64(len(shot.ids)) + newest


def _page(keys, begin, end):
    """Places of the keys from the begin-th to the end-th in order."""
    if end < len(keys):
        first = np.argpartition(keys, end - 1)[:end]
        return first[np.argsort(keys[first])][begin:]
    return np.argsort(keys)[begin:]
