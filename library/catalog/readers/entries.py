"""One record of a file, not yet parsed: its number, its source and its bytes. Readers yield entries,
imports take them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b

from library import errors
from library.catalog import spoken
from library.catalog.codes import accessible
from library.catalog.records import Holding, Record
from library.files.cells import Cells

LONGEST = 1_000_000  # bytes of a source record; MARC 21 itself ends at a tenth of it
LONGEST_TEXT = 10_000  # letters of a text that lists of titles show


def digest_of(raw: bytes) -> str:
    """Return the digest of a source record, by which an unchanged one is known."""
    return blake2b(raw, digest_size=16).hexdigest()


@dataclass(slots=True)
class Entry:
    """``number``: of the record or row in its file. ``read``: parses the record, and may raise a refusal; ``refused``:
    by the reader or by ``read``. ``named``: the record, or whoever sent the file, gives its ``source``.

    A row of a table is only part of a title (``partial``): its empty fields stay as stored. Its copy is in
    ``holdings``, as rows that differ in nothing else are the same title; ``cells``: the parsed row, with the cells that
    were left out.
    """

    number: int
    format: str
    raw: bytes = b""
    source: str = ""
    source_id: str = ""
    read: Callable[[], Record] | None = None
    refused: errors.RefusedTogether | None = None
    partial: bool = False
    holdings: list[Holding] = field(default_factory=list)
    digest: str = ""
    record: Record | None = None
    cells: Cells | None = None
    named: bool = True

    def __post_init__(self) -> None:
        if not self.digest and self.raw:
            self.digest = digest_of(self.raw)

    def parse(self) -> None:
        """Set ``record``, or ``refused`` when it can't be read; the first call parses, later ones do nothing."""
        if self.record or self.refused or self.read is None:
            return
        try:
            record = _read_within_limits(self.raw, self.read)
        except errors.Refused as reason:
            self.refused = errors.RefusedTogether({"": [reason]})
        except errors.RefusedTogether as reasons:
            self.refused = reasons
        else:
            record.source, record.source_id = self.source, self.source_id
            record.raw, record.format = self.raw, self.format
            accessible.add_mentioned(record)
            spoken.complete_readings(record)
            self.record = record

    def parsed(self) -> Record:
        """Return the record, parsed at the first call. Raises: RefusedTogether."""
        self.parse()
        if self.record:
            return self.record
        raise self.refused or errors.RefusedTogether({})


def _read_within_limits(raw: bytes, read: Callable[[], Record]) -> Record:
    """Return the record. Raises: RecordTooLong, when no page could show it."""
    if len(raw) > LONGEST:
        raise errors.RecordTooLong()
    made = read()
    if any(len(text) > LONGEST_TEXT for text in (made.title, made.subtitle, made.volume, made.author, made.publisher)):
        raise errors.RecordTooLong()
    return made


def refusal(number: int, format: str, reason: errors.Refused, *, source_id: str = "", raw: bytes = b"") -> Entry:
    """Return the entry of a record that can't be read, with the reason."""
    return Entry(number, format, raw, source_id=source_id, refused=errors.RefusedTogether({"": [reason]}))
