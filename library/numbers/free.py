"""次に空いている番号: the number after the highest one in the form for new numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from peewee import Field, fn

from library import holdings
from library.numbers import formats
from library.store.queries import tuples
from models import CardNumber, Item

AT_ONCE = 50  # numbers in one query, highest first
LOOKED_AT = 50  # latest copies, searched for a number of digits only
_LAST = "\U0010ffff"  # sorts after every character of a number


def card_number(known: Sequence[formats.Form] | None = None) -> str:
    """Return the next free card number, above lost and old ones; empty if the form has no more.

    ``known``: the forms of card numbers, if already read.
    """
    form = formats.for_new(known or formats.cards())
    return _next(CardNumber.number, form, len(form.first) or 10)


def barcode(known: Sequence[formats.Form] | None = None) -> str:
    """Return the next free item number.

    If its form has no length: with the digits of the latest item number, else ten.
    """
    form = formats.for_new(known or formats.items())
    return _next(Item.barcode, form, len(form.first) or _usual_width())


def _usual_width() -> int:
    latest = (
        row[0]
        for row in tuples(Item.select(Item.barcode).where(holdings.is_own()).order_by(Item.id.desc()).limit(LOOKED_AT))
    )
    return next((len(each) for each in latest if each.isascii() and each.isdigit()), 10)


def _next(column: Field[Any], form: formats.Form, width: int) -> str:
    """Return the first number above all of this form, and not below its ``first``; empty if there is none."""
    width = form.length or width
    first = int(form.body(form.first)) if form.first else 1
    place = max(first, _highest(column, form, width) + 1)
    # a body whose check digit can't be written gives no number
    return next((number for tried in range(place, place + 50) if (number := form.nth_number(tried, width))), "")


def _highest(column: Field[Any], form: formats.Form, width: int) -> int:
    """Return the highest body among the numbers of this form and width; 0 if there is none."""
    for number in _downwards(column, form, width):
        body = form.body(number)
        if form.is_good(number) and body.isdigit():
            return int(body)
    return 0


def _downwards(column: Field[Any], form: formats.Form, width: int) -> Iterator[str]:
    low, below = f"{form.prefix}0", f"{form.prefix}9{_LAST}"
    own = holdings.is_own() if column.model is Item else True
    while True:
        rows = column.model.select(column).where(own, column >= low, column < below, fn.length(column) == width)
        numbers = [row[0] for row in tuples(rows.order_by(column.desc()).limit(AT_ONCE))]
        yield from numbers
        if len(numbers) < AT_ONCE:
            return
        below = numbers[-1]
