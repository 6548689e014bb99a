"""読書の一年: the loans of a year, month by month. Counted when the patron asks; nothing is stored."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from library.catalog import ndc
from library.language import sentences
from library.reading.history import Record

CLASSES = "0123456789"


class Year(NamedTuple):
    """``months``: twelve lists from January, each in the order of lending. ``classes``: (digit, its words, number) of
    the classes that occur; the digit is empty for records without one. ``new_authors``: the number of authors in no
    earlier year.
    """

    number: int
    months: list[list[Record]]
    classes: list[tuple[str, str, int]]
    new_authors: int

    @property
    def total(self) -> int:
        """Return the number of loans."""
        return sum(map(len, self.months))

    @property
    def fullest_month(self) -> tuple[int, int]:
        """Return the month (1 to 12) with the most loans, and their number: the first of equals."""
        return max(((number, len(records)) for number, records in enumerate(self.months, 1)), key=lambda each: each[1])

    @property
    def fullest_class(self) -> tuple[str, int]:
        """Return the words of the class with the most loans, and their number: the first of equals, and no class only
        where there is no other.
        """
        digit, words, count = max(self.classes, key=lambda each: (each[0] != "", each[2]))
        return sentences.Sentence("{digit} {class_word}", digit=digit, class_word=words) if digit else words, count


def summary(records: Sequence[Record], number: int) -> Year:
    """Return the summary of a year in which there are records. ``records``: all of the patron, in any order."""
    there = sorted((one for one in records if one.year == number), key=lambda one: (one.lent_on, one.id))
    counts = Counter(class_of(one) for one in there)
    classes = [(digit, ndc.caption(digit) if digit else ndc.NO_CLASS, counts[digit]) for digit in (*CLASSES, "")]
    known = {one.author for one in records if one.year < number}
    return Year(
        number,
        [[one for one in there if one.day.month == month] for month in range(1, 13)],
        [each for each in classes if each[2]],
        len({one.author for one in there if one.author} - known),
    )


def class_of(record: Record) -> str:
    """Return the first digit of the record's NDC; empty without one. A letter of the library may stand before it, as in
    K913.
    """
    return next((sign for sign in record.ndc if sign in CLASSES), "")
