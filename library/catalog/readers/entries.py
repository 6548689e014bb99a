"""One record of a file as it stands there: its number, its source, its bytes, and how to read it. Readers yield entries, the importer takes them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b

from library import errors
from library.catalog import spoken
from library.catalog.codes import accessible
from library.catalog.records import Holding, Record
from library.files.cells import Cells

LONGEST = 1_000_000  # bytes of a record as it came; MARC 21 itself ends at a tenth of it
LONGEST_TEXT = 10_000  # letters of what stands in a list of titles


def digest_of(raw: bytes) -> str:
    """Return what tells whether a source record is the one that was read before."""
    return blake2b(raw, digest_size=16).hexdigest()


@dataclass(slots=True)
class Entry:
    """``number``: of the record in its file, or of its row. ``read()`` may refuse; so may have the reader before it. ``named``: the record, or
    whoever sent the file, says which ``source`` it is of.

    A row of a table says only part of a title (``partial``): what it leaves empty stays as it is stored. Its copy is in
    ``holdings``, since rows that differ in nothing else are the same title; ``cells`` know what of the row was left out.
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

    def open(self) -> None:
        """Read the record, once; from then on it is in ``record``, or what is wrong with it in ``refused``."""
        if self.record or self.refused or self.read is None:
            return
        try:
            record = _of_sane_length(self.raw, self.read)
        except errors.Refused as reason:
            self.refused = errors.RefusedTogether({"": [reason]})
        except errors.RefusedTogether as reasons:
            self.refused = reasons
        else:
            record.source, record.source_id = self.source, self.source_id
            record.raw, record.format = self.raw, self.format
            accessible.complete(record)
            spoken.complete(record)
            self.record = record

    def opened(self) -> Record:
        """Return the record, which is read at the first time. Raises: RefusedTogether."""
        self.open()
        if self.record:
            return self.record
        raise self.refused or errors.RefusedTogether({})


def _of_sane_length(raw: bytes, read: Callable[[], Record]) -> Record:
    """Return the record, unless no page could show it."""
    if len(raw) > LONGEST:
        raise errors.RecordTooLong()
    made = read()
    if any(len(text) > LONGEST_TEXT for text in (made.title, made.subtitle, made.volume, made.author, made.publisher)):
        raise errors.RecordTooLong()
    return made


def refusal(number: int, format: str, reason: errors.Refused, *, source_id: str = "", raw: bytes = b"") -> Entry:
    """Return an entry for a record that can't be read at all."""
    return Entry(number, format, raw, source_id=source_id, refused=errors.RefusedTogether({"": [reason]}))
