"""Cells of one row as values: days, branches, choices. What can't be read is collected and refused together."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from peewee import Model

from library import dates, errors
from library.files.spreadsheets import Row
from models import Branch

C = TypeVar("C")
WIDTH = 255  # characters that a short text column holds on every database
LONG = 10_000
YES = {"1": True, "true": True, "yes": True, "y": True, "はい": True, "可": True, "○": True, "〇": True}
NO = {"0": False, "false": False, "no": False, "n": False, "いいえ": False, "不可": False, "×": False}


class Cells:
    """Read a row. Every reader returns None for an empty cell and for a column that the file doesn't have."""

    def __init__(self, row: Row, find_branch: Callable[[str], Branch | None] = lambda text: None) -> None:
        self.row = row
        self._find_branch = find_branch
        self.problems: dict[str, list[errors.Refused]] = {}

    def refuse(self, name: str, refusal: errors.Refused) -> None:
        self.problems.setdefault(name, []).append(refusal)

    def check(self) -> None:
        """Raise RefusedTogether when any cell was wrong. Nothing may be written before."""
        if self.problems:
            raise errors.RefusedTogether(self.problems)

    def raw(self, name: str) -> str:
        return self.row.cells.get(name, "")

    def text(self, name: str, maximum: int = WIDTH) -> str | None:
        text = self.raw(name)
        if len(text) > maximum:
            self.refuse(name, errors.CellTooLong(maximum=maximum))
        return text or None

    def required(self, *names: str) -> None:
        """Refuse those of these cells that are empty."""
        for name in names:
            if not self.raw(name):
                self.refuse(name, errors.CellMissing())

    def day(self, name: str) -> date | None:
        text = self.raw(name)
        try:
            return dates.parse(text) if text else None
        except ValueError:
            self.refuse(name, errors.CellIsNoDate())
            return None

    def number(self, name: str, low: int, high: int) -> int | None:
        text = unicodedata.normalize("NFKC", self.raw(name))
        if not text:
            return None
        if re.fullmatch(r"[0-9]{1,9}", text) and low <= int(text) <= high:
            return int(text)
        self.refuse(name, errors.CellIsNoNumber(low=low, high=high))
        return None

    def yes(self, name: str, words: dict[str, bool] | None = None) -> bool | None:
        """Read 1/0, true/false, yes/no, はい/いいえ, and the words of this column."""
        text = unicodedata.normalize("NFKC", self.raw(name)).casefold()
        known = YES | NO | (words or {})
        if text and text not in known:
            self.refuse(name, errors.CellIsNoYesNo())
        return known.get(text)

    def choice(self, name: str, choices: dict[str, C]) -> C | None:
        """Return the value of what the cell says, of ``choices``: text → value. Width and case don't matter."""
        text = self.raw(name)
        folded = {fold(word): value for word, value in choices.items()}
        if text and fold(text) not in folded:
            self.refuse(name, errors.CellIsNoChoice(choices="、".join(choices)))
        return folded.get(fold(text))

    def branch(self, name: str) -> Branch | None:
        """Find a branch by its code, else by its name."""
        text = self.raw(name)
        found = self._find_branch(text) if text else None
        if text and found is None:
            self.refuse(name, errors.BranchUnknown(branch=text[:40]))
        return found


def update(row: Model, values: dict[str, Any]) -> list[str]:
    """Set the values that are given (None: leave it) and differ; return the names of the columns that changed."""
    changed = [name for name, value in given(values).items() if row.__data__.get(name) != _stored(value)]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(only=changed)
    return changed


def given(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values that are not None: what a new row is made of, beside its defaults."""
    return {name: value for name, value in values.items() if value is not None}


def _stored(value: Any) -> Any:
    return value.get_id() if isinstance(value, Model) else value


def fold(text: str) -> str:
    """Return a text without what makes no difference in a cell: width, case and spaces."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()
