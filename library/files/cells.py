"""Cells of one row as values: days, branches, choices.

An unreadable cell of a required column refuses the row; one of another column is left out, with a note.
"""

import re
import unicodedata
from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from peewee import Model

from library import dates, errors
from library.files.report import EMPTIED, MENDED, WARNING
from library.files.spreadsheets import Row, fold as fold
from models import Branch

C = TypeVar("C")
WIDTH = 255  # characters that a short text column holds on every database
LONG = 10_000
YES = {"1": True, "true": True, "yes": True, "y": True, "はい": True, "可": True, "○": True, "〇": True}
HOW = {
    dates.SERIAL: "表計算ソフトの通し番号を日付に直しました",
    dates.BEYOND: "平成31年5月より後の年を、そのまま続けて数えました",
}
_COUNTED = re.compile("第?([0-9]{1,9})(?:番目?|位|回|人目|人)?")
ODD_LETTERS = "読めないか、置き換わった文字がないか、お確かめください"
MAPPED_AWAY = "値の対応づけで空にしました"
NO = {"0": False, "false": False, "no": False, "n": False, "いいえ": False, "不可": False, "×": False}


@dataclass(frozen=True)
class Note:
    """A cell that was changed or left out: its ``kind`` (EMPTIED, MENDED, WARNING), the reason, an example.

    ``named``: counted by its reason, else by its column.
    """

    name: str
    kind: str
    words: str
    example: str = ""
    named: bool = True


class Cells:
    """Reads the cells of a row. Every reader returns None for an empty, an unreadable or a missing cell.

    ``required``: the columns whose wrong cells refuse the row; None: all. ``notes``: cells left out or mended.
    """

    def __init__(
        self,
        row: Row,
        find_branch: Callable[[str], Branch | None] = lambda text: None,
        required: Container[str] | None = None,
    ) -> None:
        self.row, self.notes = row, list[Note]()
        self._find_branch, self._required = find_branch, required
        self.problems: dict[str, list[errors.Refused]] = {}
        self._left_out: set[str] = set()
        for name, reasons in row.problems.items():
            for reason in reasons:
                self.refuse(name, reason)
        for name, text in row.mapped.items():
            if text and not row.cells[name]:
                self.notes.append(Note(name, EMPTIED, MAPPED_AWAY))

    def refuse(self, name: str, refusal: errors.Refused) -> None:
        """Refuse the row if this column is required; else leave the cell out, with a note."""
        if not name or self._required is None or name in self._required:
            self.refuse_row(name, refusal)
        elif name not in self._left_out:
            self._left_out.add(name)
            self.notes.append(Note(name, EMPTIED, refusal.sentence, named=False))

    def refuse_row(self, name: str, refusal: errors.Refused) -> None:
        """Refuse the row because of this cell, whatever its column."""
        self.problems.setdefault(name, []).append(refusal)

    def mend(self, name: str, words: str, example: str = "") -> None:
        """Note that a cell was taken in a corrected form."""
        self.notes.append(Note(name, MENDED, words, example))

    def warn(self, name: str, words: str, example: str = "") -> None:
        """Note that somebody should check a cell that was taken as it is."""
        self.notes.append(Note(name, WARNING, words, example))

    def check(self) -> None:
        """Raise RefusedTogether if any cell was refused; to be called before anything is written."""
        if self.problems:
            raise errors.RefusedTogether(self.problems)

    def raw(self, name: str) -> str:
        return "" if name in self._left_out else self.row.cells.get(name, "")

    def text(self, name: str, maximum: int = WIDTH) -> str | None:
        text = self.raw(name)
        if len(text) > maximum:
            self.refuse(name, errors.CellTooLong(maximum=maximum))
            return None
        return text or None

    def required(self, *names: str) -> None:
        """Refuse each of these cells that is empty."""
        for name in names:
            if not self.raw(name):
                self.refuse(name, errors.CellMissing())

    def day(self, name: str, *, beyond: bool = False) -> date | None:
        """Return a day, written in any usual way; ``beyond``: 平成 may run past its end."""
        text = self.raw(name)
        if not text:
            return None
        try:
            day, how = dates.read(text, beyond=beyond)
        except ValueError:
            self.refuse(name, errors.CellIsNoDate())
            return None
        if day is None and self._required and name in self._required:
            self.refuse(name, errors.CellMissing())
        if how and day:
            (self.mend if how == dates.SERIAL else self.warn)(name, HOW[how], f"{text} → {day.isoformat()}")
        return day

    def number(self, name: str, low: int, high: int) -> int | None:
        """Return a whole number, also of ``2番目``, ``第2位``, ``1回``."""
        text = unicodedata.normalize("NFKC", self.raw(name))
        if not text:
            return None
        if (found := _COUNTED.fullmatch(text)) and low <= int(found[1]) <= high:
            return int(found[1])
        self.refuse(name, errors.CellIsNoNumber(low=low, high=high))
        return None

    def yes(self, name: str, words: dict[str, bool] | None = None) -> bool | None:
        """Return the truth of 1/0, true/false, yes/no, はい/いいえ, or of the column's own ``words``."""
        text = unicodedata.normalize("NFKC", self.raw(name)).casefold()
        known = YES | NO | (words or {})
        if text and text not in known:
            self.refuse(name, errors.CellIsNoYesNo())
        return known.get(text)

    def choice(self, name: str, choices: dict[str, C]) -> C | None:
        """Return the value of a cell by ``choices`` (text → value), whatever its width and case."""
        text = self.raw(name)
        folded = {fold(word): value for word, value in choices.items()}
        if text and fold(text) not in folded:
            self.refuse(name, errors.CellIsNoChoice(choices="、".join(choices)))
        return folded.get(fold(text))

    def branch(self, name: str) -> Branch | None:
        """Return the branch with this code, else with this name."""
        text = self.raw(name)
        found = self._find_branch(text) if text else None
        if text and found is None:
            self.refuse(name, errors.BranchUnknown(branch=text[:40]))
        return found


def update(row: Model, values: dict[str, Any]) -> list[str]:
    """Save the values that differ from the row's, None meaning no change; return the names of the columns that
    changed.
    """
    changed = differing(row, values)
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(only=changed)
    return changed


def differing(row: Model, values: dict[str, Any]) -> list[str]:
    """Return the names of the values that aren't the row's; None is no value."""
    return [name for name, value in given(values).items() if row.__data__.get(name) != _stored(value)]


def given(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values that are not None."""
    return {name: value for name, value in values.items() if value is not None}


def _stored(value: Any) -> Any:
    return value.get_id() if isinstance(value, Model) else value
