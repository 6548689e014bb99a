"""The source records of titles that are stored, to be read again."""

from collections.abc import Mapping, Sequence
from functools import partial

from library.catalog.readers import formats
from library.catalog.readers.entries import Entry
from library.store.queries import tuples
from models import SourceRecord, Title


def entries_of(ids: Sequence[int], holdings: Mapping | None) -> list[Entry]:
    """Return the source records of these titles, each with the id of its title as number."""
    columns = (SourceRecord.title, SourceRecord.format, SourceRecord.content, Title.source, Title.source_id)
    rows = SourceRecord.select(*columns).join(Title).where(SourceRecord.title.in_(ids)).order_by(SourceRecord.title)
    return [
        Entry(title_id, form, bytes(raw), source, source_id, partial(formats.reread, form, bytes(raw), holdings))
        for title_id, form, raw, source, source_id in tuples(rows)
    ]
