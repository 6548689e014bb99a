"""The levels of a word: as it was typed, other spellings, kana for kanji, loanwords, loose; and of each what the index is asked.

A rank is the place where a word was found, at its level: one number, the lower the better. An exact title of another spelling follows those
of what was typed at once; else a level begins where the one before ends (spec 12, 2).
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from library.catalog.folding import fold, latin_words, loanwords, readings, romaji
from library.catalog.fulltext import rows
from library.catalog.search import grams

TYPED, OTHER, KANA, LOAN, LOOSE = LEVELS = range(5)
(NUMBER, EXACT, READ, PERSON, NAMED, BEGINS, TITLE, AUTHOR, WORKS, CLASS, REST) = PLACES = range(11)
LEAST_INSIDE = 4  # letters of a Latin word that is looked for inside of others
LEAST_KANA = (
    3  # kana that are looked for inside of a text for kanji; two are only where it is no more, or before a particle
)
LEAST_LOAN = 3  # letters of a foreign word, folded, that is looked for inside of others: ビール is not in ビルディング
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
_KANA = re.compile("[ぁ-ゖー]+")
Way = Callable[[str], str]


def _numbered() -> dict[tuple[int, int], int]:
    strict, after = (TYPED, OTHER, KANA, LOAN), [place for place in PLACES if place > READ]
    order = [(TYPED, NUMBER), *((level, place) for place in (EXACT, READ) for level in strict)]
    order += [(level, place) for level in strict for place in after]
    order += [(LOOSE, place) for place in PLACES if place > NUMBER]
    return {each: number for number, each in enumerate(order)}


_NUMBERED = _numbered()
LEVEL_OF = np.array([level for level, _ in _NUMBERED] + [LOOSE] * (256 - len(_NUMBERED)), np.uint8)
FIRST_LOOSE = _NUMBERED[LOOSE, EXACT]


def rank(level: int, place: int) -> int:
    return _NUMBERED[level, place]


_BEGINS_OF_LEVEL = np.array([rank(level, BEGINS) for level in LEVELS], np.uint8)


def begins(ranks: np.ndarray) -> np.ndarray:
    """Return the ranks of the same levels for titles that begin so."""
    return _BEGINS_OF_LEVEL[LEVEL_OF[ranks]]


def _ranks_of(places: dict[int, int]) -> np.ndarray:
    """Return the rank of a hit by its kind of row, for each level that was asked; 255 for none. What is asked as foreign words is looked for in
    rows of these, and nothing else is.
    """
    found = np.full((len(LEVELS), rows.KINDS), 255, np.uint8)
    for level in LEVELS:
        for part, place in places.items():
            if level == LOAN:
                found[level, rows.LOANED + part] = rank(LOAN, place)
            else:
                found[level, part], found[level, rows.LOOSE + part] = rank(level, place), rank(LOOSE, place)
    return found


INSIDE = _ranks_of({rows.TITLE: TITLE, rows.AUTHOR: AUTHOR, rows.WORKS: WORKS, rows.REST: REST})
WHOLE = _ranks_of({rows.TITLE: EXACT, rows.AUTHOR: PERSON})
READ_SO = _ranks_of({rows.TITLE: READ, rows.AUTHOR: PERSON})
CALLED_SO = _ranks_of({rows.TITLE: NAMED, rows.REST: NAMED})


class Word(NamedTuple):
    """The spellings of a word at each level but the last; ``loose`` are those of the first two without their marks. ``parts``: the readings
    of each part of a Latin word, where it is too long for all of its own; ``spelled``: how it is spelled otherwise.
    """

    typed: str
    others: Sequence[str]
    kana: Sequence[str]
    loan: Sequence[str]
    loose: Sequence[str]
    parts: Sequence[Sequence[str]] = ()
    spelled: Sequence[str] = ()

    def at(self, level: int) -> Sequence[str]:
        return ((self.typed,), self.others, self.kana, self.loan, self.loose)[level]


def word(text: str, own: Sequence[str] = (), *, shortest: int = fold.LATIN_ALONE) -> Word | None:
    """Return the spellings of a text; None where there is nothing of it to look for. ``own``: how the catalogue reads it."""
    typed, *others = fold.variants(text, shortest=shortest) or [""]
    if not typed:
        return None
    forms = dict.fromkeys([typed, *others])
    kana = [] if typed.isascii() else [each for each in readings.spellings(typed, tuple(own)) if each not in forms]
    loan = loanwords.keys(text)
    loose = [each for each in dict.fromkeys(map(fold.loosened, forms)) if each not in forms] + _short(typed)
    parts = fold.parts(text) if len(typed) >= shortest and is_latin(typed) and " " not in text else ()
    return Word(typed, others, kana, loan, loose, parts, latin_words.spellings(typed) if typed.isascii() else ())


def _short(typed: str) -> list[str]:
    """Return the key of a word in kana that readings have which were made of a romanisation."""
    return [fold.short(typed)] if len(typed) > 1 and _KANA.fullmatch(typed) else []


def is_latin(folded: str) -> bool:
    return folded.isascii() and folded.isalpha()


def matches(found: Word, field: str = "", way: Way = grams.phrase) -> dict[str, list[int]]:
    """Return what the index is asked for a word, and for which levels that is."""
    asked: dict[str, list[int]] = {}
    for level in LEVELS:
        if match := _match(level, found, field, way):
            asked.setdefault(match, []).append(level)
    return asked


def _match(level: int, found: Word, field: str, way: Way) -> str:
    forms = found.at(level)
    if level == KANA:
        return within(any_of([_for_kanji(form, way) for form in forms]), field, shown=True)
    if level == LOAN and way is grams.phrase:
        return within(any_of([way(form) if len(form) >= LEAST_LOAN else grams.exact(form) for form in forms]), field)
    if way is not grams.phrase:
        return within(any_of(list(map(way, forms))), field)
    short = _shortest(forms)
    weak = [form for form in short if _is_weak(form)] if level == LOOSE else []
    phrases = [way(form) for form in short if form not in weak]
    if is_latin(found.typed):
        phrases = _latin(level, found, phrases)
    if level == OTHER:
        phrases = [*phrases, *map(_as_words, found.spelled)]
    return _with_weak(weak, phrases, field) if weak else within(any_of(phrases), field)


def _is_weak(form: str) -> bool:
    """Tell whether a loose form is so short that it stands inside of other words: サハ of サーバー in クサハナ."""
    return len(form) < LEAST_KANA and _KANA.fullmatch(romaji.hiragana(form)) is not None


def _with_weak(weak: list[str], phrases: list[str], field: str) -> str:
    """Return what weak loose forms are asked as, beside phrases: inside of what is shown, but in readings, which run on, only as a whole or
    before a particle; what has no lengths of vowels (サト of 佐藤) also at the beginning.
    """
    everywhere = [*phrases, *(_alone(form) for form in weak)]
    everywhere += [grams.beginning(form) for form in weak if len(form) > 1 and form == romaji.katakana(form)]
    shown = within(any_of(list(map(grams.phrase, weak))), field, shown=True)
    return any_of([each and f"({each})" for each in (within(any_of(everywhere), field), shown)])


def _as_words(spelled: str) -> str:
    """Return what another spelling of a Latin word is asked as: whole, and if it is several words wherever they stand together."""
    return grams.phrase(spelled.replace(" ", "")) if " " in spelled else grams.latin(spelled)


def _latin(level: int, word: Word, phrases: list[str]) -> list[str]:
    """Return what a Latin word is asked as: whole, then as a beginning, inside of others and by its parts last."""
    if level == TYPED:
        return [grams.latin(word.typed)]
    if level == OTHER:
        return [grams.latin_beginning(word.typed), *phrases]
    if level == LOOSE and len(word.typed) >= LEAST_INSIDE:
        parts = [f"({any_of(list(map(grams.phrase, each)))})" for each in word.parts]
        one = latin_words.singular(word.typed)
        return [
            *phrases,
            grams.phrase(word.typed),
            f"({' AND '.join(parts)})" if parts else "",
            one and grams.latin(one),
        ]
    return phrases


def _for_kanji(form: str, way: Way) -> str:
    if way is not grams.phrase or len(form) >= LEAST_KANA or readings.has_kanji(form):
        return way(form)
    return _alone(form, grams.same) if len(form) > 1 else ""


def _alone(form: str, way: Way = grams.exact) -> str:
    """Return the query for a word in kana that is a whole text, or stands before a particle at its beginning."""
    return any_of([way(form), *(grams.beginning(form + each) for each in _PARTICLES)])


def any_of(phrases: Sequence[str]) -> str:
    return " OR ".join(dict.fromkeys(filter(None, phrases)))


def within(phrases: str, field: str, *, shown: bool = False, read: bool = False) -> str:
    """Return a query whose phrases stand in a field; ``shown``, ``read``: in what is shown of it alone, or in its readings alone."""
    columns = _FIELDS.get(field, rows.COLUMNS)
    if shown:
        columns = tuple(name for name in columns if name in rows.SHOWN)
    elif read:
        columns = tuple(name for name in columns if name.endswith("_read"))
    if not phrases or not columns:
        return ""
    return f"{{{' '.join(columns)}}}: ({phrases})" if field or shown or read else phrases


def _shortest(forms: Sequence[str]) -> list[str]:
    """Return those that have no other of them inside: where のう stands, の does."""
    short: list[str] = []
    for form in sorted(forms, key=len):
        if not any(each in form for each in short):
            short.append(form)
    return short
