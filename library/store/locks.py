"""The locks of a library: on files of its folder, or on its database server."""

from pathlib import Path

from library.store import engine
from library.store.lease import SERVING, Lease, SessionLock
from library.store.lock import FileLock
from models import database

Lock = FileLock | Lease  # of work that is done one at a time


def serving_lock(instance: Path, *, serving: bool = False) -> FileLock | SessionLock:
    """Return the lock of those who serve. ``serving``: of one of them, who holds it as long as it lives; on a server there may be many.
    Else for what must not be done while anybody serves.
    """
    if engine.is_server():
        return SessionLock(database.obj, SERVING, shared=serving)
    return FileLock(instance / "server.lock")


def lease(name: str, instance: Path) -> Lock:
    """Return the lock of those who do the work of this name, one at a time."""
    return Lease(database.obj, name) if engine.is_server() else FileLock(instance / f"{name}.lock")
