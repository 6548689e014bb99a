"""The look of a book without a picture: always the same for the same title, coloured by its class."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_FNV_START, _FNV_PRIME = 0x811C9DC5, 0x01000193
_SPACE = re.compile(r"\s+")


SMALLER, LONGEST = 8, 17  # a title of more letters is set smaller; is cut
DENSE = 11  # in a title of more letters, lines may end anywhere
FITS, FITS_TALL = 8, 10  # letters of title and author that a spine has room for, a tall one
LONGEST_AUTHOR = 24  # letters of the author that are read out


class Spine(NamedTuple):
    """The style classes and texts of a spine; ``shown``: the part of the title that has room."""

    classes: str
    title: str
    shown: str
    author: str
    label_class: str
    label_mark: str


def make(title: str, author: str, ndc: str, call_number: str = "") -> Spine:
    """Return the spine of a book. The author is shown if there is room, else only read out."""
    looks, letters = cover_classes(title, ndc), len(title)
    room = FITS_TALL if "tall-3" in looks or "tall-4" in looks else FITS
    wordy, by = letters > SMALLER, author and letters + len(author) <= room
    shown = title if letters <= LONGEST else f"{title[: LONGEST - 2]}…"
    label_class, _, mark = (call_number or ndc).partition(" ")
    classes = f"spine{' wordy' if wordy else ''}{' by' if by else ''}{_back(looks)}"
    return Spine(classes, title, shown, author[:LONGEST_AUTHOR], label_class, mark)


@lru_cache(maxsize=2000)
def _back(looks: str) -> str:
    """Return the classes of a cover as far as they are seen on a back, without the usual ones: a shelf repeats them
    hundreds of times.
    """
    ndc, tone, deco, tall, wide, *dense = looks.split()
    rule = "ruled" if deco in ("deco-1", "deco-3") else ""
    seen = (ndc, *(each for each in (tone, tall, wide) if not each.endswith("-0")), rule, *dense)
    return "".join(f" {each}" for each in seen if each)


@lru_cache(maxsize=2000)
def cover_classes(title: str, ndc: str) -> str:
    """Return the style classes of a drawn cover or spine.

    Colour by the first digit of the NDC number (0 without one); tone, decoration, height and width by the title;
    ``dense`` a long one.
    """
    number = _fingerprint(_SPACE.sub("", unicodedata.normalize("NFKC", title)))
    return (
        f"ndc-{_main_class(ndc)} tone-{(number >> 3) % 4} deco-{(number >> 9) % 4}"
        f" tall-{(number >> 15) % 5} wide-{(number >> 21) % 3}{' dense' if len(title) > DENSE else ''}"
    )


def _main_class(ndc: str) -> str:
    first = unicodedata.normalize("NFKC", ndc or "").strip()[:1]
    return first if first in set("0123456789") else "0"


def _fingerprint(text: str) -> int:
    """Return the 32-bit FNV-1a hash of a text, the same for ever and on all machines."""
    number = _FNV_START
    for byte in text.encode():
        number = (number ^ byte) * _FNV_PRIME & 0xFFFFFFFF
    return number
