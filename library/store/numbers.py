"""Many numbers from the database at once: it makes one text of them, and numpy an array; also a list of numbers for
each row.

The engine works alone, and Python is busy only for parsing.
"""

from typing import Any

import numpy as np
from peewee import Function, fn

from library.store import engine

_PARSED = 100_000  # characters parsed at once; then other threads get their turn


def joined(expression: str) -> str:
    """Return the SQL that joins the numbers of an expression into one text, for ``parsed``."""
    return f"string_agg(({expression})::text, ',')" if engine.is_server() else f"group_concat({expression})"


def of_column(column: Any) -> Function:
    """Return the SQL function that joins the numbers of a column into one text, for ``parsed``."""
    return fn.string_agg(column.cast("text"), ",") if engine.is_server() else fn.group_concat(column)


def parsed(text: str | None, kind: type) -> np.ndarray:
    """Return the numbers of a joined text as an array of ``kind``; empty for None."""
    if not text:
        return np.zeros(0, kind)
    if len(text) <= _PARSED:
        return np.fromstring(text, kind, sep=",")
    parts, begin = [], 0
    while begin < len(text):
        end = text.find(",", begin + _PARSED)
        end = len(text) if end < 0 else end
        parts.append(np.fromstring(text[begin:end], kind, sep=","))
        begin = end + 1
    return np.concatenate(parts)


class Lists:
    """A list of numbers for each row (branches, authors): those of row n are ``values[begins[n]:begins[n + 1]]``."""

    def __init__(self, begins: np.ndarray, values: np.ndarray) -> None:
        self.begins, self.values = begins, values

    @classmethod
    def gathered(cls, rows: np.ndarray, values: np.ndarray, count: int) -> "Lists":
        """Return the lists of ``count`` rows; ``rows``: the row of each value."""
        begins = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=count)))).astype(np.int32)
        return cls(begins, values[np.argsort(rows, kind="stable")])

    def sizes(self) -> np.ndarray:
        """Return the length of each row's list."""
        return np.diff(self.begins)

    def pick(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return (the numbers of these rows, for each number the index of its row in ``rows``)."""
        sizes = self.begins[rows + 1] - self.begins[rows]
        places = np.repeat(np.arange(len(rows)), sizes)
        first = np.cumsum(sizes) - sizes
        return self.values[np.arange(len(places)) + np.repeat(self.begins[rows] - first, sizes)], places

    def rows_with(self, number: int) -> np.ndarray:
        """Return the rows whose lists have this number."""
        return np.unique(np.searchsorted(self.begins, np.flatnonzero(self.values == number), side="right") - 1)

    def have(self, rows: np.ndarray, wanted: list[int]) -> np.ndarray:
        """Return a boolean for each of these rows: True if it has one of the wanted numbers."""
        values, places = self.pick(rows)
        found = np.zeros(len(rows), bool)
        found[places[np.isin(values, wanted)]] = True
        return found
