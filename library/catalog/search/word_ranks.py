"""The ranks of titles by single words: the index is asked for many words in one statement.

A title has the best rank of a word's hits in it, the lower the better, or MISS.
"""

from collections.abc import Generator, Sequence
from contextlib import closing
from typing import NamedTuple

import numpy as np

from library.catalog.fulltext import grams, index, rows as indexed
from library.catalog.query import levels
from library.catalog.query.levels import KANA, MakeQuery
from library.catalog.search import kana_kanji_matching
from library.catalog.search.snapshot import Snapshot

MISS = 255


class Asked(NamedTuple):
    """A word to look for in a field (all fields when empty). ``make_query``: the maker of its index queries
    (``grams``). ``is_all``: nothing else was typed.
    """

    word: levels.Word | None
    field: str = ""
    make_query: MakeQuery = grams.phrase
    is_all: bool = False


def misses(shot: Snapshot) -> np.ndarray:
    """Return ranks without a hit."""
    return np.full(len(shot.ids), MISS, np.uint8)


def rank_each(asked: Sequence[Asked], shot: Snapshot) -> Generator[np.ndarray]:
    """Yield the ranks by each word, in order. Words that are not read are not looked for."""
    queries = [levels.queries(one.word, one.field, one.make_query) if one.word else {} for one in asked]
    agreeing = [_agreeing(one) for one in asked]
    matches = [match for pair in zip(queries, agreeing, strict=True) for some in pair for match in some]
    with closing(hits(matches, shot)) as found:
        for one, levels_of, several in zip(asked, queries, agreeing, strict=True):
            ranks = misses(shot)
            for of_match in levels_of.values():
                kinds, rows = next(found)
                for level in of_match:
                    note(ranks, kinds, rows, levels.INSIDE[level])
            for number, (kinds, rows) in enumerate([next(found) for _ in several]):
                _note_agreeing(ranks, one, kinds, rows, shot, is_unsure=number > 0)
            yield ranks


def _agreeing(one: Asked) -> list[str]:
    """Return the index queries for titles that may agree with a word of kanji and kana."""
    is_inside = one.word and one.make_query is grams.phrase
    return kana_kanji_matching.queries(one.word, one.field) if one.word and is_inside else []


def _note_agreeing(
    ranks: np.ndarray, one: Asked, kinds: np.ndarray, rows: np.ndarray, shot: Snapshot, *, is_unsure: bool
) -> None:
    worse = levels.LEVEL_OF[ranks[rows]] > KANA
    if one.word and worse.any() and not (is_unsure and np.count_nonzero(worse) > kana_kanji_matching.FEW):
        agreeing, better = kana_kanji_matching.rank_candidates(
            one.word, kinds[worse], rows[worse], shot, is_all=one.is_all, is_unsure=is_unsure
        )
        ranks[agreeing] = np.minimum(ranks[agreeing], better)


def hits(matches: Sequence[str], shot: Snapshot) -> Generator[tuple[np.ndarray, np.ndarray]]:
    """Yield, for each index query, the kinds of the index rows that it finds and the snapshot rows of their titles."""
    with closing(index.find_each(matches)) as found:
        for numbers in found:
            rows = shot.rows_or_missing(numbers // index.KINDS)
            if rows.min(initial=0) < 0:  # titles newer than the snapshot
                known = rows >= 0
                numbers, rows = numbers[known], rows[known]
            yield numbers % index.KINDS, rows


def note(found: np.ndarray, kinds: np.ndarray, rows: np.ndarray, ranks: np.ndarray) -> None:
    """Lower the ranks in ``found`` to those of the hits, given by kind of index row, where these are better."""
    for least in (indexed.LOANED, 0):  # within each of these the best kind comes first
        some = (kinds >= least) & (kinds < least + indexed.LOANED)
        if some.any():
            # reversed, as of several hits on a row the last one stays
            these, each = rows[some][::-1], ranks[kinds[some]][::-1]
            found[these] = np.minimum(found[these], each)
