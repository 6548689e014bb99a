"""The source records of titles, to be read again by the readers of today."""

from collections.abc import Iterator, Mapping
from functools import partial

from library.catalog.readers import formats
from library.catalog.readers.entries import Entry
from library.importing import batches
from models import SourceRecord, Title


class StoredRecords:
    """The source records of all titles as entries, each with the id of its title as number."""

    def __init__(self, holdings: Mapping | None) -> None:
        self._holdings = holdings
        self.size, self.position = SourceRecord.select().count(), 0

    def __iter__(self) -> Iterator[Entry]:
        last = 0
        while rows := _after(last):
            for title_id, form, raw, source, source_id in rows:
                self.position += 1
                read = partial(formats.reread, form, bytes(raw), self._holdings)
                yield Entry(title_id, form, bytes(raw), source, source_id, read)
            last = rows[-1][0]


def _after(title_id: int) -> list[tuple]:
    """Return the next source records but those of titles changed by hand: what was typed would be lost."""
    columns = (SourceRecord.title, SourceRecord.format, SourceRecord.content, Title.source, Title.source_id)
    rows = SourceRecord.select(*columns).join(Title).where(SourceRecord.title > title_id, ~Title.edited)
    return list(rows.order_by(SourceRecord.title).limit(batches.ROWS).tuples().iterator())
