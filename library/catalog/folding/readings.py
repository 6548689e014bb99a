"""漢字の読み: how words are read and how else they are written, from a committed list (scripts/kanji_readings.py); and the spellings
that a word has with kana for some of its kanji.

The list is looked up where it lies: it is sorted, and mapped into memory, so that it costs neither time at the start nor room.
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
MOST = 8  # readings of a word
SEVERAL = 3  # readings of a single kanji in a text of a record
LONGEST = 8  # letters of a word of the list
SPELLINGS = 24  # of a word that are tried
IN_KANA = 4  # spellings without kanji that are tried besides
WIDE, WIDE_IN_KANA = 100, 100  # where nothing was found
WORD = 24  # letters of a text that is spelled in other ways
TEXT = 100  # letters of a text that gets a reading
_SPOKEN = str.maketrans("はへ", "わえ")
_KANJI = re.compile("[々〆〇㐀-䶿一-鿿\uf900-\ufaff𠀀-\U000323af]")


class Entry(NamedTuple):
    """An entry of the list: the readings and the other spellings of a word."""

    readings: tuple[str, ...]
    spellings: tuple[str, ...]


NOTHING = Entry((), ())


@lru_cache(1)
def _list() -> mmap.mmap:
    with _LIST.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


@lru_cache(5_000)
def entry(word: str) -> Entry:
    """Return what the list says of a folded word."""
    lines, wanted = _list(), f"{word}\t".encode()
    low, high = 0, len(lines)
    while low < high:  # the line that we look for begins between the two
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
    return _KANJI.search(text) is not None


def parted(text: str, longest: int = LONGEST) -> list[tuple[str, Entry]]:
    """Return the words of a folded text, each as long as the list knows it, with what the list says of it; other letters one by one."""
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
    """Return how a folded text may be read, MOST at most; none where the list does not know a word of it."""
    choices = [_read(word, known, len(text)) or _by_parts(word) for word, known in parted(text)]
    return ["".join(each) for each in islice(product(*choices), MOST)]


def of_text(text: str) -> list[str]:
    """Return how a text of a record that has no reading of its own may be read, likeliest first; nothing for one without kanji. Of a single
    kanji some readings are tried, as few of them at a time as will do: 犯科帳 is no とばり.
    """
    folded = fold.strict(text) if has_kanji(text) else ""
    if not 0 < len(folded) <= TEXT:
        return []
    several = [(SEVERAL if len(word) == 1 < len(folded) else MOST, word, known) for word, known in parted(folded)]
    choices = [_read(word, known, 1)[:most] or _by_parts(word) for most, word, known in several]
    return list(islice(_by_changes(choices), MOST)) if all(choices) else []


def _by_changes(choices: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Yield what comes of the first choice everywhere, then of another one at one place, at last at two."""
    first = [each[0] for each in choices]
    several = [place for place, each in enumerate(choices) if len(each) > 1]
    for count in range(3):
        for places in combinations(several, count):
            for others in product(*(choices[place][1:] for place in places)):
                changed = dict(zip(places, others, strict=True))
                yield "".join(changed.get(place, each) for place, each in enumerate(first))


def may_be_in(reading: str, text: str) -> bool:
    """Tell whether a text may be read as a part of this reading is, each of its words in any way that the list has."""
    ways = [_read(word, known, 1) or _by_parts(word) for word, known in parted(text)]
    pattern = "".join(f"(?:{'|'.join(map(re.escape, way))})" for way in ways)
    return all(ways) and re.search(pattern.translate(_SPOKEN), reading.translate(_SPOKEN)) is not None


def _by_parts(word: str) -> tuple[str, ...]:
    """Return the readings of a word of which the list has none as its parts have them: 取り and 調べ of 取り調べ."""
    if not has_kanji(word):
        return (word,)
    if len(word) == 1:
        return ()
    parts = parted(word, len(word) - 1)
    choices = [_read(part, known, len(word)) or (() if has_kanji(part) else (part,)) for part, known in parts]
    return tuple("".join(each) for each in islice(product(*choices), MOST))


def _read(word: str, known: Entry, length: int) -> tuple[str, ...]:
    """Return the readings of a word in a text; of one letter among others only the likeliest, for with the rest anything is read so."""
    return known.readings[: 1 if len(word) == 1 < length else MOST]


def spellings(text: str, own: tuple[str, ...] = (), *, wide: bool = False) -> list[str]:
    """Return other spellings of a folded text that agree with it, the fewest changes first: kana for some of its words or for all, and what the
    list knows besides, at last the likeliest in kana alone: what is shown may be romaji. ``own``: how the catalogue reads the whole text.
    ``wide``: single kanji in each of their readings, too.
    """
    if len(text) > WORD:
        return []
    words, length = parted(text), 1 if wide else len(text)
    choices = [(word, *(_all(word, known) if wide else _others(word, known, length))) for word, known in words]
    by_parts = _deep if wide else _by_parts
    in_kana = _chosen([_read(word, known, length) or by_parts(word) for word, known in words])
    most, in_kana = (WIDE, islice(in_kana, WIDE_IN_KANA)) if wide else (SPELLINGS, islice(in_kana, IN_KANA))
    found = dict.fromkeys([*own, *islice(_chosen(choices), most)]) | dict.fromkeys(in_kana)
    found.pop(text, None)
    return list(found)


def _all(word: str, known: Entry) -> tuple[str, ...]:
    return _others(word, known, 1) if known.readings or len(word) == 1 else (*_deep(word), *known.spellings)


def _deep(word: str) -> tuple[str, ...]:
    """Return the readings of a word by its parts, and where the list has none of a part by the parts of that."""
    if not has_kanji(word) or len(word) == 1:
        return (word,)
    choices = [_read(part, known, 1) or _deep(part) for part, known in parted(word, len(word) - 1)]
    return tuple("".join(each) for each in islice(product(*choices), MOST))


def _others(word: str, known: Entry, length: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*_read(word, known, length), *known.spellings]))


def _chosen(choices: list[tuple[str, ...]]) -> Iterator[str]:
    """Yield what comes of the first choice everywhere, then of another one at one place, at two, and so on."""
    made = islice(product(*map(enumerate, choices)), 50 * SPELLINGS)
    yield from (
        "".join(word for _, word in each) for each in sorted(made, key=lambda each: sum(place > 0 for place, _ in each))
    )
