"""Many numbers out of the database at a stroke: it makes one text of them, and numpy an array of that; lists of them for each row.

So the engine works alone, and Python is held up only to parse.
"""

from typing import Any

import numpy as np
from peewee import Function, fn

from library.store import engine

_PARSED = 100_000  # letters of numbers that are parsed at a stroke; then other threads may go on


def joined(expression: str) -> str:
    """Return the SQL that makes one text of the numbers of an expression, for ``parsed``."""
    return f"string_agg(({expression})::text, ',')" if engine.is_server() else f"group_concat({expression})"


def of_column(column: Any) -> Function:
    """Return the same for a column of a model."""
    return fn.string_agg(column.cast("text"), ",") if engine.is_server() else fn.group_concat(column)


def parsed(text: str | None, kind: type) -> np.ndarray:
    """Return the numbers of such a text; none where there were no rows."""
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
    """Several numbers for each row (branches, authors): those of row n stand from ``begins[n]`` to ``begins[n + 1]``."""

    def __init__(self, begins: np.ndarray, values: np.ndarray) -> None:
        self.begins, self.values = begins, values

    @classmethod
    def gathered(cls, rows: np.ndarray, values: np.ndarray, count: int) -> "Lists":
        """Return the lists of so many rows; ``rows``: that of each value."""
        begins = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=count)))).astype(np.int32)
        return cls(begins, values[np.argsort(rows, kind="stable")])

    def sizes(self) -> np.ndarray:
        """Return how many each row has."""
        return np.diff(self.begins)

    def pick(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the numbers of these rows, and for each number the place of its row among them."""
        sizes = self.begins[rows + 1] - self.begins[rows]
        places = np.repeat(np.arange(len(rows)), sizes)
        first = np.cumsum(sizes) - sizes
        return self.values[np.arange(len(places)) + np.repeat(self.begins[rows] - first, sizes)], places

    def have(self, rows: np.ndarray, wanted: list[int]) -> np.ndarray:
        """Tell which of these rows have one of the wanted numbers."""
        values, places = self.pick(rows)
        found = np.zeros(len(rows), bool)
        found[places[np.isin(values, wanted)]] = True
        return found
