"""Excel: tables of texts for people to fill in, and such a table when it comes back."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from library import errors

LARGEST = 64 * 1024 * 1024  # bytes, unpacked
LONGEST = 32_767  # letters of a cell
OF_BLANKS, WIDEST = 28, 60  # columns, of half a Japanese letter
MOST_COLUMNS = 20  # of a workbook that comes back
MOST_ELEMENTS = 400_000  # of its XML: a report of 10,000 rows saved by a spreadsheet has 350,000 at most
MARK = "madoguchi"  # the property of a workbook that says what it is of
TINT = "FFF2CC"
_NO_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_BROKEN = (
    ArithmeticError, AttributeError, EOFError, expat.ExpatError, InvalidFileException, LookupError, OSError,
    RuntimeError, SyntaxError, TypeError, ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def write(
    target: Path | IO[bytes],
    name: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[str | float | None]],
    *,
    mark: str = "",
) -> None:
    """Write a table of texts and numbers as a sheet of this name, its heading always in sight. A cell that is None is
    left for somebody to fill in: it is tinted, and nothing else can be changed then.

    ``mark``: what ``read`` gives back of it.
    """
    book: Any = Workbook(write_only=True)
    book.properties.creator = "Madoguchi"
    if mark:
        book.custom_doc_props.append(StringProperty(name=MARK, value=mark))
    sheet: Any = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    for number, texts in enumerate(zip(headings, *rows, strict=True), start=1):
        width = OF_BLANKS if None in texts else min(max(map(_width, texts)) + 2, WIDEST)
        sheet.column_dimensions[get_column_letter(number)].width = width
    if any(None in row for row in rows):
        sheet.protection.sheet, sheet.protection.formatColumns = True, False
    blank, text, head, figure = (WriteOnlyCell(sheet) for _ in range(4))
    blank.number_format, blank.protection = "@", Protection(locked=False)
    blank.fill = PatternFill("solid", fgColor=TINT)
    text.alignment, head.font = Alignment(wrap_text=True, vertical="top"), Font(bold=True)
    sheet.append(_filled(head, heading) for heading in headings)
    for row in rows:
        sheet.append(
            blank if cell is None else _filled(text, cell) if isinstance(cell, str) else _numbered(figure, cell)
            for cell in row
        )
    book.save(target)


def _numbered(cell: Any, number: float) -> Any:
    cell.value = number
    return cell


def _filled(cell: Any, text: str) -> Any:
    """Return the cell with a text that is never a formula, a number or an error."""
    cell.value = harmless(text)
    cell.data_type = "s"
    return cell


def harmless(text: str) -> str:
    """Return a text as a cell can hold it."""
    return _NO_XML.sub("\ufffd", text)[:LONGEST]


def alike(text: str) -> str:
    """Return a text as it is compared after its way through a workbook."""
    return " ".join(harmless(text).split())


def _width(text: str | float | None) -> int:
    lines = str("" if text is None else text).splitlines()
    return max((len(line) + sum(not letter.isascii() for letter in line) for line in lines), default=0)


def read(file: IO[bytes], most: int) -> tuple[str, list[list[str]]]:
    """Return the mark and the rows of a workbook's first sheet, each cell a text on one line.

    Raises: WorkbookUnreadable, WorkbookTooLong with more than ``most`` rows below the heading, WorkbookHasFormula,
    ArchiveTooLong.
    """
    try:
        _check(file)
        book: Any = load_workbook(file, read_only=True)
        marks = [str(each.value) for each in book.custom_doc_props if each.name == MARK]
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        return next(iter(marks), ""), list(_rows(sheet, most))
    except _BROKEN as error:
        raise errors.WorkbookUnreadable() from error


def _check(file: IO[bytes]) -> None:
    """Refuse a workbook that unpacks to too much, whose XML has too many elements, or declares a document type, by
    which little text becomes much.
    """
    elements = count(1)

    def begin(*_: object) -> None:
        if next(elements) > MOST_ELEMENTS:
            raise errors.WorkbookUnreadable()

    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > LARGEST:  # of a part no more is unpacked than it says
            raise errors.ArchiveTooLong(megabytes=LARGEST // 1024**2)
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                parser = expat.ParserCreate()
                parser.StartDoctypeDeclHandler = _refuse_document_type
                parser.StartElementHandler = begin
                with archive.open(part) as content:
                    parser.ParseFile(content)


def _refuse_document_type(*_: object) -> None:
    raise errors.XmlHasDocumentType()


def _rows(sheet: Any, most: int) -> Iterator[list[str]]:
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS)):
        if number > most:
            raise errors.WorkbookTooLong(most=f"{most:,}")
        texts = [_text(cell) for cell in row]
        yield texts + [""] * (MOST_COLUMNS - len(texts))


def _text(cell: Any) -> str:
    """Return the text of a cell, also where a spreadsheet made a number or a day of it."""
    if cell.data_type == "f":
        raise errors.WorkbookHasFormula(cell=cell.coordinate)
    value = cell.value
    if isinstance(value, datetime) and value.time() == value.min.time():
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else alike(str(value))
