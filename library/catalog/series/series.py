"""叢書: the series of a title as its record names them, and their rows, whose ids stay."""

import re
from collections.abc import Iterable

from library.catalog.folding import fold
from library.catalog.records import InSeries, Record
from library.store import engine

LONGEST_KEY = 200  # letters
_BETWEEN = re.compile(r"\s+/\s+")
_BEFORE_NUMBER = re.compile(r"\s*[;；]\s*")
# 岩波文庫 緑10-1, ブルーバックス B-1234, 現代の文学 第3巻
_NUMBER = re.compile(
    r"(?<=\S)\s+((?:第\s?|no\.?\s?|vol\.?\s?|[A-Zぁ-んァ-ヶ一-龠]-?)?[0-9０-９][-0-9０-９.]*\s?[巻集号編]?)$", re.I
)


def read(text: str, kana: str = "") -> list[InSeries]:
    """Return the series in a text as records or the desk write it: ``岩波文庫 ; 緑 10-1 / 夏目漱石作品集``."""
    parts, readings = _BETWEEN.split(text), _BETWEEN.split(kana)
    if len(readings) != len(parts):
        readings = [kana] if len(parts) == 1 else [""] * len(parts)
    read_parts = map(_split_number, parts, readings)
    return [each for each in read_parts if each.name]


def _split_number(text: str, kana: str) -> InSeries:
    name, *rest = _BEFORE_NUMBER.split(text.strip(), maxsplit=1)
    if not rest and (found := _NUMBER.search(name)):
        return InSeries(name[: found.start()].rstrip(), _BEFORE_NUMBER.split(kana)[0].strip(), number=found[1])
    return InSeries(name, _BEFORE_NUMBER.split(kana)[0].strip(), number=rest[0] if rest else "")


def all_of(record: Record) -> list[InSeries]:
    """Return the series of a record: those of its fields, else those in its text."""
    return record.in_series or (read(record.series, record.series_kana) if record.series else [])


def key(name: str) -> str:
    """Return the key that all spellings of a series' name have in common; empty for a name of signs alone."""
    return fold.strict(name)[:LONGEST_KEY]


def ids(found: Iterable[InSeries], next_id: int) -> dict[str, int]:
    """Return key → id of these series, after writing rows for new ones, from ``next_id`` on, in the caller's
    transaction.
    """
    wanted: dict[str, InSeries] = {}
    for each in found:
        wanted.setdefault(key(each.name), each)
    wanted.pop("", None)
    known: dict[str, int] = dict(engine.rows_among("SELECT key, id FROM series WHERE key IN ({})", wanted))
    new = [(each, made) for each, made in wanted.items() if each not in known]
    rows = [(number, each, made.name, made.kana) for number, (each, made) in enumerate(new, next_id)]
    if rows:
        engine.run_many("INSERT INTO series (id, key, name, kana) VALUES (?, ?, ?, ?)", rows)
        engine.ids_were_given("series")
    return known | {each: number for number, each, _, _ in rows}
