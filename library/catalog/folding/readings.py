"""漢字の読み: readings and other spellings of words, from a committed list (scripts/kanji_readings.py), and spellings with
kana for some kanji.

The list is sorted and mapped into memory, so that it costs neither time at the start nor memory.
"""

import mmap
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations, islice, product
from pathlib import Path
from typing import NamedTuple

from library.catalog.folding import fold

_LIST = Path(__file__).with_name("readings.tsv")
MOST = 8  # readings of a word or text
SEVERAL = 2  # readings of a single kanji in the text of a record
LONGEST = 8  # letters of a word of the list
SPELLINGS = 24  # of a text that are tried
WORD = 24  # letters of a text that other spellings are sought for
TEXT = 100  # letters of a text of a record that readings are guessed for
_SPOKEN = str.maketrans("はへ", "わえ")
_KANJI = re.compile("[々〆〇㐀-䶿一-鿿\uf900-\ufaff𠀀-\U000323af]")


class Entry(NamedTuple):
    """The readings and the other spellings of a word of the list."""

    readings: tuple[str, ...]
    spellings: tuple[str, ...]


NOTHING = Entry((), ())


@lru_cache(1)
def _list() -> mmap.mmap:
    with _LIST.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


@lru_cache(5_000)
def entry(word: str) -> Entry:
    """Return the entry of a folded word; NOTHING for a word that the list doesn't know."""
    lines, wanted = _list(), f"{word}\t".encode()
    low, high = 0, len(lines)
    while low < high:  # the line begins between the two
        middle = lines.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = lines.find(b"\n", middle) + 1 or len(lines)
        line = lines[middle:end]
        if line.startswith(wanted):
            _, readings, spellings = line.decode().rstrip("\n").split("\t")
            return Entry(
                tuple(readings.split(" ") if readings else ()), tuple(spellings.split(" ") if spellings else ())
            )
        if line < wanted or line.startswith(b"#"):
            low = end
        else:
            high = middle
    return NOTHING


def has_kanji(text: str) -> bool:
    """Tell whether a text has a kanji."""
    return _KANJI.search(text) is not None


def split_words(text: str, longest: int = LONGEST) -> list[tuple[str, Entry]]:
    """Return the words of a folded text with their entries, each the longest that the list knows; unknown letters one
    by one, with NOTHING.
    """
    found, begin = [], 0
    while begin < len(text):
        for end in range(min(begin + longest, len(text)), begin, -1):
            known = entry(text[begin:end])
            if known is not NOTHING or end == begin + 1:
                found.append((text[begin:end], known))
                begin = end
                break
    return found


def readings(text: str) -> list[str]:
    """Return the possible readings of a folded text, MOST at most; none when the list lacks one of its words."""
    choices = [_word_readings(word, known, len(text)) or _by_parts(word) for word, known in split_words(text)]
    return ["".join(each) for each in islice(product(*choices), MOST)]


def guess_readings(text: str) -> list[str]:
    """Return the likely readings of a text whose record has none, the likeliest first, MOST at most; none without kanji
    or with a word that the list lacks. Single kanji are read in SEVERAL ways only, and at most two words at a time in
    another way than the first.
    """
    folded = fold.strict(text) if has_kanji(text) else ""
    if not 0 < len(folded) <= TEXT:
        return []
    several = [(SEVERAL if len(word) == 1 < len(folded) else MOST, word, known) for word, known in split_words(folded)]
    choices = [_word_readings(word, known, 1)[:most] or _by_parts(word) for most, word, known in several]
    return list(islice(_by_changes(choices), MOST)) if all(choices) else []


def _by_changes(choices: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Yield the texts of one choice a word: the first choices, then another one for one word, then for two."""
    first = [each[0] for each in choices]
    several = [place for place, each in enumerate(choices) if len(each) > 1]
    for count in range(3):
        for places in combinations(several, count):
            for others in product(*(choices[place][1:] for place in places)):
                changed = dict(zip(places, others, strict=True))
                yield "".join(changed.get(place, each) for place, each in enumerate(first))


def may_be_part_of_reading(reading: str, text: str) -> bool:
    """Tell whether some reading of the text, by any readings that the list has of its words, is a part
    of ``reading``.
    """
    choices = [_word_readings(word, known, 1) or _by_parts(word) for word, known in split_words(text)]
    pattern = "".join(f"(?:{'|'.join(map(re.escape, each))})" for each in choices)
    return all(choices) and re.search(pattern.translate(_SPOKEN), reading.translate(_SPOKEN)) is not None


def _by_parts(word: str) -> tuple[str, ...]:
    """Return the readings of a word by those of its parts (取り and 調べ in 取り調べ); none when the list lacks a part."""
    if not has_kanji(word):
        return (word,)
    if len(word) == 1:
        return ()
    parts = split_words(word, len(word) - 1)
    choices = [_word_readings(part, known, len(word)) or (() if has_kanji(part) else (part,)) for part, known in parts]
    return tuple("".join(each) for each in islice(product(*choices), MOST))


def _word_readings(word: str, known: Entry, length: int) -> tuple[str, ...]:
    """Return the readings of a word in a text of ``length`` letters; only the likeliest of a single letter among
    others, as with all of them any text could be read so.
    """
    return known.readings[: 1 if len(word) == 1 < length else MOST]


def other_spellings(text: str) -> list[str]:
    """Return other spellings of a folded text: those with kana or the list's spellings for some words, the fewest
    changes first, then the likeliest in kana alone (as a title may be written in romaji).
    """
    if len(text) > WORD:
        return []
    choices = [(word, *_word_spellings(word, known, len(text))) for word, known in split_words(text)]
    found = dict.fromkeys([*islice(_combined(choices), SPELLINGS), *guess_readings(text)])
    found.pop(text, None)
    return list(found)


def _word_spellings(word: str, known: Entry, length: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*_word_readings(word, known, length), *known.spellings]))


def _combined(choices: list[tuple[str, ...]]) -> Iterator[str]:
    """Yield the texts of one choice a word: the first choices, then another one for one word, for two, and so on."""
    made = islice(product(*map(enumerate, choices)), 50 * SPELLINGS)
    yield from (
        "".join(word for _, word in each) for each in sorted(made, key=lambda each: sum(place > 0 for place, _ in each))
    )
