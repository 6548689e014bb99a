"""Rebuild library/catalog/folding/readings.tsv, how Japanese words are read and how else they are written, from
SudachiDict.

    python scripts/kanji_readings.py > library/catalog/folding/readings.tsv

Run it in an environment that has ``sudachipy`` (0.7 or later) and ``sudachidict_core``; the library itself needs
neither. A row is a word as ``fold.strict`` gives it, its readings, the likeliest first, and its other spellings: those
that Sudachi takes for the same word, that are read the same, and that have kana where it has kanji. Words end with one
letter of their endings (行う, 行く), so that a row does for all of them. Left out: what is read as its parts are, most
names, and what has no kanji on either side.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from sudachipy import Dictionary  # pyright: ignore[reportMissingImports]

sys.path.insert(0, str(Path(__file__).parents[1]))
from library.catalog.folding import fold, kana_kanji, readings as known

HEADER = """\
# Words, their readings, their other spellings. Made by scripts/kanji_readings.py of SudachiDict {version}, core; do not
# edit. SudachiDict is (c) Works Applications Co., Ltd., under the Apache License, Version 2.0 (readings.LICENSE.txt).
# Changed: words are folded and
#   cut, most names, and all that can be read by its parts left out. It has parts of UniDic (c) The UniDic Consortium
# and of NEologd.
"""
MOST_READINGS, MOST_SPELLINGS = 8, 6
LONGEST_WORD = 8  # letters
_KANJI = re.compile("[々〆〇㐀-䶿一-鿿]")
_WORD = re.compile("[々〆〇㐀-䶿一-鿿ぁ-ゖァ-ヺー]+")
_ENDS = re.compile("[ぁ-ゖー]+$")


def main() -> None:
    entries, same = gathered()
    readings = ordered(entries)
    spellings = other_spellings(same)
    kept = without_parts(readings)
    print(HEADER.format(version=version("sudachidict_core")), end="")
    for word in sorted({*kept, *spellings}):
        others = [each for each in spellings.get(word, ()) if each not in kept.get(word, ())]
        if word in kept or others:
            print(word, " ".join(kept.get(word, ())), " ".join(others), sep="\t")


def gathered() -> tuple[dict[str, dict[str, None]], dict[tuple[str, str], set[str]]]:
    """Return word → readings, and (what Sudachi takes it for, reading) → words."""
    entries: dict[str, dict[str, None]] = defaultdict(dict)
    same: dict[tuple[str, str], set[str]] = defaultdict(set)
    for entry in Dictionary(dict="core").entries():
        surface, kind = entry.surface(), entry.part_of_speech()
        if not _WORD.fullmatch(surface) or not _is_wanted(surface, kind):
            continue
        word, reading = fold.strict(surface), fold.strict(entry.reading_form())
        if kind[0] in ("動詞", "形容詞"):
            word, reading = shortened(word, reading)
        if not word or _KANJI.search(reading) or len(reading) < 1:
            continue
        if _KANJI.search(word):
            entries[word][reading] = None
        if kind[0] not in ("動詞", "形容詞") and kind[1] != "固有名詞" and len(word) > 1:
            same[fold.strict(entry.normalized_form())[:2] + kind[0], reading].add(word)
    return entries, same


def _is_wanted(surface: str, kind: Sequence[str]) -> bool:
    """Tell whether a word is one that people look for: of names, families and places of two common letters, people of
    three.
    """
    if kind[1] != "固有名詞":
        return len(surface) <= LONGEST_WORD and kind[0] not in ("記号", "補助記号", "感動詞")
    most, least = {"人名": 3, "地名": 2}.get(kind[2], LONGEST_WORD), 3 if kind[3] == "名" else 2
    return least <= len(surface) <= most and all(map(_is_common, fold.strict(surface)))


def _is_common(letter: str) -> bool:
    """Tell whether a letter is kana, or a kanji of level 1 of JIS X 0208."""
    return letter.encode("euc-jp", "replace") < b"\xd0"


def shortened(word: str, reading: str) -> tuple[str, str]:
    """Cut what kana a word ends in down to one letter, and its reading with it."""
    ending = _ENDS.search(word)
    more = len(ending[0]) - 1 if ending and ending.start() else 0
    if more > 0 and reading.endswith(word[-more:]) and len(reading) > more:
        return word[:-more], reading[:-more]
    return word, reading


def ordered(entries: dict[str, dict[str, None]]) -> dict[str, list[str]]:
    """Put the readings of each word in order: first the one that Sudachi gives a text of this word alone."""
    tokenizer = Dictionary(dict="core").tokenizer()
    found = {}
    for word, readings in entries.items():
        each = list(readings)
        if len(each) > 1:
            first = fold.strict("".join(token.reading_form() for token in tokenizer.tokenize(word)))
            each.sort(key=lambda reading: reading != first)
        found[word] = each[:MOST_READINGS]
    return found


def other_spellings(same: dict[tuple[str, str], set[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for (_, reading), words in same.items():
        for word in words:
            for other in sorted(words - {word}):
                if kana_kanji.agree(word, other, reading) and other not in found[word] and _KANJI.search(word + other):
                    found[word].append(other)
    return {word: others[:MOST_SPELLINGS] for word, others in found.items() if others}


def without_parts(readings: dict[str, list[str]]) -> dict[str, list[str]]:
    """Leave out words that are read as their parts are."""
    kept: dict[str, list[str]] = {}

    def lookup(word: str) -> known.Entry:
        return known.Entry(tuple(kept[word]), ()) if word in kept else known.NOTHING

    for word in sorted(readings, key=len):
        if len(word) == 1 or readings[word] != known.readings(word, lookup)[:1]:
            kept[word] = readings[word]
    return kept


if __name__ == "__main__":
    main()
