"""Parts of pages that look the same whenever they are given the same: drawn once.

A template names such a macro of its own below it: ``{%- set tick = cached(tick) %}``. Text that a person typed is never kept:
a ``forms.Face`` with typed text has no hash. Why: docs/adr/0044-cached-parts.md
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

MOST, MOST_ROWS = 1000, 4000  # parts of each kind; rows of titles, 2 kB each, which differ the most


def cached(macro: Callable, rows: bool = False) -> Callable:
    """Return the macro with its parts kept by their arguments, at which alone it may look."""
    remembered = lru_cache(maxsize=MOST_ROWS if rows else MOST)(macro)

    def draw(*given: Any, **named: Any) -> Any:
        if named and "caller" in named:
            return macro(*given, **named)
        try:
            return remembered(*given, **named)
        except TypeError:  # typed text has no hash, nor has a list of problems
            return macro(*given, **named)

    return draw
