"""Whose turn it is to write to a database of SQLite.

It lets in who asks first, and those who wait ask in growing steps: they would hardly ever meet the gap between two
transactions of an import. It tells nobody that somebody waits, either; so who waits shares a lock on the database's folder.
"""

import fcntl
import os
import time
from contextlib import contextmanager

PATIENCE = 0.2  # seconds: longer than the longest of SQLite's steps
STEP = 0.002


@contextmanager
def waiting(file):
    """Inside, somebody waits to write to the database in this file. The system forgets it when the process dies."""
    folder = _folder(file)
    try:
        fcntl.flock(folder, fcntl.LOCK_SH)
        yield
    finally:
        os.close(folder)


def give_way(file):
    """Let in those who wait, but no longer than PATIENCE."""
    until = time.monotonic() + PATIENCE
    while somebody_waits(file) and time.monotonic() < until:
        time.sleep(STEP)


def somebody_waits(file) -> bool:
    """Whether somebody is inside of ``waiting``, in this process or another."""
    folder = _folder(file)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(folder)
    return False


def _folder(file):
    return os.open(file.parent, os.O_RDONLY | os.O_CLOEXEC)
