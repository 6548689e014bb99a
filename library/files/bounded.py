"""Files that are read for so long and no longer, whatever stands in them: millions of empty lines take hardly a byte of an archive."""

import io
import time
from math import inf
from pathlib import Path
from typing import Any

from library import errors


class _Bounded(io.FileIO):
    """A file that is refused once its thread has worked up to a moment of its own clock. Raises: FileTakesTooLong."""

    def __init__(self, path: Path, until: float) -> None:
        super().__init__(path)
        self._until = until

    def readinto(self, buffer: Any) -> int | None:
        if time.thread_time() > self._until:
            raise errors.FileTakesTooLong()
        return super().readinto(buffer)


def opened(path: Path, until: float = inf) -> io.BufferedReader:
    """Return the file, open for bytes. ``until``: how far the processor time of this thread (``time.thread_time``) may go."""
    return io.BufferedReader(_Bounded(path, until))
