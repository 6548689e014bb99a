"""The files in an archive, as other systems pack their exports: .zip and .gz, told by their content."""

import gzip
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO

from library import errors

LARGEST = 64 * 1024 * 1024  # bytes, unpacked and together
MOST = 20  # files
_GZIP = b"\x1f\x8b"
_BLOCK = 1 << 20
Opener = Callable[[], AbstractContextManager[IO[bytes] | gzip.GzipFile]]  # of a file in an archive


def is_packed(file: IO[bytes]) -> bool:
    """Tell whether a file is an archive other than a spreadsheet."""
    file.seek(0)
    if file.read(2) == _GZIP:
        return True
    try:
        with zipfile.ZipFile(file) as archive:
            return not _is_spreadsheet(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, OSError, ValueError):
        return False


def _is_spreadsheet(names: list[str]) -> bool:
    return "[Content_Types].xml" in names or "mimetype" in names


def inside(packed: Path, name: str) -> list[tuple[str, Opener]]:
    """Return (name, opener) of each file in an archive called ``name``; none if it is no archive, as a spreadsheet is,
    although it is a zip. Raises: ArchiveHasTooMany, ArchiveLocked, ArchiveBroken, ArchiveTooLong.
    """
    with open(packed, "rb") as file:
        head = file.read(4)
    if head.startswith(_GZIP):
        return [(name.removesuffix(".gz"), partial(gzip.open, packed))]
    if not head.startswith(b"PK\x03\x04"):
        return []
    try:
        archive = _opened(packed)
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, OSError):
        raise errors.ArchiveBroken() from None
    with archive:
        return [] if _is_spreadsheet(archive.namelist()) else _zipped(packed, archive)


def _opened(packed: Path) -> zipfile.ZipFile:
    """Open a zip. Names not marked as UTF-8 come from Windows in Japan, or from a Mac, which leaves out the mark."""
    for encoding in ("utf-8", "cp932"):
        with suppress(UnicodeDecodeError):
            return zipfile.ZipFile(packed, metadata_encoding=encoding)
    return zipfile.ZipFile(packed)


def _zipped(packed: Path, archive: zipfile.ZipFile) -> list[tuple[str, Opener]]:
    files = [each for each in archive.infolist() if not each.is_dir() and not each.filename.startswith("__MACOSX/")]
    if not 0 < len(files) <= MOST:
        raise errors.ArchiveHasTooMany(count=len(files), most=MOST)
    if any(each.flag_bits & 1 for each in files):
        raise errors.ArchiveLocked()
    if sum(each.file_size for each in files) > LARGEST:
        raise errors.ArchiveTooLong(megabytes=LARGEST // 1024**2)
    return [(Path(each.filename).name, partial(_open_zipped, packed, each)) for each in files]


@contextmanager
def _open_zipped(packed: Path, file: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    with _opened(packed) as archive, archive.open(file) as opened:
        yield opened


def copy(opened: Opener, target: Path) -> None:
    """Write the content of a file in an archive, up to the limit, whatever length that states. Raises: ArchiveBroken,
    ArchiveTooLong.
    """
    target.touch(mode=0o600)
    written = 0
    with open(target, "wb") as file:
        for block in _blocks(opened):
            written += len(block)
            if written > LARGEST:
                raise errors.ArchiveTooLong(megabytes=LARGEST // 1024**2)
            file.write(block)


def _blocks(opened: Opener) -> Iterator[bytes]:
    """Yield the content; writing is done elsewhere, so that a full disk is not blamed on it. Raises: ArchiveBroken."""
    try:
        with opened() as inside:
            while block := inside.read(_BLOCK):
                yield block
    except (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError):
        raise errors.ArchiveBroken() from None
