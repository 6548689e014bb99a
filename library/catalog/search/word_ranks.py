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
    of_kana_kanji = [_kana_kanji_query(one) for one in asked]
    matches = [match for pair in zip(queries, of_kana_kanji, strict=True) for match in (*pair[0], pair[1]) if match]
    with closing(hits(matches, shot)) as found:
        for one, levels_of, is_mixed in zip(asked, queries, of_kana_kanji, strict=True):
            ranks = misses(shot)
            for of_match in levels_of.values():
                kinds, rows = next(found)
                for level in of_match:
                    note(ranks, kinds, rows, levels.INSIDE[level])
            if one.word and is_mixed:
                _note_kana_kanji(ranks, one.word, *next(found), shot, is_all=one.is_all)
            yield ranks


def _kana_kanji_query(one: Asked) -> str:
    is_inside = one.word and one.make_query is grams.phrase
    return kana_kanji_matching.query(one.word, one.field) if one.word and is_inside else ""


def _note_kana_kanji(
    found: np.ndarray, word: levels.Word, kinds: np.ndarray, rows: np.ndarray, shot: Snapshot, *, is_all: bool
) -> None:
    """Lower the ranks of the candidates that agree with a word, unless a hit of a better level has them."""
    worse = levels.LEVEL_OF[found[rows]] > KANA
    if worse.any():
        agreed, ranks = kana_kanji_matching.rank_candidates(word, kinds[worse], rows[worse], shot, is_all=is_all)
        found[agreed] = np.minimum(found[agreed], ranks)


def hits(matches: Sequence[str], shot: Snapshot) -> Generator[tuple[np.ndarray, np.ndarray]]:
    """Yield, for each index query, the kinds of the index rows that it finds and the snapshot rows of their titles."""
    with closing(index.find_each(matches)) as found:
        for numbers in found:
            rows = shot.rows_or_missing(numbers // indexed.KINDS)
            if rows.min(initial=0) < 0:  # titles newer than the snapshot
                known = rows >= 0
                numbers, rows = numbers[known], rows[known]
            yield numbers % indexed.KINDS, rows


def note(found: np.ndarray, kinds: np.ndarray, rows: np.ndarray, ranks: np.ndarray) -> None:
    """Lower the ranks in ``found`` to those of the hits, given by kind of index row, where these are better."""
    for least in (indexed.LOANED, 0):  # within each of these the best kind comes first
        some = (kinds >= least) & (kinds < least + indexed.LOANED)
        if some.any():
            # reversed, as of several hits on a row the last one stays
            these, each = rows[some][::-1], ranks[kinds[some]][::-1]
            found[these] = np.minimum(found[these], each)
