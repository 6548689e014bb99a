"""A field for a card number: its hint, and the keys that a phone shows."""

from typing import TypedDict

from library.language import sentences
from library.numbers import formats

NAMED = 2  # forms that a hint says


class CardField(TypedDict):
    """``words``: the expected number (13桁の数字); ``inputmode``: numeric if no card has other characters."""

    words: str
    inputmode: str


def field() -> CardField:
    """Return the hint and the keys for the library's forms of card numbers."""
    known = formats.cards()
    is_digits = all(not form.letters and (form.prefix or "0").isdigit() for form in known)
    words = list(dict.fromkeys(form.words for form in known))
    return {
        "words": sentences.Joined(words, "か") if len(words) <= NAMED else "番号",
        "inputmode": "numeric" if is_digits else "text",
    }
