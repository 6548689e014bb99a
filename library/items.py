"""資料: copies, found by what a scanner reads of them."""

import re
import unicodedata

from library import patrons
from library.prepared import Prepared, blank
from models import Branch, Item, Title

_FOUND = Prepared(
    lambda: (
        Item.select(Item, Title, Branch)
        .join(Title)
        .switch(Item)
        .join(Branch, on=Item.branch)
        .where(Item.barcode == blank("barcode"))
    )
)


def by_barcode(text: str) -> Item | None:
    """The copy with this 資料番号, as it was typed or as a scanner sends it (``A0100245871A``, full-width digits)."""
    asked = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    for number in dict.fromkeys((asked, patrons.fold_card_number(asked))):
        if number and (found := _FOUND.first(barcode=number)):
            return found
    return None
