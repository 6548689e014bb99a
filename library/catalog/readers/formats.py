"""The format of a catalogue file, known by its content and never by its name."""

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
    """A catalogue file, iterable over its entries; ``position`` of ``size`` bytes have been read. ``charset``: the name
    of its encoding, empty for UTF-8; ``table``: if the records are rows of one; ``source``: of records that don't give
    theirs.
    """

    named = True  # reports name records by number and id; False: by line and column of a table

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
    """Open a catalogue file; ``until`` as in ``bounded``, ``options`` as in ``recognise``. Raises: OSError, when there
    is no file; a Refused, when it is no catalogue.
    """
    with bounded.opened(path, until) as file:
        catalogue = recognise(file, **options)
        yield catalogue  # bound to a name, so that the file is not closed when others drop it


def recognise(file: BinaryIO, *, source: str = "", **given: Any) -> Catalogue:
    """Return the catalogue in an open file of MARC 21, MARCXML, DC-NDL or a table. Raises: XmlHasNoRecords,
    FileIsNoCatalogue, EncodingUnclear.

    ``source``: of records that don't give theirs; ``holdings``: the settings on copies in MARC; ``encoding``: chosen by
    the staff (one of ``encodings.NAMES``); others are for tables (``spreadsheets.Table``).
    """
    catalogue = _recognised(file, **given)
    catalogue.source = source
    return catalogue


def _recognised(file: BinaryIO, *, holdings: Mapping | None = None, encoding: str = "", **assigned: Any) -> Catalogue:
    head = file.read(HEAD)
    if is_xml(head):
        names = set(xml_stream.element_names(head))
        if names & set(marc_files.RECORDS):
            return Catalogue(file, lambda file: marc_files.read_xml(file, holdings))
        if names & {*dcndl.PARTS, *dcndl.PACKED}:
            return Catalogue(file, dcndl.read)
        raise errors.XmlHasNoRecords(found=next(iter(xml_stream.element_names(head)), "").rpartition("}")[2][:40])
    if marc_bytes.may_begin(head):
        return _marc_21(file, holdings, encoding)
    try:
        table = spreadsheets.Table(file, title_tables.COLUMNS, encoding=encoding, **assigned)
        catalogue = Catalogue(file, lambda file: map(title_tables.entry, table), table.charset)
        catalogue.named, catalogue.table = False, table
        catalogue.unknown, catalogue.before = table.unknown, table.before
        return catalogue
    except errors.FileIsNoTable:
        raise errors.FileIsNoCatalogue() from None


def _marc_21(file: BinaryIO, holdings: Mapping | None, encoding: str) -> Catalogue:
    found = encoding or marc_files.encoding_of(file)
    charset = encodings.NAMES[found] if found != "utf-8" else ""
    # an encoding that was found and is not Japanese is judged again for each record
    named = encoding or (found if found in marc_files.JAPANESE else "")
    return Catalogue(file, lambda file: marc_files.read_binary(file, holdings, named), charset)


def is_xml(head: bytes) -> bool:
    """Tell whether a file that begins so is XML."""
    for mark in MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\x00", b"").lstrip()[:1] == b"<"


def stored_entries(ids: Sequence[int], holdings: Mapping | None) -> list[Entry]:
    """Return entries of the source records of these titles, to be parsed again; ``number`` is the title's id."""
    columns = (SourceRecord.title, SourceRecord.format, SourceRecord.content, Title.source, Title.source_id)
    rows = SourceRecord.select(*columns).join(Title).where(SourceRecord.title.in_(ids)).order_by(SourceRecord.title)
    return [
        Entry(title_id, form, bytes(raw), source, source_id, partial(parse_stored, form, bytes(raw), holdings))
        for title_id, form, raw, source, source_id in tuples(rows)
    ]


def parse_stored(format: str, raw: bytes, holdings: Mapping | None = None) -> Record:
    """Return the record in a stored source record, parsed again."""
    if format == "marc21":
        return marc_files.record(raw, holdings)
    if format == "marcxml":
        return marc_files.marc.record(marc_files.decoded_xml(raw), holdings)
    return dcndl.decoded(raw) if format == "dcndl" else title_tables.decoded(raw)
