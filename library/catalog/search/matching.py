"""How each title is found by what was typed: its rank, the lower the better, or MISS.

What was typed comes before other spellings of it (12国記 for 十二国記, たかむら for takamura), these before what is alike when
marks are dropped; in each of the three an exact title, one that is read so, the start of one, words of a title, an author, a class or call number, the rest.
"""

import re

import numpy as np

from library.catalog import call_numbers
from library.catalog.folding import fold, letters
from library.catalog.search import grams, index, snapshot
from models import database as connection

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
_FIND = "SELECT group_concat(rowid) FROM search WHERE search MATCH ?"


def ranks(query, shot):
    """The rank of each row of the snapshot by all that the query says in words; None when it says nothing."""
    found = _of_text(query.q, shot, titles_first=True) if query.q else None
    if query.isbn:
        found = _both(found, _of_number(query.isbn, shot))
    return _both(found, _of_rows(query.rows, shot))


def _of_rows(rows, shot):
    """The rows of 詳細検索, one after the other."""
    found = None
    for row in rows:
        one = _of_row(row, shot)
        if row.join == "not":
            found = np.where(one == MISS, np.uint8(STRICT) if found is None else found, np.uint8(MISS))
        elif found is None:
            found = one
        else:
            found = np.minimum(found, one) if row.join == "or" else np.maximum(found, one)
    return found


def _both(one, other):
    if one is None or other is None:
        return one if other is None else other
    return np.maximum(one, other)


def _of_row(row, shot):
    column = "" if row.field == "all" else row.field
    if row.way == "contains":
        return _of_text(row.text, shot, column)
    forms = fold.variants(row.text)
    return _of_forms(forms, shot, column, _WAYS[row.way]) if forms else _nothing(shot)


def _of_text(text, shot, column="", *, titles_first=False):
    """Return the ranks of a text whose words are all to be found; what has neither letter nor sign finds nothing."""
    if not column and is_number(text):
        return _of_number(text, shot)
    typed = words(text)
    if not typed:
        return _nothing(shot)
    found, forms = _of_words(typed, text, shot, column), fold.variants(text)
    if len(typed) > 1 and len(forms) > 1:  # the words of one reading in Latin letters: wagahai wa neko de aru
        found = np.minimum(found, _of_forms(forms, shot, column))
    if titles_first:
        _promote(found, forms, shot)
    return found


def _of_words(typed, text, shot, column):
    # Among others, all of them Latin, no and oi are の and おい: chumon no oi ryoriten.
    shortest = 1 if len(typed) > 1 and fold.is_latin(text) else fold.LATIN_ALONE
    units = [[word] for word in typed] if column else call_numbers.together(typed)
    found = None
    for some in sorted(units, key=lambda some: -sum(map(len, some))):
        found = _both(found, _of_unit(some, shot, column, shortest))
        if found.min(initial=MISS) == MISS:
            break  # the short words, which take longest, need not be looked for
    return found


def _of_unit(some, shot, column, shortest):
    """Return the ranks of words that may be one call number together: by that, or by the first of them and what the rest is."""
    found = _of_forms(fold.variants(some[0], shortest=shortest), shot, column)
    if not column:
        found = _with_place(found, call_numbers.read(some[0]), shot)
    if len(some) == 1:
        return found
    found = _both(found, _of_unit(some[1:], shot, column, shortest))
    return _with_place(found, call_numbers.read(" ".join(some)), shot)


def _with_place(found, place, shot):
    if place:
        rows = call_numbers.found(place, shot)
        found[rows] = np.minimum(found[rows], STRICT + CLASS)
    return found


def words(text: str) -> list[str]:
    """The words of a text as they were typed, each once; signs alone are left out unless there is nothing else."""
    folded = {word: fold.strict(word) for word in text.split()[:WORDS]}
    typed = [word for word, each in folded.items() if each]
    return [word for word in typed if not letters.only_signs(folded[word])] or typed


def is_number(text: str) -> bool:
    """Whether a text is an ISBN, in whatever spelling and with whatever check digit."""
    return _NUMBER.fullmatch(fold.strict(text).replace("ー", "")) is not None


def _of_number(text, shot):
    found = _nothing(shot)
    if piece := index.number_piece(text):
        _note(found, shot, "isbn: " + grams.quoted(piece), STRICT, STRICT)
    return found


def _nothing(shot):
    return np.full(len(shot.ids), MISS, np.uint8)


def alone(word: str, shot) -> int:
    """How many titles have this word."""
    return int(np.count_nonzero(_of_unit([word], shot, "", fold.LATIN_ALONE) != MISS))


def _of_forms(forms, shot, column, phrase=grams.phrase):
    """The ranks of a word: of its strict form, of its other forms, and of all these without marks."""
    found = _nothing(shot)
    strict, *others = forms
    unmarked = [form for form in dict.fromkeys(map(fold.loosened, forms)) if form not in forms]
    if unmarked:
        _note(found, shot, _match(unmarked, column, phrase), LOOSE, LOOSE)
    if others:
        _note(found, shot, _match(others, column, phrase), OTHER, LOOSE)
    _note(found, shot, _match([strict], column, phrase), STRICT, LOOSE)
    return found


def _match(forms, column, phrase):
    phrases = " OR ".join(map(phrase, _shortest(forms) if phrase == grams.phrase else forms))
    return f"{column}: ({phrases})" if column else phrases


def _shortest(forms):
    """Those that have no other of them inside: where のう stands, の does."""
    kept = []
    for form in sorted(forms, key=len):
        if not any(each in form for each in kept):
            kept.append(form)
    return kept


def _note(found, shot, match, strict, loose):
    """Write down the ranks of what matches, where they are better: ``strict`` in rows of strict text, else ``loose``."""
    kinds, rows = _hits(shot, match)
    each = _LEVELS[strict, loose][kinds]
    # kinds go upwards within a title, and of several values for a row the last one stays
    rows, each = rows[::-1], each[::-1]
    found[rows] = np.minimum(found[rows], each)


def _hits(shot, match):
    """The kinds of index rows that match, and the rows of their titles in the snapshot."""
    found = snapshot.parsed(connection.execute_sql(_FIND, (match,)).fetchone()[0], np.int64)
    rows = shot.every_row(found // index.KINDS)
    if rows.min(initial=0) < 0:  # titles that came after the snapshot
        known = rows >= 0
        found, rows = found[known], rows[known]
    return found % index.KINDS, rows


def _promote(found, forms, shot):
    """Titles that begin with the whole text, or are it."""
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
