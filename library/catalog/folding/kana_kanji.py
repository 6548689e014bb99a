"""仮名と漢字: two spellings of the same words, letter beside letter along the reading of one of them.

They agree if each stretch is the same letters, or kana in one of them: 子ども and 子供, 芥川りゅうのすけ and 芥川龍之介. Two kanji beside one
another are never alike, however they are read: 公園 is not 講演. All texts are folded. A set of places in the reading is one number
whose bits are the places, so that a step is a shift.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

MOST = 5  # kana that one letter is read as: 志, 承
LONGEST = 4_000  # letters of a text times those of its reading: nothing longer is compared
_SPOKEN = {"は": "わ", "へ": "え"}
_KANA = "[ぁ-ゖー]"
_LEADING_KANA = re.compile(f"{_KANA}+")
_TRAILING_KANA = re.compile(f"({_KANA})$")
_PARTICLES = str.maketrans(_SPOKEN)


class Place(NamedTuple):
    """The place of a spelling in a text: at its beginning, at its end."""

    begins: bool
    ends: bool


def is_kana(letter: str) -> bool:
    return "ぁ" <= letter <= "ゖ" or letter == "ー"


def agree(one: str, other: str, reading: str) -> bool:
    """Tell whether two spellings agree that are both read so."""
    return within(one, other, reading) == (True, True)


def within(part: str, text: str, reading: str) -> Place | None:
    """Return where in a text that is read so a spelling of a part of it stands; None where it is nowhere."""
    if not part or not reading or len(text) * len(reading) > LONGEST:
        return None
    places = _Places(reading)
    before, after = _before(text, places), _after(text, places)
    if not before[-1] >> len(reading) & 1:
        return None  # the reading is another text's
    for begins in (True, False):
        starts = before if not begins else [before[0]] + [0] * len(text)
        ends = _walked(part, text, starts, places)
        reached = [end for end, found in enumerate(ends) if found & after[end]]
        if reached:
            return Place(begins, reached[-1] == len(text))
    return None


class _Places:
    """The places of each kana in a reading."""

    def __init__(self, reading: str) -> None:
        self.length = len(reading)
        self.all = (2 << self.length) - 1
        self.of: dict[str, int] = defaultdict(int)
        for place, kana in enumerate(reading):
            self.of[kana] |= 1 << place
        for written, spoken in _SPOKEN.items():
            self.of[written] |= self.of[spoken]

    def after(self, places: int, kana: str) -> int:
        """Return where one is after this kana, of those places where it stands."""
        return (places & self.of.get(kana, 0)) << 1

    def later(self, places: int) -> int:
        """Return where one may be after a letter that is read in any way."""
        found = places
        for count in range(1, MOST + 1):
            found |= places << count
        return found & self.all


def differs_in_endings(part: str, text: str, reading: str, spoken: str) -> Place | None:
    """Return where in a text a part stands that is read so, with the same kanji and other kana after them (送り仮名: 変る and 変わる), but the
    last one; None where it is nowhere.
    """
    reading, spoken = _as_spoken(reading), _as_spoken(spoken)
    found = same_kanji(part, text) if spoken in reading else None
    if found is None:
        return None
    begins, ends = found.start() == 0, found.end() == len(text)
    return Place(begins and reading.startswith(spoken), ends and reading.endswith(spoken))


def same_kanji(part: str, text: str) -> re.Match[str] | None:
    """Return where the kanji of a part stand in a text in a row, with any kana after them but the last one."""
    return _any_endings(part).search(text)


@lru_cache(100)
def _any_endings(part: str) -> re.Pattern[str]:
    """Return the pattern of texts with these kanji, whatever kana stand after them; the kana that it begins and ends with have to be there."""
    first, last = _LEADING_KANA.match(part), _TRAILING_KANA.search(part)
    begin, end = first[0] if first else "", last[1] if last else ""
    letters = "".join(f"{re.escape(letter)}{_KANA}*?" for letter in part[len(begin) :] if not is_kana(letter))
    return re.compile(begin + letters + end)


def _as_spoken(reading: str) -> str:
    return reading.translate(_PARTICLES)


def _before(text: str, places: _Places) -> list[int]:
    """Return for each letter, and the end, how far the reading may be when one comes to it."""
    found = [1]
    for letter in text:
        found.append(places.after(found[-1], letter) if is_kana(letter) else places.later(found[-1]))
    return found


def _after(text: str, places: _Places) -> list[int]:
    """Return for each letter, and the end, from where in the reading the rest of the text may be read."""
    found = [1 << places.length]
    for letter in reversed(text):
        rest = found[-1]
        if is_kana(letter):
            found.append(rest >> 1 & places.of.get(letter, 0))
        else:
            earlier = rest
            for count in range(1, MOST + 1):
                earlier |= rest >> count
            found.append(earlier)
    return found[::-1]


def _walked(part: str, text: str, starts: list[int], places: _Places) -> list[int]:
    """Return for each letter of the text, and its end, how far the reading may be when all of the part has been walked through."""
    wide = len(text) + 1
    same = [starts] + [[0] * wide for _ in part]
    # after kana beside a letter, in the part and in the text: the next letter may share in that reading (大人 is おとな)
    here = [[0] * wide for _ in range(len(part) + 1)]
    there = [[0] * wide for _ in range(len(part) + 1)]
    for at, letter in enumerate(part):
        for to, other in enumerate(text):
            now = same[at][to] | here[at][to] | there[at][to]
            if not now:
                continue
            if letter == other:
                for end, found in _alike(part, at, text[to + 1 : to + 2], now, places):
                    same[end][to + 1] |= found
            elif is_kana(letter) and not is_kana(other):
                here[at][to + 1] |= here[at][to]
                for end, found in _read(part, at, now, places):
                    here[end][to + 1] |= found
            elif is_kana(other) and not is_kana(letter):
                there[at + 1][to] |= there[at][to]
                for end, found in _read(text, to, now, places):
                    there[at + 1][end] |= found
    for to, other in enumerate(text):
        here[-1][to + 1] |= 0 if is_kana(other) else here[-1][to]
    for at, letter in enumerate(part):
        there[at + 1][-1] |= 0 if is_kana(letter) else there[at][-1]
    return [one | two | three for one, two, three in zip(same[-1], here[-1], there[-1], strict=True)]


def _alike(part: str, at: int, then: str, now: int, places: _Places) -> Iterator[tuple[int, int]]:
    """Yield how far one comes with a letter that the text has, too; with a kanji also with kana after it that the text has not (抜き and 抜).
    ``then``: what stands after it in the text.
    """
    letter = part[at]
    found = places.after(now, letter) if is_kana(letter) else places.later(now)
    yield at + 1, found
    if not is_kana(letter) and not is_kana(then):
        yield from _read(part, at + 1, found, places)


def _read(text: str, begin: int, now: int, places: _Places) -> Iterator[tuple[int, int]]:
    """Yield how far one comes with one, two and more kana of a text that the letters beside them are read as."""
    for end in range(begin, min(begin + MOST + 2, len(text))):
        now = places.after(now, text[end]) if is_kana(text[end]) else 0
        if not now:
            return
        yield end + 1, now
