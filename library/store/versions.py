"""The version of a library's tables: which migrations a database has had, and how it gets those that it lacks."""

import re
from pathlib import Path

from peewee import Database, SqliteDatabase
from playhouse.migrations import Runner

from library.store import server

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
_BEFORE_FIRST = "0001_first"  # each library had it that was made before 1.0.0, whose own first one is named otherwise
# of SQLite's own; and of the full text index, which is made anew whenever it is wanted: one that was put aside has another name
_OWN = re.compile(r"sqlite_(sequence|stat[14])|search(_before)?(_(data|idx|content|docsize|config))?")


def known() -> set[str]:
    """Return the names of the migrations that this program has."""
    return {path.stem for path in MIGRATIONS.glob("[0-9]*.py")}


def applied(opened: Database) -> set[str]:
    """Return the names of the migrations that a database has had."""
    return set(_runner(opened).applied())


def pending(opened: Database) -> list[str]:
    """Return the migrations that a database lacks, in their order."""
    return [step.name for step in _runner(opened).status() if step.applied is None]


def migrate(opened: Database, to: str | None = None) -> list[str]:
    """Run the migrations that a database lacks, each whole or not at all, up to the newest or ``to``; return their names. On a server its texts are
    in the order of code points afterwards.
    """
    names = _runner(opened).up(to)
    if isinstance(opened, server.Server):  # where nothing ran, too: one that was killed came no further
        server.order_by_code_points(opened)
    return names


def is_of_before_first(names: set[str]) -> bool:
    """Tell whether these are the migrations of a library that was made before 1.0.0: no version from there on reads it."""
    return _BEFORE_FIRST in names


def differences(path: Path, names: set[str]) -> list[str]:
    """Return the names of tables, indexes, views and triggers that were added to a library's file, changed or taken away. ``names``: of the
    migrations that it had.
    """
    made = SqliteDatabase(":memory:", autoconnect=False)
    with made.connection_context():
        if names:
            migrate(made, to=max(names))
        wanted = _made(made)
    there = SqliteDatabase(f"file:{path}?mode=ro", uri=True, autoconnect=False)
    with there.connection_context():
        found = _made(there)
    return sorted({name for _, name, _ in wanted ^ found})


def _made(opened: Database) -> set[tuple[str, str, str]]:
    """Return kind, name and statement of all that was made in a database."""
    rows = opened.execute_sql("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {
        (kind, name, " ".join(sql.split())) for kind, name, sql in rows if kind != "table" or not _OWN.fullmatch(name)
    }


def _runner(opened: Database) -> Runner:
    return Runner(opened, str(MIGRATIONS))
