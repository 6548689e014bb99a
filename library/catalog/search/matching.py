"""The rank of each title in a search by what was typed, the lower the better, or MISS.

What was typed comes before other spellings of it (12国記 for 十二国記, たかむら for takamura), these before what is alike when
marks are dropped; in each of the three an exact title, one that is read so, the start of one, words of a title, an author, a class or call number, the rest.
"""

import re
from collections.abc import Callable, Iterable

import numpy as np

from library.catalog import call_numbers
from library.catalog.asking import exclusions
from library.catalog.folding import fold, letters
from library.catalog.search import grams, index
from library.catalog.search.query import Query, Row
from library.catalog.search.snapshot import Snapshot

MISS = 255
PLACES = 7
EXACT, READ, START, TITLE, AUTHOR, CLASS, REST = range(PLACES)
STRICT, OTHER, LOOSE = 0, PLACES, 2 * PLACES  # the ranks of each of the three begin here
WORDS = 16  # of a text that are looked for
_PLACE_OF_KIND = np.array([TITLE, AUTHOR, REST, REST] * 2, np.uint8)
_LEVELS = {
    levels: _PLACE_OF_KIND + np.repeat(np.array(levels, np.uint8), index.LOOSE)
    for levels in ((STRICT, STRICT), (STRICT, LOOSE), (OTHER, LOOSE), (LOOSE, LOOSE))
}
_WAYS = {"starts": grams.beginning, "equals": grams.exact}
_NUMBER = re.compile("(?:isbn)?[0-9]{8,12}[0-9x]")


def ranks(query: Query, shot: Snapshot) -> np.ndarray | None:
    """Return the rank of each row of the snapshot by all that the query says in words; None when it says nothing."""
    found = _rank_box(query.q, shot) if query.q else None
    if query.isbn:
        found = _both(found, _rank_number(query.isbn, shot))
    return _both(found, _rank_rows(query.rows, shot))


def _rank_box(text: str, shot: Snapshot) -> np.ndarray:
    """Rank by the text of the one box, without the titles that have one of the words it leaves out, in any spelling but a loose one."""
    sought, left_out = exclusions.parted(text)
    found = _rank_text(sought, shot, titles_first=True)
    for word in left_out:
        found[_rank_text(word, shot) < LOOSE] = MISS
    return found


def _rank_rows(rows: Iterable[Row], shot: Snapshot) -> np.ndarray | None:
    """Rank by the rows of 詳細検索, one after the other."""
    found = None
    for row in rows:
        one = _rank_row(row, shot)
        if row.join == "not":
            found = np.where(one == MISS, np.uint8(STRICT) if found is None else found, np.uint8(MISS))
        elif found is None:
            found = one
        else:
            found = np.minimum(found, one) if row.join == "or" else np.maximum(found, one)
    return found


def _both(one: np.ndarray | None, other: np.ndarray | None) -> np.ndarray | None:
    if one is None or other is None:
        return one if other is None else other
    return np.maximum(one, other)


def _rank_row(row: Row, shot: Snapshot) -> np.ndarray:
    column = "" if row.field == "all" else row.field
    if row.way == "contains":
        return _rank_text(row.text, shot, column)
    forms = fold.variants(row.text)
    return _rank_forms(forms, shot, column, _WAYS[row.way]) if forms else _nothing(shot)


def _rank_text(text: str, shot: Snapshot, column: str = "", *, titles_first: bool = False) -> np.ndarray:
    """Rank by a text whose words are all to be found; what has neither letter nor sign finds nothing."""
    if not column and is_number(text):
        return _rank_number(text, shot)
    typed = words(text)
    if not typed:
        return _nothing(shot)
    found, forms = _rank_words(typed, text, shot, column), fold.variants(text)
    if len(typed) > 1 and len(forms) > 1:  # the words of one reading in Latin letters: wagahai wa neko de aru
        found = np.minimum(found, _rank_forms(forms, shot, column))
    if titles_first:
        _promote(found, forms, shot)
    return found


def _rank_words(typed: list[str], text: str, shot: Snapshot, column: str) -> np.ndarray:
    shortest = 1 if len(typed) > 1 and fold.is_latin(text) else fold.LATIN_ALONE
    units = [[word] for word in typed] if column else call_numbers.together(typed)
    found = np.full(len(shot.ids), STRICT, np.uint8)
    for some in sorted(units, key=lambda some: -sum(map(len, some))):
        found = np.maximum(found, _rank_unit(some, shot, column, shortest))
        if found.min(initial=MISS) == MISS:
            break  # the short words, which take longest, need not be looked for
    return found


def _rank_unit(some: list[str], shot: Snapshot, column: str, shortest: int) -> np.ndarray:
    """Rank by words that may be one call number together: where copies have it, by that alone; else by each of them."""
    place = call_numbers.read(" ".join(some)) if not column else None
    if place and place.mark and (rows := call_numbers.found(place, shot)).any():
        return np.where(rows, np.uint8(STRICT + CLASS), np.uint8(MISS))
    found = _rank_forms(fold.variants(some[0], shortest=shortest), shot, column)
    if not column:
        found = _with_place(found, call_numbers.read(some[0]), shot)
    if len(some) == 1:
        return found
    found = np.maximum(found, _rank_unit(some[1:], shot, column, shortest))
    return _with_place(found, place, shot)


def _with_place(found: np.ndarray, place: call_numbers.Place | None, shot: Snapshot) -> np.ndarray:
    if place:
        rows = call_numbers.found(place, shot)
        found[rows] = np.minimum(found[rows], STRICT + CLASS)
    return found


def words(text: str) -> list[str]:
    """Return the words of a text as they were typed, each once; signs alone are left out unless there is nothing else."""
    folded = {word: fold.strict(word) for word in text.split()[:WORDS]}
    typed = [word for word, each in folded.items() if each]
    return [word for word in typed if not letters.only_signs(folded[word])] or typed


def is_number(text: str) -> bool:
    """Tell whether a text is an ISBN, in whatever spelling and with whatever check digit."""
    return _NUMBER.fullmatch(fold.strict(text).replace("ー", "")) is not None


def _rank_number(text: str, shot: Snapshot) -> np.ndarray:
    found = _nothing(shot)
    if piece := index.number_piece(text):
        _note(found, shot, "isbn: " + grams.quoted(piece), STRICT, STRICT)
    return found


def _nothing(shot: Snapshot) -> np.ndarray:
    return np.full(len(shot.ids), MISS, np.uint8)


def alone(word: str, shot: Snapshot) -> int:
    """Return how many titles have this word."""
    return int(np.count_nonzero(_rank_unit([word], shot, "", fold.LATIN_ALONE) != MISS))


def _rank_forms(
    forms: list[str], shot: Snapshot, column: str, phrase: Callable[[str], str] = grams.phrase
) -> np.ndarray:
    """Rank by a word: by its strict form, by its other forms, and by all these without marks."""
    found = _nothing(shot)
    strict, *others = forms
    unmarked = [form for form in dict.fromkeys(map(fold.loosened, forms)) if form not in forms]
    if unmarked:
        _note(found, shot, _match(unmarked, column, phrase), LOOSE, LOOSE)
    if others:
        _note(found, shot, _match(others, column, phrase), OTHER, LOOSE)
    _note(found, shot, _match([strict], column, phrase), STRICT, LOOSE)
    return found


def _match(forms: list[str], column: str, phrase: Callable[[str], str]) -> str:
    phrases = " OR ".join(map(phrase, _shortest(forms) if phrase == grams.phrase else forms))
    return f"{column}: ({phrases})" if column else phrases


def _shortest(forms: list[str]) -> list[str]:
    """Return those that have no other of them inside: where のう stands, の does."""
    short: list[str] = []
    for form in sorted(forms, key=len):
        if not any(each in form for each in short):
            short.append(form)
    return short


def _note(found: np.ndarray, shot: Snapshot, match: str, strict: int, loose: int) -> None:
    """Write down the ranks of what matches, where they are better: ``strict`` in rows of strict text, else ``loose``."""
    kinds, rows = _hits(shot, match)
    each = _LEVELS[strict, loose][kinds]
    # kinds go upwards within a title, and of several values for a row the last one stays
    rows, each = rows[::-1], each[::-1]
    found[rows] = np.minimum(found[rows], each)


def _hits(shot: Snapshot, match: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the kinds of index rows that match, and the rows of their titles in the snapshot."""
    found = index.found(match)
    rows = shot.every_row(found // index.KINDS)
    if rows.min(initial=0) < 0:  # titles that came after the snapshot
        known = rows >= 0
        found, rows = found[known], rows[known]
    return found % index.KINDS, rows


def _promote(found: np.ndarray, forms: list[str], shot: Snapshot) -> None:
    """Raise the rank of titles that begin with the whole text, or are it."""
    spelled = list(dict.fromkeys([*forms, *map(fold.loosened, forms)]))
    for phrase, place in ((grams.beginning, START), (grams.exact, READ), (grams.same, EXACT)):
        kinds, rows = _hits(shot, _match(spelled, "", phrase))
        rows = rows[(kinds % index.LOOSE == index.TITLE) & (found[rows] != MISS)]
        if not len(rows):
            return
        level = found[rows] // PLACES * PLACES
        if place != START:  # another spelling of the whole title is as good as what was typed
            level = np.where(level < LOOSE, STRICT, LOOSE)
        found[rows] = level + place
