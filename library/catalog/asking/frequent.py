"""Words that stand in many titles, kept with the arrays of the search: what a query that finds something may have meant instead."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass
class Words:
    """Words as they are folded, the most frequent first: each as it is ``shown``, in how many titles it stands, about, and by how they are
    read (こうえん) the places of those with kanji.
    """

    folded: list[str]
    shown: list[str]
    titles: list[int]
    read: dict[str, list[int]]

    @cached_property
    def _letters(self) -> np.ndarray:
        return np.array([_letters(word) for word in self.folded], np.uint64)

    @cached_property
    def _falling(self) -> np.ndarray:
        return -np.array(self.titles, np.int64)

    def like(self, form: str, changes: int, least: float) -> list[int]:
        """Return the places of words in so many titles that may be the form with so many letters changed: few others stand in them."""
        some = self._letters[: self._reach(least)]
        typed = np.uint64(_letters(form))
        other = np.maximum(np.bitwise_count(some & ~typed), np.bitwise_count(typed & ~some))
        return np.flatnonzero(other <= changes).tolist()

    def alike(self, form: str, least: float) -> list[int]:
        """Return the places of words in so many titles that are read like this."""
        reach = self._reach(least)
        return [place for place in self.read.get(form, ()) if place < reach]

    def _reach(self, least: float) -> int:
        return int(np.searchsorted(self._falling, -least, "right"))


def _letters(word: str) -> int:
    """Return which letters stand in a word, a bit for each; some share one."""
    return sum({1 << ord(letter) % 64 for letter in word})
