"""The levels of a word (typed, other spellings, kana for kanji, loanwords) and the index queries of each.

A rank is one number for the level and the place of a hit, the lower the better. Exact titles and readings come first,
whatever their level; else a level begins where the one before ends (spec 12, 2).
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from library.catalog.folding import fold, loanwords, readings, romaji
from library.catalog.fulltext import grams, rows

TYPED, OTHER, KANA, LOAN = LEVELS = range(4)
(NUMBER, EXACT, READ, CREATOR, NAMED, BEGINS, TITLE, AUTHOR, CLASS, SUBJECT, REST) = PLACES = range(11)
LEAST_INSIDE = 4  # letters of a Latin word that is looked for inside of others
LEAST_KANA = 4  # kana that stand for kanji inside of a text; fewer do only as a whole text or before a particle
LEAST_LOAN = 3  # letters of a folded loanword that is looked for inside of others: ビール is not in ビルディング
ALWAYS_WHOLE = 99  # of one kanji, whose readings stand inside of many words: さん of 山
_PARTICLES = "のとはがおにもや"
_FIELDS = {
    "title": ("title", "title_read"),
    "author": ("author", "author_read"),
    "publisher": ("publisher", "publisher_read"),
    "subject": ("subject", "subject_read"),
    "series": ("series", "series_read"),
    "note": ("contents", "note"),
    "isbn": ("isbn",),
}
MakeQuery = Callable[[str], str]


def _order_of_ranks() -> dict[tuple[int, int], int]:
    after = [place for place in PLACES if place > READ]
    order = [(TYPED, NUMBER), *((level, place) for place in (EXACT, READ) for level in LEVELS)]
    order += [(level, place) for level in LEVELS for place in after]
    return {each: number for number, each in enumerate(order)}


_RANKS = _order_of_ranks()
LEVEL_OF = np.array([level for level, _ in _RANKS] + [len(LEVELS)] * (256 - len(_RANKS)), np.uint8)  # 255: no hit


def rank(level: int, place: int) -> int:
    """Return the rank of a hit: ``level`` is one of LEVELS, ``place`` one of PLACES (a number, an exact title, a
    creator …).
    """
    return _RANKS[level, place]


_BEGINS_OF_LEVEL = np.array([rank(level, BEGINS) for level in LEVELS], np.uint8)


def beginning_ranks(ranks: np.ndarray, level: int) -> np.ndarray:
    """Return, for each of these ranks, the rank of a title that begins with a spelling of this level: the level of the
    hit, or this one if that is worse.
    """
    return _BEGINS_OF_LEVEL[np.clip(LEVEL_OF[ranks], level, LOAN)]


def _ranks_of(places: dict[int, int]) -> np.ndarray:
    """Return the ranks of hits by level and kind of index row; 255 for no rank. Loanwords have a rank only in their own
    rows, and nothing else has one there. ``places``: kind of row → its place.
    """
    found = np.full((len(LEVELS), rows.KINDS), 255, np.uint8)
    for level in LEVELS:
        for part, place in places.items():
            if level == LOAN:
                found[level, rows.LOANED + part] = rank(LOAN, place)
            else:
                found[level, part] = rank(level, place)
    return found


INSIDE = _ranks_of({rows.TITLE: TITLE, rows.AUTHOR: AUTHOR, rows.SUBJECT: SUBJECT, rows.REST: REST})
WHOLE = _ranks_of({rows.TITLE: EXACT, rows.AUTHOR: CREATOR})
READ_SO = _ranks_of({rows.TITLE: READ, rows.AUTHOR: CREATOR})
CALLED_SO = _ranks_of({rows.TITLE: NAMED, rows.AUTHOR: NAMED})


class Word(NamedTuple):
    """The spellings of a word by level."""

    typed: str
    others: Sequence[str]
    kana: Sequence[str]
    loan: Sequence[str]
    is_abbreviation: bool = False  # NISA, which is no romaji and no part of other words

    def spellings_at(self, level: int) -> Sequence[str]:
        """Return the spellings of one of the LEVELS."""
        return ((self.typed,), self.others, self.kana, self.loan)[level]


def word(text: str, *, shortest: int = fold.LATIN_ALONE) -> Word | None:
    """Return the spellings of a text; None when nothing of it can be looked for. ``shortest``: letters from which a
    Latin word is tried as romaji.
    """
    typed, *others = fold.variants(text, shortest=shortest) or [""]
    if not typed:
        return None
    kana = [] if typed.isascii() else [each for each in readings.other_spellings(typed) if each not in others]
    spoken = romaji.katakana(others[0]) if typed.isascii() and others else text  # konpyuta is コンピュータ
    return Word(typed, others, kana, loanwords.loanword_keys(spoken), fold.is_abbreviation(text))


def queries(word: Word, field: str = "", make_query: MakeQuery = grams.phrase) -> dict[str, list[int]]:
    """Return the index queries of a word → the levels that each is for. ``make_query``: the maker of a query of one
    spelling (``grams``).
    """
    levels_of: dict[str, list[int]] = {}
    for level in LEVELS:
        if match := _query(level, word, field, make_query):
            levels_of.setdefault(match, []).append(level)
    return levels_of


def _query(level: int, word: Word, field: str, make_query: MakeQuery) -> str:
    forms = word.spellings_at(level)
    if level == KANA:
        least = LEAST_KANA if len(word.typed) > 1 else ALWAYS_WHOLE
        return in_field(any_of([_kana_phrase(form, make_query, least) for form in forms]), field, as_written=True)
    if make_query is not grams.phrase:
        return in_field(any_of(list(map(make_query, forms))), field)
    if level == LOAN:
        phrases = [make_query(form) if len(form) >= LEAST_LOAN else grams.exact(form) for form in forms]
    elif fold.is_latin(word.typed):
        phrases = _latin_phrases(level, word)
    else:
        phrases = list(map(make_query, _without_longer(forms)))
    return in_field(any_of(phrases), field)


def _latin_phrases(level: int, word: Word) -> list[str]:
    """Return the phrases of a Latin word: typed, the whole word; other, also a beginning of words and, of a long one,
    a part.
    """
    if level == TYPED:
        return [grams.latin_word(word.typed)]
    inside = [grams.phrase(word.typed)] if len(word.typed) >= LEAST_INSIDE and not word.is_abbreviation else []
    return [grams.latin_beginning(word.typed), *map(grams.phrase, _without_longer(word.others)), *inside]


def _kana_phrase(form: str, make_query: MakeQuery, least: int) -> str:
    """Return the query for a spelling in kana: with fewer than ``least`` only as a whole text, or at its beginning
    before a particle.
    """
    if make_query is not grams.phrase or len(form) >= least or readings.has_kanji(form):
        return make_query(form)
    if len(form) == 1:
        return ""
    return any_of([grams.equal(form), *(grams.beginning(form + each) for each in _PARTICLES)])


def any_of(phrases: Sequence[str]) -> str:
    """Return the query for any of these phrases, empty ones left out."""
    return " OR ".join(dict.fromkeys(filter(None, phrases)))


def in_field(phrases: str, field: str, *, as_written: bool = False, as_read: bool = False) -> str:
    """Return a query for phrases in the columns of a field, of all fields when it is empty. ``as_written``,
    ``as_read``: only in its written text, only in its readings.
    """
    columns = _FIELDS.get(field, rows.COLUMNS)
    if as_written:
        columns = tuple(name for name in columns if name in rows.WRITTEN)
    elif as_read:
        columns = tuple(name for name in columns if name.endswith("_read"))
    if not phrases or not columns:
        return ""
    return f"{{{' '.join(columns)}}}: ({phrases})" if field or as_written or as_read else phrases


def _without_longer(forms: Sequence[str]) -> list[str]:
    """Return the forms that contain no other of them: the query for の finds のう, too."""
    short: list[str] = []
    for form in sorted(forms, key=len):
        if not any(each in form for each in short):
            short.append(form)
    return short
