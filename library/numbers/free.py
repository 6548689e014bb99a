"""次に空いている番号: the number after the highest of the form that is for new ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from peewee import Field, fn

from library.numbers import formats
from library.store.queries import tuples
from models import CardNumber, Item

AT_ONCE = 50  # numbers that are read at a time, from the highest down
LOOKED_AT = 50  # copies from the last back, until one has digits alone
_LAST = "\U0010ffff"  # above every letter of a number


def card_number(known: Sequence[formats.Form] | None = None) -> str:
    """Return the next free number of a card; lost and old ones count, too. Empty where the form has no more. ``known``: the forms, where
    they were read before.
    """
    form = formats.for_new(known or formats.cards())
    return _next(CardNumber.number, form, len(form.first) or 10)


def barcode(known: Sequence[formats.Form] | None = None) -> str:
    """Return the next free number of a copy. Where its form says no length: as many digits as the copy that came last has, else ten."""
    form = formats.for_new(known or formats.items())
    return _next(Item.barcode, form, len(form.first) or _usual_width())


def _usual_width() -> int:
    latest = (row[0] for row in tuples(Item.select(Item.barcode).order_by(Item.id.desc()).limit(LOOKED_AT)))
    return next((len(each) for each in latest if each.isascii() and each.isdigit()), 10)


def _next(column: Field[Any], form: formats.Form, width: int) -> str:
    """Return the first number above all that have this form, and from its first one on."""
    width = form.length or width
    first = int(form.body(form.first)) if form.first else 1
    place = max(first, _highest(column, form, width) + 1)
    # some places have no number: their check digit is a sign that can't be written
    return next((number for tried in range(place, place + 50) if (number := form.nth_number(tried, width))), "")


def _highest(column: Field[Any], form: formats.Form, width: int) -> int:
    """Return the highest body of digits among the numbers of this form and width; 0 where there is none."""
    for number in _downwards(column, form, width):
        body = form.body(number)
        if form.is_good(number) and body.isdigit():
            return int(body)
    return 0


def _downwards(column: Field[Any], form: formats.Form, width: int) -> Iterator[str]:
    low, below = f"{form.prefix}0", f"{form.prefix}9{_LAST}"
    while True:
        rows = column.model.select(column).where(column >= low, column < below, fn.length(column) == width)
        numbers = [row[0] for row in tuples(rows.order_by(column.desc()).limit(AT_ONCE))]
        yield from numbers
        if len(numbers) < AT_ONCE:
            return
        below = numbers[-1]
