"""巻: the volume that a text in the box names, as a word of its own or at the end of another: 下町ロケット2, 鬼の刃 第七巻, 遠雷 下."""

import re
from typing import NamedTuple
from unicodedata import normalize

from library.catalog.folding import fold

_SIDES = "上中下前後"
_COUNTS = "[巻部集編篇冊号話章弾期]|作目?"
_BEFORE = r"(?:第|全?巻の?|その|パート|シーズン|part\.? ?|vol(?:ume)?\.? ?|no\.? ?|book ?|[#♯'])"
_NUMBER = (
    "(?<![0-9])[0-9]{1,3}|(?<![〇一二三四五六七八九十百])[〇一二三四五六七八九十百]{1,4}|(?<![A-Za-z])[IVXivx]{1,4}"
)
_VOLUME = re.compile(
    rf"[(\[〔〈<]?{_BEFORE}?(?:(?P<number>{_NUMBER})(?:{_COUNTS})?目?|(?P<side>[{_SIDES}])(?:{_COUNTS})?)[)\]〕〉>]?\Z",
    re.IGNORECASE,
)
_ROMAN = {"i": 1, "v": 5, "x": 10}


class Volume(NamedTuple):
    """A text without its volume, and the volume: a number, or 上, 中, 下, 前, 後."""

    text: str
    volume: int | str


def read(text: str) -> Volume | None:
    """Return the volume that a text names; None when it names none. A word that is a volume goes before one that ends
    in one; of several the last counts.
    """
    words = normalize("NFKC", text).split()
    for is_whole in (True, False):
        for at in reversed(range(len(words))):
            found = _VOLUME.match(words[at]) if is_whole else _VOLUME.search(words[at])
            rest = words[at][: found.start()] if found else ""
            others = [*words[:at], *([rest] if rest else []), *words[at + 1 :]]
            volume = (found["side"] or _value(found["number"])) if found else 0
            if volume and bool(rest) != is_whole and others:
                return Volume(" ".join(others), volume)
    return None


def _value(number: str) -> int:
    lowered = number.lower()
    if set(lowered) <= _ROMAN.keys():
        values = [_ROMAN[letter] for letter in lowered]
        return sum(-each if each < after else each for each, after in zip(values, [*values[1:], 0], strict=True))
    return next((int(form) for form in fold.variants(number) if form.isascii() and form.isdigit()), 0)
