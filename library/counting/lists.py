"""一覧の書き出し: a list as a CSV file with the ticked columns, for a recorded purpose."""

import csv
from collections.abc import Collection, Iterator
from datetime import date, datetime
from pathlib import Path

from library import audit, clock, errors
from library.counting.list_kinds import KINDS, Kind
from library.files.report import harmless
from library.store import database

ENCODINGS = {"utf-8-sig": "UTF-8（BOM付き）", "cp932": "CP932（Shift_JIS）"}
LONGEST = 200  # characters of a purpose
_EXAMPLES = 5
_NONE = "〓"  # for a character that the encoding lacks


def write(
    path: Path,
    name: str,
    columns: Collection[str],
    purpose: str,
    *,
    encoding: str,
    replacing: bool,
    by: str,
    now: datetime,
) -> int:
    """Write a list to a private CSV file, record it, and return the number of rows.

    ``replacing``: characters missing in the encoding become 〓; without it they are refused. Raises: RefusedTogether by
    field (NoColumns, PurposeMissing, LettersMissing); no file is left then.
    """
    kind, purpose = KINDS[name], " ".join(purpose.split())[:LONGEST]
    chosen = [column for column in kind.columns if column in columns]
    problems: dict[str, list[errors.Refused]] = {}
    if not chosen:
        problems["columns"] = [errors.NoColumns()]
    if not purpose:
        problems["purpose"] = [errors.PurposeMissing()]
    if problems:
        raise errors.RefusedTogether(problems)
    try:
        count = _write(path, kind, chosen, encoding, replacing, clock.day_of(now))
        with database.writing():
            details = {"list": kind.label, "columns": [kind.columns[each].label for each in chosen]}
            audit.record("list.written", actor=by, now=now, rows=count, purpose=purpose, **details)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return count


def _write(path: Path, kind: Kind, chosen: list[str], encoding: str, replacing: bool, today: date) -> int:
    missing: dict[str, None] = {}
    count = 0
    database.make_private(path)
    with open(path, "w", encoding=encoding, newline="") as file:
        rows = csv.writer(file, quoting=csv.QUOTE_ALL)
        rows.writerow([kind.columns[name].label for name in chosen])
        for row in _rows(kind, chosen, today):
            count += 1
            rows.writerow([_fit(cell, encoding, missing) for cell in row])
    if missing and not replacing:
        raise errors.RefusedTogether(
            {"encoding": [errors.LettersMissing(count=len(missing), letters="、".join(list(missing)[:_EXAMPLES]))]}
        )
    return count


def _rows(kind: Kind, chosen: list[str], today: date) -> Iterator[list[str]]:
    """Yield the cells of each row, as a spreadsheet shows them."""
    columns = [kind.columns[name] for name in chosen]
    with database.one_moment():
        for row in kind.rows([column.value for column in columns], today).tuples().iterator():
            cells = zip(columns, row, strict=True)
            yield [harmless("" if value is None else column.words(value)) for column, value in cells]


def _fit(cell: str, encoding: str, missing: dict[str, None]) -> str:
    """Return a cell with 〓 for each character missing in the encoding; these are added to ``missing``."""
    if encoding != "cp932":
        return cell
    try:
        cell.encode("cp932")
    except UnicodeEncodeError:
        lacking = [letter for letter in cell if not _has(letter)]
        missing.update(dict.fromkeys(lacking))
        return "".join(_NONE if letter in lacking else letter for letter in cell)
    return cell


def _has(letter: str) -> bool:
    try:
        letter.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True
