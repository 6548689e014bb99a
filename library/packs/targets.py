"""A pack being written, as a folder or a zip, one file after the other. It gets its name when it is complete."""

import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

from library import errors
from library.packs import contents

_LEVEL = 3  # of compression: half the time of the usual one for a tenth more
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of a zip, whose times have no zone; when it was made stands in the manifest


class Target(Protocol):
    """The place of a pack's files; ``file(name)`` opens one of them for writing."""

    def file(self, name: str) -> Any: ...


class Folder:
    """An existing folder."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        path = self._path / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.touch(mode=0o600)
        with open(path, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())


class Zip:
    """A zip written into a stream."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.archive = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)

    @contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        known = zipfile.ZipInfo(name, _FIRST_DAY)
        known.compress_type = zipfile.ZIP_STORED if name.startswith(f"{contents.EBOOKS}/") else zipfile.ZIP_DEFLATED
        known.external_attr = 0o600 << 16
        with self.archive.open(known, "w", force_zip64=True) as file:
            yield file


@contextmanager
def draft(path: Path) -> Iterator[Path]:
    """Yield a path beside; its file or folder gets the name ``path`` at the end, and is removed if the block fails.

    Raises: PackPlaceTaken.
    """
    if path.exists():
        raise errors.PackPlaceTaken(place=path)
    beside = path.with_name(f".{path.name}.part")
    remove(beside)  # of one that was killed
    try:
        yield beside
        beside.rename(path)
    finally:
        remove(beside)


def remove(path: Path) -> None:
    """Delete a file or folder, if there is one."""
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
