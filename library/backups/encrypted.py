"""Copies that come back from out of reach: they are encrypted with age, to a key that is stored elsewhere."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from library import errors
from library.files import age
from library.store import backup

_FIRST_BYTES = b"age-encryption.org/v1\n"
_OPENED = ".opened"  # ends the name of a file that is in the clear for a while
_SECRET = "AGE-SECRET-KEY-1"  # noqa: S105 (how one begins)


@contextmanager
def in_the_clear(copy: Path, identity: Path | None, folder: Path) -> Iterator[Path]:
    """Yield a copy as it is, or decrypted by the key in ``identity`` into a file of ``folder`` that is gone afterwards. Raises:
    CopyEncrypted, IdentityUnusable, AgeNotOpened, OSError.
    """
    if not _is_encrypted(copy):
        yield copy
        return
    if identity is None:
        raise errors.CopyEncrypted(path=copy)
    secret = _secret_in(identity)
    clear = folder / f".{copy.name.removesuffix('.age')}{_OPENED}"
    clear.unlink(missing_ok=True)  # of a process that was killed
    try:
        age.decrypt(copy, clear, secret)
        yield clear
    finally:
        clear.unlink(missing_ok=True)


def remove_left(folder: Path, *, now: datetime) -> int:
    """Remove what a process that was killed left in the clear: a whole library. Return the number of files."""
    return backup.remove_drafts(folder, f".*{_OPENED}", now=now)


def _is_encrypted(copy: Path) -> bool:
    if not copy.is_file():
        return False
    with copy.open("rb") as file:
        return file.read(len(_FIRST_BYTES)) == _FIRST_BYTES


def _secret_in(identity: Path) -> str:
    """Return the key in a file as ``age-keygen`` writes it."""
    for line in identity.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.strip().startswith(_SECRET):
            return line.strip()
    raise errors.IdentityUnusable(path=identity)


def make_identity(target: Path) -> str:
    """Write a fresh key to a new file for its owner alone, and return its public half. Raises: OSError."""
    key = age.new_key()
    with open(target, "x", encoding="ascii", opener=_private) as file:
        file.write(f"# public key: {key.recipient}\n{key.secret}\n")
    return key.recipient


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
