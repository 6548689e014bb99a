"""The full text index as SQLite has it: an FTS5 table, whose rows are the columns of pieces (docs/adr/0052-search.md)."""

from collections.abc import Sequence

import numpy as np

from library.store import database, engine, numbers

SETTLED = 300  # pages of the index that are merged in one transaction, about 0.1 s
_INSERT = (
    "INSERT INTO search (rowid, title, author, publisher, subject, series, note, isbn) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_FIND_FIRST = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid LIMIT ?"


def put(rows: list[tuple]) -> None:
    """Write new rows: a number, and the pieces of each column."""
    engine.run_many(_INSERT, rows)


def forget(rows: Sequence[int]) -> None:
    """Remove the rows of these numbers, of which some may not be there."""
    last = engine.run("SELECT max(id) FROM search_docsize").fetchone()[0]
    engine.run_many("DELETE FROM search WHERE rowid = ?", [(row,) for row in rows if last is not None and row <= last])


def found(match: str) -> np.ndarray:
    """Return the numbers of the rows that a query of ``grams`` finds."""
    sql = f"SELECT {numbers.joined('rowid')} FROM search WHERE search MATCH ?"  # noqa: S608
    return numbers.parsed(engine.run(sql, (match,)).fetchone()[0], np.int64)


def first_found(match: str, most: int) -> list[int]:
    """Return the lowest of these numbers, so many at most."""
    return [row for (row,) in engine.run(_FIND_FIRST, (match, most)).fetchall()]


def empty() -> None:
    """Remove all rows."""
    engine.run("INSERT INTO search(search) VALUES ('delete-all')").close()


def settle() -> None:
    """Merge what many writes left in many parts, in short transactions between which others can write."""
    left = True
    while left:
        with database.writing():
            before = _changes()
            engine.run("INSERT INTO search(search, rank) VALUES ('merge', ?)", (SETTLED,)).close()
            left = _changes() - before >= 2  # SQLite's way to say that something was left to merge
        database.give_way()


def _changes() -> int:
    return engine.run("SELECT total_changes()").fetchone()[0]
