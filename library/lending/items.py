"""資料: copies found by the number that is scanned or typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from peewee import ModelSelect, chunked

from library import errors
from library.catalog import isbn
from library.numbers import cards, formats, parsing
from library.store.queries import Models, among_texts, listed
from models import Branch, Item, Title

LONGEST = 100  # characters of a number that are read
ASKED = 500  # numbers in one query


def by_barcode(text: str, known: Sequence[formats.Form] | None = None) -> Item | None:
    """Return the one copy of a typed or scanned 資料番号 (``A0100245871A``, full width …); None for none or several."""
    found = meant(text, known)
    return found[0] if len(found) == 1 else None


def meant(text: str, known: Sequence[formats.Form] | None = None) -> list[Item]:
    """Return all copies that a 資料番号 can mean. ``known``: the forms of item numbers, if already read."""
    steps = _spellings(text, formats.items() if known is None else known)
    numbers = [number for number in parsing.flat(steps) if number.isprintable()]
    return parsing.first_stored(steps, {item.barcode: item for item in _OF_NUMBERS.rows(numbers=listed(numbers))}.get)


def meant_each(
    texts: Sequence[str], rows: ModelSelect[Item], known: Sequence[formats.Form] | None = None
) -> list[list[Item]]:
    """Return, for each number in order, the copies among ``rows`` that it can mean; in few queries."""
    known = formats.items() if known is None else known
    all_steps = [_spellings(text, known) for text in texts]
    asked = dict.fromkeys(number for steps in all_steps for number in parsing.flat(steps) if number.isprintable())
    found = {}
    for some in chunked(asked, ASKED):
        found |= {item.barcode: item for item in rows.where(Item.barcode.in_(list(some)))}
    return [parsing.first_stored(steps, found.get) for steps in all_steps]


def _spellings(text: str, known: Sequence[formats.Form]) -> parsing.Steps:
    as_typed = "".join(unicodedata.normalize("NFKC", text[:LONGEST]).split())  # imported numbers may have small letters
    return ((as_typed,), *parsing.spellings(text, known))


def refusal(text: str) -> errors.Refused:
    """Return the refusal for a 資料番号 without a copy: it is ambiguous, an ISBN, a card, or unknown."""
    if len(meant(text)) > 1:
        return errors.ItemAmbiguous()
    if refused := isbn.refusal(text):
        return refused
    return errors.NumberIsCard() if cards.looks_like_card(text) else errors.ItemUnknown()


_OF_NUMBERS = Models(
    Item,
    {"title": Title, "branch": Branch},
    lambda rows: (
        rows.join(Title).switch(Item).join(Branch, on=Item.branch).where(Item.barcode.in_(among_texts("numbers")))
    ),
)


def with_ids(ids: Iterable[int]) -> list[Item]:
    """Return these copies with their titles and branches, in this order, without those that aren't there."""
    ids = list(ids)
    rows = {row.id: row for row in with_titles().where(Item.id.in_(ids))}
    return [rows[each] for each in ids if each in rows]


def with_titles() -> ModelSelect[Item]:
    """Select copies with their titles and branches."""
    return Item.select(Item, Title, Branch).join(Title).switch(Item).join(Branch, on=Item.branch)
