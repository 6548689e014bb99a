"""読書の一年: what was borrowed in a year, month by month. Counted when its patron asks; nothing of it is stored."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from library import tallies
from library.catalog import ndc
from library.reading.history import Record

CLASSES = "0123456789"


class Year(NamedTuple):
    """``months``: twelve, the first the one of January, each in the order of lending. ``classes``: (digit, its words, how many) of those
    that are there; the digit is empty where there is no class. ``new_authors``: how many the records have of no year before.
    """

    number: int
    months: list[list[Record]]
    classes: list[tuple[str, str, int]]
    new_authors: int

    @property
    def total(self) -> int:
        """Return how many were borrowed."""
        return sum(map(len, self.months))

    @property
    def fullest_month(self) -> tuple[int, int]:
        """Return the month with the most, and how many: of equals the first."""
        return max(((number, len(records)) for number, records in enumerate(self.months, 1)), key=lambda each: each[1])

    @property
    def fullest_class(self) -> tuple[str, int]:
        """Return the words of the class with the most, and how many: of equals the first; what has no class stands back."""
        digit, words, count = max(self.classes, key=lambda each: (each[0] != "", each[2]))
        return f"{digit} {words}".strip(), count


def looked_at(records: Sequence[Record], number: int) -> Year:
    """Return a year that has records. ``records``: all that the patron has, in any order."""
    there = sorted((one for one in records if one.year == number), key=lambda one: (one.lent_on, one.id))
    counts = Counter(class_of(one) for one in there)
    classes = [(digit, ndc.caption(digit) if digit else tallies.NO_CLASS, counts[digit]) for digit in (*CLASSES, "")]
    known = {one.author for one in records if one.year < number}
    return Year(
        number,
        [[one for one in there if one.day.month == month] for month in range(1, 13)],
        [each for each in classes if each[2]],
        len({one.author for one in there if one.author} - known),
    )


def class_of(record: Record) -> str:
    """Return the digit of the class; empty without one. A mark of the library may stand before it, as in K913."""
    return next((sign for sign in record.ndc if sign in CLASSES), "")
