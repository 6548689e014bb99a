"""The rank of each title for a typed text, the lower the better, or MISS.

``fulltext.levels`` has the index queries of a word and the order of ranks. Here the index is asked: for one word a
title has the best rank of its hits, for several words the worst of their ranks.
"""

import re
from collections.abc import Callable, Iterable

import numpy as np

from library.catalog.folding import fold, letters
from library.catalog.fulltext import grams, index, rows as indexed
from library.catalog.query import exclusions, levels
from library.catalog.query.levels import CLASS, KANA, LEVELS, NUMBER, TYPED
from library.catalog.query.query import Query, Row
from library.catalog.search import call_numbers, kana_kanji_matching
from library.catalog.search.snapshot import Snapshot

MISS = 255
WORDS = 16  # words of a text that are looked for
_WAYS = {"starts": grams.beginning, "equals": grams.exact}
_NUMBER = re.compile("(?:isbn)?[0-9]{8,12}[0-9x]")
_ID = re.compile("[0-9A-Za-z._-]*[0-9][0-9A-Za-z._-]*")
_EXACT = (
    (grams.equal_text, levels.WHOLE),
    (grams.equal_reading, levels.READ_SO),
    (grams.equal_other_title, levels.CALLED_SO),
)


def ranks(query: Query, shot: Snapshot) -> np.ndarray | None:
    """Return the rank of each row of the snapshot by all words of the query: box, ISBN, 詳細検索; None when it has no
    words.
    """
    found = _rank_box(query.q, shot) if query.q else None
    if query.isbn:
        found = _both(found, _rank_number(query.isbn, shot))
    found = _both(found, _rank_rows(query.rows, shot))
    return None if found is None else _without_removed(found, shot)


def count(text: str, shot: Snapshot) -> int:
    """Return the number of titles that a text in the box finds."""
    return int(np.count_nonzero(_without_removed(_rank_box(text, shot, in_order=False), shot) != MISS))


def _without_removed(found: np.ndarray, shot: Snapshot) -> np.ndarray:
    """Return these ranks with MISS for titles that are removed."""
    return np.maximum(found, shot.removed * np.uint8(MISS))


def _rank_box(text: str, shot: Snapshot, *, in_order: bool = True) -> np.ndarray:
    """Return the ranks by the text of the one box; MISS for titles that have an excluded word."""
    sought, left_out = exclusions.split(text)
    found = _rank_text(sought, shot, as_box=True, in_order=in_order)
    for word in left_out:
        found[_rank_text(word, shot) != MISS] = MISS
    return found


def _rank_rows(rows: Iterable[Row], shot: Snapshot) -> np.ndarray | None:
    """Return the ranks by the rows of 詳細検索, taken one after the other; None when there are none."""
    found = None
    for row in rows:
        one = _rank_row(row, shot)
        if row.join == "not":
            found = np.where(one == MISS, np.uint8(0) if found is None else found, np.uint8(MISS))
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
    field = "" if row.field == "all" else row.field
    if row.way == "contains":
        return _rank_text(row.text, shot, field)
    word = levels.word(row.text)
    return _rank_word(word, shot, field, _WAYS[row.way]) if word else _misses(shot)


def _rank_text(
    text: str, shot: Snapshot, field: str = "", *, as_box: bool = False, in_order: bool = True
) -> np.ndarray:
    """Return the ranks of the titles with all words of a text; signs alone find only a text of these signs. ``as_box``:
    the text may be the number of a source, and titles that begin with it come first; without ``in_order`` they need
    not.
    """
    if not field and looks_like_isbn(text):
        return _rank_number(text, shot)
    typed = words(text)
    if not typed:
        return _misses(shot)
    if letters.is_signs_alone(fold.strict(typed[0])):
        return _rank_word(levels.word(text), shot, field, grams.exact)
    found, whole = _rank_words(typed, text, shot, field), levels.word(text)
    if len(typed) > 1 and whole and _may_be_one(whole, found):
        found = np.minimum(found, _rank_word(whole, shot, field))
    if as_box and whole:
        if in_order and found.min(initial=MISS) != MISS:
            _promote(found, whole, shot)
        if not len(typed) > 1:
            _note_id(found, text, shot)
    return found


def _may_be_one(whole: levels.Word, found: np.ndarray) -> bool:
    """Tell whether several words may be one: romaji (wagahai wa neko de aru), or Latin words that find nothing apart
    (earth sea).
    """
    return bool(whole.others) or (whole.typed.isascii() and found.min(initial=MISS) == MISS)


def _rank_words(typed: list[str], text: str, shot: Snapshot, field: str) -> np.ndarray:
    is_latin, is_all = len(typed) > 1 and fold.is_latin(text), len(typed) == 1
    units = [[word] for word in typed] if field else call_numbers.group_words(typed)
    found = np.zeros(len(shot.ids), np.uint8)
    for some in sorted(units, key=lambda some: -sum(map(len, some))):
        found = np.maximum(
            found, _rank_unit(some, shot, field, shortest=1 if is_latin else fold.LATIN_ALONE, is_all=is_all)
        )
        if found.min(initial=MISS) == MISS:
            break  # so that short words, which take longest, are not looked for in vain
    return found


def _rank_unit(some: list[str], shot: Snapshot, field: str, *, shortest: int, is_all: bool) -> np.ndarray:
    """Return the ranks by words that may be one call number: by that alone if copies have it, else by each word."""
    place = call_numbers.read(" ".join(some)) if not field else None
    if place and place.book_mark and (held := call_numbers.mask_of(place, shot)).any():
        return np.where(held, np.uint8(levels.rank(TYPED, CLASS)), np.uint8(MISS))
    folded = fold.strict(some[0])
    word = levels.word(some[0], shortest=shortest)
    found = _rank_word(word, shot, field, is_all=is_all)
    if (
        is_all
        and word
        and levels.is_latin(folded)
        and len(folded) < fold.LATIN_ALONE
        and not (levels.LEVEL_OF[found] == TYPED).any()
    ):
        found = _rank_word(levels.word(some[0], shortest=1), shot, field)  # no title has this Latin word
    if not field:
        found = _with_place(found, call_numbers.read(some[0]), shot)
    if len(some) == 1:
        return found
    found = np.maximum(found, _rank_unit(some[1:], shot, field, shortest=shortest, is_all=is_all))
    return _with_place(found, place, shot)


def _with_place(found: np.ndarray, place: call_numbers.Place | None, shot: Snapshot) -> np.ndarray:
    if place:
        rows = call_numbers.mask_of(place, shot)
        found[rows] = np.minimum(found[rows], levels.rank(TYPED, CLASS))
    return found


def words(text: str) -> list[str]:
    """Return the first WORDS words of a text as typed, each once; signs alone only when there is nothing else. ・
    separates Latin words (I・II), but not katakana.
    """
    spaced = (word.replace("・", " ") if "・" in word and fold.is_latin(word) else word for word in text.split())
    folded = {word: fold.strict(word) for word in " ".join(spaced).split()[:WORDS]}
    typed = [word for word, each in folded.items() if each]
    return [word for word in typed if not letters.is_signs_alone(folded[word])] or typed


def looks_like_isbn(text: str) -> bool:
    """Tell whether a text has the form of an ISBN, in any spelling; the check digit may be wrong."""
    return _NUMBER.fullmatch(fold.strict(text).replace("ー", "")) is not None


def _rank_number(text: str, shot: Snapshot) -> np.ndarray:
    found = _misses(shot)
    if piece := index.number_piece(text):
        _note_number(found, piece, shot)
    return found


def _note_id(found: np.ndarray, text: str, shot: Snapshot) -> None:
    """Rank first the title to which its source gives this number."""
    if _ID.fullmatch(text):
        _note_number(found, indexed.id_piece(text), shot)


def _note_number(found: np.ndarray, piece: str, shot: Snapshot) -> None:
    found[_hits(shot, levels.in_field(grams.quoted(piece), "isbn"))[1]] = levels.rank(TYPED, NUMBER)


def _misses(shot: Snapshot) -> np.ndarray:
    return np.full(len(shot.ids), MISS, np.uint8)


def count_with_word(word: str, shot: Snapshot) -> int:
    """Return the number of titles that have this one word, in any spelling."""
    found = _rank_unit([word], shot, "", shortest=fold.LATIN_ALONE, is_all=True)
    return int(np.count_nonzero(_without_removed(found, shot) != MISS))


def _rank_word(
    word: levels.Word | None,
    shot: Snapshot,
    field: str,
    way: Callable[[str], str] = grams.phrase,
    *,
    is_all: bool = False,
) -> np.ndarray:
    """Return the ranks by a word at all its levels; only misses for None. ``way``: the maker of queries (``grams``)."""
    found = _misses(shot)
    if word is None:
        return found
    for match, several in levels.queries(word, field, way).items():
        kinds, rows = _hits(shot, match)
        for level in several:
            _note(found, kinds, rows, levels.INSIDE[level])
    for number, match in enumerate(kana_kanji_matching.queries(word, field) if way is grams.phrase else ()):
        kinds, rows = _hits(shot, match)
        worse = levels.LEVEL_OF[found[rows]] > KANA
        if worse.any() and (number == 0 or np.count_nonzero(worse) <= kana_kanji_matching.FEW):
            rows, better = kana_kanji_matching.rank_candidates(
                word, kinds[worse], rows[worse], shot, is_all=is_all, is_unsure=number > 0
            )
            found[rows] = np.minimum(found[rows], better)
    return found


def _note(found: np.ndarray, kinds: np.ndarray, rows: np.ndarray, ranks: np.ndarray) -> None:
    """Lower the ranks in ``found`` to those of the hits, given by kind of index row, where these are better."""
    for least in (indexed.LOANED, 0):  # within each of these the best kind comes first
        some = (kinds >= least) & (kinds < least + 4)
        if some.any():
            # reversed, as of several hits on a row the last one stays
            these, each = rows[some][::-1], ranks[kinds[some]][::-1]
            found[these] = np.minimum(found[these], each)


def _hits(shot: Snapshot, match: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the kinds of the index rows that a query finds, and the snapshot rows of their titles."""
    found = index.find_rows(match)
    rows = shot.rows_or_missing(found // index.KINDS)
    if rows.min(initial=0) < 0:  # titles newer than the snapshot
        known = rows >= 0
        found, rows = found[known], rows[known]
    return found % index.KINDS, rows


def _promote(found: np.ndarray, whole: levels.Word, shot: Snapshot) -> None:
    """Raise the ranks of titles that begin with the whole text, and of those that equal it in title, other title or
    creator.
    """
    spelled = list(dict.fromkeys(form for level in LEVELS for form in whole.spellings_at(level)))
    kinds, rows = _hits(shot, levels.any_of(list(map(grams.beginning, spelled))))
    if not len(rows):
        return  # nothing begins with the text, so nothing equals it
    rows = rows[(kinds % 4 == indexed.TITLE) & (found[rows] != MISS)]
    found[rows] = np.minimum(found[rows], levels.beginning_ranks(found[rows]))
    if not len(_hits(shot, levels.any_of(list(map(grams.exact, spelled))))[1]):
        return
    asked: dict[str, list[np.ndarray]] = {}
    for level in LEVELS:
        for way, ranks in _EXACT[: 1 if level == KANA else None]:
            if match := levels.any_of(list(map(way, whole.spellings_at(level)))):
                asked.setdefault(levels.in_field(match, "", as_written=level == KANA), []).append(ranks[level])
    for match, several in asked.items():
        kinds, rows = _hits(shot, match)
        known = found[rows] != MISS
        for ranks in several:
            _note(found, kinds[known], rows[known], ranks)
