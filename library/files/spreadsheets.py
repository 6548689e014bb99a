"""CSV and TSV files as they come: encoding, delimiter and columns are found by looking.

A file is read as a stream; a row that can't be read is a row with problems, never the end of the import.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from library import errors
from library.files import csv_records, encodings

SAMPLE = 100_000  # bytes that tell in which of Japan's encodings a file is
DELIMITERS = "\t,;"
MOST_COLUMNS = 500  # what has more is no table of a library
SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_GARBLED = re.compile("[\ufffd\uf8f0-\uf8f3]")  # the latter: what Python makes of bytes that CP932 does not use
_INVISIBLE = re.compile("[\u200b\ufeff]")


@dataclass(frozen=True)
class Column:
    """A column of a file: its English name, and the Japanese headings it goes by, the usual one first."""

    name: str
    headings: tuple[str, ...] = ()
    required: bool = False

    @property
    def label(self) -> str:
        return self.headings[0] if self.headings else self.name


@dataclass
class Row:
    """A row: ``cells`` by column name, trimmed. ``problems``: column name ("" for the whole row) → refusals."""

    line: int
    cells: dict[str, str]
    problems: dict[str, list] = field(default_factory=dict)


@contextmanager
def opened(path: Path, columns: Iterable[Column], **options: Any) -> Iterator["Table"]:
    """Open the table in the file of this path. OSError when there is none; a Refused when it is no such table."""
    with open(path, "rb") as file:
        table = Table(file, columns, **options)
        yield table  # held here, so that nobody else's letting go closes the file before us


class Table:
    """A table in a binary file that can be read from the start again.

    ``mapping`` (column name → heading) goes before the headings of the columns. Of the columns named in ``either``
    one must be there. Headings that nothing reads are in ``unknown``. ``encoding`` is found by looking where none is named.
    """

    def __init__(
        self,
        file: BinaryIO,
        columns: Iterable[Column],
        *,
        mapping: dict[str, str] | None = None,
        either: Collection[str] = (),
        encoding: str = "",
    ) -> None:
        self.columns = {column.name: column for column in columns}
        self.size = file.seek(0, io.SEEK_END)
        self.encoding = encoding_of(file, encoding)
        self._file = file
        self._text: io.TextIOWrapper | None = None
        lines = self._start()
        known = {*_headings(self.columns.values()), *map(_fold, (mapping or {}).values())}
        self.delimiter = _delimiter_of(lines.peek_content(), known)
        self.headings = self._read_headings(csv_records.Records(lines, self.delimiter))
        self._places = self._find_columns(mapping or {}, either)
        used = set(self._places.values())
        self.unknown = [name for place, name in enumerate(self.headings) if name and place not in used]

    def _start(self) -> csv_records.Lines:
        """Return the lines from the first on. What read the file before lets go of it without closing it."""
        if self._text:
            self._text.detach()
        self._file.seek(0)
        self._text = io.TextIOWrapper(self._file, encoding=self.encoding, errors="replace", newline="")
        return csv_records.Lines(self._text)

    @property
    def position(self) -> int:
        """Return how many bytes of ``size`` are read."""
        return self._file.tell()

    @property
    def charset(self) -> str:
        """Return what people call the encoding; empty for UTF-8."""
        return encodings.words_for(self.encoding)

    def has(self, name: str) -> bool:
        return name in self._places

    def heading_of(self, name: str) -> str:
        """Return the heading of this file that stands for a column; empty when none does."""
        return self.headings[self._places[name]] if name in self._places else ""

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows, from the first on each time."""
        lines = self._start()
        lines.peek_content()
        records = iter(csv_records.Records(lines, self.delimiter))
        next(records)
        for line, cells, refusal in records:
            if refusal:
                yield Row(line, {}, {"": [refusal]})
            elif any(cell.strip() for cell in cells):
                yield self._row(line, cells)

    def _row(self, line: int, cells: list[str]) -> Row:
        row = Row(line, {})
        if any(cell.strip() for cell in cells[len(self.headings) :]):
            row.problems[""] = [errors.RowHasMoreCells()]
        for name, place in self._places.items():
            text = cells[place] if place < len(cells) else ""
            row.cells[name] = _clean(text)
            if refusal := _unreadable(text):
                row.problems[name] = [refusal]
        return row

    def _read_headings(self, records: csv_records.Records) -> list[str]:
        _, cells, refusal = next(iter(records), (0, [], None))
        if refusal or len(cells) > MOST_COLUMNS or any(_unreadable(cell) for cell in cells):
            raise errors.FileIsNoTable()
        if not cells:
            raise errors.FileIsEmpty()
        return [_clean(cell) for cell in cells]

    def _find_columns(self, mapping: dict[str, str], either: Collection[str]) -> dict[str, int]:
        folded = [_fold(heading) for heading in self.headings]
        places = {name: self._mapped(heading, folded) for name, heading in mapping.items()}
        free = {place: heading for place, heading in enumerate(folded) if place not in places.values()}
        for column in self.columns.values():
            if column.name not in places:
                own = _headings([column])
                found = [place for place, heading in free.items() if heading in own]
                if len(found) > 1:
                    headings = _listed(self.headings[place] for place in found)
                    raise errors.HeadingTwice(column=column.label, headings=headings)
                if found:
                    places[column.name] = found[0]
        self._check_required(places, either)
        return places

    def _mapped(self, heading: str, folded: list[str]) -> int:
        if _fold(heading) not in folded:
            raise errors.HeadingNotInFile(heading=heading, found=_listed(self.headings))
        return folded.index(_fold(heading))

    def _check_required(self, places: dict[str, int], either: Collection[str]) -> None:
        missing = [name for name, column in self.columns.items() if column.required and name not in places]
        labels = [_named(self.columns[name]) for name in missing]
        if either and not any(name in places for name in either):
            labels.append("、".join(_named(self.columns[name]) for name in either) + "のどれか")
        if labels and not places and len(self.headings) == 1:
            raise errors.FileIsNoTable()
        if labels:
            raise errors.HeadingsMissing(columns="、".join(labels), found=_listed(self.headings))


def encoding_of(file: BinaryIO, named: str = "") -> str:
    """Return the codec of a text: UTF-16 by its mark or its zeros, else that of the encoding that is ``named``, else UTF-8 where
    (almost) the whole file is, else one of Japan's, CP932 in doubt. Refused when it is no text.
    """
    file.seek(0)
    head = file.read(4096)
    if not head:
        raise errors.FileIsEmpty()
    if head.startswith(SPREADSHEETS):
        raise errors.FileIsSpreadsheet()
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for encoding in ("utf-16-le", "utf-16-be"):
        if _is_utf16(head, encoding):
            return encoding
    if head.count(0) * 10 > len(head):
        raise errors.FileIsNoTable()
    if named not in encodings.CODECS:
        named = "iso-2022-jp" if encodings.is_iso_2022_jp(head) else "utf-8" if _is_utf8(file) else ""
    sample = _sample(file) if named != "utf-8" else []
    return encodings.codec_of(named or encodings.recognise(sample) or "cp932", sample)


def _sample(file: BinaryIO) -> list[bytes]:
    file.seek(0)
    return file.read(SAMPLE).splitlines()


def _is_utf16(head: bytes, encoding: str) -> bool:
    """Tell UTF-16 without a mark: the line ends and commas are there as two bytes, one of them zero."""
    if 0 not in head:
        return False
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
    return "\ufffd" not in text and "\n" in text and any(mark in text.split("\n")[0] for mark in DELIMITERS)


def _is_utf8(file: BinaryIO) -> bool:
    """Tell whether a file is UTF-8. A damaged character here and there does not make another encoding of it: its row is refused later."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    broken = foreign = 0
    while chunk := file.read(1 << 20):
        text = decoder.decode(chunk)
        broken += text.count("\ufffd")
        foreign += len(text) - len(text.encode("ascii", "ignore"))
    broken += len(decoder.decode(b"", final=True))
    return broken * 10 <= foreign


def _delimiter_of(line: str, known: set[str]) -> str:
    """Return the one that cuts out most of the headings we know; else the one that is there most."""

    def score(delimiter: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader([line], delimiter=delimiter))
        except csv.Error:
            return (0, 0)
        return (sum(_fold(cell) in known for cell in cells), len(cells))

    return max(DELIMITERS, key=score)


def _headings(columns: Iterable[Column]) -> set[str]:
    return {_fold(heading) for column in columns for heading in (column.name, *column.headings)}


def _fold(heading: str) -> str:
    """Return a heading without what makes no difference: width, case, spaces, hyphens and underscores."""
    return re.sub(r"[\s_‐\-ー−]", "", unicodedata.normalize("NFKC", _INVISIBLE.sub("", heading))).casefold()


def _clean(text: str) -> str:
    """Return a cell trimmed, on one line, and without the ``="0001"`` by which a spreadsheet keeps zeros."""
    text = re.sub(r"[\t-\r]+", " ", _INVISIBLE.sub("", text)).strip()
    return text[2:-1] if text.startswith('="') and text.endswith('"') and len(text) > 2 else text


def _unreadable(text: str) -> errors.Refused | None:
    if _GARBLED.search(text):
        return errors.CellGarbled()
    return errors.CellHasControl() if _CONTROL.search(text) else None


def _listed(headings: Iterable[str]) -> str:
    shown = [f"「{heading[:40]}」" for heading in headings if heading]
    return "".join(shown[:12]) + ("…" if len(shown) > 12 else "")


def _named(column: Column) -> str:
    return f"{column.label}（{column.name}）" if column.headings else column.name
