"""Parts of pages that look the same whenever they are given the same: drawn once and kept.

A form is mostly such parts: 14 branches to choose from, days, ticks. What a person typed is never kept.
"""

from functools import lru_cache

from blueprints import fields

MOST = 1000  # parts of each kind


def kept(macro):
    """The macro of a template, which must look at its arguments alone."""
    remembered = lru_cache(maxsize=MOST)(macro)

    def draw(*given, **named):
        if "caller" in named or any(isinstance(each, fields.Face) and each.is_typed for each in given):
            return macro(*given, **named)
        try:
            return remembered(*given, **named)
        except TypeError:  # problems come as a list, which has no hash
            return macro(*given, **named)

    return draw
