"""The search for a pasted reference: its parts that the catalogue knows, and the titles they find together
(docs/adr/0090-the-one-box.md).
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from library.catalog.folding import scripts
from library.catalog.query import references
from library.catalog.query.query import Query, Row
from library.catalog.query.references import Reference, Rest
from library.catalog.search import matching
from library.catalog.search.snapshot import Snapshot

LONGEST_SURNAME = 4  # letters before a title that may be a part of its author's name: 漱石『こころ』
LEAST = 2  # letters of a title that no bracket marks as one


class Part(NamedTuple):
    """A part of a reference; ``kind``: isbn, title, words, volume, subtitle, author, publisher or year."""

    kind: str
    text: str


class Interpretation(NamedTuple):
    """The parts of a reference that were used, and the unused ones, with which nothing would have been found."""

    used: tuple[Part, ...]
    unused: tuple[Part, ...]


class Found(NamedTuple):
    ranks: np.ndarray  # as in ``matching``
    interpretation: Interpretation


def find(text: str, shot: Snapshot) -> Found | None:
    """Return the titles that a text finds as a reference; None when it is no reference, or finds none.

    A known ISBN decides alone. Else a title has to be found; author, subtitle, volume, publisher and year narrow the
    result, each unless nothing would be left.
    """
    reference = references.read(text)
    if reference is None:
        return None
    number = [Part("isbn", reference.isbn)] if reference.isbn else []
    if number and matching.has_hits(found := matching.ranks(Query(isbn=reference.isbn), shot)):
        return Found(found, Interpretation(tuple(number), ()))
    known = _Known(reference, shot)
    named = _find_title(reference, known)
    if named is None:
        return None
    found, used, unused = named.ranks, [named.part], number
    for part, mask in _narrowing(reference, named, known):
        narrowed = np.where(mask, found, np.uint8(matching.MISS))
        if matching.has_hits(narrowed):
            found = narrowed
            used.append(part)
        else:
            unused.append(part)
    return Found(found, Interpretation(tuple(used), tuple(unused)))


class _Known:
    """The ranks by the parts of a reference, each as a row of 詳細検索, all asked in one statement."""

    def __init__(self, reference: Reference, shot: Snapshot) -> None:
        names = [each.title for each in reference.names]
        rest = [each.text for each in reference.rest]
        rows = [Row(text, field, "equals") for text in (*names, *rest) for field in ("author", "publisher", "title")]
        rows += [Row(text, "title") for text in (*names, *rest, *(each.subtitle for each in reference.names))]
        rows += [Row(text, "author") for text in rest]
        rows += [Row(reference.volume, "title")]
        unique = list(dict.fromkeys(row for row in rows if row.text))
        self.ranks = dict(zip(unique, matching.rank_rows_each(unique, shot), strict=True))
        self.shot = shot

    def mask(self, row: Row) -> np.ndarray:
        """Return the mask of the titles that a part finds."""
        return self.ranks[row] != matching.MISS

    def has(self, field: str, text: str) -> bool:
        """Tell whether the catalogue has such an author or publisher."""
        return matching.has_hits(self.ranks[Row(text, field, "equals")])


class _Named(NamedTuple):
    """The titles found by name, the part that found them, the subtitle beside it, and the rest of the reference."""

    ranks: np.ndarray
    part: Part
    subtitle: str
    rest: tuple[Rest, ...]


def _find_title(reference: Reference, known: _Known) -> _Named | None:
    """Return the titles that the reference names, found as a title or else as words anywhere; None when
    there are none.
    """
    names, rest = reference.names, reference.rest
    for name in names:
        is_author = name.subtitle and known.has("author", name.title)  # 夏目漱石：こころ
        if not is_author and (found := _ranks_of_title(name.title, known)) is not None:
            return _Named(found, Part("title", name.title), name.subtitle, rest)
    is_sure = names and not any(each.text == names[-1].title for each in rest)
    unsure = [] if is_sure else list(_title_candidates(rest, known))
    for way in ("equals", "contains"):
        for each in unsure:
            if (found := _ranks_of_title(each.text, known, way)) is not None:
                return _Named(found, Part("title", each.text), "", tuple(other for other in rest if other != each))
    texts = [*(name.title for name in names), *(each.text for each in unsure)]
    for text, found in zip(texts, matching.rank_each(texts, known.shot), strict=True):
        if matching.has_hits(found):
            return _Named(found, Part("words", text), "", tuple(each for each in rest if each.text != text))
    return None


def _title_candidates(rest: tuple[Rest, ...], known: _Known) -> Iterator[Rest]:
    """Yield the parts that may be a title: no author, no publisher, and no single letter but a kanji."""
    for each in rest:
        is_short = len(each.text) < LEAST and scripts.script_of(each.text) != scripts.FULL
        if not each.is_creator and not is_short and not any(known.has(f, each.text) for f in ("author", "publisher")):
            yield each


def _narrowing(reference: Reference, named: _Named, known: _Known) -> Iterator[tuple[Part, np.ndarray]]:
    """Yield the other parts of a reference, each with the mask of the snapshot's rows that have it. The surest come
    first: a later part is dropped when it contradicts them.
    """
    publishers = []
    for each in named.rest:
        if each.is_creator or (each.is_before and len(each.text) <= LONGEST_SURNAME):
            yield Part("author", each.text), known.mask(Row(each.text, "author"))
        elif known.has("author", each.text):
            yield Part("author", each.text), known.mask(Row(each.text, "author", "equals"))
        elif known.has("publisher", each.text):
            publishers.append(each.text)
    for kind, text in (("subtitle", named.subtitle), ("volume", reference.volume)):
        if text:
            yield Part(kind, text), known.mask(Row(text, "title"))
    for text in publishers:
        yield Part("publisher", text), known.mask(Row(text, "publisher", "equals"))
    if reference.year:
        yield Part("year", str(reference.year)), known.shot.years == reference.year


def _ranks_of_title(text: str, known: _Known, way: str = "contains") -> np.ndarray | None:
    """Return the ranks of the titles that are called so; None when there are none."""
    called = known.mask(Row(text, "title", way))
    found = matching.ranks(Query(q=text), known.shot) if called.any() else None
    if found is None:
        return None
    found = np.where(called, found, np.uint8(matching.MISS))
    return found if matching.has_hits(found) else None
