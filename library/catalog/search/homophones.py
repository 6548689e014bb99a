"""同音: words of the catalogue that are read like a word in kanji but written with other kanji: 公園 for
公演, 夏目漱石 for 夏目草石.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations

from library.catalog.folding import fold, readings
from library.catalog.fulltext import grams
from library.catalog.query import nearness
from library.catalog.search import values
from library.catalog.search.frequent_words import EDGES, FrequentWords

LEAST = 3  # kana of a reading
MOST = 3  # words that are offered


def sought(word: str) -> values.Sought:
    """Return the index queries for values that have a reading of a folded word."""
    return values.Sought(list(map(grams.phrase, _readings(word))), values.READINGS)


def among(word: str, known: Iterable[values.Value]) -> list[str]:
    """Return the words of these values that are read like a folded one, the most frequent first, MOST at most."""
    read = _readings(word)
    found: Counter[str] = Counter()
    for value in known:
        letters, _, edges = nearness.folded_letters(value.spelled)
        if value.spelled != value.name:
            found.update(set(_written_parts(value.name, letters, edges, read)))
    return [each for each, _ in found.most_common() if fold.strict(each) != word and readings.has_kanji(each)][:MOST]


def among_frequent(word: str, least: float, words: FrequentWords) -> list[int]:
    """Return the indexes of frequent ``words`` in at least ``least`` titles that are read like a folded one, MOST at
    most.
    """
    found = {index for each in _readings(word) for index in words.read_as(each, least) if words.folded[index] != word}
    return sorted(found)[:MOST]


def _readings(word: str) -> list[str]:
    """Return the possible readings of a word with kanji that are long enough to look for."""
    known = readings.readings(word) if len(word) > 1 and readings.has_kanji(word) else []
    return [each for each in known if len(each) >= LEAST]


def _written_parts(name: str, letters: str, edges: frozenset[int], read: list[str]) -> Iterator[str]:
    """Yield the name, or the words in it, that have one of the readings ``read``. ``letters``, ``edges``: the name's
    own reading.
    """
    if letters in read:
        yield name
    elif any((at := letters.find(each)) in edges and at + len(each) in edges for each in read):
        written, places, breaks = nearness.folded_letters(name)
        for begin, end in combinations(sorted(breaks)[:EDGES], 2):
            if not set(read).isdisjoint(readings.readings(written[begin:end])):
                yield name[places[begin] : places[end - 1] + 1]
