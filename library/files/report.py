"""The outcome of the rows of a file: counts, and each finding with line, column and reason."""

import csv
import io
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from library import audit, errors
from library.files import workbooks
from library.files.spreadsheets import Column, Row
from library.store import database

NEW, CHANGED, SAME, REFUSED, SKIPPED = OUTCOMES = "new", "changed", "same", "refused", "skipped"
# 種類: the row was refused; a cell was left out; a cell was mended; a cell needs a look; the row was not wanted
REFUSAL, EMPTIED, MENDED, WARNING, LEFT_OUT = KINDS = "拒否", "空にした", "補った", "注意", "取り込まない"
CORRECTED = "直した値"  # the heading of the cells that are filled in
MOST = 10_000  # findings in a workbook: nobody reads more, and more hold up a page
# cells that a spreadsheet would take for a formula
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """A line of the report. ``column``: its heading, empty for a whole row; ``number``: of a card, copy or record.

    ``value``: the cell as it was. For a record of a file that is no table, ``line`` is its number in the file.
    """

    line: int
    column: str
    reason: str
    kind: str = REFUSAL
    number: str = ""
    value: str = ""
    unit: str = "行目"

    @property
    def sentence(self) -> str:
        """Return the line that a command prints; without the value, which may be personal."""
        named = self.column or (self.number if self.unit != "行目" else "")
        return f"{self.line:,}{self.unit} {named + '：' if named else ''}{self.reason}"


@dataclass
class Report:
    """Counts by outcome; ``more``: further counts by their words. ``tell`` is called with each finding.

    ``looked_at``: rows read before any was taken in; ``shorter``: numbers that may have lost zeros; ``rehearsed``:
    hashes of rows that a dry run found new; ``unknown``: column → unknown word → rows; ``proposal``: a form of card
    numbers (``numbers.proposals``). ``watch`` is called in a dry run with each row and its outcome, before all is
    undone.
    """

    tell: Callable[[Finding], object] = lambda finding: None
    watch: Callable[[Any, str], object] = lambda row, outcome: None
    counts: Counter = field(default_factory=Counter)
    more: Counter = field(default_factory=Counter)
    looked_at: int = 0
    shorter: int = 0
    rehearsed: set = field(default_factory=set)
    unknown: dict[str, dict[str, int]] = field(default_factory=dict)
    proposal: dict[str, Any] = field(default_factory=dict)

    @property
    def read(self) -> int:
        """Return the number of rows read."""
        return self.counts.total()

    @property
    def nothing_done(self) -> bool:
        """Tell whether there were rows and all were refused."""
        return self.read > 0 and self.counts[REFUSED] == self.read

    def has_rehearsed(self, key: Hashable) -> bool:
        """Tell whether a dry run has found a row with this key new already."""
        return hash(key) in self.rehearsed

    @property
    def totals(self) -> str:
        """Return 読込 3,723 / 新規 0 / 変更 0 / 変更なし 3,723 / 拒否 0."""
        named = (("新規", NEW), ("変更", CHANGED), ("変更なし", SAME), ("拒否", REFUSED))
        return " / ".join([f"読込 {self.read:,}", *(f"{word} {self.counts[outcome]:,}" for word, outcome in named)])

    def record(self, what: str, *, now: datetime, by: str = "command") -> None:
        """Write the counts of a file that changed something to the log of operations."""
        more = {
            words: count
            for words, count in self.more.items()
            if count and not words.startswith((EMPTIED, MENDED, WARNING, LEFT_OUT))
        }
        if self.counts[NEW] or self.counts[CHANGED] or more:
            with database.writing():
                audit.record(f"import.{what}", actor=by, now=now, **self.counts, **more)

    def refuse(
        self,
        refused: errors.RefusedTogether,
        line: int,
        columns: Mapping[str, Column],
        number: str = "",
        row: Row | None = None,
    ) -> None:
        """Report every reason against a row or record; ``columns`` is empty for a file that is no table."""
        for name, reasons in refused.by_field.items():
            label = columns[name].label if name in columns else ""
            for reason in reasons:
                value = row.written(name) if row and name else ""
                unit = "行目" if columns else "件目"
                self.tell(Finding(line, label, reason.sentence, REFUSAL, number, value, unit))

    def note(
        self,
        row: Row,
        column: Column,
        kind: str,
        words: str,
        *,
        number: str = "",
        example: str = "",
        named: bool = True,
    ) -> None:
        """Report a cell that was changed or left out, counted by these words or, not ``named``, by its column."""
        reason = f"{words}{f'（{example}）' if example else ''}"
        finding = Finding(row.line, column.label, reason, kind, number, row.written(column.name))
        self.remark(finding, words if named else column.label)

    def remark(self, finding: Finding, words: str) -> None:
        """Report a finding that refused nothing, counted by these words."""
        self.more[f"{finding.kind}：{words}"] += 1
        self.tell(finding)


class FindingFile:
    """The findings as a file that its owner alone reads: an Excel workbook if its name ends in .xlsx, else CSV in UTF-8
    with byte order mark.

    With ``several`` reports in it, each line has the name of its file. ``plain``: for ``read``, not for spreadsheets.
    """

    HEADINGS = ("行", "種類", "列", "番号", "もとの値", "理由")

    def __init__(self, path: Path, *, several: bool = False, plain: bool = False) -> None:
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        os.fchmod(descriptor, 0o600)  # of one that was there
        self._target = open(descriptor, "wb")  # noqa: SIM115 (closed at the end)
        self._is_workbook = path.suffix.lower() == ".xlsx"
        rows: Any = tempfile.TemporaryFile() if self._is_workbook else self._target  # noqa: SIM115
        self._file = io.TextIOWrapper(rows, encoding="utf-8-sig", newline="")
        self._rows = csv.writer(self._file, quoting=csv.QUOTE_ALL)
        self._several, self._plain = several, plain or self._is_workbook
        self._headings = [*(["ファイル"] if several else []), *self.HEADINGS]
        self._rows.writerow(self._headings)

    @staticmethod
    def read(path: Path) -> Iterator[list[str]]:
        """Yield the rows of a plain report as lists of cells."""
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file)
            next(rows, None)
            yield from rows

    def write(self, finding: Finding, file: str = "") -> None:
        texts = (str(finding.line), finding.kind, finding.column, finding.number, finding.value, finding.reason)
        row = [*([file] if self._several else []), *texts]
        self._rows.writerow(row if self._plain else map(harmless, row))

    def __enter__(self) -> "FindingFile":
        return self

    def __exit__(self, *_: object) -> None:
        with self._target, self._file:
            if self._is_workbook:
                self._file.seek(0)
                write_workbook(self._target, islice(csv.reader(self._file), 1, None), self._headings)


def write_workbook(
    target: IO[bytes], rows: Iterable[list[str]], headings: Sequence[str] = FindingFile.HEADINGS, *, mark: str = ""
) -> None:
    """Write findings as an Excel workbook, the refused first, ``MOST`` at most.

    With a ``mark``, by which ``corrections`` knows it again, it has a column for the corrected value of each cell.
    """
    kept: dict[str, list[list[str]]] = {kind: [] for kind in KINDS}
    kind, left = headings.index("種類"), 0
    for row in rows:
        if len(kept[row[kind]]) < MOST:
            kept[row[kind]].append(row)
        else:
            left += 1
    table: list[list[str | None]] = [
        [*row, *([None if row[2] else ""] if mark else [])] for row in chain(*kept.values())
    ]
    left += len(table[MOST:])
    if left:
        table[MOST:] = [[*[""] * (len(headings) - 1), f"ほかに{left:,}件あります。", *([""] if mark else [])]]
    workbooks.write(target, "報告", [*headings, *([CORRECTED] if mark else [])], table, mark=mark)


def corrections(sent: IO[bytes], own: Path, mark: str) -> dict[int, dict[str, tuple[str, str]]]:
    """Return the corrected cells in a workbook of these findings: row → column → (cell as it was, corrected cell).

    Raises: ReportIsNone, ReportIsAnother, ReportChanged, ReportHasNoColumn, ReportSaysTwo, ReportIsEmpty, and as
    ``workbooks.read``.
    """
    found, rows = workbooks.read(sent, MOST + 1)
    width = len(FindingFile.HEADINGS)
    if not rows or rows[0][: width + 1] != [*FindingFile.HEADINGS, CORRECTED]:
        raise errors.ReportIsNone()
    if found not in ("", mark):
        raise errors.ReportIsAnother()
    strange = {tuple(row[:width]): number for number, row in enumerate(rows[1:], start=2) if row[0] or row[width]}
    for row in FindingFile.read(own) if strange else ():
        strange.pop(tuple(map(workbooks.alike, row)), None)
    if strange:
        raise errors.ReportChanged(row=f"{min(strange.values()):,}")
    wanted: dict[int, dict[str, tuple[str, str]]] = {}
    for line, _, column, _, value, _, corrected, *_ in [row for row in rows[1:] if row[width]]:
        if not column:
            raise errors.ReportHasNoColumn(line=f"{int(line):,}")
        if wanted.setdefault(int(line), {}).setdefault(column, (value, corrected))[1] != corrected:
            raise errors.ReportSaysTwo(line=f"{int(line):,}", column=column)
    if not wanted:
        raise errors.ReportIsEmpty()
    return wanted


def as_csv(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a CSV text for spreadsheets: with byte order mark, every cell quoted, no formula that would run."""
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(headings)
    writer.writerows([harmless(str(cell)) for cell in row] for row in rows)
    return text.getvalue()


def harmless(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(_FORMULA) else text
