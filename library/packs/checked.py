"""A file of a pack that is read against its SHA-256."""

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from library import errors

BLOCK = 1 << 20
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, FileNotFoundError, NotADirectoryError)


class Checked:
    """A file of a pack that is read once, from its beginning to its end."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file, self._name, self._digest = file, name, hashlib.sha256()

    def read(self, size: int, /) -> bytes:
        try:
            block = self._file.read(size)
        except (*UNREADABLE, OSError) as error:
            raise errors.PackFileBroken(file=self._name) from error
        self._digest.update(block)
        return block

    def __iter__(self) -> Iterator[bytes]:
        rest = b""
        while block := self.read(BLOCK):
            *lines, rest = (rest + block).split(b"\n")
            yield from (line + b"\n" for line in lines)
        if rest:
            yield rest

    @property
    def digest(self) -> str:
        """Read what is left, and return the SHA-256 of the whole."""
        while self.read(BLOCK):
            pass
        return self._digest.hexdigest()
