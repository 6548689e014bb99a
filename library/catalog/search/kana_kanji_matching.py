"""仮名と漢字 in stored titles: the titles that have a word of kanji and kana in another spelling.

The index finds candidates: the kanji of the word in a text, its kana in the reading of that text. Then word, text and
reading are compared letter by letter (``folding.kana_kanji``), for MOST titles at most.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from library.catalog.folding import fold, kana_kanji, likely_names, readings, romanised
from library.catalog.fulltext import grams, rows
from library.catalog.query import levels
from library.catalog.query.levels import KANA
from library.catalog.search.snapshot import Snapshot
from library.store import engine

MOST = 100  # titles that are compared with one word
LEAST = 2  # kana in a row that are looked for in readings
REMEMBERED = 2_000  # texts whose likely readings are cached
_RUNS = re.compile("[ぁ-ゖー]+|[^ぁ-ゖー]+")
Value = tuple[str, str, int]  # a folded text, its reading, and the place (``levels``) of a hit on the whole text


def query(word: levels.Word, field: str = "") -> str:
    """Return the index query for candidates: titles that may have a word of kanji and kana with kana for some of its
    kanji, or kanji for its kana; empty for any other word.
    """
    runs = _RUNS.findall(word.typed)
    kana = [run for run in runs if kana_kanji.is_kana(run[0])]
    kanji = [run for run in runs if not kana_kanji.is_kana(run[0])]
    if not kanji or not kana or not readings.has_kanji(word.typed):
        return ""
    spoken = levels.any_of(list(map(grams.phrase, _kana_forms(word))))
    ways = [levels.in_field(spoken, field, as_read=True)]
    if long := [run for run in kana if len(run) >= LEAST]:
        written = levels.in_field(" AND ".join(map(grams.phrase, kanji)), field, as_written=True)
        read = levels.in_field(" AND ".join(map(grams.phrase, long)), field, as_read=True)
        ways += [f"({written}) AND ({read})"] if written and read else []
    return levels.any_of([f"({way})" for way in ways if way])


def _kana_forms(word: levels.Word) -> list[str]:
    """Return the spellings of a whole word in kana alone."""
    if len(word.typed) > readings.WORD:
        return []
    forms = dict.fromkeys([*word.kana, *readings.guess_readings(word.typed)])
    return [form for form in forms if not readings.has_kanji(form)]


def rank_candidates(
    word: levels.Word, kinds: np.ndarray, candidates: np.ndarray, shot: Snapshot, *, is_all: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return the snapshot rows (numbers) of the candidates that have a word so spelled, and their ranks.

    ``kinds``, ``candidates``: kinds and snapshot rows of the index rows found. ``is_all``: nothing else was typed, so
    that a hit on a whole text counts as exact.
    """
    titles = list(dict.fromkeys(candidates.tolist()))[:MOST]
    pairs = zip(candidates.tolist(), kinds.tolist(), strict=True)
    parts = {(row, kind % rows.LOANED) for row, kind in pairs if kind < rows.LOANED}
    ranks: dict[int, int] = {}
    spoken = _kana_forms(word)
    for row, part, (text, reading, exact) in _values(titles, parts, shot):
        if position := _position(word.typed, text, reading, spoken):
            inside = int(levels.INSIDE[KANA, part])
            if is_all and position.begins:
                whole = exact if position.ends else levels.BEGINS if part == rows.TITLE else 0
                inside = levels.rank(KANA, whole) if whole else inside
            ranks[row] = min(inside, ranks.get(row, 255))
    return np.fromiter(ranks, np.int64, len(ranks)), np.fromiter(ranks.values(), np.uint8, len(ranks))


def _position(typed: str, text: str, reading: str, spoken: list[str]) -> kana_kanji.Position | None:
    """Return the place of a word in a text that has it in another spelling: kana for kanji, or other 送り仮名; None when it
    hasn't.
    """
    if position := kana_kanji.position_of(typed, text, reading):
        return position
    others = (kana_kanji.position_with_other_endings(typed, text, reading, each) for each in spoken)
    return next(filter(None, others), None)


_VALUES = """
SELECT 0, id, title, title_kana, '' FROM title WHERE id IN ({0}) UNION ALL
SELECT 1, id, subtitle, subtitle_kana, '' FROM title WHERE id IN ({0}) AND subtitle <> '' UNION ALL
SELECT 2, title_id, name, kana, latin FROM contributor JOIN author ON author.id = author_id WHERE title_id IN ({0})
UNION ALL SELECT 3, title_id, name, kana, latin FROM title_name WHERE title_id IN ({0}) UNION ALL
SELECT 4, title_id, name, kana, latin FROM title_series WHERE title_id IN ({0})
"""
# the part of the record of each of these, and the place of a hit on the whole text
_PARTS = (
    (rows.TITLE, levels.EXACT), (rows.TITLE, 0), (rows.AUTHOR, levels.CREATOR), (rows.TITLE, levels.NAMED),
    (rows.AUTHOR, levels.NAMED),
)  # fmt: skip


def _values(found: list[int], parts: set[tuple[int, int]], shot: Snapshot) -> Iterator[tuple[int, int, Value]]:
    """Yield (snapshot row, part of the record, value) of the texts with a reading in these parts of titles."""
    ids = {int(shot.ids[row]): row for row in found}
    sql = _VALUES.format(", ".join(map(str, ids)))
    for kind, title_id, name, kana, latin in engine.run(sql).fetchall() if ids else ():
        part, exact = _PARTS[kind]
        if (ids[title_id], part) in parts:
            for reading in _readings(name, kana or romanised.kana_reading(name, latin), part):
                if reading and (folded := fold.strict(name)):
                    yield ids[title_id], part, (folded, fold.strict(reading), exact)


def _readings(name: str, reading: str, part: int) -> list[str]:
    if reading:
        return [reading]
    return likely_names.readings_of_name(name) if part == rows.AUTHOR else [_likely(name)]


@lru_cache(REMEMBERED)
def _likely(text: str) -> str:
    """Return the likeliest reading of a text that has none of its own; empty when the list doesn't know it."""
    return next(iter(readings.guess_readings(text)), "")
