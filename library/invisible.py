"""Characters that nobody sees, and that come along when text is pasted: spaces and joiners of no width, byte order marks."""

import re

_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")

_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def without_directions(text: str) -> str:
    """Return the text without marks that turn the direction of what stands after them, on a page also of words that are not its own."""
    return _DIRECTIONS.sub("", text)


def drop(text: str) -> str:
    """Return the text without them."""
    return _INVISIBLE.sub("", text)
