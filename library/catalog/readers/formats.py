"""The format of a file, told by what is in it and never by its name."""

import codecs
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from math import inf
from pathlib import Path
from typing import Any, BinaryIO

from library import errors
from library.catalog.readers import dcndl, marc_bytes, marc_files, title_tables, xml_stream
from library.catalog.readers.entries import Entry
from library.catalog.records import Record
from library.files import bounded, encodings, spreadsheets
from library.store.queries import tuples
from models import SourceRecord, Title

HEAD = 1 << 16
MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Catalogue:
    """A file of records: iterating gives its entries from the first on. ``position`` of ``size`` bytes are read. ``charset`` is what
    people call its encoding, empty for UTF-8; ``table`` is there where the records are rows of one. ``source``: where those come from that
    don't say it.
    """

    named = True  # by number and id; rows of a table are named by line and column

    def __init__(self, file: BinaryIO, read: Callable[[BinaryIO], Iterator[Entry]], charset: str = "") -> None:
        self._file, self._read, self.charset = file, read, charset
        self.size = file.seek(0, 2)
        self.unknown: list[str] = []  # headings that nothing reads
        self.before: list[str] = []  # rows before the headings
        self.table: spreadsheets.Table | None = None
        self.source = ""

    @property
    def position(self) -> int:
        return self._file.tell()

    def __iter__(self) -> Iterator[Entry]:
        self._file.seek(0)
        for entry in self._read(self._file):
            if entry.source_id and not entry.source:
                entry.named = bool(self.source)
                entry.source = self.source or (title_tables.SOURCE if self.table else "")
            yield entry


@contextmanager
def opened(path: Path, *, until: float = inf, **options: Any) -> Iterator[Catalogue]:
    """Open the catalogue in the file of this path; ``until`` as in ``bounded``. OSError when there is none; a Refused when it is no catalogue."""
    with bounded.opened(path, until) as file:
        catalogue = recognised(file, **options)
        yield catalogue  # held here, so that nobody else's letting go closes the file before us


def recognised(file: BinaryIO, *, source: str = "", **given: Any) -> Catalogue:
    """Read MARC 21, MARCXML, DC-NDL or a table. ``source``: of records that don't say theirs; ``holdings``: what the settings say of MARC;
    ``encoding``: the name of the one that a person chose (``encodings.NAMES``); the rest is for tables (``spreadsheets.Table``).
    """
    catalogue = _recognised(file, **given)
    catalogue.source = source
    return catalogue


def _recognised(file: BinaryIO, *, holdings: Mapping | None = None, encoding: str = "", **assigned: Any) -> Catalogue:
    head = file.read(HEAD)
    if is_xml(head):
        names = set(xml_stream.names(head))
        if names & set(marc_files.RECORDS):
            return Catalogue(file, lambda file: marc_files.read_xml(file, holdings))
        if names & {*dcndl.PARTS, *dcndl.PACKED}:
            return Catalogue(file, dcndl.read)
        raise errors.XmlHasNoRecords(found=next(iter(xml_stream.names(head)), "").rpartition("}")[2][:40])
    if marc_bytes.may_begin(head):
        return _marc_21(file, holdings, encoding)
    try:
        table = spreadsheets.Table(file, title_tables.COLUMNS, encoding=encoding, **assigned)
        catalogue = Catalogue(file, lambda file: map(title_tables.entry, table), table.charset)
        catalogue.named, catalogue.unknown, catalogue.before, catalogue.table = (
            False,
            table.unknown,
            table.before,
            table,
        )
        return catalogue
    except errors.FileIsNoTable:
        raise errors.FileIsNoCatalogue() from None


def _marc_21(file: BinaryIO, holdings: Mapping | None, encoding: str) -> Catalogue:
    found = encoding or marc_files.encoding_of(file)
    charset = encodings.NAMES[found] if found != "utf-8" else ""
    # what was found and is none of Japan's, each record tells better for itself
    named = encoding or (found if found in marc_files.JAPANESE else "")
    return Catalogue(file, lambda file: marc_files.read_binary(file, holdings, named), charset)


def is_xml(head: bytes) -> bool:
    """Tell whether a file that begins so is XML."""
    for mark in MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\x00", b"").lstrip()[:1] == b"<"


def stored(ids: Sequence[int], holdings: Mapping | None) -> list[Entry]:
    """Return the source records of these titles, to be read again, each with the id of its title as number."""
    columns = (SourceRecord.title, SourceRecord.format, SourceRecord.content, Title.source, Title.source_id)
    rows = SourceRecord.select(*columns).join(Title).where(SourceRecord.title.in_(ids)).order_by(SourceRecord.title)
    return [
        Entry(title_id, form, bytes(raw), source, source_id, partial(reread, form, bytes(raw), holdings))
        for title_id, form, raw, source, source_id in tuples(rows)
    ]


def reread(format: str, raw: bytes, holdings: Mapping | None = None) -> Record:
    """Return the record in a stored source record, read by the readers of today."""
    if format == "marc21":
        return marc_files.record(raw, holdings)
    if format == "marcxml":
        return marc_files.marc.record(marc_files.decoded_xml(raw), holdings)
    return dcndl.decoded(raw) if format == "dcndl" else title_tables.decoded(raw)
