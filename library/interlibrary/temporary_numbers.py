"""仮バーコード: the numbers of borrowed copies, of a range of their own. A copy that goes back gives its number free."""

import unicodedata

from library import errors, policy
from library.store.queries import tuples
from models import Borrowing, Item


def take(text: str) -> str:
    """Return the number that was scanned or typed, else the lowest free one, in the caller's transaction. Raises:
    Refused.
    """
    number = "".join(unicodedata.normalize("NFKC", text).split())
    low, high = policy.get("temporary_numbers")
    if number and not (number.isascii() and number.isdigit() and len(number) == len(low) and low <= number <= high):
        raise errors.NumberNotTemporary(low=low, high=high)
    if number and Item.select().where(Item.barcode == number).exists():
        raise errors.BarcodeTaken(barcode=number)
    return number or _lowest(low, high)


def _lowest(low: str, high: str) -> str:
    taken = {row[0] for row in tuples(Item.select(Item.barcode).where(Item.barcode.between(low, high)))}
    numbers = (str(number).zfill(len(low)) for number in range(int(low), int(high) + 1))
    if free := next((number for number in numbers if number not in taken), None):
        return free
    raise errors.TemporaryNumbersUsed(low=low, high=high)


def freed(row: Borrowing, barcode: str) -> str:
    """Return the number of a copy that went back: no scan finds it, and the next copy may have ``barcode``."""
    return f"{barcode}-{row.id}"


def before(item: Item) -> str:
    """Return the number that a copy had when it was here."""
    return item.barcode.partition("-")[0]
