"""資料: copies, found by what a scanner reads of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from peewee import ModelSelect, chunked

from library import errors
from library.catalog import isbn
from library.numbers import cards, formats, parsing
from models import Branch, Item, Title

LONGEST = 100  # letters of a number that are looked at
ASKED = 500  # numbers in one query


def by_barcode(text: str, known: Sequence[formats.Form] | None = None) -> Item | None:
    """Return the copy that a typed or scanned 資料番号 means (``A0100245871A``, full-width digits); None where it is two or none."""
    found = meant(text, known)
    return found[0] if len(found) == 1 else None


def meant(text: str, known: Sequence[formats.Form] | None = None) -> list[Item]:
    """Return the copies that a 資料番号 may mean. ``known``: the forms of copies, where they were read before."""
    return meant_each([text], with_titles(), known)[0]


def meant_each(
    texts: Sequence[str], rows: ModelSelect[Item], known: Sequence[formats.Form] | None = None
) -> list[list[Item]]:
    """Return for each of these numbers the copies among ``rows`` that it may mean, in few queries."""
    known = formats.items() if known is None else known
    all_steps = [_spellings(text, known) for text in texts]
    asked = dict.fromkeys(number for steps in all_steps for number in parsing.flat(steps) if number.isprintable())
    found = {}
    for some in chunked(asked, ASKED):
        found |= {item.barcode: item for item in rows.where(Item.barcode.in_(list(some)))}
    return [parsing.first_stored(steps, found.get) for steps in all_steps]


def _spellings(text: str, known: Sequence[formats.Form]) -> parsing.Steps:
    as_typed = "".join(unicodedata.normalize("NFKC", text[:LONGEST]).split())  # some have small letters still
    return ((as_typed,), *parsing.spellings(text, known))


def unknown(text: str) -> errors.Refused:
    """Return the refusal of a 資料番号 that means no copy: two are meant, it is an ISBN or a card, or nothing has it."""
    if len(meant(text)) > 1:
        return errors.ItemAmbiguous()
    if refused := isbn.refusal(text):
        return refused
    return errors.NumberIsCard() if cards.looks_like_one(text) else errors.ItemUnknown()


def with_titles() -> ModelSelect[Item]:
    """Select copies with their titles and branches."""
    return Item.select(Item, Title, Branch).join(Title).switch(Item).join(Branch, on=Item.branch)
