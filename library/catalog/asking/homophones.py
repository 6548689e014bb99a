"""同音: words of the catalogue that are read like a word in kanji and written otherwise: 公園 for 公演, 夏目漱石 for 夏目草石."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from library.catalog.asking import nearness, values
from library.catalog.asking.frequent import Words
from library.catalog.folding import fold, readings
from library.catalog.search import grams

LEAST = 3  # kana of a reading
MOST = 3  # words that are offered
EDGES = 8  # places of a text where a word may begin or end


def alike(word: str, needed: int) -> list[str]:
    """Return the words that are read like a folded one, the most frequent first."""
    read = _readings(word)
    if not read:
        return []
    found: Counter[str] = Counter()
    for value in values.found(list(map(grams.phrase, read)), needed, columns=values.READINGS):
        letters, _, edges = nearness.folded(value.spelled)
        if value.spelled != value.name:
            found.update(set(_spelled(value.name, letters, edges, read)))
    return [each for each, _ in found.most_common() if fold.strict(each) != word and readings.has_kanji(each)][:MOST]


def frequent(word: str, least: float, words: Words) -> list[int]:
    """Return the same of words that stand in so many titles: their places."""
    found = {place for each in _readings(word) for place in words.alike(each, least) if words.folded[place] != word}
    return sorted(found)[:MOST]


def _readings(word: str) -> list[str]:
    """Return how a word may be read, if it has kanji, so far as that is long enough to look for it."""
    known = readings.readings(word) if len(word) > 1 and readings.has_kanji(word) else []
    return [each for each in known if len(each) >= LEAST]


def _spelled(name: str, letters: str, edges: frozenset[int], read: list[str]) -> Iterator[str]:
    """Yield the name, or the words of it, that one of the readings is of. ``letters``: its own reading, with ``edges`` of words."""
    if letters in read:
        yield name
    elif any((at := letters.find(each)) in edges and at + len(each) in edges for each in read):
        written, places, breaks = nearness.folded(name)
        for begin, end in combinations(sorted(breaks)[:EDGES], 2):
            if not set(read).isdisjoint(readings.readings(written[begin:end])):
                yield name[places[begin] : places[end - 1] + 1]
