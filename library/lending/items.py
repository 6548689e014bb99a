"""資料: copies, found by what a scanner reads of them."""

from __future__ import annotations

import unicodedata

from peewee import ModelSelect, fn

from library import cards
from library.store.queries import tuples
from models import Branch, Item, Title


def barcode_of(text: str) -> str:
    """Return a 資料番号 as it is kept: full-width folded, large letters, no spaces; zeros and signs stay."""
    return _plain(text).upper()


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def by_barcode(text: str) -> Item | None:
    """Return the copy with this 資料番号, as it was typed or as a scanner sends it (``A0100245871A``, full-width digits)."""
    asked = barcode_of(text)
    for number in dict.fromkeys((_plain(text), asked, cards.fold(asked))):
        if number and (found := with_titles().where(Item.barcode == number).first()):
            return found
    return None


def with_titles() -> ModelSelect[Item]:
    """Select copies with their titles and branches."""
    return Item.select(Item, Title, Branch).join(Title).switch(Item).join(Branch, on=Item.branch)


def fold_again() -> list[str]:
    """Write all numbers in large letters, as this version of the program does; return those that would be the number of another copy."""
    numbers = dict(tuples(Item.select(Item.id, Item.barcode).where(Item.barcode != fn.UPPER(Item.barcode))))
    left = []
    for item_id, barcode in numbers.items():
        if Item.select().where(Item.barcode == barcode_of(barcode)).exists():
            left.append(barcode)
        else:
            Item.update(barcode=barcode_of(barcode)).where(Item.id == item_id).execute()
    return sorted(left)
