"""ISBN: one form of 13 digits for comparing, whatever the spelling. Callers keep the typed text beside it."""

import re
import unicodedata
from functools import lru_cache

from library import errors

_DASHES = re.compile(r"[-‐‑‒–—―−ー]")
_CANDIDATE = re.compile(r"(?<![0-9])(?:97[89][0-9]{10}|[0-9]{9}[0-9X])(?![0-9X])")
_SECOND_BARCODE = re.compile(r"(?<![0-9])19[12][0-9]{10}(?![0-9])")


@lru_cache(4096)  # an import asks several times for the number of one record
def normalise(text: str) -> str:
    """Return the first valid ISBN in the text as 13 digits; empty when there is none.

    ISBN-10 and 13, hyphens, spaces, full-width digits, a small x and words around it (``ISBN``, ``(pbk.)``) are read.
    A wrong check digit is no ISBN.
    """
    if len(text) == 13 and text.isascii() and text.isdigit() and text.startswith(("978", "979")):
        return text if text[-1] == _check_13(text[:12]) else ""  # as most are
    folded = _folded(text)
    for found in _CANDIDATE.findall(folded) + _CANDIDATE.findall(re.sub(r"\s", "", folded)):
        if len(found) == 13 and found[-1] == _check_13(found[:12]):
            return found
        if len(found) == 10 and found[-1] == _check_10(found[:9]):
            return "978" + found[:9] + _check_13("978" + found[:9])
    return ""


def is_second_barcode(text: str) -> bool:
    """Tell whether a text is the lower barcode of a Japanese book (192…: class and price), scanned by mistake."""
    folded = re.sub(r"\s", "", _folded(text))
    return not normalise(text) and _SECOND_BARCODE.search(folded) is not None


def refusal(number: str) -> errors.Refused | None:
    """Return the refusal of a barcode that a publisher prints on a book, when the number of a copy or card is wanted;
    None for any other.
    """
    if is_second_barcode(number):
        return errors.IsbnIsSecondBarcode()
    digits = _folded(number).strip()
    return errors.NumberIsIsbn() if len(digits) == 13 and normalise(digits) == digits else None


def _folded(text: str) -> str:
    return _DASHES.sub("", unicodedata.normalize("NFKC", text)).upper()


def _check_13(digits: str) -> str:
    total = sum(map(int, digits[::2])) + 3 * sum(map(int, digits[1::2]))
    return str(-total % 10)


def _check_10(digits: str) -> str:
    total = sum(int(digit) * (10 - place) for place, digit in enumerate(digits))
    return "0123456789X"[-total % 11]
