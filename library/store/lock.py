"""A lock on a file, for one process at a time; the system frees it when its holder dies."""

import fcntl
import os
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path


class FileLock:
    """A lock for one process, and one holder in it. The file stays afterwards and means nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    @property
    def is_taken(self) -> bool:
        return self._file is not None

    def acquire(self) -> bool:
        """Take the lock if it is free, without waiting; tell whether it is held."""
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
        """Return a context that does nothing: unlike a ``Lease``, a file lock never runs out."""
        return nullcontext()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()
