"""Words that stand in many titles, kept with the arrays of the search: suggestions for a search that already finds
something. They are counted in an even sample: ``spellings`` counts again before it offers a word.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from library.catalog.folding import readings
from library.catalog.query import nearness
from library.catalog.search import values

TITLES = 40_000  # in the sample
PART = 4_000  # titles that are read at a time, for the memory that their texts take
LEAST = 20  # titles, about, in which a frequent word stands
SHORTEST, LONGEST = 2, 40  # letters of a word
EDGES = 8  # indexes of a text where a word may begin or end, of which pairs are tried
MOST = 20_000  # words that are kept, the most frequent
ROOM = 100_000  # words that are counted at a time: when there are more, those that were met once are dropped


@dataclass
class FrequentWords:
    """Frequent words, the most frequent first: lists with one entry a word."""

    folded: list[str]
    written: list[str]  # as titles have them
    title_counts: list[int]  # in how many titles it stands, about
    by_reading: dict[str, list[int]]  # こうえん → the indexes of words with kanji that may be read so

    @cached_property
    def _letter_sets(self) -> np.ndarray:
        return np.array([_letter_set(word) for word in self.folded], np.uint64)

    @cached_property
    def _negated_counts(self) -> np.ndarray:
        return -np.array(self.title_counts, np.int64)

    def candidates(self, form: str, changes: int, least: float) -> list[int]:
        """Return the indexes of words in at least ``least`` titles that ``changes`` changed letters at most may turn
        into the form: a sieve by the letters that both have, which lets some others through.
        """
        letters = self._letter_sets[: self._end_of(least)]
        typed = np.uint64(_letter_set(form))
        other = np.maximum(np.bitwise_count(letters & ~typed), np.bitwise_count(typed & ~letters))
        return np.flatnonzero(other <= changes).tolist()

    def read_as(self, reading: str, least: float) -> list[int]:
        """Return the indexes of words with kanji in at least ``least`` titles that may be read so."""
        end = self._end_of(least)
        return [index for index in self.by_reading.get(reading, ()) if index < end]

    def _end_of(self, least: float) -> int:
        """Return the index after the last word that stands in at least ``least`` titles."""
        return int(np.searchsorted(self._negated_counts, -least, "right"))


def _letter_set(word: str) -> int:
    """Return the set of letters of a word as bits of one number; some letters share a bit."""
    return sum({1 << ord(letter) % 64 for letter in word})


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
