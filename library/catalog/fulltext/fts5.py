"""The full text index on SQLite: an FTS5 table whose columns hold pieces of text (docs/adr/0052-search.md)."""

from collections.abc import Generator, Sequence
from contextlib import closing

import numpy as np

from library.catalog.fulltext.rows import COLUMNS
from library.store import database, engine, numbers

DISCARDED = 2_000  # pages of an index that are removed in one transaction
MERGED = 300  # pages of the index that are merged in one transaction, about 0.1 s
# pieces are separated by spaces; all other signs of folded text belong to the pieces
_SIGNS = "\x02\x03\x04\x05!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_TOKENS = "ascii tokenchars '{}'".format(_SIGNS.replace("'", "''")).replace("'", "''")
# merge a little at each commit: the default, 16 parts of a size at once, makes others wait for a second
_MERGING = {"automerge": 8, "crisismerge": 64}


def create(table: str) -> None:
    """Make an index without rows."""
    engine.run(
        f"CREATE VIRTUAL TABLE {table} USING fts5({', '.join(COLUMNS)}, content='', contentless_delete=1, tokenize='{_TOKENS}')"
    ).close()
    for setting, value in _MERGING.items():
        engine.run(f"INSERT INTO {table}({table}, rank) VALUES ('{setting}', {value})").close()  # noqa: S608


def rename(table: str, name: str) -> None:
    """Give an index another name."""
    engine.run(f"ALTER TABLE {table} RENAME TO {name}").close()


def discard(table: str) -> None:
    """Drop an index, if it is there, in short transactions between which others can write."""
    known = engine.run("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    pages = f"SELECT id FROM {table}_data WHERE id > 10 LIMIT {DISCARDED}"  # noqa: S608 (the first 10 describe the index)
    while known and engine.run(f"SELECT EXISTS ({pages})").fetchone()[0]:
        with database.writing():
            engine.run(f"DELETE FROM {table}_data WHERE id IN ({pages})").close()  # noqa: S608
        database.give_way()
    with database.writing():
        engine.run(f"DROP TABLE IF EXISTS {table}").close()


def put(table: str, rows: list[tuple]) -> None:
    """Insert rows: their number, then the pieces of each column."""
    blanks = ", ".join("?" * (len(COLUMNS) + 1))
    engine.run_many(f"INSERT INTO {table} (rowid, {', '.join(COLUMNS)}) VALUES ({blanks})", rows)  # noqa: S608


def delete(table: str, rows: Sequence[int]) -> None:
    """Delete the rows with these numbers; numbers without a row are ignored."""
    last = engine.run(f"SELECT max(id) FROM {table}_docsize").fetchone()[0]  # noqa: S608
    known = [(row,) for row in rows if last is not None and row <= last]
    engine.run_many(f"DELETE FROM {table} WHERE rowid = ?", known)  # noqa: S608


def find_each(also: str, table: str, matches: Sequence[str]) -> Generator[tuple[np.ndarray, tuple]]:
    """Yield, for each index query (``grams``), the numbers, ascending, of the rows that it finds, and one
    value of each SQL expression in ``also``, read at the same moment; a query is run when its rows are asked for.
    """
    one = f"SELECT {numbers.joined('rowid')}, {also} FROM {table} WHERE {table} MATCH ?"  # noqa: S608
    with closing(engine.run(" UNION ALL ".join([one] * len(matches)), matches)) as found:
        for text, *others in found:
            yield numbers.parsed(text, np.int64), tuple(others)


def tidy(table: str) -> None:
    """Merge the many small parts that writes have left, in short transactions between which others can write."""
    left = True
    while left:
        with database.writing():
            before = _changes()
            engine.run(f"INSERT INTO {table}({table}, rank) VALUES ('merge', ?)", (MERGED,)).close()  # noqa: S608
            left = _changes() - before >= 2  # by this SQLite tells that something was left to merge
        database.give_way()


def _changes() -> int:
    return engine.run("SELECT total_changes()").fetchone()[0]
