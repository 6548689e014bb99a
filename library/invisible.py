"""Invisible characters that come along when text is pasted: spaces and joiners without width, byte order marks."""

import re

_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")

_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def without_directions(text: str) -> str:
    """Return the text without characters that change the direction of the text after them."""
    return _DIRECTIONS.sub("", text)


def drop(text: str) -> str:
    """Return the text without invisible characters."""
    return _INVISIBLE.sub("", text)
