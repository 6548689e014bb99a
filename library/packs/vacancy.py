"""The place for a pack: empty, or a new library that nobody has used yet."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from peewee import Database
from playhouse.pool import PooledDatabase

import models
from library import errors
from library.store import copying, database, engine, locks, server
from models import database as connection

# tables that are not empty in an unused library (after ``init``)
_OF_A_NEW_ONE = ("setting", "policy_row", "audit", "move", "move_step", "job_run")


def require_empty(url: str) -> None:
    """Raise LibraryHasRows for a library that somebody has used."""
    with bound(lambda: database.open_database(url)), database.glance(url) as is_there:
        if is_there:
            _require_new_one()


def _require_new_one() -> None:
    there = set(connection.get_tables())
    names = [name for table in copying.tables() if (name := table._meta.table_name) in there]
    counts = {name: engine.count_rows(name) for name in names}
    found = [f"{name} {count:,}行" for name, count in counts.items() if count and name not in _OF_A_NEW_ONE]
    if found:
        raise errors.LibraryHasRows(found="、".join(found[:5]))


def erase_unused_library() -> None:
    """Delete the rows of an unused library on a server, inside the transaction that fills it. Raises:
    LibraryHasRows.
    """
    _require_new_one()
    server.empty(models.ALL)


@contextmanager
def bound(to: Callable[[], Database]) -> Iterator[None]:
    """Bind the models to another database inside the block."""
    former = connection.obj
    opened = to()
    connection.initialize(opened)
    try:
        yield
    finally:
        if isinstance(opened, PooledDatabase):
            opened.close_all()
        connection.initialize(former)


@contextmanager
def unused_library_aside(url: str, instance: Path) -> Iterator[None]:
    """Move the SQLite file of an unused library aside; it is moved back if the block fails."""
    path = database.file_of(url)
    if path is None or not path.exists():
        yield
        return
    with locks.FileLock(instance / "server.lock") as is_free:
        if not is_free:
            raise copying.NotCopied("サーバーが動いています。止めてから実行してください。")
    aside = path.with_name(f".{path.name}.new-one")
    moved = [(Path(f"{path}{side}"), Path(f"{aside}{side}")) for side in ("", *database.SIDES)]
    for place, other in moved:
        if place.exists():
            place.replace(other)
    try:
        yield
    except BaseException:
        for place, other in moved:
            if other.exists():
                other.replace(place)
        raise
    for _, other in moved:
        other.unlink(missing_ok=True)
