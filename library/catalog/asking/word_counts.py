"""Counting the words that stand in many titles (``frequent``), in some of the titles, evenly taken: how many have one is about right, and
whoever offers one asks for the number.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np

from library.catalog.asking import nearness, values
from library.catalog.asking.frequent import Words
from library.catalog.folding import readings

TITLES = 40_000  # that are read
PART = 4_000  # titles that are read at a stroke, for the room that their texts take
LEAST = 20  # titles that a word stands in, about, for every one that was not read, too
SHORTEST, LONGEST = 2, 40  # letters
EDGES = 8  # places of a text where a word may begin or end
MOST = 20_000  # words that are kept, the most frequent
ROOM = 100_000  # words that are counted at a time: when they are more, those that were met once are dropped


def read(ids: np.ndarray) -> Words:
    """Read the words of some of these titles."""
    step = max(1, -(-len(ids) // TITLES))
    least = max(1, LEAST // step)
    counted: Counter[str] = Counter()
    shown: dict[str, str] = {}
    own: dict[str, str] = {}
    chosen = ids[::step]
    for begin in range(0, len(chosen), PART):
        for value, times in Counter(values.every(chosen[begin : begin + PART])).items():
            for word, text in _words(value):
                counted[word] += times
                shown.setdefault(word, text)
            if value.name != value.spelled and times >= least:
                own[nearness.folded(value.name)[0]] = nearness.folded(value.spelled)[0]
            if len(counted) > ROOM:
                counted = Counter({word: times for word, times in counted.items() if times > 1})
                shown = {word: shown[word] for word in counted}
    some = [(word, times) for word, times in counted.most_common(MOST) if times >= least]
    words = [word for word, _ in some]
    return Words(words, [shown[word] for word in words], [times * step for _, times in some], _read(words, own))


def _words(value: values.Value) -> Iterable[tuple[str, str]]:
    """Return the words of a value, folded and as they are shown: the whole, and what stands in it between two edges."""
    letters, places, edges = nearness.folded(value.spelled)
    found = {
        letters[begin:end]: value.spelled[places[begin] : places[end - 1] + 1]
        for begin, end in combinations(sorted(edges)[:EDGES], 2)
    }
    found[letters] = value.name
    return [(word, text) for word, text in found.items() if SHORTEST <= len(word) <= LONGEST]


def _read(words: Sequence[str], own: dict[str, str]) -> dict[str, list[int]]:
    """Return the places of words with kanji by how the list reads them, and the catalogue (``own``)."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        if readings.has_kanji(word):
            for each in dict.fromkeys([*readings.readings(word), *filter(None, [own.get(word)])]):
                places.setdefault(each, []).append(place)
    return places
