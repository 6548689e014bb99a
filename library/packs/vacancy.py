"""The place that a pack goes into: nothing is there, or a library that was only just made."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from peewee import Database
from playhouse.pool import PooledDatabase

import models
from library import errors
from library.store import copying, database, engine, locks, server
from models import database as connection

# tables that are not empty in a library which was only just made (``init``)
_OF_A_NEW_ONE = ("setting", "audit", "move", "move_step", "job_run")


def require_empty(url: str) -> None:
    """Refuse a library in which somebody has done something. Raises: LibraryHasRows."""
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


def empty_new_one() -> None:
    """Empty a library on a server that was only just made, inside the transaction that fills it. Raises: LibraryHasRows."""
    _require_new_one()
    server.empty(models.ALL)


@contextmanager
def bound(to: Callable[[], Database]) -> Iterator[None]:
    """Let the models mean another database inside."""
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
def without_new_one(url: str, instance: Path) -> Iterator[None]:
    """Move the file of a library that was only just made aside; it comes back when something goes wrong inside."""
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
