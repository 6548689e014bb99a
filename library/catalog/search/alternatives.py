"""言い換え: the titles that a text finds in other words, when it finds nothing as it was typed
(docs/adr/0103-said-otherwise.md).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from library.catalog.folding import fold, readings, unspaced_words
from library.catalog.query import asked_volumes, exclusions, references, wordings
from library.catalog.query.query import Query, Row
from library.catalog.search import matching
from library.catalog.search.snapshot import Snapshot
from library.catalog.series import volumes
from models import Title, TitleSeries

MANY, MOST_PARTS = 2, 5  # of more than 2 and at most 5 words without spaces, one may be missing in the title
FEW, MOST_WORDS = 3, 8  # titles that two words of a phrase may find, and words of a phrase that are looked for
LONGEST = 60  # letters of a text that is put in other words: each wording costs a search
MOST = 1_000  # titles among which a volume is looked for
_IS_VOLUME: list[Callable[[str, int | str], bool]] = [volumes.is_numbered, volumes.has_number, volumes.may_be_numbered]


class Alternative(NamedTuple):
    """The ranks of the titles found, as in ``matching``, and the text that found them."""

    ranks: np.ndarray
    text: str


def find_volume(text: str, shot: Snapshot) -> np.ndarray | None:
    """Return the ranks of the volume that a text names after its title (下町ロケット2); None when it names none or none is
    found.
    """
    asked = asked_volumes.read(text) if len(text) <= LONGEST else None
    if asked is None or matching.looks_like_isbn(text) or references.read(asked.text):
        return None
    found = matching.rank_each([asked.text, *wordings.simpler(asked.text)], shot)
    volumes_found = (_of_volume(each, asked.volume, shot, asked.text) for each in found if matching.has_hits(each))
    return next((each for each in volumes_found if each is not None), None)


def find_reworded(text: str, shot: Snapshot) -> Alternative | None:
    """Return the titles that a text finds in one of its other wordings (``wordings``); None when none finds any."""
    texts = list(wordings.simpler(text)) if len(text) <= LONGEST else []
    counts = zip(texts, matching.count_each(texts, shot), strict=True)
    first = next((each for each, count in counts if count), None)
    found = matching.ranks(Query(q=first), shot) if first else None  # in order
    return Alternative(found, first) if first and found is not None else None


def find_nearest(text: str, offers: Sequence[tuple[str, int]], shot: Snapshot) -> Alternative | None:
    """Return the titles of the first of the ``offers`` of もしかして (text, number of titles); else the other
    volumes of a title that lacks the volume named; else titles with nearly all words. None for a text that is a known
    word: 公園 is not replaced by 講演.
    """
    sought, left_out = exclusions.split(text)
    folded, asked = fold.strict(sought), asked_volumes.read(sought)
    if left_out or len(text) > LONGEST or readings.entry(folded) != readings.NOTHING:
        return None
    for offer, _ in offers:
        found = matching.ranks(Query(q=offer), shot)
        if matching.has_hits(found):
            narrowed = _of_volume(found, asked.volume, shot) if asked else None
            return Alternative(found if narrowed is None else narrowed, offer)
    others = _of_volume(matching.rank_each([asked.text], shot)[0], "", shot) if asked else None
    if asked and others is not None:
        return Alternative(others, asked.text)
    return next(_by_content_words(sought, shot), None)


def _by_content_words(text: str, shot: Snapshot) -> Iterator[Alternative]:
    """Yield the titles with all words of a phrase (置かれたところで咲きなさい; of two words only when these find few titles), then
    those with all words but one of three and more that were typed without spaces (オリエント急行殺人事件). The rarest word, which
    names the book, is never left out.
    """
    words, parts = unspaced_words.content_words(text), unspaced_words.split(text)
    words = words if MANY <= len(words) <= MOST_WORDS else []
    parts = parts if MANY < len(parts) <= MOST_PARTS else []
    ranks = matching.rank_rows_each([Row(each, "title") for each in (*words, *parts)], shot)
    ranks, of_parts = ranks[: len(words)], ranks[len(words) :]
    found = np.maximum.reduce(ranks) if ranks else None
    if matching.has_hits(found) and (len(words) > MANY or np.count_nonzero(found != matching.MISS) <= FEW):
        yield Alternative(found, " ".join(words))
    counts = [np.count_nonzero(each != matching.MISS) for each in of_parts]
    for left_out in reversed(range(len(parts))):
        found = np.maximum.reduce(of_parts[:left_out] + of_parts[left_out + 1 :])
        if matching.has_hits(found) and not 0 < counts[left_out] == min(counts):
            yield Alternative(found, " ".join(parts[:left_out] + parts[left_out + 1 :]))


def _of_volume(found: np.ndarray, volume: int | str, shot: Snapshot, series: str = "") -> np.ndarray | None:
    """Return the ranks of the titles found that are this volume, or this number of the ``series``; of all volumes when
    ``volume`` is empty. None when there is none, or more than MOST titles were found.
    """
    rows = np.flatnonzero(found != matching.MISS)
    if not 0 < len(rows) <= MOST:
        return None
    ids = shot.ids[rows].tolist()
    for volume_of in (_volumes(ids), _numbers_in_series(ids, series)):
        for is_volume in _IS_VOLUME if volume else [lambda volume, asked: bool(volume)]:
            kept = [row for row, each in zip(rows, ids, strict=True) if is_volume(volume_of.get(each, ""), volume)]
            if kept:
                narrowed = np.full(len(found), matching.MISS, np.uint8)
                narrowed[kept] = found[kept]
                return narrowed
    return None


def _volumes(ids: Sequence[int]) -> dict[int, str]:
    """Return the volume of each title id; for a record that has it in the title (コナン 104), read from there."""
    rows = Title.select(Title.id, Title.volume, Title.title).where(Title.id.in_(ids)).tuples().iterator()
    return {number: volume or _volume_in(title) for number, volume, title in rows}


def _volume_in(title: str) -> str:
    found = asked_volumes.read(title)
    return str(found.volume) if found else ""


def _numbers_in_series(ids: Sequence[int], text: str) -> dict[int, str]:
    """Return title id → its number in a series whose name or reading has the text: 探偵ファイル2."""
    wanted = fold.strict(text)
    columns = (TitleSeries.title, TitleSeries.number, TitleSeries.name, TitleSeries.kana)
    rows = TitleSeries.select(*columns).where(TitleSeries.title.in_(ids)).tuples().iterator() if wanted else ()
    return {
        title: number for title, number, *names in rows if number and any(wanted in fold.strict(each) for each in names)
    }
