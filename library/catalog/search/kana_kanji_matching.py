"""仮名と漢字 in what is stored: how the catalogue reads a word, and which titles agree with one that is half in kana.

The index finds what may agree: the kanji of the word in a text, its kana in the reading of that. Then text and reading are laid beside
the word (``folding.agreement``), for a few titles: those of the lowest numbers.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np

from library.catalog.folding import fold, kana_kanji, likely_names, readings, romanised
from library.catalog.fulltext import levels, rows
from library.catalog.fulltext.levels import KANA
from library.catalog.search import grams, index
from library.catalog.search.snapshot import Snapshot
from library.store import engine
from models import Contributor, Creator, Title, TitleName, TitleSeries

MOST = 100  # titles that are compared with one word
LOOKED_AT = 20  # rows of the index in which a reading is looked for
LEAST = 2  # kana of a word that are looked for in readings
LEAST_ALONE = 5  # kana together, or kanji, that are looked for without the others
FEW = 30  # rows of the index of which each is looked at where only these are asked for
REMEMBERED = 2_000  # words whose readings are known without asking
_BLANKS = ", ".join("?" * LOOKED_AT)
_NAMES = f"SELECT DISTINCT a.id, name, kana FROM contributor JOIN author a ON a.id = author_id WHERE kana <> '' AND title_id IN ({_BLANKS}) ORDER BY a.id"  # noqa: S608
_RUNS = re.compile("[ぁ-ゖー]+|[^ぁ-ゖー]+")
_PARTED = re.compile(r"[\s,、・]+")
Value = tuple[str, str, int]  # a text, its reading, the place of one that is this whole


def own_readings(folded: str, shot: Snapshot) -> tuple[str, ...]:
    """Return how people and titles of the catalogue that are called so are read, as far as a few of them tell."""
    if not readings.has_kanji(folded) or not 1 < len(folded) <= readings.LONGEST:
        return ()
    known = shot.cached.setdefault("readings", {})
    if folded not in known:
        if len(known) > REMEMBERED:
            known.clear()
        known[folded] = tuple(dict.fromkeys(_own_readings(folded)))[: readings.MOST]
    return known[folded]


def _own_readings(folded: str) -> Iterator[str]:
    found = index.first_found(levels.within(grams.phrase(folded), "author", shown=True), LOOKED_AT)
    titles = [row // rows.KINDS for row in found]
    if not titles:
        return
    for _, name, kana in engine.run(_NAMES, titles + [0] * (LOOKED_AT - len(titles))).fetchall():
        parts, read = _PARTED.split(name), _PARTED.split(kana)
        if len(parts) == len(read):
            yield from (fold.strict(one) for part, one in zip(parts, read, strict=True) if fold.strict(part) == folded)


def asked(word: levels.Word, field: str = "") -> list[str]:
    """Return what the index is asked for titles that may agree with a word that has kana beside its kanji, the likeliest first, then what is of
    use if it finds few; nothing for any other word.
    """
    runs = _RUNS.findall(word.typed)
    kana = [run for run in runs if kana_kanji.is_kana(run[0])]
    kanji = [run for run in runs if not kana_kanji.is_kana(run[0])]
    long = [run for run in kana if len(run) >= LEAST]
    if not kanji or not kana or not readings.has_kanji(word.typed):
        return []
    ways = []
    shown = levels.within(" AND ".join(map(grams.phrase, kanji)), field, shown=True)
    if long:
        ways.append((shown, levels.within(" AND ".join(map(grams.phrase, long)), field, read=True)))
    if read := _read(word):
        ways.append((levels.within(levels.any_of(list(map(grams.phrase, read))), field, read=True),))
    found = [" OR ".join(f"({' AND '.join(f'({each})' for each in way)})" for way in ways if all(way))]
    if sum(map(len, long)) >= LEAST_ALONE:  # its kanji may be kana in the text: 君 and お話 for くん and おはなし
        found.append(levels.within(" AND ".join(map(grams.phrase, long)), field, read=True))
    if not long and sum(map(len, kanji)) >= LEAST_ALONE:  # its kana may be none there: 釘抜き藤吉 for 釘抜藤吉
        found.append(shown)
    return list(filter(None, found))


def _read(word: levels.Word) -> list[str]:
    """Return how all of a word may be read."""
    if len(word.typed) > readings.WORD:
        return []
    return list(
        dict.fromkeys([form for form in (*word.kana, *readings.readings(word.typed)) if not readings.has_kanji(form)])
    )


def rank(
    word: levels.Word, kinds: np.ndarray, found: np.ndarray, shot: Snapshot, *, is_all: bool, is_unsure: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return which of these rows of the snapshot agree with a word, and their ranks. ``kinds``: of the rows of the index that may agree;
    ``is_all``: nothing else was typed, so that what agrees from end to end is exact; ``is_unsure``: only a part of the word was asked for, so
    that the rest has to be the same kanji, or be read so by the list.
    """
    titles = list(dict.fromkeys(found.tolist()))[:MOST]
    parts = {(row, kind % 4) for row, kind in zip(found.tolist(), kinds.tolist(), strict=True) if kind < rows.LOANED}
    ranks: dict[int, int] = {}
    spoken = _read(word)
    for row, part, (text, reading, exact) in _values(titles, parts, shot):
        if is_unsure and not _is_likely(word.typed, text, reading):
            continue
        if place := _place(word.typed, text, reading, spoken):
            inside = int(levels.INSIDE[KANA, part])
            if is_all and place.begins:
                whole = exact if place.ends else levels.BEGINS if part == rows.TITLE else 0
                inside = levels.rank(KANA, whole) if whole else inside
            ranks[row] = min(inside, ranks.get(row, 255))
    return np.fromiter(ranks, np.int64, len(ranks)), np.fromiter(ranks.values(), np.uint8, len(ranks))


def _is_likely(typed: str, text: str, reading: str) -> bool:
    return kana_kanji.same_kanji(typed, text) is not None or readings.may_be_in(reading, typed)


def _place(typed: str, text: str, reading: str, spoken: list[str]) -> kana_kanji.Place | None:
    """Return where in a text a word stands in another spelling: kana for kanji, or other kana beside the same kanji."""
    if place := kana_kanji.within(typed, text, reading):
        return place
    others = (kana_kanji.differs_in_endings(typed, text, reading, each) for each in spoken)
    return next(filter(None, others), None)


def _values(found: list[int], parts: set[tuple[int, int]], shot: Snapshot) -> Iterator[tuple[int, int, Value]]:
    """Yield the texts that have a reading, in these parts of titles: the row of the snapshot, the part of the record, and the text."""
    ids = {int(shot.ids[row]): row for row in found}
    columns = (Title.id, Title.title, Title.title_kana, Title.subtitle, Title.subtitle_kana)
    for each, title, kana, subtitle, subtitle_kana in (
        Title.select(*columns).where(Title.id.in_(list(ids))).tuples().iterator()
    ):
        if (row := (ids[each], rows.TITLE)) in parts:
            for text, reading, exact in ((title, kana, levels.EXACT), (subtitle, subtitle_kana, 0)):
                yield from ((*row, value) for value in _folded(text, reading or _likely(text), exact))
    made = Contributor.select(Contributor.title, Creator.name, Creator.kana, Creator.latin).join(Creator)
    for each, name, kana, latin in made.where(Contributor.title.in_(list(ids))).tuples().iterator():
        if (row := (ids[each], rows.AUTHOR)) in parts:
            known = kana or romanised.reading(name, latin)
            for reading in [known] if known else likely_names.of_name(name):
                yield from ((*row, value) for value in _folded(name, reading, levels.PERSON))
    for table, part in ((TitleName, rows.TITLE), (TitleSeries, rows.REST)):
        named = table.select(table.title, table.name, table.kana, table.latin).where(table.title.in_(list(ids)))
        for each, name, kana, latin in named.tuples().iterator():
            if (row := (ids[each], part)) in parts:
                reading = kana or romanised.reading(name, latin) or _likely(name)
                yield from ((*row, value) for value in _folded(name, reading, levels.NAMED))


@lru_cache(REMEMBERED)
def _likely(text: str) -> str:
    """Return the likeliest reading of a text that has none of its own."""
    return next(iter(readings.of_text(text)), "")


def _folded(text: str, kana: str, exact: int) -> Iterable[Value]:
    folded = fold.strict(text) if kana else ""
    return [(folded, fold.strict(kana), exact)] if folded else []
