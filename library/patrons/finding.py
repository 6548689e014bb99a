"""利用者を探す: patrons that the desk finds by number, phone or name."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from peewee import Case, Expression, Field, Function, fn

from library.catalog.folding import romaji
from library.numbers import cards, parsing
from library.patrons import names
from models import Patron

MOST_FOUND = 50
FEWEST_DIGITS = 4  # at the end of a number
WHOLE_PHONE = 9  # digits: a spreadsheet may have taken the first 0 of so long a number
PHONE_KEYS = (Patron.phone_home_key, Patron.phone_mobile_key, Patron.phone_work_key, Patron.guardian_phone_key)


@dataclass(frozen=True)
class Found:
    """Patrons in 五十音順; ``more`` when there are others. ``by_other``: id of a patron → the lost or old number or マイキーID
    by which they were found.
    """

    patrons: list
    more: bool
    by_other: dict[int, Any] = field(default_factory=dict)


def find(text: str) -> Found:
    """Find patrons by a current, lost or old number of a card, by a phone (whole or at least its last 4 digits), or by
    the beginning of a name in kana or kanji.

    Names spelled as typed come first: 髙橋 before 高橋.
    """
    typed = "".join(text.split())
    digits = re.sub("[()-]", "", parsing.fold(typed))
    exact = [row for row in cards.matching_rows(text, at_desk=True) if row.patron_id]
    numbered = [row.patron_id for row in exact]
    others = [row for row in exact if row.kind != "current"]
    if digits.isascii() and digits.isdigit():
        others += cards.ending_in(digits) if len(digits) >= FEWEST_DIGITS else []
        wanted, order = _has_number(digits), []
    elif key := names.name_key(typed):
        kana = romaji.katakana(unicodedata.normalize("NFKC", typed))
        as_typed = [_bare(Patron.name).startswith(typed), _bare(Patron.name_kana).startswith(kana)]
        wanted, order = _is_called(key, names.kana_key(typed)), [Case(None, [(reduce(or_, as_typed), 0)], 1)]
    else:
        return Found([], False)
    if numbered:
        order = [Case(None, [(Patron.id.in_(numbered), 0)], 1), *order]
    if among := {*numbered, *(row.patron_id for row in others)}:
        wanted |= Patron.id.in_(list(among))
    order += [Patron.name_kana, Patron.card_number]
    rows = list(Patron.select().where(wanted).order_by(*order).limit(MOST_FOUND + 1))
    return Found(rows[:MOST_FOUND], len(rows) > MOST_FOUND, {row.patron_id: row for row in others})


def kind_of(text: str) -> str:
    """Return the kind of a search for patrons: number (of a card or a phone) or name."""
    return "number" if any(letter.isdigit() for letter in text) else "name"


def _has_number(digits: str) -> Expression:
    if len(digits) < FEWEST_DIGITS:
        return Patron.card_number == digits
    phone = digits.removeprefix("0") if len(digits) >= WHOLE_PHONE else digits
    return _begins([Patron.card_key], parsing.reversed_key(digits)) | _begins(PHONE_KEYS, parsing.reversed_key(phone))


def _is_called(name_key: str, kana_key: str) -> Expression:
    return _begins([Patron.name_key], name_key) | _begins([Patron.kana_key], kana_key)


def _begins(columns: Iterable[Field], key: str) -> Expression:
    """Compare by < and >=, as the indexes of the keys serve those, and not LIKE."""
    return reduce(or_, [(column >= key) & (column < key + parsing.LAST) for column in columns])


def _bare(column: Field) -> Function:
    return fn.replace(column, " ", "")
