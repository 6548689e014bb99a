"""巻: the place of a volume in the row of its work."""

import re
import unicodedata

from library.catalog.folding import fold, numerals
from models import Title

_WORDS = {"上": 1, "前": 1, "中": 2, "下": 3, "後": 3}
_PARTS = re.compile("[0-9]+|[〇一二三四五六七八九十百]+|[上中下前後]")


def order(volume: str) -> tuple[int, ...]:
    """Return the numbers in 上, 第2巻, 巻の三 and 二ノ下, to be compared; empty for what says no number (別巻)."""
    return tuple(map(_value, _PARTS.findall(unicodedata.normalize("NFKC", volume))))


def is_numbered(volume: str, asked: int | str) -> bool:
    """Tell whether a volume is this one: 第3巻 and 3 上 are 3, 上巻 is 上."""
    text = unicodedata.normalize("NFKC", volume)
    return text.startswith(asked) if isinstance(asked, str) else _numbers(text)[:1] == [asked]


def has_number(volume: str, asked: int | str) -> bool:
    """Tell whether a volume has this number or word anywhere: 第1部 3 is a 3."""
    text = unicodedata.normalize("NFKC", volume)
    return asked in text if isinstance(asked, str) else asked in _numbers(text)


def is_like(volume: str, asked: int | str) -> bool:
    """Tell whether a volume may be meant by a number: 上 is 1, 下 is 2 or, after 中, 3."""
    return asked in order(volume) or (asked == 2 and volume[:1] in ("下", "後"))


def _numbers(text: str) -> list[int]:
    return [_value(part) for part in _PARTS.findall(text) if part not in _WORDS]


def _value(part: str) -> int:
    if part in _WORDS:
        return _WORDS[part]
    return next((int(form) for form in (part, *numerals.other_spellings(part)) if form.isascii() and form.isdigit()), 0)


def comes_before(one: Title, other: Title) -> bool:
    """Tell whether of two titles this is an earlier volume of the same work."""
    first, second = order(one.volume), order(other.volume)
    return bool(first and second) and first < second and fold.strict(one.title) == fold.strict(other.title)
