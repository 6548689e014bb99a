"""氏名: how the names of people are written down, and the keys by which the desk finds them.

Whoever writes a name asks here, so that files, the desk and the demonstration write alike.
"""

import re
import unicodedata

from library.catalog.folding import fold, romaji

_HALF_WIDTH = re.compile("[ァ-ヶ]?[｡-ﾟ]+")  # with the letter that a mark of its own belongs to
_SAME_IN_NAMES = str.maketrans("斉碕", "斎崎")  # of people alone: 一斉 is not 書斎


def written(text: str) -> str:
    """Return a name as it is kept: half-width kana in full width, one space between words, each kanji as it came."""
    full = _HALF_WIDTH.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return " ".join(full.split())


def kana(text: str) -> str:
    """Return a reading in full-width katakana, however it was typed; words are parted by one space."""
    return " ".join(romaji.katakana(unicodedata.normalize("NFKC", text)).split())


def name_key(text: str) -> str:
    """Return the one spelling of a name, whole or its beginning: 髙橋 is 高橋, 齊藤 is 斎藤, 﨑 and 碕 are 崎."""
    return fold.strict(text).translate(_SAME_IN_NAMES)


def kana_key(text: str) -> str:
    """Return the one spelling of a reading: hiragana, without the marks of が and ぱ and without ー."""
    return fold.loose(text)


def keys(name: str, reading: str) -> dict:
    """Return the columns of a patron that follow from the name and its reading."""
    return {"name_key": name_key(name), "kana_key": kana_key(reading)}
