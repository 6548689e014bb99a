"""氏名: the form in which names of patrons are stored, and the keys by which the desk finds them.

Everything that stores a name, a card number or a phone asks here, so that files, desk and demonstration store alike.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from library import errors
from library.catalog.folding import fold, romaji
from library.numbers import parsing, postal_codes

PHONE = re.compile(r"[0-9+(][0-9()+\- ]{7,19}\Z")
_ZEROS = re.compile("[0-]+")  # written for no number
_PARTED = re.compile(r"[()\s-]+")  # what stands between the parts of a phone number
_HALF_WIDTH = re.compile("[ァ-ヶ]?[｡-ﾟ]+")  # with the letter before it, to which ﾞ or ﾟ may belong
_SAME_IN_NAMES = str.maketrans("斉碕", "斎崎")  # in names alone: 一斉 is not 書斎


def written(text: str) -> str:
    """Return a name in its stored form: half-width kana in full width, one space between words, each
    kanji as it came.
    """
    full = _HALF_WIDTH.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return " ".join(full.split())


def kana(text: str) -> str:
    """Return a reading in full-width katakana, however it was typed, with one space between words."""
    return " ".join(romaji.katakana(unicodedata.normalize("NFKC", text)).split())


def phone(text: str) -> str:
    """Return a phone number in plain digits and hyphens; empty for nothing. Raises: PhoneMalformed."""
    number = typed(text)
    if not number or _ZEROS.fullmatch(number):
        return ""
    if not PHONE.match(number):
        raise errors.PhoneMalformed()
    return parted(number)


def typed(text: str) -> str:
    """Return a number as it was typed, half-width, each dash as ``-``."""
    return parsing.DASHES.sub("-", unicodedata.normalize("NFKC", text)).strip()


def parted(number: str) -> str:
    """Return the parts of a phone number with hyphens between them."""
    return _PARTED.sub("-", number).strip("-")


def lacks_zero(number: str) -> bool:
    """Tell whether a phone number has 9 or 10 digits and no first 0, as a spreadsheet leaves it."""
    return re.fullmatch("[1-9][0-9]{8,9}", number.replace("-", "")) is not None


def line(text: str) -> str:
    """Return a text on one line, with one space between words."""
    return " ".join(text.split())


WRITTEN: dict[str, Callable[[str], str]] = {  # ``text`` of a column → the text as it is kept
    "name": written,
    "kana": kana,
    "phone": phone,
    "postal_code": postal_codes.read,
    "line": line,
}


def name_key(text: str) -> str:
    """Return the search key of a name or its beginning: 髙橋 is 高橋, 齊藤 is 斎藤, 﨑 and 碕 are 崎."""
    return fold.strict(text).translate(_SAME_IN_NAMES)


def kana_key(text: str) -> str:
    """Return the search key of a reading: hiragana, without the marks of が and ぱ and without ー."""
    return fold.loose(text)


KEYS = {  # key column → (its source column, the function that makes it)
    "name_key": ("name", name_key),
    "kana_key": ("name_kana", kana_key),
    "card_key": ("card_number", parsing.reversed_key),
    "phone_home_key": ("phone_home", parsing.reversed_key),
    "phone_mobile_key": ("phone_mobile", parsing.reversed_key),
    "phone_work_key": ("phone_work", parsing.reversed_key),
    "guardian_phone_key": ("guardian_phone", parsing.reversed_key),
}


def keys(columns: Mapping[str, Any]) -> dict[str, str]:
    """Return the key columns of these columns of a patron. Whoever stores one of the columns stores its key with it."""
    return {key: made(columns[column] or "") for key, (column, made) in KEYS.items() if column in columns}
