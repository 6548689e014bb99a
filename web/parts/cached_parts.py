"""Parts of pages that look the same whenever they are given the same: drawn once and kept.

A form is mostly such parts: 14 branches to choose from, days, ticks. What a person typed is never kept.
"""

from functools import lru_cache

MOST, MOST_ROWS = 1000, 4000  # parts of each kind; rows of titles, 2 kB each, which differ the most


def kept(macro, most=MOST):
    """The macro of a template, which must look at its arguments alone."""
    remembered = lru_cache(maxsize=most)(macro)

    def draw(*given, **named):
        if named and "caller" in named:
            return macro(*given, **named)
        try:
            return remembered(*given, **named)
        except TypeError:  # what is typed has no hash, nor has a list of problems
            return macro(*given, **named)

    return draw
