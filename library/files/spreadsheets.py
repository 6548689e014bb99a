"""CSV and TSV files as they come: encoding, delimiter and columns are found in the file.

A file is read as a stream; an unreadable row is a row with problems, never the end of the import.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Any, BinaryIO

from library import errors, invisible
from library.files import bounded, csv_records, encodings, headings as naming, table_encodings, workbooks
from library.files.headings import Column as Column

MOST_COLUMNS = 500  # what has more is no table of a library
ROWS_BEFORE = 10  # among so many rows the headings are looked for
KNOWN_HEADINGS = 3  # of which so many make a row of headings where one that must be there is not
LEAVE_OUT = "-"  # what a value is mapped to whose rows are not taken
NOT_TAKEN, TOTALS, HEADINGS = "値の対応づけで、取り込まない行にしました", "合計の行です", "見出しの行です"
_TOTALS = frozenset(("合計", "計", "総計", "小計", "件数", "総件数", "合計件数"))
_NUMBERS = ("code", "source_id", "barcode", "card_number")  # in these stands no word
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# doubtful letters: private use (外字, and Python's reading of bytes unused in CP932), undecodable or unprintable
# ones, and ? where a program lacked a kanji
_KANJI = "々〆\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_ODD = re.compile(f"[\ue000-\uf8ff\ufffd〓\U000f0000-\U0010ffff]|(?<=[{_KANJI}])\\?|\\?(?=[{_KANJI}])")
_HALF_KANA = re.compile("[\uff61-\uff9f]+")
_SEPARATOR = re.compile('\ufeff?"?sep=(.)"?', re.I)  # the first line of some spreadsheets' files


@dataclass
class Row:
    """A row: ``cells`` by column name, trimmed and mapped; ``mapped``: the cells before they were mapped.

    ``line``: its number in a spreadsheet. ``problems``: column name ("" for the whole row) → refusals. ``odd``: columns
    with doubtful letters. ``left_out``: the reason to skip the row; ``left_out_by``: the column that gave it, if one
    did.
    """

    line: int
    cells: dict[str, str]
    problems: dict[str, list] = field(default_factory=dict)
    mapped: dict[str, str] = field(default_factory=dict)
    odd: list[str] = field(default_factory=list)
    left_out: str = ""
    left_out_by: str = ""

    def written(self, name: str) -> str:
        """Return the cell as it stood in the file."""
        return self.mapped.get(name) or self.cells.get(name, "")


@contextmanager
def opened(path: Path, columns: Iterable[Column], *, until: float = inf, **options: Any) -> Iterator["Table"]:
    """Open the table in a file; ``until`` as in ``bounded``. Raises: OSError; a Refused if it is no such table."""
    with bounded.opened(path, until) as file:
        table = Table(file, columns, **options)
        yield table  # held here, so that nobody else's letting go closes the file before us


class Table:
    """A table in a binary file; each iteration reads it from the start.

    ``mapping``: column name → heading (several on lines of their own, ``-`` for none), before the columns' own
    headings; ``remembered``: such a mapping of an earlier file, used where its headings are there. ``values``: column
    name → text → the library's word, ``-`` to skip the row. One of the columns in ``either`` must be there.
    ``unknown``: headings without a column; ``before``: rows above the headings. ``encoding`` is detected if empty. Not
    ``strict``: columns may be missing or unclear. ``chosen``: for each heading its column, or NOTHING, or OPEN;
    ``only``: the number of the one row to read.
    """

    def __init__(
        self,
        file: BinaryIO,
        columns: Iterable[Column],
        *,
        mapping: dict[str, str] | None = None,
        remembered: dict[str, str] | None = None,
        values: Mapping[str, Mapping[str, str]] | None = None,
        either: Collection[str] = (),
        encoding: str = "",
        strict: bool = True,
    ) -> None:
        self.columns = {column.name: column for column in columns}
        self.size = file.seek(0, io.SEEK_END)
        self.encoding = table_encodings.codec_for(file, encoding)
        self._file = file
        self._text: io.TextIOWrapper | None = None
        self.values = {name: {fold(text): to for text, to in words.items()} for name, words in (values or {}).items()}
        lines = self._start()
        assigned = (remembered or {}) | (mapping or {})
        known = naming.folded(self.columns.values(), assigned)
        told = _SEPARATOR.fullmatch(lines.peek_content().strip())
        self._hidden = 1 if told else 0  # rows that no spreadsheet shows
        self.delimiter = told[1] if told else _delimiter_of(lines.peek(ROWS_BEFORE), known)
        needed = [naming.folded([column], assigned) for column in self.columns.values() if column.required]
        if either:
            needed.append(naming.folded((self.columns[name] for name in either), assigned))
        self.before, self.headings = self._read_headings(lines, known, needed)
        said = naming.carried_over(remembered or {}, mapping or {}, self.headings) | (mapping or {})
        found = naming.find(self.headings, self.columns, said, either, strict=strict)
        of = {place: name for name, places in found.items() for place in places}
        self.chosen = [of.get(place, naming.OPEN) for place in range(len(self.headings))]
        self.unknown = [name for name, of in zip(self.headings, self.chosen, strict=True) if name and of == naming.OPEN]
        self._places = {name: places for name, places in found.items() if name in self.columns}
        self.only: int | None = None

    def _start(self) -> csv_records.Lines:
        """Return the lines from the first on; a former reader releases the file without closing it."""
        if self._text:
            self._text.detach()
        self._file.seek(0)
        self._text = io.TextIOWrapper(self._file, encoding=self.encoding, errors="replace", newline="")
        return csv_records.Lines(self._text)

    @property
    def position(self) -> int:
        """Return the number of bytes read, of ``size``."""
        return self._file.tell()

    @property
    def charset(self) -> str:
        """Return the usual name of the encoding; empty for UTF-8."""
        return encodings.words_for(self.encoding)

    def has(self, name: str) -> bool:
        return name in self._places

    def headings_of(self, name: str) -> list[str]:
        """Return the file's headings for a column."""
        return [self.headings[place] for place in self._places.get(name, ())]

    def records(self) -> Iterator[tuple[int, list[str], errors.Refused | None]]:
        """Yield (line number in a spreadsheet, raw cells, refusal) of each row that is not blank, from the first
        row.
        """
        lines = self._start()
        lines.peek_content()
        rows = csv_records.Records(lines, self.delimiter)
        for number, (_, cells, refusal) in enumerate(rows, start=1):
            if number > self._records_before and (refusal or any(map(str.strip, cells))):
                yield number + lines.skipped - self._hidden, cells, refusal

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows, from the first row."""
        for line, cells, refusal in self.records():
            if self.only in (None, line):
                yield Row(line, {}, {"": [refusal]}) if refusal else self.row(line, cells)
            if line == self.only:
                return

    def corrected(self, wanted: Mapping[int, Mapping[str, tuple[str, str]]]) -> Iterator[list[str]]:
        """Yield the headings, then the raw cells of these rows, corrected: number of the row → label of the column →
        (cell as it was, corrected cell). Raises: ColumnNotInFile, RowIsAnother.
        """
        yield self.headings
        names, left = {column.label: name for name, column in self.columns.items()}, dict(wanted)
        for line, cells, _ in self.records():
            row = self.row(line, cells) if line in left else Row(line, {})
            for label, (was, to_be) in left.get(line, {}).items():
                places = self._places.get(names.get(label, ""))
                if not places:
                    raise errors.ColumnNotInFile(column=label)
                if workbooks.alike(row.written(names[label])) != workbooks.alike(was):
                    raise errors.RowIsAnother(line=f"{line:,}")
                cells += [""] * (max(places) + 1 - len(cells))
                for place in places:  # one cell has what several made together
                    cells[place] = to_be if place == places[0] else ""
            if left.pop(line, None):
                yield cells
        if left:
            raise errors.RowIsAnother(line=f"{min(left):,}")

    def row(self, line: int, cells: list[str]) -> Row:
        row = Row(line, {})
        if any(cell.strip() for cell in cells[len(self.headings) :]):
            row.problems[""] = [errors.RowHasMoreCells()]
        for name, places in self._places.items():
            found = [self._read_cell(row, name, cells[place]) for place in places if place < len(cells)]
            row.cells[name] = found[0] if len(found) == 1 else self._joined(name, found)
            if row.cells[name] and name in self.values:
                self._map(row, name)
        if reason := self._is_none(row, cells):
            row.left_out, row.left_out_by = reason, ""
            row.problems.clear()
        return row

    def _is_none(self, row: Row, cells: list[str]) -> str:
        """Return the reason to skip a line that is no row, such as a total; empty for a row."""
        if len(cells) >= len(self.headings) and all(
            cleaned(cell) == heading for cell, heading in zip(cells, self.headings, strict=False)
        ):
            return HEADINGS
        first = next(filter(None, map(cleaned, cells)), "")
        return TOTALS if any(map(_is_total, (first, *(row.cells.get(name, "") for name in _NUMBERS)))) else ""

    def _joined(self, name: str, found: list[str]) -> str:
        column, said = self.columns[name], list(filter(None, found))
        if column.fullest:
            return max(said, key=len, default="")
        if column.by_hand:
            return column.by_hand.join(found).strip() if said else ""
        # a note, or the whole cell, is taken once; of an address or a call number each part counts
        once = column.joined == "\n" or len(set(said)) == 1
        return column.joined.join(dict.fromkeys(said) if once else said)

    def _read_cell(self, row: Row, name: str, text: str) -> str:
        if text.isascii() and text.isalnum():
            return text
        if _CONTROL.search(text):
            row.problems[name] = [errors.CellHasControl()]
        if not text.isascii():
            text = _HALF_KANA.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
            if _ODD.search(text):
                row.odd.append(name)
        if self.columns[name].lines:
            return "\n".join(filter(None, map(cleaned, text.splitlines())))
        return cleaned(text)

    def _map(self, row: Row, name: str) -> None:
        to = self.values[name].get(fold(row.cells[name]))
        if to is not None:
            row.mapped[name] = row.cells[name]
            if to == LEAVE_OUT:
                row.left_out, row.left_out_by = NOT_TAKEN, name
            else:
                row.cells[name] = to

    def _read_headings(
        self, lines: csv_records.Lines, known: set[str], needed: list[set[str]]
    ) -> tuple[list[str], list[str]]:
        """Return the rows above the headings, and the headings, found in the first ten rows.

        They are the first row with all required columns, else with three known headings, else the first not blank.
        """
        found: list[tuple[int, list[str]]] = []
        for number, (_, cells, refusal) in zip(
            range(1, ROWS_BEFORE + 1), csv_records.Records(lines, self.delimiter), strict=False
        ):
            if not refusal and len(cells) <= MOST_COLUMNS and any(cell.strip() for cell in cells):
                found.append((number, cells))
            elif (not found and any(cell.strip() for cell in cells)) or (refusal and not found):
                raise errors.FileIsNoTable()
        if not found:
            raise errors.FileIsEmpty()
        rows = [{naming.fold(cell) for cell in cells} for _, cells in found]
        whole = (place for place, row in enumerate(rows) if needed and all(row & each for each in needed))
        some = (place for place, row in enumerate(rows) if len(row & known) >= KNOWN_HEADINGS)
        place = next(whole, next(some, 0))
        self._records_before, cells = found[place]
        if any(_CONTROL.search(cell) or "\ufffd" in cell for cell in cells):
            raise errors.FileIsNoTable()
        before = [" ".join(filter(None, map(cleaned, row))) for _, row in found[:place]]
        if before and found[0][0] == 1 and _SEPARATOR.match(before[0] + self.delimiter):
            del before[0]
        return before, [cleaned(cell) for cell in cells]


def _delimiter_of(lines: list[str], known: set[str]) -> str:
    """Return the delimiter that gives most known headings, else the most frequent one."""

    def score(delimiter: str, line: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader([line], delimiter=delimiter))
        except csv.Error:
            return (0, 0)
        return (sum(naming.fold(cell) in known for cell in cells), len(cells))

    return max(table_encodings.DELIMITERS, key=lambda delimiter: max(score(delimiter, line) for line in lines))


def _is_total(text: str) -> bool:
    return not text.isascii() and fold(text) in _TOTALS


def cleaned(text: str) -> str:
    """Return a cell trimmed, on one line, and without ``="0001"``, which keeps zeros in a spreadsheet."""
    text = re.sub(r"[\t-\r]+", " ", invisible.drop(text)).strip()
    return text[2:-1] if text.startswith('="') and text.endswith('"') and len(text) > 2 else text


def fold(text: str) -> str:
    """Return a cell's text without differences in width, case and spaces."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()
