"""The rank of each title in a search by what was typed, the lower the better, or MISS.

What each word is looked for as, and the order of ranks, stand in ``fulltext.levels``; here the index is asked, and of each title the best is
kept. Of several words a title has the worst of its ranks.
"""

import re
from collections.abc import Callable, Iterable

import numpy as np

from library.catalog import call_numbers
from library.catalog.asking import exclusions
from library.catalog.folding import fold, letters, numerals, readings
from library.catalog.fulltext import levels, rows as indexed
from library.catalog.fulltext.levels import CLASS, KANA, LEVELS, LOAN, NAMED, NUMBER, TYPED
from library.catalog.search import grams, index, kana_kanji_matching
from library.catalog.search.query import Query, Row
from library.catalog.search.snapshot import Snapshot

MISS = 255
LOOSE = levels.FIRST_LOOSE  # the ranks of what is alike but for marks begin here
WORDS = 16  # of a text that are looked for
APART = 4  # words of which some may be a title and the others its author
MOST_NUMBERED = 2  # spellings of the numbers of a text beside which its kanji are read
_WAYS = {"starts": grams.beginning, "equals": grams.exact}
_NUMBER = re.compile("(?:isbn)?[0-9]{8,12}[0-9x]")
_ID = re.compile("[0-9A-Za-z._-]*[0-9][0-9A-Za-z._-]*")
_EXACT = ((grams.same, levels.WHOLE), (grams.read_so, levels.READ_SO), (grams.named_so, levels.CALLED_SO))


def ranks(query: Query, shot: Snapshot) -> np.ndarray | None:
    """Return the rank of each row of the snapshot by all that the query says in words; None when it says nothing."""
    found = _rank_box(query.q, shot) if query.q else None
    if query.isbn:
        found = _both(found, _rank_number(query.isbn, shot))
    found = _both(found, _rank_rows(query.rows, shot))
    return None if found is None else _there(found, shot)


def count(text: str, shot: Snapshot) -> int:
    """Return how many titles a text in the box finds; they need not be in order."""
    return int(np.count_nonzero(_there(_rank_box(text, shot, in_order=False), shot) != MISS))


def ranks_in_any_reading(text: str, shot: Snapshot) -> np.ndarray:
    """Rank by what is shown with the kanji of a text in kana, whichever reading these have: 王子様 finds 王子さま, 百万回生きた猫 100万回生きたねこ."""
    typed = words(text)
    found = np.zeros(len(shot.ids), np.uint8) if typed else _nothing(shot)
    for each in typed:
        folded = fold.strict(each)
        found = np.maximum(found, _rank_read(folded, shot) if readings.has_kanji(folded) else _rank_text(each, shot))
    return _there(found, shot)


def _rank_read(folded: str, shot: Snapshot) -> np.ndarray:
    found = _nothing(shot)
    numbered = numerals.spellings(folded)[:MOST_NUMBERED]
    spelled = [each for one in (folded, *numbered) for each in readings.spellings(one, wide=True)]
    word = levels.Word(folded, (), spelled, (), ())
    for match, several in levels.matches(word).items():
        kinds, rows = _hits(shot, match)
        for level in several:
            _note(found, kinds, rows, levels.INSIDE[level])
    return found


def _there(found: np.ndarray, shot: Snapshot) -> np.ndarray:
    """Return these ranks with MISS for what is gone."""
    return np.maximum(found, shot.gone * np.uint8(MISS))


def _rank_box(text: str, shot: Snapshot, *, in_order: bool = True) -> np.ndarray:
    """Rank by the text of the one box, without the titles that have one of the words it leaves out, in any spelling but a loose one."""
    sought, left_out = exclusions.parted(text)
    found = _rank_text(sought, shot, as_box=True, in_order=in_order)
    for word in left_out:
        found[_rank_text(word, shot) < LOOSE] = MISS
    return found


def _rank_rows(rows: Iterable[Row], shot: Snapshot) -> np.ndarray | None:
    """Rank by the rows of 詳細検索, one after the other."""
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
    return _rank_word(word, shot, field, _WAYS[row.way]) if word else _nothing(shot)


def _rank_text(
    text: str, shot: Snapshot, field: str = "", *, as_box: bool = False, in_order: bool = True
) -> np.ndarray:
    """Rank by a text whose words are all to be found. Of signs alone only what is no more than these signs is found. ``as_box``: it may be the
    number of a source, and titles that begin so come first, unless only the number of titles is asked for.
    """
    if not field and is_number(text):
        return _rank_number(text, shot)
    typed = words(text)
    if not typed:
        return _nothing(shot)
    if letters.only_signs(fold.strict(typed[0])):
        return _rank_word(levels.word(text), shot, field, grams.exact)
    found, whole = _rank_words(typed, text, shot, field), levels.word(text)
    if len(typed) > 1 and whole and _may_be_one(whole, found):
        found = np.minimum(found, _rank_word(whole, shot, field))
    if as_box and whole:
        if in_order and found.min(initial=MISS) != MISS:
            _promote(found, whole, shot)
        if not len(typed) > 1:
            _note_id(found, text, shot)
        elif in_order and len(typed) <= APART:
            _promote_by_author(found, typed, shot)
    return found


def _may_be_one(whole: levels.Word, found: np.ndarray) -> bool:
    """Tell whether words may be one: a reading in Latin letters (wagahai wa neko de aru), or earth sea, where that finds nothing."""
    return bool(whole.others) or (whole.typed.isascii() and found.min(initial=MISS) == MISS)


def _rank_words(typed: list[str], text: str, shot: Snapshot, field: str) -> np.ndarray:
    is_latin, is_all = len(typed) > 1 and fold.is_latin(text), len(typed) == 1
    units = [[word] for word in typed] if field else call_numbers.together(typed)
    found = np.zeros(len(shot.ids), np.uint8)
    for some in sorted(units, key=lambda some: -sum(map(len, some))):
        found = np.maximum(
            found, _rank_unit(some, shot, field, shortest=1 if is_latin else fold.LATIN_ALONE, is_all=is_all)
        )
        if found.min(initial=MISS) == MISS:
            break  # the short words, which take longest, need not be looked for
    return found


def _rank_unit(some: list[str], shot: Snapshot, field: str, *, shortest: int, is_all: bool) -> np.ndarray:
    """Rank by words that may be one call number together: where copies have it, by that alone; else by each of them."""
    place = call_numbers.read(" ".join(some)) if not field else None
    if place and place.mark and (held := call_numbers.found(place, shot)).any():
        return np.where(held, np.uint8(levels.rank(TYPED, CLASS)), np.uint8(MISS))
    folded = fold.strict(some[0])
    word = levels.word(some[0], kana_kanji_matching.own_readings(folded, shot), shortest=shortest)
    found = _rank_word(word, shot, field, is_all=is_all)
    if (
        is_all
        and word
        and levels.is_latin(folded)
        and len(folded) < fold.LATIN_ALONE
        and not (levels.LEVEL_OF[found] == TYPED).any()
    ):
        found = _rank_word(levels.word(some[0], shortest=1), shot, field)  # no Latin word is so
    if not field:
        found = _with_place(found, call_numbers.read(some[0]), shot)
    if len(some) == 1:
        return found
    found = np.maximum(found, _rank_unit(some[1:], shot, field, shortest=shortest, is_all=is_all))
    return _with_place(found, place, shot)


def _with_place(found: np.ndarray, place: call_numbers.Place | None, shot: Snapshot) -> np.ndarray:
    if place:
        rows = call_numbers.found(place, shot)
        found[rows] = np.minimum(found[rows], levels.rank(TYPED, CLASS))
    return found


def words(text: str) -> list[str]:
    """Return the words of a text as they were typed, each once; signs alone are left out unless there is nothing else. Latin words with a dot
    of katakana between them (I・II) are several.
    """
    parted = (word.replace("・", " ") if "・" in word and fold.is_latin(word) else word for word in text.split())
    folded = {word: fold.strict(word) for word in " ".join(parted).split()[:WORDS]}
    typed = [word for word, each in folded.items() if each]
    return [word for word in typed if not letters.only_signs(folded[word])] or typed


def is_number(text: str) -> bool:
    """Tell whether a text is an ISBN, in whatever spelling and with whatever check digit."""
    return _NUMBER.fullmatch(fold.strict(text).replace("ー", "")) is not None


def _rank_number(text: str, shot: Snapshot) -> np.ndarray:
    found = _nothing(shot)
    if piece := index.number_piece(text):
        _note_number(found, piece, shot)
    return found


def _note_id(found: np.ndarray, text: str, shot: Snapshot) -> None:
    """Put first the title to which its source gives this number."""
    if _ID.fullmatch(text):
        _note_number(found, indexed.id_piece(text), shot)


def _note_number(found: np.ndarray, piece: str, shot: Snapshot) -> None:
    found[_hits(shot, levels.within(grams.quoted(piece), "isbn"))[1]] = levels.rank(TYPED, NUMBER)


def _nothing(shot: Snapshot) -> np.ndarray:
    return np.full(len(shot.ids), MISS, np.uint8)


def alone(word: str, shot: Snapshot) -> int:
    """Return how many titles have this word."""
    found = _rank_unit([word], shot, "", shortest=fold.LATIN_ALONE, is_all=True)
    return int(np.count_nonzero(_there(found, shot) != MISS))


def _rank_word(
    word: levels.Word | None,
    shot: Snapshot,
    field: str,
    way: Callable[[str], str] = grams.phrase,
    *,
    is_all: bool = False,
) -> np.ndarray:
    """Rank by a word at all its levels."""
    found = _nothing(shot)
    if word is None:
        return found
    for match, several in levels.matches(word, field, way).items():
        kinds, rows = _hits(shot, match)
        for level in several:
            _note(found, kinds, rows, levels.INSIDE[level])
    for number, match in enumerate(kana_kanji_matching.asked(word, field) if way is grams.phrase else ()):
        kinds, rows = _hits(shot, match)
        left = levels.LEVEL_OF[found[rows]] > KANA
        if left.any() and (number == 0 or np.count_nonzero(left) <= kana_kanji_matching.FEW):
            rows, better = kana_kanji_matching.rank(
                word, kinds[left], rows[left], shot, is_all=is_all, is_unsure=number > 0
            )
            found[rows] = np.minimum(found[rows], better)
    return found


def _note(found: np.ndarray, kinds: np.ndarray, rows: np.ndarray, ranks: np.ndarray) -> None:
    """Write down the ranks of what matches, by the kind of its row, where they are better."""
    for least in (indexed.LOOSE, indexed.LOANED, 0):  # within each of these the best kind comes first
        some = (kinds >= least) & (kinds < least + 4)
        if some.any():
            # of several values for a row the last one stays
            these, each = rows[some][::-1], ranks[kinds[some]][::-1]
            found[these] = np.minimum(found[these], each)


def _hits(shot: Snapshot, match: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the kinds of index rows that match, and the rows of their titles in the snapshot."""
    found = index.found(match)
    rows = shot.every_row(found // index.KINDS)
    if rows.min(initial=0) < 0:  # titles that came after the snapshot
        known = rows >= 0
        found, rows = found[known], rows[known]
    return found % index.KINDS, rows


def _promote(found: np.ndarray, whole: levels.Word, shot: Snapshot) -> None:
    """Raise the rank of titles that begin with the whole text, are it, or are called so otherwise; and of those by somebody called so."""
    spelled = list(dict.fromkeys(form for level in LEVELS for form in whole.at(level)))
    kinds, rows = _hits(shot, levels.any_of(list(map(grams.beginning, spelled))))
    if not len(rows):
        return  # what is the whole text begins so, too
    rows = rows[(kinds % 4 == indexed.TITLE) & (found[rows] != MISS)]
    found[rows] = np.minimum(found[rows], levels.begins(found[rows]))
    if not len(_hits(shot, levels.any_of(list(map(grams.exact, spelled))))[1]):
        return
    asked: dict[str, list[np.ndarray]] = {}
    for level in LEVELS:
        for way, ranks in _EXACT[: 1 if level == KANA else None]:
            if match := levels.any_of(list(map(way, whole.at(level)))):
                asked.setdefault(levels.within(match, "", shown=level == KANA), []).append(ranks[level])
    for match, several in asked.items():
        kinds, rows = _hits(shot, match)
        known = found[rows] != MISS
        for ranks in several:
            _note(found, kinds[known], rows[known], ranks)


def _promote_by_author(found: np.ndarray, typed: list[str], shot: Snapshot) -> None:
    """Raise the rank of titles that some of the words are, where the others are somebody who made it: こころ 夏目漱石 is no book about both."""
    for at in range(1, len(typed)):
        for title, person in ((typed[:at], typed[at:]), (typed[at:], typed[:at])):
            if max(map(len, person)) < 2:
                continue  # a volume, which is in 精一郎, too
            word = levels.word(" ".join(title))
            forms = dict.fromkeys(form for level in LEVELS[:LOAN] for form in word.at(level)) if word else ()
            kinds, rows = _hits(shot, levels.any_of(list(map(grams.exact, forms))))
            rows = rows[(kinds == indexed.TITLE) & (found[rows] != MISS)]
            if len(rows):
                rows = rows[_rank_text(" ".join(person), shot, "author")[rows] < LOOSE]
                found[rows] = np.minimum(found[rows], levels.rank(TYPED, NAMED))
