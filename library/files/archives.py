"""One file in an archive, as systems pack what they let out: .zip and .gz, told by what is in them."""

import gzip
import zipfile
import zlib
from pathlib import Path
from typing import IO

from library import errors

LARGEST = 64 * 1024 * 1024  # bytes, unpacked
_GZIP = b"\x1f\x8b"
_BLOCK = 1 << 20


def unpack(packed: Path, target: Path) -> str:
    """Write the one file of an archive to ``target`` and return its name there; empty, and nothing is written, where it is no archive.

    A spreadsheet is left alone, although it is a zip. Raises: ArchiveHasSeveral, ArchiveLocked, ArchiveBroken, ArchiveTooLong.
    """
    with open(packed, "rb") as file:
        head = file.read(4)
    if head.startswith(_GZIP):
        with gzip.open(packed) as inside:
            _copy(inside, target)
        return packed.name.removesuffix(".gz")
    if not head.startswith(b"PK\x03\x04"):
        return ""
    try:
        with zipfile.ZipFile(packed) as archive:
            return _unzip(archive, target)
    except zipfile.BadZipFile:
        raise errors.ArchiveBroken() from None


def _unzip(archive: zipfile.ZipFile, target: Path) -> str:
    names = archive.namelist()
    if "[Content_Types].xml" in names or "mimetype" in names:
        return ""
    files = [each for each in archive.infolist() if not each.is_dir() and not each.filename.startswith("__MACOSX/")]
    if len(files) != 1:
        raise errors.ArchiveHasSeveral(count=len(files))
    if files[0].flag_bits & 1:
        raise errors.ArchiveLocked()
    if files[0].file_size > LARGEST:
        raise errors.ArchiveTooLong(megabytes=LARGEST // 1024**2)
    with archive.open(files[0]) as inside:
        _copy(inside, target)
    return Path(files[0].filename).name


def _copy(inside: IO[bytes] | gzip.GzipFile, target: Path) -> None:
    """Write what is inside, up to the limit, whatever the archive says of its length."""
    target.touch(mode=0o600)
    written = 0
    try:
        with open(target, "wb") as file:
            while block := inside.read(_BLOCK):
                written += len(block)
                if written > LARGEST:
                    raise errors.ArchiveTooLong(megabytes=LARGEST // 1024**2)
                file.write(block)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError):
        raise errors.ArchiveBroken() from None
