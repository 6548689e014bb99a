"""Counts of the words that stand in many titles (``frequent``), from an even sample. They are estimates: ``spellings``
counts again before it offers a word.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np

from library.catalog.folding import readings
from library.catalog.query import nearness
from library.catalog.search import values
from library.catalog.search.frequent import FrequentWords

TITLES = 40_000  # in the sample
PART = 4_000  # titles that are read at a time, for the memory that their texts take
LEAST = 20  # titles, about, in which a frequent word stands
SHORTEST, LONGEST = 2, 40  # letters of a word
EDGES = 8  # indexes of a text where a word may begin or end, of which pairs are tried
MOST = 20_000  # words that are kept, the most frequent
ROOM = 100_000  # words that are counted at a time: when there are more, those that were met once are dropped


def count_in_sample(ids: np.ndarray) -> FrequentWords:
    """Return the frequent words of these titles (ids), counted in an even sample of TITLES of them."""
    step = max(1, -(-len(ids) // TITLES))
    least = max(1, LEAST // step)
    counted: Counter[str] = Counter()
    written: dict[str, str] = {}
    own_readings: dict[str, str] = {}
    chosen = ids[::step]
    for begin in range(0, len(chosen), PART):
        for value, times in Counter(values.of_titles(chosen[begin : begin + PART])).items():
            for word, text in _words(value):
                counted[word] += times
                written.setdefault(word, text)
            if value.name != value.spelled and times >= least:
                own_readings[nearness.folded_letters(value.name)[0]] = nearness.folded_letters(value.spelled)[0]
            if len(counted) > ROOM:
                counted = Counter({word: times for word, times in counted.items() if times > 1})
                written = {word: written[word] for word in counted}
    kept = [(word, times) for word, times in counted.most_common(MOST) if times >= least]
    words = [word for word, _ in kept]
    counts = [times * step for _, times in kept]
    return FrequentWords(words, [written[word] for word in words], counts, _by_reading(words, own_readings))


def _words(value: values.Value) -> Iterable[tuple[str, str]]:
    """Return the words of a value, folded and as written: the whole, and each text between two edges of words."""
    letters, places, edges = nearness.folded_letters(value.spelled)
    found = {
        letters[begin:end]: value.spelled[places[begin] : places[end - 1] + 1]
        for begin, end in combinations(sorted(edges)[:EDGES], 2)
        if nearness.begins_word(value.spelled, places[begin])
    }
    found[letters] = value.name
    return [(word, text) for word, text in found.items() if SHORTEST <= len(word) <= LONGEST]


def _by_reading(words: Sequence[str], own_readings: dict[str, str]) -> dict[str, list[int]]:
    """Return reading → indexes of the words with kanji that the list, or the catalogue (``own_readings``), reads so."""
    found: dict[str, list[int]] = {}
    for index, word in enumerate(words):
        if readings.has_kanji(word):
            for each in dict.fromkeys([*readings.readings(word), *filter(None, [own_readings.get(word)])]):
                found.setdefault(each, []).append(index)
    return found
