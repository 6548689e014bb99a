"""仮名と漢字: comparing two spellings of the same words letter by letter, along their reading.

They agree if each stretch has the same letters, or kana in one of them: 子ども and 子供, 芥川りゅうのすけ and 芥川龍之介. Two different
kanji never agree, however they are read: 公園 is not 講演. All texts are folded. A set of positions in the reading is one
number with a bit for each, so that a step is a shift.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

MOST = 5  # kana of one letter (志, 承)
LONGEST = 4_000  # letters of a text times those of its reading, beyond which nothing is compared
_SPOKEN = {"は": "わ", "へ": "え"}
_KANA = "[ぁ-ゖー]"
_LEADING_KANA = re.compile(f"{_KANA}+")
_TRAILING_KANA = re.compile(f"({_KANA})$")
_PARTICLES = str.maketrans(_SPOKEN)


class Position(NamedTuple):
    """The position of a part in a text: at its beginning, at its end, both or neither."""

    begins: bool
    ends: bool


def is_kana(letter: str) -> bool:
    """Tell whether a folded letter is kana."""
    return "ぁ" <= letter <= "ゖ" or letter == "ー"


def agree(one: str, other: str, reading: str) -> bool:
    """Tell whether two spellings agree along their common reading; False also when it isn't the reading
    of ``other``.
    """
    return position_of(one, other, reading) == (True, True)


def position_of(part: str, text: str, reading: str) -> Position | None:
    """Return the position in a text, given with its reading, of a part in kana or kanji; None when the
    text hasn't it.
    """
    if not part or not reading or len(text) * len(reading) > LONGEST:
        return None
    positions = _Positions(reading)
    before, after = _before(text, positions), _after(text, positions)
    if not before[-1] >> len(reading) & 1:
        return None  # the text can't be read so
    for begins in (True, False):
        starts = before if not begins else [before[0]] + [0] * len(text)
        ends = _reached(part, text, starts, positions)
        reached = [end for end, found in enumerate(ends) if found & after[end]]
        if reached:
            return Position(begins, reached[-1] == len(text))
    return None


class _Positions:
    """The positions of each kana in a reading."""

    def __init__(self, reading: str) -> None:
        self.length = len(reading)
        self.all = (2 << self.length) - 1
        self.of: dict[str, int] = defaultdict(int)
        for position, kana in enumerate(reading):
            self.of[kana] |= 1 << position
        for written, spoken in _SPOKEN.items():
            self.of[written] |= self.of[spoken]

    def after(self, positions: int, kana: str) -> int:
        """Return the positions after this kana, from those of ``positions`` where it stands."""
        return (positions & self.of.get(kana, 0)) << 1

    def later(self, positions: int) -> int:
        """Return the positions that may follow a letter read in any way."""
        found = positions
        for count in range(1, MOST + 1):
            found |= positions << count
        return found & self.all


def position_with_other_endings(part: str, text: str, reading: str, spoken: str) -> Position | None:
    """Return the position in a text of a part, read as ``spoken``, that has the same kanji with other 送り仮名 (変る and
    変わる), but the same last kana; None when the text hasn't it.
    """
    reading, spoken = reading.translate(_PARTICLES), spoken.translate(_PARTICLES)
    found = _any_endings(part).search(text) if spoken in reading else None
    if found is None:
        return None
    begins, ends = found.start() == 0, found.end() == len(text)
    return Position(begins and reading.startswith(spoken), ends and reading.endswith(spoken))


@lru_cache(100)
def _any_endings(part: str) -> re.Pattern[str]:
    """Return the pattern of the kanji of a part with any kana between them; kana at either end of the part have to be
    the same.
    """
    first, last = _LEADING_KANA.match(part), _TRAILING_KANA.search(part)
    begin, end = first[0] if first else "", last[1] if last else ""
    letters = "".join(f"{re.escape(letter)}{_KANA}*?" for letter in part[len(begin) :] if not is_kana(letter))
    return re.compile(begin + letters + end)


def _before(text: str, positions: _Positions) -> list[int]:
    """Return, for each letter of the text and its end, the positions in the reading at which it may begin."""
    found = [1]
    for letter in text:
        found.append(positions.after(found[-1], letter) if is_kana(letter) else positions.later(found[-1]))
    return found


def _after(text: str, positions: _Positions) -> list[int]:
    """Return, for each letter of the text and its end, the positions in the reading from which the rest of the text can
    be read.
    """
    found = [1 << positions.length]
    for letter in reversed(text):
        rest = found[-1]
        if is_kana(letter):
            found.append(rest >> 1 & positions.of.get(letter, 0))
        else:
            earlier = rest
            for count in range(1, MOST + 1):
                earlier |= rest >> count
            found.append(earlier)
    return found[::-1]


def _reached(part: str, text: str, starts: list[int], positions: _Positions) -> list[int]:
    """Return, for each letter of the text and its end, the positions in the reading at which the whole part may end
    there. ``starts``: the positions at which it may begin.
    """
    wide = len(text) + 1
    same = [starts] + [[0] * wide for _ in part]
    # after kana against a kanji, in the part and in the text: the next kanji may share in that reading (大人 is おとな)
    here = [[0] * wide for _ in range(len(part) + 1)]
    there = [[0] * wide for _ in range(len(part) + 1)]
    for at, letter in enumerate(part):
        for to, other in enumerate(text):
            now = same[at][to] | here[at][to] | there[at][to]
            if not now:
                continue
            if letter == other:
                for end, found in _same_letter_steps(part, at, text[to + 1 : to + 2], now, positions):
                    same[end][to + 1] |= found
            elif is_kana(letter) and not is_kana(other):
                here[at][to + 1] |= here[at][to]
                for end, found in _kana_steps(part, at, now, positions):
                    here[end][to + 1] |= found
            elif is_kana(other) and not is_kana(letter):
                there[at + 1][to] |= there[at][to]
                for end, found in _kana_steps(text, to, now, positions):
                    there[at + 1][end] |= found
    for to, other in enumerate(text):
        here[-1][to + 1] |= 0 if is_kana(other) else here[-1][to]
    for at, letter in enumerate(part):
        there[at + 1][-1] |= 0 if is_kana(letter) else there[at][-1]
    return [one | two | three for one, two, three in zip(same[-1], here[-1], there[-1], strict=True)]


def _same_letter_steps(part: str, at: int, then: str, now: int, positions: _Positions) -> Iterator[tuple[int, int]]:
    """Yield (index in the part, positions) after a letter that both have; after a kanji also after kana that only the
    part has (抜き and 抜). ``then``: the next letter of the text.
    """
    letter = part[at]
    found = positions.after(now, letter) if is_kana(letter) else positions.later(now)
    yield at + 1, found
    if not is_kana(letter) and not is_kana(then):
        yield from _kana_steps(part, at + 1, found, positions)


def _kana_steps(text: str, begin: int, now: int, positions: _Positions) -> Iterator[tuple[int, int]]:
    """Yield (index in the text, positions) after one, two and more kana of a text, which spell the
    kanji against them.
    """
    for end in range(begin, min(begin + MOST + 2, len(text))):
        now = positions.after(now, text[end]) if is_kana(text[end]) else 0
        if not now:
            return
        yield end + 1, now
