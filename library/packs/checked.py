"""A file of a pack, checked against its SHA-256 while it is read."""

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from library import errors

BLOCK = 1 << 20
LONGEST_LINE = 1 << 25  # bytes: no picture and no record is as long
LONGEST_TEXT = 1 << 24  # bytes of a file that is read into memory, as a manifest is: a town's has some 100 KB
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, FileNotFoundError, NotADirectoryError)


class Checked:
    """A file of a pack that is read once, from beginning to end."""

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
            if len(rest) > LONGEST_LINE:
                raise errors.PackFileBroken(file=self._name)
        if rest:
            yield rest

    def whole(self) -> bytes:
        """Return the content of a short file, never more than LONGEST_TEXT bytes. Raises: PackFileBroken."""
        content = b""
        while block := self.read(BLOCK):
            content += block
            if len(content) > LONGEST_TEXT:
                raise errors.PackFileBroken(file=self._name)
        return content

    @property
    def digest(self) -> str:
        """Read the rest, and return the SHA-256 of the whole file."""
        while self.read(BLOCK):
            pass
        return self._digest.hexdigest()
