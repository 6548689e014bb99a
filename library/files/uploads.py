"""Files that staff and patrons upload, stored for the hour between preview and import."""

import re
import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from library import errors

LARGEST = 5 * 1024 * 1024  # bytes; what is longer takes a command, which shows how far it is
KEPT = 60 * 60  # seconds
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}(\.[0-9]+)?\Z")


def keep(folder: Path, stream: IO[bytes], command: str, *, largest: int = LARGEST, patron: int | None = None) -> str:
    """Store a file for its owner only; return its token. Raises: FileMissing; FileTooLong, which names ``command``
    instead.

    A ``patron`` (id) has one file: another replaces it, so that nobody fills the disk.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    sweep(folder)
    content = stream.read(largest + 1)
    if not content:
        raise errors.FileMissing()
    if len(content) > largest:
        raise errors.FileTooLong(megabytes=largest // 1024**2, command=command)
    token = secrets.token_urlsafe(16)
    if patron is not None:
        for earlier in folder.glob(f"*.{patron}"):
            earlier.unlink(missing_ok=True)
        token += f".{patron}"
    path = folder / token
    path.touch(mode=0o600)
    path.write_bytes(content)
    return token


def path_of(folder: Path, token: str) -> Path:
    """Return the path of a stored file. Raises: UploadGone if it was removed or its hour is over."""
    path = folder / token
    if not _TOKEN.match(token) or not path.is_file() or _is_over(path):
        raise errors.UploadGone()
    return path


def _is_over(path: Path) -> bool:
    return path.stat().st_mtime < time.time() - KEPT


def sweep(folder: Path) -> None:
    """Remove files whose hour is over."""
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # another thread was quicker
            if _is_over(path):
                path.unlink()
