"""巻: the numbers in the text of a volume, for order and comparison."""

import re
import unicodedata

from library.catalog.folding import fold, numerals
from models import Title

_WORDS = {"上": 1, "前": 1, "中": 2, "下": 3, "後": 3}
_PARTS = re.compile("[0-9]+|[〇一二三四五六七八九十百]+|[上中下前後]")


def numbers_in(volume: str) -> tuple[int, ...]:
    """Return the numbers in a volume's text as a sort key: (1,) for 上, (2,) for 第2巻, (2, 3) for 二ノ下; empty for 別巻."""
    return tuple(map(_value, _PARTS.findall(unicodedata.normalize("NFKC", volume))))


def is_numbered(volume: str, asked: int | str) -> bool:
    """Tell whether a volume is the one asked for: 第3巻 and 3 上 are 3, 上巻 is 上."""
    text = unicodedata.normalize("NFKC", volume)
    return text.startswith(asked) if isinstance(asked, str) else _arabic_numbers(text)[:1] == [asked]


def has_number(volume: str, asked: int | str) -> bool:
    """Tell whether a volume has the number or word asked for anywhere: 第1部 3 has 3."""
    text = unicodedata.normalize("NFKC", volume)
    return asked in text if isinstance(asked, str) else asked in _arabic_numbers(text)


def may_be_numbered(volume: str, asked: int | str) -> bool:
    """Tell whether a number may mean this volume: 1 for 上, 2 or 3 for 下."""
    return asked in numbers_in(volume) or (asked == 2 and volume[:1] in ("下", "後"))


def _arabic_numbers(text: str) -> list[int]:
    return [_value(part) for part in _PARTS.findall(text) if part not in _WORDS]


def _value(part: str) -> int:
    if part in _WORDS:
        return _WORDS[part]
    return next((int(form) for form in (part, *numerals.other_spellings(part)) if form.isascii() and form.isdigit()), 0)


def comes_before(one: Title, other: Title) -> bool:
    """Tell whether ``one`` is an earlier volume of the same work than ``other``."""
    first, second = numbers_in(one.volume), numbers_in(other.volume)
    return bool(first and second) and first < second and fold.strict(one.title) == fold.strict(other.title)
