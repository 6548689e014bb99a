"""Backups that come back from out of reach: encrypted with age, to a key that is stored elsewhere."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from library import errors
from library.files import age
from library.store import backup

_FIRST_BYTES = b"age-encryption.org/v1\n"
_OPENED = ".opened"  # ends the name of a decrypted file
_SECRET = "AGE-SECRET-KEY-1"  # noqa: S105 (how one begins)


@contextmanager
def decrypted(path: Path, key_file: Path | None, folder: Path) -> Iterator[Path]:
    """Yield a backup as it is, or decrypted into a file of ``folder`` that is deleted afterwards. ``key_file``: as
    ``age-keygen`` writes it. Raises: CopyEncrypted, IdentityUnusable, AgeNotOpened, OSError.
    """
    if not _is_encrypted(path):
        yield path
        return
    if key_file is None:
        raise errors.CopyEncrypted(path=path)
    secret = _secret_in(key_file)
    clear = folder / f".{path.name.removesuffix('.age')}{_OPENED}"
    clear.unlink(missing_ok=True)  # left by a killed process
    try:
        age.decrypt(path, clear, secret)
        yield clear
    finally:
        clear.unlink(missing_ok=True)


def remove_leftovers(folder: Path, *, now: datetime) -> int:
    """Remove decrypted backups that a killed process left; return their number."""
    return backup.remove_drafts(folder, f".*{_OPENED}", now=now)


def _is_encrypted(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_FIRST_BYTES)) == _FIRST_BYTES


def _secret_in(key_file: Path) -> str:
    """Return the secret key in a file as ``age-keygen`` writes it. Raises: IdentityUnusable."""
    for line in key_file.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.strip().startswith(_SECRET):
            return line.strip()
    raise errors.IdentityUnusable(path=key_file)


def make_key(target: Path) -> str:
    """Write a new secret key to a new file for its owner alone; return its public half. Raises: OSError."""
    key = age.new_key()
    with open(target, "x", encoding="ascii", opener=_private) as file:
        file.write(f"# public key: {key.recipient}\n{key.secret}\n")
    return key.recipient


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
