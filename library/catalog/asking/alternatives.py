"""言い換え: find what a text says otherwise, where it finds nothing as it was typed (docs/adr/0103-said-otherwise.md)."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, TypeGuard

import numpy as np

from library.catalog.asking import asked_volumes, exclusions, references, wordings
from library.catalog.folding import fold, readings, unspaced_words
from library.catalog.search import matching
from library.catalog.search.query import Query, Row
from library.catalog.search.snapshot import Snapshot
from library.catalog.series import volumes
from models import Title, TitleSeries

LONG = 4  # letters of a word beyond which one that is shorter by a quarter is near
MANY, MOST_PARTS = 2, 5  # glued words beyond which one may be missing, and up to which
FEW, MOST_WORDS = 3, 8  # titles that two words of a phrase may find, and words of a phrase that are looked for
LONGEST = 60  # letters of a text that is said otherwise: each way costs a search
OWNERS = 3  # places of a の before which an author is looked for
MOST = 1_000  # titles among which a volume is looked for
_WAYS: list[Callable[[str, int | str], bool]] = [volumes.is_numbered, volumes.has_number, volumes.is_like]


class Found(NamedTuple):
    """The ranks of what was found, as in ``matching``. ``text``: what was asked instead; empty where it says the same as what was typed."""

    ranks: np.ndarray
    text: str


def volume(text: str, shot: Snapshot) -> np.ndarray | None:
    """Return the ranks of the volume that a text asks for beside a title, 下町ロケット2; None where there is none."""
    asked = asked_volumes.read(text) if len(text) <= LONGEST else None
    if asked is None or matching.is_number(text) or references.read(asked.text):
        return None
    several = (_narrowed(found.ranks, asked.volume, shot, asked.text) for found in _each(asked.text, shot))
    return next((found for found in several if found is not None), None)


def the_same(text: str, shot: Snapshot) -> Found | None:
    """Return what a text finds that says the same: kanji in whichever reading, without roles and kinds of books, words that were glued, a
    title after its author and の.
    """
    if len(text) > LONGEST:
        return None
    return next(_each(text, shot, skips=text), None) or next(_owned(text, shot), None)


def near(text: str, offers: Sequence[tuple[str, int]], shot: Snapshot) -> Found | None:
    """Return what is found by what else may have been meant, もしかして, unless that only leaves something out; else the other volumes of
    what has not the one that was asked for. A single word that is one is not replaced: 公園 finds no 講演.
    """
    sought, left_out = exclusions.parted(text)
    folded, asked = fold.strict(sought), asked_volumes.read(sought)
    if left_out or len(text) > LONGEST or readings.entry(folded) != readings.NOTHING:
        return None
    for offer, _ in offers:
        if not _is_less(fold.strict(offer), folded, sought) and (found := _ranks(offer, shot)) is not None:
            narrowed = _narrowed(found, asked.volume, shot) if asked else None
            return Found(found if narrowed is None else narrowed, offer)
    if asked and (found := _ranks(asked.text, shot)) is not None and (others := _narrowed(found, "", shot)) is not None:
        return Found(others, asked.text)
    return next(_by_words(sought, shot), None)


def _is_less(offer: str, typed: str, text: str) -> bool:
    """Tell whether an offer leaves out a word; a letter or two of a long one are a misspelling: ザ・グレート・ギャツビー."""
    is_mostly = len(text.split()) == 1 and len(typed) > LONG and len(typed) - len(offer) <= len(typed) // 4
    return offer in typed and not (is_mostly and not re.search("[0-9]", typed))


def _by_words(text: str, shot: Snapshot) -> Iterator[Found]:
    """Yield the titles that have the words of a phrase, of two of them few titles: 置かれたところで咲きなさい; else those that have all words but one of
    three and more that are glued: オリエント 急行 殺人 事件. The one is not the rarest that there is: it names the book.
    """
    words = unspaced_words.content(text)
    found = _in_one_title(words, shot) if MANY <= len(words) <= MOST_WORDS else None
    if _is_some(found) and (len(words) > MANY or np.count_nonzero(found != matching.MISS) <= FEW):
        yield Found(found, " ".join(words))
    parts = unspaced_words.parts(text)
    several = [_in_titles(each, shot) for each in parts] if MANY < len(parts) <= MOST_PARTS else []
    titles = [np.count_nonzero(each != matching.MISS) for each in several]
    for left_out in reversed(range(len(several))):
        found = np.maximum.reduce(several[:left_out] + several[left_out + 1 :])
        if _is_some(found) and not 0 < titles[left_out] == min(titles):
            yield Found(found, " ".join(parts[:left_out] + parts[left_out + 1 :]))


def _in_one_title(words: Sequence[str], shot: Snapshot) -> np.ndarray:
    """Rank the titles that have all of these words: short ones, which take longest, are not looked for where the others find nothing."""
    found = np.zeros(len(shot.ids), np.uint8)
    for each in sorted(words, key=len, reverse=True):
        found = np.maximum(found, _in_titles(each, shot))
        if not _is_some(found):
            break
    return found


def _in_titles(word: str, shot: Snapshot) -> np.ndarray:
    return _ranked(Query(rows=(Row(word, "title"),)), shot)


def _ranked(query: Query, shot: Snapshot) -> np.ndarray:
    found = matching.ranks(query, shot)
    return np.full(len(shot.ids), matching.MISS, np.uint8) if found is None else found


def _owned(text: str, shot: Snapshot) -> Iterator[Found]:
    """Yield what a name has made, and the titles that have both: 又吉直樹の火花, 静岡の山."""
    for name, rest in islice(wordings.owned(text), OWNERS):
        found = _ranked(Query(q=rest, rows=(Row(name, "author"),)), shot)
        found = np.minimum(found, _in_one_title((name, rest), shot))
        if _is_some(found):
            yield Found(found, f"{name} {rest}")


def _each(text: str, shot: Snapshot, *, skips: str = "") -> Iterator[Found]:
    yield from _asked([text] if text != skips else [], shot)
    found = matching.ranks_in_any_reading(text, shot)
    if _is_some(found):
        yield Found(found, "")
    yield from _asked(wordings.plainer(text), shot)


def _asked(texts: Iterable[str], shot: Snapshot) -> Iterator[Found]:
    for text in texts:
        if text and (found := _ranks(text, shot)) is not None:
            yield Found(found, text)


def _narrowed(found: np.ndarray, volume: int | str, shot: Snapshot, series: str = "") -> np.ndarray | None:
    """Return the ranks of those that are this volume, or have this number in a series that is called so, or any volume where it is empty; None
    where none is, or too many may be.
    """
    rows = np.flatnonzero(found != matching.MISS)
    if len(rows) > MOST:
        return None
    ids = shot.ids[rows].tolist()
    for named in (_volumes(ids), _numbers_in_series(ids, series)):
        for way in _WAYS if volume else [lambda volume, asked: bool(volume)]:
            some = [row for row, each in zip(rows, ids, strict=True) if way(named.get(each, ""), volume)]
            if some:
                narrowed = np.full(len(found), matching.MISS, np.uint8)
                narrowed[some] = found[some]
                return narrowed
    return None


def _volumes(ids: Sequence[int]) -> dict[int, str]:
    """Return the volume of each title; where the record has it in the title (コナン 104), that."""
    rows = Title.select(Title.id, Title.volume, Title.title).where(Title.id.in_(ids)).tuples().iterator()
    return {number: volume or _volume_in(title) for number, volume, title in rows}


def _volume_in(title: str) -> str:
    found = asked_volumes.read(title)
    return str(found.volume) if found else ""


def _numbers_in_series(ids: Sequence[int], text: str) -> dict[int, str]:
    """Return the number of each title in a series whose name, or reading, has the text: 探偵ファイル2."""
    wanted = fold.strict(text)
    columns = (TitleSeries.title, TitleSeries.number, TitleSeries.name, TitleSeries.kana)
    rows = TitleSeries.select(*columns).where(TitleSeries.title.in_(ids)).tuples().iterator() if wanted else ()
    return {
        title: number for title, number, *names in rows if number and any(wanted in fold.strict(each) for each in names)
    }


def _ranks(text: str, shot: Snapshot) -> np.ndarray | None:
    found = matching.ranks(Query(q=text), shot)
    return found if _is_some(found) else None


def _is_some(found: np.ndarray | None) -> TypeGuard[np.ndarray]:
    return found is not None and bool((found != matching.MISS).any())
