"""One process at a time: a lock on a file, which the system frees when its holder dies."""

import fcntl
import os


class FileLock:
    """Taken by at most one process, and by one holder in it. The file itself stays and means nothing."""

    def __init__(self, path):
        self.path = path
        self._file = None

    @property
    def held(self) -> bool:
        return self._file is not None

    def acquire(self) -> bool:
        """Take the lock if nobody has it; never waits."""
        if self.held:
            return True
        descriptor = os.open(self.path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return False
        self._file = descriptor
        return True

    def release(self):
        if self.held:
            os.close(self._file)
            self._file = None

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *_):
        self.release()
