"""The locks of a library: on files in its folder, or on its database server."""

from pathlib import Path

from library.store import engine
from library.store.lease import SERVING, Lease, SessionLock
from library.store.lock import FileLock
from models import database

Lock = FileLock | Lease  # for work with one holder at a time


def serving_lock(instance: Path, *, serving: bool = False) -> FileLock | SessionLock:
    """Return the lock of serving, not yet taken. ``serving``: for a web server, of which a PostgreSQL may have many.

    Otherwise for work during which nothing may serve.
    """
    if engine.is_server():
        return SessionLock(database.obj, SERVING, shared=serving)
    return FileLock(instance / "server.lock")


def lease(name: str, instance: Path) -> Lock:
    """Return the lock for the work of a name (scheduler, outbox, push), one holder at a time; not yet taken."""
    return Lease(database.obj, name) if engine.is_server() else FileLock(instance / f"{name}.lock")
