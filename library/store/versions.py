"""The version of a library's tables: the migrations that a database has had and lacks."""

import re
from pathlib import Path

from peewee import Database, SqliteDatabase
from playhouse.migrations import Runner

from library.store import server

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
_BEFORE_FIRST = "0001_first"  # only libraries from before 1.0.0 have it
# tables of SQLite and of the full text index, which can be made anew and may have been set aside (search_before)
_OWN = re.compile(r"sqlite_(sequence|stat[14])|search(_before)?(_(data|idx|content|docsize|config))?")


def known() -> set[str]:
    """Return the names of the program's migrations."""
    return {path.stem for path in MIGRATIONS.glob("[0-9]*.py")}


def applied(opened: Database) -> set[str]:
    """Return the names of the migrations that a database has had."""
    return set(_runner(opened).applied())


def pending(opened: Database) -> list[str]:
    """Return the names of the migrations that a database lacks, in order."""
    return [step.name for step in _runner(opened).status() if step.applied is None]


def migrate(opened: Database, to: str | None = None) -> list[str]:
    """Run the missing migrations, up to ``to``, each whole or not at all; return their names.

    On a server, texts are sorted by code points afterwards.
    """
    names = _runner(opened).up(to)
    if isinstance(opened, server.Server):  # also if none ran: an earlier run may have been killed here
        server.order_by_code_points(opened)
    return names


def is_of_before_first(names: set[str]) -> bool:
    """Tell whether these migrations are of a library from before 1.0.0, which no version since can read."""
    return _BEFORE_FIRST in names


def differences(path: Path, names: set[str]) -> list[str]:
    """Return the names of tables, indexes, views and triggers in a file that differ from those of its migrations."""
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
    """Return (kind, name, statement) of everything in the schema of a database."""
    rows = opened.execute_sql("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {
        (kind, name, " ".join(sql.split())) for kind, name, sql in rows if kind != "table" or not _OWN.fullmatch(name)
    }


def _runner(opened: Database) -> Runner:
    return Runner(opened, str(MIGRATIONS))
