"""One file in an archive, as other systems pack their exports: .zip and .gz, told by their content."""

import gzip
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO

from library import errors

LARGEST = 64 * 1024 * 1024  # bytes, unpacked
_GZIP = b"\x1f\x8b"
_BLOCK = 1 << 20


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


def unpack(packed: Path, target: Path) -> str:
    """Write the one file of an archive to ``target`` and return its name; empty, with nothing written, if it is no
    archive.

    A spreadsheet counts as none, although it is a zip. Raises: ArchiveHasSeveral, ArchiveLocked, ArchiveBroken,
    ArchiveTooLong.
    """
    with open(packed, "rb") as file:
        head = file.read(4)
    if head.startswith(_GZIP):
        _copy(partial(gzip.open, packed), target)
        return packed.name.removesuffix(".gz")
    if not head.startswith(b"PK\x03\x04"):
        return ""
    try:
        archive = _opened(packed)
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, OSError):
        raise errors.ArchiveBroken() from None
    with archive:
        return _unzip(archive, target)


def _opened(packed: Path) -> zipfile.ZipFile:
    """Open a zip. Names not marked as UTF-8 come from Windows in Japan, or from a Mac, which leaves out the mark."""
    for encoding in ("utf-8", "cp932"):
        with suppress(UnicodeDecodeError):
            return zipfile.ZipFile(packed, metadata_encoding=encoding)
    return zipfile.ZipFile(packed)


def _unzip(archive: zipfile.ZipFile, target: Path) -> str:
    if _is_spreadsheet(archive.namelist()):
        return ""
    files = [each for each in archive.infolist() if not each.is_dir() and not each.filename.startswith("__MACOSX/")]
    if len(files) != 1:
        raise errors.ArchiveHasSeveral(count=len(files))
    if files[0].flag_bits & 1:
        raise errors.ArchiveLocked()
    if files[0].file_size > LARGEST:
        raise errors.ArchiveTooLong(megabytes=LARGEST // 1024**2)
    _copy(lambda: archive.open(files[0]), target)
    return Path(files[0].filename).name


def _copy(opened: Callable[[], IO[bytes] | gzip.GzipFile], target: Path) -> None:
    """Write the content, up to the limit, whatever length the archive states."""
    target.touch(mode=0o600)
    written = 0
    with open(target, "wb") as file:
        for block in _blocks(opened):
            written += len(block)
            if written > LARGEST:
                raise errors.ArchiveTooLong(megabytes=LARGEST // 1024**2)
            file.write(block)


def _blocks(opened: Callable[[], IO[bytes] | gzip.GzipFile]) -> Iterator[bytes]:
    """Yield the content; writing is done elsewhere, so that a full disk is not blamed on it. Raises: ArchiveBroken."""
    try:
        with opened() as inside:
            while block := inside.read(_BLOCK):
                yield block
    except (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError):
        raise errors.ArchiveBroken() from None
