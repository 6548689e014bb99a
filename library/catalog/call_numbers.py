"""分類と請求記号 in the one box: 913, K913, 324.52, and 913.6 ナツ or E ミ with the mark of a book.

They find the titles whose class, and the copies whose call number, begins so, besides what has these letters in its text.
"""

import re
from typing import NamedTuple
from unicodedata import normalize

import numpy as np

from library.catalog import ndc
from library.catalog.search import snapshot
from library.store import engine, numbers

CHILDREN, FOR_CHILDREN = "K", "児童"
LETTERS_OF_A_MARK = 4  # at most, as with the digits and letters of a class below
_BETWEEN = r"[\s/\-・]"
_LETTER = r"[^\W\d_ぁ-ゖァ-ヺー]"
_NUMBER = r"[0-9]{3}\.[0-9]{1,6}|[0-9]{1,3}"
_MARK = f"[ぁ-ゖァ-ヺー々㐀-䶿一-鿿]{{1,{LETTERS_OF_A_MARK}}}"
_WITH_CLASS = re.compile(f"({_LETTER}{{0,3}}){_BETWEEN}?({_NUMBER})(?:{_BETWEEN}*({_MARK}))?")
_WITHOUT_CLASS = re.compile(f"([A-Za-z]{{1,3}})(){_BETWEEN}+({_MARK})")
_LONGEST = 24  # letters; nothing longer is such a number
_THERE = "shelf_key >= ? AND shelf_key < ? AND shelf_key <> '' AND state <> 'withdrawn'"


class Place(NamedTuple):
    """A place on the shelf: the letters before the class, the class, and the mark of the book; each may be empty."""

    letters: str
    number: str
    mark: str

    @property
    def digits(self) -> str:
        return self.number.replace(".", "")


def read(text: str) -> Place | None:
    """Return the place that a text is, None for any other. Three digits alone are one, a year never is."""
    text = normalize("NFKC", text).strip() if len(text) <= _LONGEST else ""
    found = _WITH_CLASS.fullmatch(text) or _WITHOUT_CLASS.fullmatch(text)
    if not found:
        return None
    letters, number, mark = (part or "" for part in found.groups())
    return Place(letters.upper(), number, mark) if letters or len(number) >= 3 else None


def together(words: list[str]) -> list[list[str]]:
    """Return the words in groups: those that may be one place together (K 913 ミ), each other one alone."""
    groups, first = [], 0
    while first < len(words):
        sizes = (size for size in (3, 2) if first + size <= len(words) and read(" ".join(words[first : first + size])))
        size = next(sizes, 1)
        groups.append(words[first : first + size])
        first += size
    return groups


def class_among(words: list[str]) -> tuple[str, list[str]]:
    """Return the first word that is a class and no more, and the other words; no class and all of them where there is none."""
    for at, word in enumerate(words):
        place = read(word)
        if place and not place.letters and not place.mark:
            return place.number, words[:at] + words[at + 1 :]
    return "", words


def found(place: Place, shot: snapshot.Snapshot) -> np.ndarray:
    """Return which rows of the snapshot have this place: by their class, or by the call number of a copy."""
    mask = np.zeros(len(shot.ids), bool)
    low = ndc.shelf_key(place.letters + place.number)
    high = low[:-1] + chr(ord(low[-1]) + 1)
    condition, values = _THERE, [low, high]
    if place.mark:
        mark = ndc.shelf_key(f"E {place.mark}").rpartition(ndc.BETWEEN)[2]
        at = low.index(ndc.BETWEEN) + 2
        found = engine.place_of(f"substr(shelf_key, {at})")
        condition += f" AND substr(shelf_key, {at} + {found}, {len(mark)}) = ?"
        values += [ndc.BETWEEN, mark]
    sql = f"SELECT {numbers.joined('title_id')} FROM item WHERE {condition}"  # noqa: S608
    mask[shot.rows_of(numbers.parsed(engine.run(sql, values).fetchone()[0], np.int64))] = True
    if place.number and not place.mark and place.letters in ("", CHILDREN):
        mask |= shot.in_class(place.digits) & (shot.has_word("audience", FOR_CHILDREN) if place.letters else True)
    return mask
