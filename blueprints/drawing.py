"""Parts of pages that look the same whenever they are given the same: drawn once and kept.

A form is mostly such parts: 14 branches to choose from, days, ticks. What a person typed is never kept.
"""

from functools import lru_cache

MOST = 1000  # parts of each kind


def kept(macro):
    """The macro of a template, which must look at its arguments alone."""
    remembered = lru_cache(maxsize=MOST)(macro)

    def draw(*given, **named):
        if named and "caller" in named:
            return macro(*given, **named)
        try:
            return remembered(*given, **named)
        except TypeError:  # what is typed has no hash, nor has a list of problems
            return macro(*given, **named)

    return draw
