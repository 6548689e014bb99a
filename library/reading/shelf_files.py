"""A 本棚 as a table: written for a spreadsheet, and read in again, or from a list of one's own."""

from collections.abc import Iterable
from datetime import date
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple

from peewee import Field, chunked

from library import errors
from library.catalog import isbn
from library.catalog.search import names
from library.files import spreadsheets
from library.files.report import harmless
from library.reading import shelved
from library.reading.shelved import Book
from library.store.queries import tuples
from models import Item, Shelf, Title

LARGEST = 512 * 1024  # bytes
MOST = 1_000  # rows
ASKED = 500  # values in one query
COLUMNS = (
    spreadsheets.Column("title_id", ("書誌ID",)),
    spreadsheets.Column("isbn", ("ISBN",)),
    spreadsheets.Column("title", ("書名", "タイトル")),
    spreadsheets.Column("volume", ("巻", "巻次")),
    spreadsheets.Column("author", ("著者", "著者名")),
    spreadsheets.Column("note", ("メモ",)),
)
NAMED_BY = ("title_id", "isbn", "title")
HEADINGS = ("書誌ID", "ISBN", "書名", "巻", "著者", "請求記号", "メモ", "読んだ日")


class Row(NamedTuple):
    """A row of a file: its name there and the title that it means, or the refusal where it means none or can't be put
    on the shelf.
    """

    line: int
    name: str
    title: Title | None
    note: str
    reason: errors.Refused | None


def cells(book: Book) -> list[str]:
    """Return a book as a row of the table, under HEADINGS."""
    read_on = book.read_on.isoformat() if book.read_on else ""
    number = str(book.title_id or "")
    return [number, book.isbn or "", book.title, book.volume, book.author, book.call_number, book.note, read_on]


def check_size(file: IO[bytes]) -> None:
    """Refuse an empty or too large file. Raises: FileMissing, ShelfFileTooLong."""
    size = file.seek(0, 2)
    file.seek(0)
    if not size:
        raise errors.FileMissing()
    if size > LARGEST:
        raise errors.ShelfFileTooLong(kilobytes=LARGEST // 1024)


def read(path: Path, shelf: Shelf) -> list[Row]:
    """Return the outcome of each row on this shelf; nothing is stored. Raises: ShelfFileUnclear,
    ShelfFileHasTooMany.
    """
    try:
        with spreadsheets.opened(path, COLUMNS, either=NAMED_BY) as table:
            rows = list(islice(table, MOST + 1))
    except errors.HeadingsMissing:
        raise errors.ShelfFileUnclear() from None
    if len(rows) > MOST:
        raise errors.ShelfFileHasTooMany(most=MOST)
    for row in rows:
        row.cells = {column: _as_meant(cell) for column, cell in row.cells.items()}
    return _judged(_Finder(rows).rows(), shelf)


def put(shelf: Shelf, rows: list[Row], *, today: date) -> int:
    """Put the titles of all rows without a refusal on the shelf; return their number."""
    fitting = {row.title: row.note for row in rows if row.title and row.reason is None}
    answers = shelved.put(shelf, fitting, today=today, notes={title.id: note for title, note in fitting.items()})
    return sum(answer.reason is None for answer in answers)


def _judged(rows: list[Row], shelf: Shelf) -> list[Row]:
    answers = iter(shelved.refusals(shelf, [row.title for row in rows if row.title]))
    return [row._replace(reason=next(answers).reason) if row.title else row for row in rows]


class _Finder:
    """Finds the titles of rows: by number, else by ISBN, else by the title with volume and author where
    they are given.
    """

    def __init__(self, rows: list[spreadsheets.Row]) -> None:
        self._rows = rows
        cells = [row.cells for row in rows]
        self._by_id = self._found(Title.id, {_number(each.get("title_id", "")) for each in cells} - {None})
        self._by_isbn = self._found(Title.isbn, {isbn.normalise(each.get("isbn", "")) for each in cells} - {""})
        unnumbered = {each.get("title", "") for each in cells if not self._numbered(each)} - {""}
        self._by_title = names.titles(unnumbered)
        self._owned = self._with_copies()

    def _found(self, column: Field, values: Iterable) -> dict:
        found = {}
        for some in chunked(values, ASKED):
            for title in Title.select().where(column.in_(list(some))).order_by(Title.id):
                found.setdefault(getattr(title, column.name), []).append(title)
        return found

    def _with_copies(self) -> set[int]:
        """Return the ids of titles with copies, among titles that are alike."""
        kinds = (*self._by_isbn.values(), *self._by_title.values())
        alike = [title.id for same in kinds if len(same) > 1 for title in same]
        rows = (Item.select(Item.title).where(Item.title.in_(list(some))).distinct() for some in chunked(alike, ASKED))
        return {number for each in rows for (number,) in tuples(each)}

    def _numbered(self, cells: dict[str, str]) -> bool:
        return (
            _number(cells.get("title_id", "")) in self._by_id or isbn.normalise(cells.get("isbn", "")) in self._by_isbn
        )

    def rows(self) -> list[Row]:
        return [self._row(row) for row in self._rows]

    def _row(self, row: spreadsheets.Row) -> Row:
        cells = row.cells
        name = next((cells[column] for column in ("title", "isbn", "title_id") if cells.get(column)), "")
        note = cells.get("note", "")
        problem = next((refusal for each in row.problems.values() for refusal in each), None)
        if not problem and len(note) > shelved.LONGEST_NOTE:
            problem = errors.CellTooLong(maximum=shelved.LONGEST_NOTE)
        if problem:
            return Row(row.line, name, None, "", problem)
        found = self._meant(cells)
        if len(found) == 1:
            return Row(row.line, name, found[0], note, None)
        reason = errors.TitleNotOne(count=len(found)) if found else errors.TitleNotFound()
        return Row(row.line, name, None, "", reason)

    def _meant(self, cells: dict[str, str]) -> list[Title]:
        found = self._by_id.get(_number(cells.get("title_id", "")))
        found = found or self._by_isbn.get(isbn.normalise(cells.get("isbn", "")))
        found = found or self._by_title.get(cells.get("title", ""), [])
        for column in ("volume", "author"):
            given = cells.get(column)
            found = [title for title in found if getattr(title, column) == given] or found if given else found
        return [title for title in found if title.id in self._owned] or found if len(found) > 1 else found


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _as_meant(cell: str) -> str:
    """Return a cell without the sign that made it harmless when it was written."""
    return cell[1:] if cell.startswith("'") and harmless(cell[1:]) == cell else cell
