"""人名の読み: how the name of a person may be read whose record does not say, so that いけなみしょうたろう finds 池波正太郎.

The family name is read as the list of readings has it, the given name as the list or given_names.tsv has it. Such a reading is a guess: it
finds, and is neither shown nor sorted by.
"""

import re
from functools import lru_cache
from itertools import islice, product
from pathlib import Path

from library.catalog.folding import fold, readings

_LIST = Path(__file__).with_name("given_names.tsv")
MOST = 12  # readings of a name
LONGEST = 6  # letters of a name in kanji; what is longer is no person
FAMILIES, GIVEN = 3, 8  # readings of each part that are taken
ALONE = 3  # letters of a family name that says something without the given one
_PARTED = re.compile(r"[\s,、]+")
_OTHER = re.compile("[^㐀-鿿々ぁ-ゖァ-ヺー]")


@lru_cache(1)
def _kanji() -> dict[str, tuple[list[str], list[str]]]:
    """Return how each kanji is read inside of a given name, and at the end of one."""
    known = {}
    for line in _LIST.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            kanji, ways = line.split("\t")
            inside, _, end = ways.partition("|")
            known[kanji] = (inside.split(), (end or inside).split())
    return known


def of_name(name: str) -> list[str]:
    """Return how a name in kanji may be read, likeliest first; nothing for one without kanji, and for what is too long for a person."""
    parts = [fold.strict(part) for part in _PARTED.split(name.strip())]
    whole = "".join(parts)
    if not readings.has_kanji(whole) or len(whole) > LONGEST or _OTHER.search(whole):
        return readings.of_text(name)
    if len(parts) == 2:
        found = _together(*parts)
    else:
        found = [each for size in _sizes(whole) for each in _together(whole[:size], whole[size:])]
    return list(dict.fromkeys([*found, *readings.readings(whole)]))[:MOST]


def _sizes(name: str) -> list[int]:
    """Return how many letters the family name may have: those that the list knows, the longest first, and two of four and more."""
    known = [size for size in (3, 2, 1) if size < len(name) and readings.entry(name[:size]).readings]
    if len(name) > 3:
        return [size for size in known if size > 1] or [2, *known]
    return known[:1] or [min(2, len(name) - 1)]


def _together(family: str, given: str) -> list[str]:
    """Return the readings of a family name with those of a given one; of a long family name alone where nobody knows the other."""
    families = readings.readings(family)[:FAMILIES] if readings.has_kanji(family) else [family]
    given_names = _given(given)
    return [first + last for first in families for last in given_names] or [
        each for each in families if len(each) >= ALONE
    ]


def _given(name: str) -> list[str]:
    listed = list(readings.entry(name).readings) if len(name) > 1 else []
    choices = [_read(letter, at == len(name) - 1 and at > 0) for at, letter in enumerate(name)]
    alone = _kanji().get(name)
    made = alone[1] if alone else map("".join, islice(product(*choices), GIVEN))
    return list(dict.fromkeys([*listed, *map(fold.strict, made)]))[:GIVEN]


def _read(letter: str, is_last: bool) -> list[str]:
    if not readings.has_kanji(letter):
        return [letter]
    known = _kanji().get(letter)
    return known[is_last] if known else list(readings.entry(letter).readings[:2])
