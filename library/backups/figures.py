"""Figures of a library, of the connected one and of a backup's file, so that a person can compare them."""

import json
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from library import holdings
from library.store import backup, database, engine

# SQL that both engines and the tables of every version understand.
COUNTS = {
    "patrons": "SELECT count(*) FROM patron WHERE state <> 'closed'",
    "records": "SELECT count(*) FROM title",
    "items": f"SELECT count(*) FROM item WHERE {holdings.IN_STOCK}",  # noqa: S608 (our own words)
    "loans": "SELECT count(*) FROM loan WHERE returned_on IS NULL",
    "holds": "SELECT count(*) FROM hold WHERE state NOT IN ('cancelled', 'expired', 'collected')",
}
LABELS = {"patrons": "利用者", "records": "書誌", "items": "所蔵", "loans": "貸出中", "holds": "予約"}
_NEWEST_LOAN = "SELECT max(lent_on) FROM loan"
_NAME = "SELECT value FROM setting WHERE name = 'library_name'"


class Figures(NamedTuple):
    """``counts`` by the names of COUNTS; ``newest_loan``: the day of the last check-out, None before any; ``name``: the
    library's name on its page, empty where the settings name it.
    """

    counts: dict[str, int]
    newest_loan: date | None
    name: str


def of_library() -> Figures:
    """Return the figures of the library's database, which is connected."""
    return _read(lambda sql: engine.run(sql).fetchone())


def of_file(path: Path) -> Figures:
    """Return the figures of an SQLite file that nobody writes. Raises: NoBackup, where it can't be read."""
    try:
        with closing(database.sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as opened:
            return _read(lambda sql: opened.execute(sql).fetchone())
    except database.ENGINE_ERRORS as error:
        raise backup.NoBackup(f"{path} を読めません（{engine.words(error)}）。") from error


def _read(first_row: Callable[[str], Sequence[Any]]) -> Figures:
    every = (*COUNTS.values(), _NEWEST_LOAN, _NAME)
    *counts, newest, stored = first_row("SELECT " + ", ".join(f"({sql})" for sql in every))
    name = ""
    with suppress(ValueError, TypeError):
        name = str(json.loads(stored) or "")
    return Figures(
        dict(zip(COUNTS, counts, strict=True)), date.fromisoformat(newest) if isinstance(newest, str) else newest, name
    )
