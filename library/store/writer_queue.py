"""The queue of those who write to an SQLite database.

SQLite lets in whoever asks first, and waiting writers ask in growing steps, so they seldom meet the gap between two
transactions of an import. It doesn't tell who waits either; so a waiting writer shares a lock on the folder. Of the
threads of a process only the first in line asks SQLite.
"""

import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 0.2  # seconds: longer than the longest of SQLite's steps
STEP = 0.002
_line, _changing = deque(), threading.Lock()


@contextmanager
def in_line(seconds: float) -> Iterator[None]:
    """Wait for this thread's turn among the writers of this process, at most ``seconds``: then SQLite decides."""
    turn = threading.Event()
    with _changing:
        _line.append(turn)
        _line[0].set()
    try:
        turn.wait(seconds)
        yield
    finally:
        with _changing:
            _line.remove(turn)
            if _line:
                _line[0].set()


@contextmanager
def waiting(file: Path) -> Iterator[None]:
    """Show others, inside, that somebody waits to write to this file; the system clears it when the process dies."""
    folder = _folder(file)
    try:
        fcntl.flock(folder, fcntl.LOCK_SH)
        yield
    finally:
        os.close(folder)


def give_way(file: Path) -> None:
    """Wait until nobody waits to write, at most PATIENCE seconds."""
    until = time.monotonic() + PATIENCE
    while somebody_waits(file) and time.monotonic() < until:
        time.sleep(STEP)


def somebody_waits(file: Path) -> bool:
    """Tell whether somebody is inside ``waiting``, in this process or another."""
    folder = _folder(file)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(folder)
    return False


def _folder(file: Path) -> int:
    return os.open(file.parent, os.O_RDONLY | os.O_CLOEXEC)
