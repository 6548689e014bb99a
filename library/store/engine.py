"""The two engines, SQLite with its file and PostgreSQL with its server, under SQL that is written by hand.

What they spell in two ways stands in this folder alone (here, in ``numbers`` and ``queries``), and for the full text index,
which each has in its own way, in ``library.catalog.search.index``.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import peewee

from library.store import server
from models import database

# pages of the log before it is written back: SQLite's own number; where much is written at once
PAGES, MANY_PAGES = 1_000, 8_000
# what SQLite says of damage; the last but one is about the index of the search, of which the first page can't be read
DAMAGE = ("malformed", "not a database", "database corruption", "vtable constructor failed", "文字として読めません")


def is_server(opened: peewee.Database | None = None) -> bool:
    """Tell whether a database, else the library's, is a server, and no file."""
    return not isinstance(database.obj if opened is None else opened, peewee.SqliteDatabase)


def run(sql: str, values: Sequence = ()) -> Any:
    """Run one statement, with ``?`` for each value, and return its cursor."""
    return database.execute_sql(_spelled(sql) if is_server() else sql, values)


def run_many(sql: str, rows: Collection[Sequence]) -> None:
    """Run one statement for each of these rows of values, as part of the transaction that is open."""
    if not rows:
        return
    if is_server():
        with database.obj.raised_as_peewee(), database.connection().cursor() as cursor:
            cursor.executemany(_spelled(sql), rows)
    else:
        database.connection().executemany(sql, rows).close()


def copy_in(target: str, rows: Iterable[Sequence]) -> None:
    """Write many rows into a table of a server, ``table (columns)``, as part of the transaction that is open."""
    with (
        database.obj.raised_as_peewee(),
        database.connection().cursor() as cursor,
        cursor.copy(f"COPY {target} FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def count_rows(table: str, opened: peewee.Database | None = None) -> int:
    """Return how many rows a table has, in the library's database or another."""
    source = database.obj if opened is None else opened
    return source.execute_sql(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 (names of tables)


def erase_rows(table: str, opened: peewee.Database) -> None:
    """Empty a table of another database."""
    opened.execute_sql(f'DELETE FROM "{table}"').close()  # noqa: S608 (names of tables)


def place_of(expression: str) -> str:
    """Return the SQL that finds a value (``?``) in a text: the place of its first letter, from 1 on; 0 where it isn't in it."""
    return f"{'strpos' if is_server() else 'instr'}({expression}, ?)"


def ids_were_given(table: str) -> None:
    """Have new rows numbered after those that were written under ids of our own. SQLite does so unasked."""
    if is_server():
        run(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))").close()  # noqa: S608 (names of tables)


@contextmanager
def quick_commits() -> Iterator[None]:
    """Commit inside without waiting for the disk: what is written can be read from its file again.

    A power cut may take the last of it, never damage anything; the commits of others are as safe as ever.
    """
    if is_server():
        fast, safe = ("SET synchronous_commit = off",), ("SET synchronous_commit = on",)
    else:
        fast = ("PRAGMA synchronous = NORMAL", f"PRAGMA wal_autocheckpoint = {MANY_PAGES}")
        safe = ("PRAGMA synchronous = FULL", f"PRAGMA wal_autocheckpoint = {PAGES}")
    for statement in fast:
        database.execute_sql(statement)
    try:
        yield
    finally:
        for statement in safe:
            database.execute_sql(statement)


@lru_cache(1000)
def _spelled(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s")


def is_damage(error: Exception) -> bool:
    """Tell whether an error of the engine means that the database is damaged, and not that it is busy or can't be written."""
    said = str(error)
    return isinstance(error, UnicodeDecodeError) or any(sign in said for sign in DAMAGE) or server.is_damage(error)


def words(error: Exception) -> str:
    """Return the engine's reason. Where that is no text itself, Python's words about its bytes help nobody."""
    return "表の名前が文字として読めません" if isinstance(error, UnicodeDecodeError) else str(error)
