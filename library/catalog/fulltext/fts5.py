"""The full text index as SQLite has it: an FTS5 table, whose rows are the columns of pieces (docs/adr/0052-search.md)."""

from collections.abc import Sequence

import numpy as np

from library.store import database, engine, numbers

DISCARDED = 2_000  # pages of an index that are removed in one transaction
SETTLED = 300  # pages of the index that are merged in one transaction, about 0.1 s
# pieces are parted by spaces; all that folded text has besides letters and digits belongs to them
_SIGNS = "\x02\x03\x04\x05!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_TOKENS = "ascii tokenchars '{}'".format(_SIGNS.replace("'", "''")).replace("'", "''")
# merged a little at each commit; when 16 parts of a size are merged at once, as is usual, others wait a second
_MERGING = {"automerge": 8, "crisismerge": 64}


def create(table: str, columns: Sequence[str]) -> None:
    """Make an index without rows."""
    named = ", ".join(columns)
    engine.run(
        f"CREATE VIRTUAL TABLE {table} USING fts5({named}, content='', contentless_delete=1, tokenize='{_TOKENS}')"
    ).close()
    for setting, value in _MERGING.items():
        engine.run(f"INSERT INTO {table}({table}, rank) VALUES ('{setting}', {value})").close()  # noqa: S608


def put_aside(table: str, beside: str) -> None:
    """Give an index another name."""
    engine.run(f"ALTER TABLE {table} RENAME TO {beside}").close()


def discard(table: str) -> None:
    """Remove an index that nobody asks any more, if it is there, in short transactions between which others can write."""
    known = engine.run("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    pages = f"SELECT id FROM {table}_data WHERE id > 10 LIMIT {DISCARDED}"  # noqa: S608 (the first ones say what there is)
    while known and engine.run(f"SELECT EXISTS ({pages})").fetchone()[0]:
        with database.writing():
            engine.run(f"DELETE FROM {table}_data WHERE id IN ({pages})").close()  # noqa: S608
        database.give_way()
    with database.writing():
        engine.run(f"DROP TABLE IF EXISTS {table}").close()


def put(table: str, columns: Sequence[str], rows: list[tuple]) -> None:
    """Write new rows: a number, and the pieces of each column."""
    blanks = ", ".join("?" * (len(columns) + 1))
    engine.run_many(f"INSERT INTO {table} (rowid, {', '.join(columns)}) VALUES ({blanks})", rows)  # noqa: S608


def forget(table: str, rows: Sequence[int]) -> None:
    """Remove the rows of these numbers, of which some may not be there."""
    last = engine.run(f"SELECT max(id) FROM {table}_docsize").fetchone()[0]  # noqa: S608
    known = [(row,) for row in rows if last is not None and row <= last]
    engine.run_many(f"DELETE FROM {table} WHERE rowid = ?", known)  # noqa: S608


def found(table: str, columns: Sequence[str], match: str, *, after: int = -1) -> np.ndarray:
    """Return the numbers of the rows that a query of ``grams`` finds, of those after one."""
    condition = f"{table} MATCH ?" if after < 0 else f"{table} MATCH ? AND rowid > {after}"
    return _found(table, condition, match, "NULL")[0]


def found_with(also: str, table: str, columns: Sequence[str], match: str) -> tuple[np.ndarray, tuple]:
    """Return the same, and what else a select of these columns says in that moment."""
    return _found(table, f"{table} MATCH ?", match, also)


def _found(table: str, condition: str, match: str, also: str) -> tuple[np.ndarray, tuple]:
    sql = f"SELECT {numbers.joined('rowid')}, {also} FROM {table} WHERE {condition}"  # noqa: S608
    text, *others = engine.run(sql, (match,)).fetchone()
    return numbers.parsed(text, np.int64), tuple(others)


def first_found(table: str, columns: Sequence[str], match: str, most: int) -> list[int]:
    """Return the lowest of these numbers, so many at most."""
    sql = f"SELECT rowid FROM {table} WHERE {table} MATCH ? ORDER BY rowid LIMIT ?"  # noqa: S608
    return [row for (row,) in engine.run(sql, (match, most)).fetchall()]


def settle(table: str) -> None:
    """Merge what many writes left in many parts, in short transactions between which others can write."""
    left = True
    while left:
        with database.writing():
            before = _changes()
            engine.run(f"INSERT INTO {table}({table}, rank) VALUES ('merge', ?)", (SETTLED,)).close()  # noqa: S608
            left = _changes() - before >= 2  # SQLite's way to say that something was left to merge
        database.give_way()


def _changes() -> int:
    return engine.run("SELECT total_changes()").fetchone()[0]
