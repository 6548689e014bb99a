"""人名の読み: likely readings of personal names whose record has none, so that いけなみしょうたろう finds 池波正太郎.

Family names are read by the list of readings, given names by that list or given_names.tsv. Such readings are guesses:
they find titles, but are neither shown nor sorted by.
"""

import re
from functools import lru_cache
from itertools import islice, product
from pathlib import Path

from library.catalog.folding import fold, readings

_LIST = Path(__file__).with_name("given_names.tsv")
MOST = 12  # readings of a name
LONGEST = 6  # letters of a personal name in kanji
FAMILIES, GIVEN = 3, 8  # readings that are taken of a family name, of a given one
ALONE = 3  # kana of the reading of a family name that is of use without the given name
_PARTED = re.compile(r"[\s,、]+")
_OTHER = re.compile("[^㐀-鿿々ぁ-ゖァ-ヺー]")


@lru_cache(1)
def _kanji() -> dict[str, tuple[list[str], list[str]]]:
    """Return kanji → (readings inside of a given name, readings at its end)."""
    known = {}
    for line in _LIST.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            kanji, ways = line.split("\t")
            inside, _, end = ways.partition("|")
            known[kanji] = (inside.split(), (end or inside).split())
    return known


def readings_of_name(name: str) -> list[str]:
    """Return the likely readings of a creator's name, the likeliest first, MOST at most; none without kanji. A name too
    long for a person is read like any other text.
    """
    parts = [fold.strict(part) for part in _PARTED.split(name.strip())]
    whole = "".join(parts)
    if not readings.has_kanji(whole) or len(whole) > LONGEST or _OTHER.search(whole):
        return readings.guess_readings(name)
    if len(parts) == 2:
        found = _family_and_given(*parts)
    else:
        found = [each for size in _sizes(whole) for each in _family_and_given(whole[:size], whole[size:])]
    return list(dict.fromkeys([*found, *readings.readings(whole)]))[:MOST]


def _sizes(name: str) -> list[int]:
    """Return the possible lengths of the family name: those of names that the list knows, the longest first; two when
    it knows none.
    """
    known = [size for size in (3, 2, 1) if size < len(name) and readings.entry(name[:size]).readings]
    if len(name) > 3:
        return [size for size in known if size > 1] or [2, *known]
    return known[:1] or [min(2, len(name) - 1)]


def _family_and_given(family: str, given: str) -> list[str]:
    """Return the readings of a family name joined with those of a given one; of a long family name alone when the given
    one has none.
    """
    families = readings.readings(family)[:FAMILIES] if readings.has_kanji(family) else [family]
    given_names = _given_readings(given)
    return [first + last for first in families for last in given_names] or [
        each for each in families if len(each) >= ALONE
    ]


def _given_readings(name: str) -> list[str]:
    listed = list(readings.entry(name).readings) if len(name) > 1 else []
    choices = [_letter_readings(letter, at == len(name) - 1 and at > 0) for at, letter in enumerate(name)]
    alone = _kanji().get(name)
    made = alone[1] if alone else map("".join, islice(product(*choices), GIVEN))
    return list(dict.fromkeys([*listed, *map(fold.strict, made)]))[:GIVEN]


def _letter_readings(letter: str, is_last: bool) -> list[str]:
    if not readings.has_kanji(letter):
        return [letter]
    known = _kanji().get(letter)
    return known[is_last] if known else list(readings.entry(letter).readings[:2])
