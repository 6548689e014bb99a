"""One process at a time: a lock on a file, which the system frees when its holder dies."""

import fcntl
import os
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path


class FileLock:
    """Hold a file for at most one process, and one holder in it. The file itself stays and means nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    @property
    def is_held(self) -> bool:
        return self._file is not None

    def acquire(self) -> bool:
        """Take the lock if nobody has it; never waits."""
        if self._file is not None:
            return True
        descriptor = os.open(self.path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return False
        self._file = descriptor
        return True

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def term(self) -> AbstractContextManager[None]:
        """Return what the holder works inside of. Here nothing is to be done: a holder that stands still keeps its file."""
        return nullcontext()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()
