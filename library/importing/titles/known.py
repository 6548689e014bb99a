"""Titles that are there, found for many records at once: by the id of their source, or by what they are like."""

from collections.abc import Hashable
from dataclasses import dataclass

from library.catalog import isbn
from library.catalog.folding import fold
from library.catalog.readers.entries import Entry
from library.catalog.records import Record
from library.catalog.store import blanks
from library.numbers import parsing
from library.store import engine
from models import Item


@dataclass
class Known:
    """A title that is there: its id, and what tells whether a record is this one, and whether it is as it was."""

    id: int
    digest: str
    has_id: bool
    merged: bool = False  # the record is of another one, which was merged into this


def same_number(record: Record) -> str:
    """Return the ISBN by which two records are one title; empty for none."""
    return next(filter(None, map(isbn.normalise, record.isbns)), "") if record.isbns else ""


def is_another(stored: Record, record: Record, *, tells_isbn: bool) -> bool:
    """Tell whether a record is of another book than what is stored: of another name, and of another ISBN, or with one where there was none,
    or (a file that ``tells_isbn``) without one where there was one; where it has none also by a name that has nothing of the other, and
    another author.
    """
    names = [fold.strict(each.title + (each.volume or stored.volume)) for each in (stored, record)]
    if names[0] in (names[1], fold.strict(record.title + record.volume)):
        return False
    numbers = same_number(stored), same_number(record)
    if numbers[1]:
        return numbers[0] != numbers[1] if numbers[0] else not stored.isbns
    if record.isbns or (numbers[0] and tells_isbn):
        return not record.isbns
    titles = fold.strict(stored.title), fold.strict(record.title)
    if titles[0] in titles[1] or titles[1] in titles[0]:
        return False
    authors = fold.strict(stored.author), fold.strict(record.author)
    return all(authors) and authors[0] != authors[1]


_NAMED = "source = ? AND source_id IN ({0}) AND source_id <> ''"
_BY_ID = (
    f"SELECT source_id, id, digest, 0 FROM title WHERE {_NAMED} UNION ALL "  # noqa: S608
    f"SELECT source_id, merged_into_id, '', 1 FROM deleted_title WHERE {_NAMED} AND merged_into_id IS NOT NULL"
)


# -- queries for many records at once; an index that is partial serves where its condition is written out ------------
def by_id(part: list[Entry]) -> dict[tuple[str, str], Known]:
    """Return the titles that these entries name by an id, in one query a source."""
    ids: dict[str, list[str]] = {}
    for entry in part:
        if entry.source_id:
            ids.setdefault(entry.source, []).append(entry.source_id)
    found = {}
    for source, named in ids.items():
        rows = engine.run(_BY_ID.format(blanks(named)), [source, *named, source, *named]).fetchall()
        for source_id, title_id, digest, merged in rows:
            found[source, source_id] = Known(title_id, digest, True, bool(merged))
    return found


def alike(made: list[Record]) -> dict[Hashable, list[Known]]:
    """Return titles that may be these records without having their id, by likeness and by digest."""
    numbers = [number for record in made if (number := same_number(record))]
    texts = [record.title for record in made if not same_number(record)]
    rows = []
    for condition, values in (("isbn", numbers), ("source_id = '' AND isbn = '' AND title", texts)):
        if values:
            sql = f"SELECT id, digest, source_id, isbn, {', '.join(_LIKE)} FROM title WHERE {condition} IN ({blanks(values)}) ORDER BY id"  # noqa: S608
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
    number = same_number(record)
    return (number, record.title, record.volume) if number else tuple(getattr(record, name) for name in _LIKE)


def barcodes(part: list[Entry]) -> set[str]:
    """Return the barcodes of these entries that copies have."""
    named = {
        parsing.fold(holding.barcode)
        for entry in part
        for holding in entry.holdings or (entry.record.holdings if entry.record else ())
    }
    return {item.barcode for item in Item.select(Item.barcode).where(Item.barcode.in_(named))} if named else set()
