"""Stored titles, matched with many records at once: by source id, or by likeness."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from peewee import fn

from library.catalog import isbn
from library.catalog.folding import fold
from library.catalog.readers.entries import Entry
from library.catalog.records import Record
from library.numbers import parsing
from library.store import engine
from library.store.queries import tuples
from models import Item, Title


@dataclass
class Known:
    """A stored title; ``digest`` of the record it came from, ``has_id``: it has a source id."""

    id: int
    digest: str
    has_id: bool
    merged: bool = False  # the record is of another one, which was merged into this


class FullIds:
    """The lengths of the stored source ids: a spreadsheet takes leading zeros away."""

    def __init__(self) -> None:
        length = fn.LENGTH(Title.source_id)
        self._lengths = [int(row[0]) for row in tuples(Title.select(length).where(Title.source_id != "").distinct())]

    def spellings(self, text: str) -> set[str]:
        """Return a number with as many leading zeros as make the length of a stored id; none for other text."""
        digits = text.lstrip("0") or "0"
        found = {digits.zfill(length) for length in self._lengths if length >= len(digits)} - {text}
        return found if text.isdecimal() else set()

    def lost(
        self, part: list[Entry], known: dict[tuple[str, str], Known], *, before: int
    ) -> dict[tuple[str, str], str]:
        """Return (source, id of a row that is not stored) → the stored id that it is without its zeros.

        Titles from the number ``before`` on are of this very file.
        """
        spelled = {
            (entry.source, full): entry.source_id
            for entry in part
            if entry.cells and (entry.source, entry.source_id) not in known
            for full in self.spellings(entry.source_id)
        }
        rows = _named((source, full) for source, full in spelled)
        return {(source, spelled[source, full]): full for (source, full), title in rows.items() if title.id < before}


def matching_isbn(record: Record) -> str:
    """Return the ISBN by which a record is matched: its first valid one; empty for none."""
    return next(filter(None, map(isbn.normalise, record.isbns)), "") if record.isbns else ""


def is_another(stored: Record, record: Record, *, tells_isbn: bool) -> bool:
    """Tell whether a record describes another book than the stored title with its id: an id may have been used again.

    Its name differs, and its ISBN too, or only it has one, or lacks it in a file that ``tells_isbn``. With no ISBN:
    neither title contains the other, and the authors differ.
    """
    names = [fold.strict(each.title + (each.volume or stored.volume)) for each in (stored, record)]
    if names[0] in (names[1], fold.strict(record.title + record.volume)):
        return False
    numbers = matching_isbn(stored), matching_isbn(record)
    if numbers[1]:
        return numbers[0] != numbers[1] if numbers[0] else not stored.isbns
    if record.isbns or (numbers[0] and tells_isbn):
        return not record.isbns
    titles = fold.strict(stored.title), fold.strict(record.title)
    if titles[0] in titles[1] or titles[1] in titles[0]:
        return False
    authors = fold.strict(stored.author), fold.strict(record.author)
    return all(authors) and authors[0] != authors[1]


_OF_SOURCE = "source = ? AND source_id IN ({0}) AND source_id <> ''"
_BY_ID = (
    f"SELECT source_id, id, digest, 0 FROM title WHERE {_OF_SOURCE} UNION ALL "  # noqa: S608
    f"SELECT source_id, merged_into_id, '', 1 FROM deleted_title WHERE {_OF_SOURCE} AND merged_into_id IS NOT NULL"
)


# -- queries for many records at once; an index that is partial serves where its condition is written out ------------
def by_id(part: list[Entry]) -> dict[tuple[str, str], Known]:
    """Return stored titles by (source, source id) of these entries, in one query for each source."""
    return _named((entry.source, entry.source_id) for entry in part if entry.source_id)


def _named(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Known]:
    ids: dict[str, list[str]] = {}
    for source, source_id in pairs:
        ids.setdefault(source, []).append(source_id)
    found = {}
    for source, named in ids.items():
        rows = engine.run(_BY_ID.format(engine.placeholders(named)), [source, *named, source, *named]).fetchall()
        for source_id, title_id, digest, merged in rows:
            found[source, source_id] = Known(title_id, digest, True, bool(merged))
    return found


def alike(made: list[Record]) -> dict[Hashable, list[Known]]:
    """Return stored titles that may match records without their id, both by likeness and by digest."""
    numbers = [number for record in made if (number := matching_isbn(record))]
    texts = [record.title for record in made if not matching_isbn(record)]
    rows = []
    for condition, values in (("isbn", numbers), ("source_id = '' AND isbn = '' AND title", texts)):
        if values:
            columns = f"id, digest, source_id, isbn, {', '.join(_LIKE)}"
            sql = f"SELECT {columns} FROM title WHERE {condition} IN ({engine.placeholders(values)}) ORDER BY id"  # noqa: S608
            rows += engine.run(sql, values).fetchall()
    found: dict[Hashable, list[Known]] = {}
    for title_id, digest, source_id, number, *like in rows:
        key = (number, *like[:2]) if number else tuple(like)
        title = Known(title_id, digest, bool(source_id))
        for each in filter(None, (key, digest)):
            found.setdefault(each, []).append(title)
    return found


_LIKE = ("title", "volume", "author", "publisher", "year_text")


def likeness(record: Record) -> tuple:
    """Return ISBN, title and volume of a record; without a valid ISBN title, volume, author, publisher and year."""
    number = matching_isbn(record)
    return (number, record.title, record.volume) if number else tuple(getattr(record, name) for name in _LIKE)


def barcodes(part: list[Entry]) -> set[str]:
    """Return the barcodes of these entries that copies have already."""
    named = {
        parsing.fold(holding.barcode)
        for entry in part
        for holding in entry.holdings or (entry.record.holdings if entry.record else ())
    }
    return {item.barcode for item in Item.select(Item.barcode).where(Item.barcode.in_(named))} if named else set()
