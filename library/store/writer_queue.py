"""The queue of those who write to a database of SQLite.

It lets in who asks first, and those who wait ask in growing steps: they would hardly ever meet the gap between two
transactions of an import. It tells nobody that somebody waits, either; so who waits shares a lock on the database's folder.
Of the threads of one process only the first in line asks at all.
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
    """Wait for this thread's turn; the others of this process come after it, in the order in which they asked.

    Who waited for ``seconds`` goes in all the same: the last word is SQLite's.
    """
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
    """Tell others, inside, that somebody waits to write to the database in this file. The system forgets it when the process dies."""
    folder = _folder(file)
    try:
        fcntl.flock(folder, fcntl.LOCK_SH)
        yield
    finally:
        os.close(folder)


def give_way(file: Path) -> None:
    """Let in those who wait, but no longer than PATIENCE."""
    until = time.monotonic() + PATIENCE
    while somebody_waits(file) and time.monotonic() < until:
        time.sleep(STEP)


def somebody_waits(file: Path) -> bool:
    """Tell whether somebody is inside of ``waiting``, in this process or another."""
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
