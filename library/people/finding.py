"""利用者を探す: how the desk finds people, by what they say or show."""

import re
import unicodedata
from dataclasses import dataclass
from functools import reduce
from operator import or_

from peewee import Case, Expression, Field, Function, fn

from library import cards
from library.catalog.folding import romaji
from library.people import names, patrons
from models import Patron

MOST_FOUND = 50
_LAST = "\U0010ffff"  # above every letter of a key


@dataclass(frozen=True)
class Found:
    """Patrons in 五十音順; ``more`` when there are others."""

    patrons: list
    more: bool


def find(text: str) -> Found:
    """Find by card number or phone, whole or the last digits (4 at least), or by the beginning of a name in kana or kanji.

    Who is spelled as it was typed comes first: 髙橋 before 高橋.
    """
    typed = "".join(text.split())
    digits = cards.fold(re.sub("[()]", "", unicodedata.normalize("NFKC", typed)))
    if digits.isascii() and digits.isdigit():
        wanted, order = _has_number(digits), []
    elif key := names.name_key(typed):
        reading = romaji.katakana(unicodedata.normalize("NFKC", typed))
        as_typed = [_bare(Patron.name).startswith(typed), _bare(Patron.name_kana).startswith(reading)]
        wanted, order = _is_called(key, names.kana_key(typed)), [Case(None, [(reduce(or_, as_typed), 0)], 1)]
    else:
        return Found([], False)
    order += [Patron.name_kana, Patron.card_number]
    rows = list(Patron.select().where(wanted).order_by(*order).limit(MOST_FOUND + 1))
    return Found(rows[:MOST_FOUND], len(rows) > MOST_FOUND)


def kind_of(text: str) -> str:
    """Return what people are looked for by: number (of a card or a phone) or name."""
    return "number" if any(letter.isdigit() for letter in text) else "name"


def _has_number(digits: str) -> Expression:
    numbers = [Patron.card_number, *(fn.replace(getattr(Patron, name), "-", "") for name in patrons.PHONES)]
    return reduce(or_, [number.endswith(digits) if len(digits) >= 4 else number == digits for number in numbers])


def _is_called(name_key: str, kana_key: str) -> Expression:
    """Compare by < and >=: the index of the keys serves those, and not LIKE."""
    by_name = (Patron.name_key >= name_key) & (Patron.name_key < name_key + _LAST)
    return by_name | (Patron.kana_key >= kana_key) & (Patron.kana_key < kana_key + _LAST)


def _bare(column: Field) -> Function:
    return fn.replace(column, " ", "")
