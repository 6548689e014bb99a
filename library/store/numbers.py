"""Many numbers out of the database at a stroke: it makes one text of them, and numpy an array of that.

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
