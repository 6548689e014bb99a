"""The two engines, SQLite and PostgreSQL, under SQL that is written by hand.

Their differences are in this room alone (here, ``numbers``, ``queries``), and for full text in
``library.catalog.fulltext.index``.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import peewee

from library.store import server
from models import database

# pages of SQLite's log before it is written back: the default, and for large imports
PAGES, MANY_PAGES = 1_000, 8_000
ASKED = 500  # values in one query
# in SQLite's messages of damage; "vtable" is about the index of the search
DAMAGE = ("malformed", "not a database", "database corruption", "vtable constructor failed", "文字として読めません")


def is_server(opened: peewee.Database | None = None) -> bool:
    """Tell whether a database (default: the library's) is on PostgreSQL."""
    return not isinstance(database.obj if opened is None else opened, peewee.SqliteDatabase)


def run(sql: str, values: Sequence = ()) -> Any:
    """Run one statement, with ``?`` for each value, and return its cursor."""
    return database.execute_sql(_spelled(sql) if is_server() else sql, values)


def placeholders(values: Sequence) -> str:
    """Return a question mark for each of these values, with commas, for an SQL statement."""
    return ", ".join("?" * len(values))


def rows_among(sql: str, values: Iterable[int | str]) -> list[tuple]:
    """Return the rows of a select whose last condition is ``… IN ({})``, for any number of values."""
    found: list[tuple] = []
    for some in peewee.chunked(values, ASKED):
        found += run(sql.format(placeholders(some)), tuple(some)).fetchall()
    return found


def run_many(sql: str, rows: Collection[Sequence]) -> None:
    """Run one statement for each row of values, in the open transaction."""
    if not rows:
        return
    if is_server():
        with database.obj.raised_as_peewee(), database.connection().cursor() as cursor:
            cursor.executemany(_spelled(sql), rows)
    else:
        database.connection().executemany(sql, rows).close()


def copy_in(target: str, rows: Iterable[Sequence]) -> None:
    """Write many rows into ``table (columns)`` of a server, in the open transaction."""
    with (
        database.obj.raised_as_peewee(),
        database.connection().cursor() as cursor,
        cursor.copy(f"COPY {target} FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def count_rows(table: str, opened: peewee.Database | None = None) -> int:
    """Return the number of rows of a table, in the library's database or another."""
    source = database.obj if opened is None else opened
    return source.execute_sql(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 (names of tables)


def erase_rows(table: str, opened: peewee.Database) -> None:
    """Delete all rows of a table in another database."""
    opened.execute_sql(f'DELETE FROM "{table}"').close()  # noqa: S608 (names of tables)


def place_of(expression: str) -> str:
    """Return the SQL for the position of a value (``?``) in a text: from 1, or 0 if it isn't there."""
    return f"{'strpos' if is_server() else 'instr'}({expression}, ?)"


def ids_were_given(table: str) -> None:
    """Let new ids follow after ids that we set ourselves; SQLite does so anyway."""
    if is_server():
        run(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))").close()  # noqa: S608 (names of tables)


@contextmanager
def quick_commits() -> Iterator[None]:
    """Commit inside without waiting for the disk, for work that can be done again.

    A power cut may lose the last commits, but never damages the database; the commits of others are safe.
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
    """Tell whether an error means that the database is damaged, not that it is busy or can't be written."""
    said = str(error)
    return isinstance(error, UnicodeDecodeError) or any(sign in said for sign in DAMAGE) or server.is_damage(error)


def words(error: Exception) -> str:
    """Return the message of an error; a sentence of ours if it is no readable text."""
    return "表の名前が文字として読めません" if isinstance(error, UnicodeDecodeError) else str(error)
