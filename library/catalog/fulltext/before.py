"""The index that a new one is built beside: for titles that have not gone over yet, asked in the words of its own layout.

The first layout had seven columns, readings among the texts, and no Latin words: a Latin word is looked for there as letters, and what is to
stand in shown text alone is not found until its title has gone over.
"""

import re
from collections.abc import Sequence
from types import ModuleType

import numpy as np

from library.catalog.fulltext import rows
from library.catalog.search import grams

FIRST, LIKE_NOW = 1, 2  # layouts, as search_state.before has them
_KINDS = 8
_COLUMNS = ("title", "author", "publisher", "subject", "series", "note", "isbn")
# the kinds of today of those eight
_KIND_NOW = np.array(
    [rows.TITLE, rows.AUTHOR, rows.REST, rows.REST, rows.LOOSE + rows.TITLE, *[rows.LOOSE + rows.REST] * 3]
)
_NAMED = re.compile(r"([a-z_]+|\{[a-z_ ]+\}): ")
_SHOWN = f"{{{' '.join(rows.SHOWN)}}}: "
_WORD = re.compile(f'"{grams.WORD}([^"]*)"\\*?')


def numbers(layout: int, title_ids: Sequence[int]) -> list[int]:
    """Return the numbers of all rows that these titles may have."""
    kinds = KINDS[layout]
    return [title_id * kinds + kind for title_id in title_ids for kind in range(kinds)]


KINDS = {FIRST: _KINDS, LIKE_NOW: rows.KINDS}


def found(engine: ModuleType, table: str, layout: int, match: str, *, after: int) -> np.ndarray:
    """Return the numbers, as they are today, of the rows that a query of ``grams`` finds of titles after this one."""
    if layout == LIKE_NOW:
        return engine.found(table, rows.COLUMNS, match, after=(after + 1) * rows.KINDS - 1)
    if _SHOWN in match:
        return np.zeros(0, np.int64)
    then = _WORD.sub(lambda word: grams.phrase(word[1]), _NAMED.sub(_columns_then, match))
    hits = engine.found(table, _COLUMNS, then, after=(after + 1) * _KINDS - 1)
    return hits // _KINDS * rows.KINDS + _KIND_NOW[hits % _KINDS]


def _columns_then(named: re.Match[str]) -> str:
    names = [name.removesuffix("_read").replace("contents", "note") for name in named[1].strip("{}").split()]
    return f"{{{' '.join(dict.fromkeys(names))}}}: "
