"""The outcome of the rows of a file: the counts, and each refusal and warning with line, column and reason."""

import csv
import io
import os
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from library import audit, errors
from library.files.spreadsheets import Column, Row
from library.store import database

NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"
REFUSAL, WARNING = "拒否", "注意"  # of a row: it stayed out, or it went in and somebody should look
# cells that a spreadsheet would take for a formula
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")  # fmt: skip


@dataclass(frozen=True)
class Refusal:
    """A reason why a row stayed out, or (WARNING) should be looked at. ``column`` is the heading people know, empty when it
    is the row as a whole.

    What is no row of a table but a record has its number in the file as ``line``, and its own in ``record``.
    """

    line: int
    column: str
    reason: str
    record: str = ""
    unit: str = "行目"
    kind: str = REFUSAL

    @property
    def sentence(self) -> str:
        named = self.column or self.record
        return f"{self.line}{self.unit} {named + '：' if named else ''}{self.reason}"


@dataclass
class Report:
    """Counts by outcome, and ``more``: what else is worth a line, counted by its words. ``tell`` gets each refusal and
    each warning.

    ``rehearsed``: a number for each row that a dry run met as new.
    """

    tell: Callable[[Refusal], object] = lambda refusal: None
    counts: Counter = field(default_factory=Counter)
    more: Counter = field(default_factory=Counter)
    rehearsed: set = field(default_factory=set)

    @property
    def read(self) -> int:
        return self.counts.total()

    @property
    def nothing_done(self) -> bool:
        """Tell whether there were rows and every one of them was refused."""
        return self.read > 0 and self.counts[REFUSED] == self.read

    def has_rehearsed(self, key: Hashable) -> bool:
        """Tell whether a dry run met this key as new before, in a row that is the same."""
        return hash(key) in self.rehearsed

    @property
    def totals(self) -> str:
        """Return 読込 3,723 / 新規 0 / 変更 0 / 変更なし 3,723 / 拒否 0."""
        named = (("新規", NEW), ("変更", CHANGED), ("変更なし", SAME), ("拒否", REFUSED))
        return " / ".join([f"読込 {self.read:,}", *(f"{word} {self.counts[outcome]:,}" for word, outcome in named)])

    def record(self, what: str, *, now: datetime, by: str = "command") -> None:
        """Note in the log of operations that a file changed something, and how much."""
        more = {words: count for words, count in self.more.items() if count and not words.startswith(WARNING)}
        if self.counts[NEW] or self.counts[CHANGED] or more:
            with database.writing():
                audit.record(f"import.{what}", actor=by, now=now, **self.counts, **more)

    def refuse(
        self, refused: errors.RefusedTogether, line: int, columns: Mapping[str, Column], record: str = ""
    ) -> None:
        """Tell every reason of a row, or of a record; ``columns`` is empty where the file is no table."""
        for name, reasons in refused.by_field.items():
            label = columns[name].label if name else ""
            for reason in reasons:
                self.tell(Refusal(line, label, reason.sentence, record, "行目" if columns else "件目"))

    def warn(self, row: Row, column: Column, words: str, example: str = "") -> None:
        """Tell of a cell that went in and should be looked at, and count it by these words."""
        self.more[f"{WARNING}：{words}"] += 1
        self.tell(Refusal(row.line, column.label, f"{words}{f'（{example}）' if example else ''}", kind=WARNING))


class RefusalFile:
    """The refusals and warnings as a CSV file that a spreadsheet opens: UTF-8 with mark, readable by its owner alone."""

    HEADINGS = ("ファイル", "行", "種類", "列", "書誌番号", "理由")

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        self._file = open(descriptor, "w", encoding="utf-8-sig", newline="")  # noqa: SIM115 (closed by close)
        self._rows = csv.writer(self._file, quoting=csv.QUOTE_ALL)
        self._rows.writerow(self.HEADINGS)

    def write(self, refusal: Refusal, file: str = "") -> None:
        texts = (file, str(refusal.line), refusal.kind, refusal.column, refusal.record, refusal.reason)
        self._rows.writerow([harmless(text) for text in texts])

    def __enter__(self) -> "RefusalFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def as_csv(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a table for spreadsheets: UTF-8 with mark, every cell quoted, none that one would run."""
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(headings)
    writer.writerows([harmless(str(cell)) for cell in row] for row in rows)
    return text.getvalue()


def harmless(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(_FORMULA) else text
