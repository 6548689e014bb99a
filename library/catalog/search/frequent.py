"""Words that stand in many titles, kept with the arrays of the search: suggestions for a search that already finds
something.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np


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
