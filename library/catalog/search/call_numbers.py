"""分類と請求記号 in the one box: 913, K913, 324.52, and with a 図書記号 913.6 ナツ or E ミ.

They find titles whose class, and copies whose call number, begins so, besides titles with these letters in their texts.
"""

import re
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple
from unicodedata import normalize

import numpy as np
from peewee import chunked

from library import holdings
from library.catalog import ndc
from library.catalog.search import snapshot
from library.store import engine, numbers

CHILDREN, FOR_CHILDREN = "K", "児童"
AT_ONCE = 100  # places in one statement
LONGEST_BOOK_MARK = 4  # letters of a 図書記号
_BETWEEN = r"[\s/\-・]"
_LETTER = r"[^\W\d_ぁ-ゖァ-ヺー]"
_NUMBER = r"[0-9]{3}\.[0-9]{1,6}|[0-9]{1,3}"
_MARK = f"[ぁ-ゖァ-ヺー々㐀-䶿一-鿿]{{1,{LONGEST_BOOK_MARK}}}"
_WITH_CLASS = re.compile(f"({_LETTER}{{0,3}}){_BETWEEN}?({_NUMBER})(?:{_BETWEEN}*({_MARK}))?")
_WITHOUT_CLASS = re.compile(f"([A-Za-z]{{1,3}})(){_BETWEEN}+({_MARK})")
_LONGEST = 24  # letters of a call number
_THERE = f"shelf_key >= ? AND shelf_key < ? AND shelf_key <> '' AND {holdings.IN_STOCK}"


class Place(NamedTuple):
    """A place on the shelf: the letters before the class (別置記号), the class, and the 図書記号; each may be empty."""

    letters: str
    number: str
    book_mark: str

    @property
    def digits(self) -> str:
        """The digits of the class, without its point."""
        return self.number.replace(".", "")


def read(text: str) -> Place | None:
    """Return the place that a whole text names; None for any other text. Three digits alone are a class; a year is
    none.
    """
    text = normalize("NFKC", text).strip() if len(text) <= _LONGEST else ""
    found = _WITH_CLASS.fullmatch(text) or _WITHOUT_CLASS.fullmatch(text)
    if not found:
        return None
    letters, number, mark = (part or "" for part in found.groups())
    return Place(letters.upper(), number, mark) if letters or len(number) >= 3 else None


def group_words(words: list[str]) -> list[list[str]]:
    """Return the words in groups: up to three that name one place together (K 913 ミ), every other word alone."""
    groups, first = [], 0
    while first < len(words):
        sizes = (size for size in (3, 2) if first + size <= len(words) and read(" ".join(words[first : first + size])))
        size = next(sizes, 1)
        groups.append(words[first : first + size])
        first += size
    return groups


def split_class(words: list[str]) -> tuple[str, list[str]]:
    """Return the first word that is a class alone, and the other words; an empty text and all words when none is."""
    for at, word in enumerate(words):
        place = read(word)
        if place and not place.letters and not place.book_mark:
            return place.number, words[:at] + words[at + 1 :]
    return "", words


def mask_of(place: Place, shot: snapshot.Snapshot) -> np.ndarray:
    """Return the mask of the snapshot's rows that have this place, by their class or by the call number of a copy."""
    return masks_of([place], shot)[place]


def masks_of(places: Iterable[Place], shot: snapshot.Snapshot) -> dict[Place, np.ndarray]:
    """Return the mask of the snapshot's rows that have each of these places, AT_ONCE places in a statement."""
    masks: dict[Place, np.ndarray] = {}
    for some in map(list, chunked(places, AT_ONCE)):
        selects, values = zip(*(_select(number, place) for number, place in enumerate(some)), strict=True)
        for number, titles in engine.run(" UNION ALL ".join(selects), list(chain.from_iterable(values))).fetchall():
            mask, place = np.zeros(len(shot.ids), bool), some[number]
            mask[shot.rows_of(numbers.parsed(titles, np.int64))] = True
            if place.number and not place.book_mark and place.letters in ("", CHILDREN):
                mask |= shot.in_class(place.digits) & (
                    shot.has_word("audience", FOR_CHILDREN) if place.letters else True
                )
            masks[place] = mask
    return masks


def _select(number: int, place: Place) -> tuple[str, list]:
    """Return the SQL for the number and the titles of the copies at a place, and its values."""
    low = ndc.shelf_key(place.letters + place.number)
    high = low[:-1] + chr(ord(low[-1]) + 1)
    condition, values = _THERE, [low, high]
    if place.book_mark:
        book_mark = ndc.shelf_key(f"E {place.book_mark}").rpartition(ndc.BETWEEN)[2]
        at = low.index(ndc.BETWEEN) + 2
        found = engine.place_of(f"substr(shelf_key, {at})")
        condition += f" AND substr(shelf_key, {at} + {found}, {len(book_mark)}) = ?"
        values += [ndc.BETWEEN, book_mark]
    return f"SELECT {number}, {numbers.joined('title_id')} FROM item WHERE {condition}", values  # noqa: S608
