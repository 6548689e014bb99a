"""Files with a limit on processor time: millions of empty lines take hardly a byte of an archive."""

import io
import time
from math import inf
from pathlib import Path
from typing import Any

from library import errors


class _Bounded(io.FileIO):
    """A file that can be read until its thread has used up its processor time. Raises: FileTakesTooLong."""

    def __init__(self, path: Path, until: float) -> None:
        super().__init__(path)
        self._until = until

    def readinto(self, buffer: Any) -> int | None:
        if time.thread_time() > self._until:
            raise errors.FileTakesTooLong()
        return super().readinto(buffer)


def opened(path: Path, until: float = inf) -> io.BufferedReader:
    """Return a file open for bytes. ``until``: the limit of this thread's processor time (``time.thread_time``)."""
    return io.BufferedReader(_Bounded(path, until))
