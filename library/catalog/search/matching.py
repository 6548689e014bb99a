"""The rank of each title for a typed text, the lower the better, or MISS: for several words the worst of their ranks.

``query.levels`` has the index queries of a word and the order of ranks; ``word_ranks`` asks the index.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import islice
from typing import NamedTuple, TypeGuard

import numpy as np

from library.catalog.folding import fold, letters
from library.catalog.fulltext import grams, rows as indexed
from library.catalog.query import exclusions, levels, wordings
from library.catalog.query.levels import CLASS, KANA, LEVELS, NAMED, NUMBER, TYPED, MakeQuery
from library.catalog.query.query import Query, Row
from library.catalog.search import call_numbers, word_ranks
from library.catalog.search.snapshot import Snapshot
from library.catalog.search.word_ranks import MISS, Asked

WORDS = 16  # words of a text that are looked for
MOST_APART = 4  # of so many words some may be a title and the others its author
APART = MISS - 1  # the rank of titles that have both words of 環境と開発, but not together
_WAYS = {"starts": grams.beginning, "equals": grams.exact}
_NUMBER = re.compile("(?:isbn)?[0-9]{8,12}[0-9x]")
_ID = re.compile("[0-9A-Za-z._-]*[0-9][0-9A-Za-z._-]*")
_EXACT = (
    (grams.equal, levels.WHOLE),
    (partial(grams.equal, piece=grams.reading_piece), levels.READ_SO),
    (partial(grams.equal, piece=grams.other_title_piece), levels.CALLED_SO),
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


def has_hits(found: np.ndarray | None) -> TypeGuard[np.ndarray]:
    """Tell whether some title has a rank."""
    return found is not None and bool((found != MISS).any())


def count_each(texts: Sequence[str], shot: Snapshot) -> list[int]:
    """Return the number of titles that each of these texts in the box finds."""
    return [int(np.count_nonzero(_without_removed(each, shot) != MISS)) for each in _rank_boxes(texts, shot)]


def rank_each(texts: Sequence[str], shot: Snapshot) -> list[np.ndarray]:
    """Return the ranks by the words of each of these texts in the box; titles that equal a text are not raised."""
    return [_without_removed(each, shot) for each in _rank_boxes(texts, shot)]


def rank_rows_each(rows: Sequence[Row], shot: Snapshot) -> list[np.ndarray]:
    """Return the ranks by each of these rows of 詳細検索, in one statement."""
    plans = [_plan_of_row(row) for row in rows]
    return [_without_removed(each, shot) for each in _rank_plans(plans, shot)]


def _without_removed(found: np.ndarray, shot: Snapshot) -> np.ndarray:
    """Return these ranks with MISS for titles that are removed."""
    return np.maximum(found, shot.removed * np.uint8(MISS))


def _both(one: np.ndarray | None, other: np.ndarray | None) -> np.ndarray | None:
    if one is None or other is None:
        return one if other is None else other
    return np.maximum(one, other)


# -- plans: the words of a text, to be looked for together with those of others --------------------------------------
_Masks = dict[call_numbers.Place, np.ndarray]  # of the rows of the snapshot that have a place


class _Plan(NamedTuple):
    """The words of a text in groups that may be one call number, in the order in which they are looked for.

    ``is_free``: they may be call numbers and short romaji, as they are sought in all of a record. ``has_whole``: all of
    them as one word are looked for first. ``number``: an ISBN, which alone is looked for.
    """

    groups: Sequence[Sequence[str]]
    asked: Sequence[Asked]
    is_free: bool = False
    has_whole: bool = False
    number: str = ""


def _plan(text: str, field: str = "") -> _Plan:
    """Return the plan for the titles with all words of a text, or with all as one if they may be one word in romaji
    (wagahai wa neko de aru). Signs alone find only a text of these signs.
    """
    if not field and looks_like_isbn(text):
        return _Plan([], [], number=text)
    typed = words(text)
    if typed and letters.is_signs_alone(fold.strict(typed[0])):
        return _Plan([[text]], [Asked(levels.word(text), field, grams.exact)])
    is_all = len(typed) == 1
    shortest = 1 if not is_all and fold.is_latin(text) else fold.LATIN_ALONE
    groups = [[word] for word in typed] if field else call_numbers.group_words(typed)
    groups.sort(key=lambda some: -sum(map(len, some)))  # short words take longest, and may be looked for in vain
    asked = [Asked(levels.word(each, shortest=shortest), field, is_all=is_all) for some in groups for each in some]
    whole = None if is_all else levels.word(text)
    if whole and whole.others:
        return _Plan(groups, [Asked(whole, field), *asked], not field, has_whole=True)
    return _Plan(groups, asked, not field)


def _plan_of_row(row: Row) -> _Plan:
    field = "" if row.field == "all" else row.field
    if row.way == "contains":
        return _plan(row.text, field)
    return _Plan([[row.text]], [Asked(levels.word(row.text), field, _WAYS[row.way])])


def _rank_plans(plans: Sequence[_Plan], shot: Snapshot) -> Iterator[np.ndarray]:
    each = word_ranks.rank_each([asked for plan in plans for asked in plan.asked], shot)
    places = {place for plan in plans if plan.is_free for some in plan.groups for place in _places(some)}
    masks = call_numbers.masks_of(places, shot)
    for plan in plans:
        of_plan = islice(each, len(plan.asked))
        yield _rank_plan(plan, of_plan, shot, masks)
        deque(of_plan, maxlen=0)  # words after one that nothing has


def _places(some: Sequence[str]) -> Iterator[call_numbers.Place]:
    """Yield the places that words name: each alone, and each with all words after it."""
    texts = (text for at in range(len(some)) for text in (some[at], " ".join(some[at:])))
    return filter(None, map(call_numbers.read, texts))


def _rank_plan(plan: _Plan, each: Iterator[np.ndarray], shot: Snapshot, masks: _Masks) -> np.ndarray:
    """Return the ranks by all words of a plan; ``each``: the ranks by its words, in order."""
    if plan.number:
        return _rank_number(plan.number, shot)
    if not plan.groups:
        return word_ranks.misses(shot)
    whole = next(each) if plan.has_whole else None
    found = np.zeros(len(shot.ids), np.uint8)
    for some in plan.groups:
        found = np.maximum(found, _rank_group(some, [next(each) for _ in some], shot, plan, masks))
        if not has_hits(found):
            break
    return found if whole is None else np.minimum(found, whole)


def _rank_group(some: Sequence[str], each: list[np.ndarray], shot: Snapshot, plan: _Plan, masks: _Masks) -> np.ndarray:
    """Return the ranks by words that may be one call number: by that alone if copies have it, else by each word."""
    found = each[0]
    if not plan.is_free:
        return found
    place = call_numbers.read(" ".join(some))
    if place and place.book_mark and (held := masks[place]).any():
        return np.where(held, np.uint8(levels.rank(TYPED, CLASS)), np.uint8(MISS))
    if len(plan.asked) == 1 and _may_be_romaji(some[0]) and not (levels.LEVEL_OF[found] == TYPED).any():
        found = next(word_ranks.rank_each([Asked(levels.word(some[0], shortest=1))], shot))  # no title has the word
    found = _with_place(found, call_numbers.read(some[0]), masks)
    if len(some) == 1:
        return found
    return _with_place(np.maximum(found, _rank_group(some[1:], each[1:], shot, plan, masks)), place, masks)


def _may_be_romaji(word: str) -> bool:
    """Tell whether a word is one or two Latin letters, which are kana if no title has the word."""
    return fold.is_latin(word) and len(fold.strict(word)) < fold.LATIN_ALONE


def _with_place(found: np.ndarray, place: call_numbers.Place | None, masks: _Masks) -> np.ndarray:
    if place:
        rows = masks[place]
        found[rows] = np.minimum(found[rows], levels.rank(TYPED, CLASS))
    return found


# -- the box and the rows --------------------------------------------------------------------------------------------
def _rank_box(text: str, shot: Snapshot) -> np.ndarray:
    """Return the ranks by the text of the one box: titles that begin with it or equal it come first."""
    (found,) = _rank_boxes([text], shot)
    sought, _ = exclusions.split(text)
    whole = levels.word(sought)
    if whole and whole.typed.isascii() and " " in sought and not has_hits(found):
        (found,) = word_ranks.rank_each([Asked(whole)], shot)  # earth sea
    if whole and not looks_like_isbn(sought):
        if has_hits(found):
            _promote(found, whole, shot)
            _promote_by_author(found, words(sought), shot)
        if _ID.fullmatch(sought):
            _note_number(found, indexed.id_piece(sought), shot)  # the number that its source gives a title
    return found


def _rank_boxes(texts: Sequence[str], shot: Snapshot) -> Iterator[np.ndarray]:
    """Yield the ranks by the words of each text; MISS for titles that have a word that it excludes."""
    boxes = [(sought, wordings.nouns(sought) or (), left_out) for sought, left_out in map(exclusions.split, texts)]
    plans = [_plan(each) for sought, nouns, left_out in boxes for each in (sought, *nouns, *left_out)]
    ranked = _rank_plans(plans, shot)
    for _, nouns, left_out in boxes:
        found = next(ranked)
        if nouns:
            apart = np.maximum(next(ranked), next(ranked))
            found = np.minimum(found, np.where(apart == MISS, np.uint8(MISS), np.uint8(APART)))
        for _ in left_out:
            found[next(ranked) != MISS] = MISS
        yield found


def _rank_rows(rows: Iterable[Row], shot: Snapshot) -> np.ndarray | None:
    """Return the ranks by the rows of 詳細検索, taken one after the other; None when there are none."""
    found, rows = None, list(rows)
    for row, one in zip(rows, _rank_plans([_plan_of_row(row) for row in rows], shot), strict=True):
        if row.join == "not":
            found = np.where(one == MISS, np.uint8(0) if found is None else found, np.uint8(MISS))
        elif found is None:
            found = one
        else:
            found = np.minimum(found, one) if row.join == "or" else np.maximum(found, one)
    return found


def _promote(found: np.ndarray, whole: levels.Word, shot: Snapshot) -> None:
    """Raise the ranks of titles that begin with the whole text, and of those that equal it in title, other title or
    creator.
    """
    begins = {match: level for level in LEVELS if (match := _of_level(whole, level, grams.beginning))}
    equals: dict[str, list[np.ndarray]] = {}
    for level in LEVELS:
        for way, by_level in _EXACT[: 1 if level == KANA else None]:
            if match := _of_level(whole, level, way):
                equals.setdefault(match, []).append(by_level[level])
    with closing(word_ranks.hits([*begins, *equals], shot)) as each:
        for level, (kinds, rows) in zip(begins.values(), each, strict=False):
            rows = rows[(kinds % indexed.LOANED == indexed.TITLE) & (found[rows] < APART)]
            found[rows] = np.minimum(found[rows], levels.beginning_ranks(found[rows], level))
        for several, (kinds, rows) in zip(equals.values(), each, strict=True):
            known = found[rows] != MISS
            for by_kind in several:
                word_ranks.note(found, kinds[known], rows[known], by_kind)


def _promote_by_author(found: np.ndarray, typed: Sequence[str], shot: Snapshot) -> None:
    """Raise the ranks of titles that equal some of the words and whose creator is the others: こころ 夏目漱石 is no book about
    both.
    """
    parts = [(typed[:at], typed[at:]) for at in range(1, len(typed))] if len(typed) <= MOST_APART else []
    named = [pair for one, other in parts for pair in ((one, other), (other, one)) if max(map(len, pair[1])) > 1]
    rows = [(Row(" ".join(title), "title", "equals"), Row(" ".join(name), "author")) for title, name in named]
    ranked = rank_rows_each([row for pair in rows for row in pair], shot)
    for title, name in zip(ranked[::2], ranked[1::2], strict=True):
        both = (np.maximum(title, name) != MISS) & (found != MISS)
        found[both] = np.minimum(found[both], levels.rank(TYPED, NAMED))


def _of_level(whole: levels.Word, level: int, way: MakeQuery) -> str:
    """Return the index query for the spellings of one level; where kana stand for kanji, in written text alone."""
    match = levels.any_of(list(map(way, whole.spellings_at(level))))
    return levels.in_field(match, "", as_written=level == KANA)


# -- numbers and words -----------------------------------------------------------------------------------------------
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
    found = word_ranks.misses(shot)
    if piece := indexed.number_piece(text):
        _note_number(found, piece, shot)
    return found


def _note_number(found: np.ndarray, piece: str, shot: Snapshot) -> None:
    _, rows = next(word_ranks.hits([levels.in_field(grams.quoted(piece), "isbn")], shot))
    found[rows] = levels.rank(TYPED, NUMBER)
