"""A field for the number of a card: what its hint says, and which keys a phone shows."""

from typing import TypedDict

from library.numbers import formats

NAMED = 2  # forms that a hint says


class CardField(TypedDict):
    """``words``: what kind of number is asked for (13桁の数字); ``inputmode``: digits alone where no card has anything else."""

    words: str
    inputmode: str


def field() -> CardField:
    known = formats.cards()
    is_digits = all(not form.letters and (form.prefix or "0").isdigit() for form in known)
    words = list(dict.fromkeys(form.words for form in known))
    return {
        "words": "か".join(words) if len(words) <= NAMED else "番号",
        "inputmode": "numeric" if is_digits else "text",
    }
