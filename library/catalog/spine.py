"""How a book without a picture looks: always the same for the same title, coloured by its class."""

import re
import unicodedata
from functools import lru_cache

_FNV_START, _FNV_PRIME = 0x811C9DC5, 0x01000193
_SPACE = re.compile(r"\s+")


@lru_cache(maxsize=2000)
def cover_classes(title: str, ndc: str) -> str:
    """The style classes of a drawn cover or spine.

    Colour by the first digit of the NDC number (0 without one); tone, decoration, height and width by the title.
    """
    number = _fingerprint(_SPACE.sub("", unicodedata.normalize("NFKC", title)))
    return (
        f"ndc-{_main_class(ndc)} tone-{(number >> 3) % 4} deco-{(number >> 9) % 4}"
        f" tall-{(number >> 15) % 5} wide-{(number >> 21) % 3}"
    )


def _main_class(ndc):
    first = unicodedata.normalize("NFKC", ndc or "").strip()[:1]
    return first if first in set("0123456789") else "0"


def _fingerprint(text):
    """FNV-1a, 32 bits: small, stable for ever and over all machines."""
    number = _FNV_START
    for byte in text.encode():
        number = (number ^ byte) * _FNV_PRIME & 0xFFFFFFFF
    return number
