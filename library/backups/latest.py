"""The newest backup as it leaves the server: encrypted (age) to a key whose secret half is elsewhere. It is made once
and lies beside the backup.

Its name holds the backup's name, a hash of backup and key, and its own SHA-256, so that nothing else has to be
remembered.
"""

import errno
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from library import clock, errors
from library.files import age
from library.store import backup
from library.store.lock import FileLock

_LOCK = "leaving.lock"
_COPY = re.compile(r"madoguchi-\d{4}-\d\d-\d\d\.sqlite3")
_NAME = re.compile(rf"(?P<copy>{_COPY.pattern})\.(?P<fingerprint>[0-9a-f]{{16}})\.(?P<sha256>[0-9a-f]{{64}})\.age")


class Latest(NamedTuple):
    """An encrypted backup: its file, the name under which it leaves, its day, and its SHA-256 in
    hexadecimal letters.
    """

    file: Path
    name: str
    day: date
    sha256: str


def ready(folder: Path, recipient: str, *, now: datetime) -> Latest | None:
    """Return the newest backup encrypted to ``recipient``, made if it isn't there; None where there is no backup.
    Raises: CopyBusy, while another process makes it; CopyHasNoRoom, AgeFailed.
    """
    today = clock.day_of(now)
    nightly = [path for path in folder.glob("*.sqlite3") if _COPY.fullmatch(path.name)]
    backups = sorted(
        (path for path in nightly if backup.day_of(path, today) <= today), reverse=True
    )  # a wrong clock may have dated one ahead
    if not backups:
        return None
    if found := _find(folder, backups[0], recipient, now):
        return found
    with _in_need_of_room(), FileLock(folder / _LOCK) as is_free:
        if not is_free:
            raise errors.CopyBusy()
        good = next((source for source in backups if not backup.problems_of(source)), None)
        return good and (_find(folder, good, recipient, now) or _make(folder, good, recipient, now))


def keep_ready(folder: Path, recipient: str, *, now: datetime) -> int:
    """Make the newest encrypted backup, or remove the encrypted ones where no key is set; return the number that was
    made (0 or 1).
    """
    before = set(folder.glob("*.age"))
    if recipient:
        ready(folder, recipient, now=now)
    else:
        _remove_but(folder, None)
    return len(set(folder.glob("*.age")) - before)


def _find(folder: Path, source: Path, recipient: str, now: datetime) -> Latest | None:
    with suppress(FileNotFoundError):
        for path in folder.glob(f"{source.name}.{_fingerprint(source, recipient)}.*.age"):
            if latest := _read(path, now):
                return latest
    return None


def _read(path: Path, now: datetime) -> Latest | None:
    if found := _NAME.fullmatch(path.name):
        day = backup.day_of(Path(found["copy"]), clock.day_of(now))
        return Latest(path, f"{found['copy']}.age", day, found["sha256"])
    return None


def _fingerprint(source: Path, recipient: str) -> str:
    """Return a hash of a backup as it is now and of its recipient: a new backup or recipient has another."""
    about = source.stat()
    text = f"{source.name}\n{about.st_size}\n{about.st_mtime_ns}\n{recipient}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@contextmanager
def _in_need_of_room() -> Iterator[None]:
    """Turn the errors of a full disk into CopyHasNoRoom."""
    try:
        yield
    except errors.AgeNotWritten as error:
        raise errors.CopyHasNoRoom() from error
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise errors.CopyHasNoRoom() from error


def _make(folder: Path, source: Path, recipient: str, now: datetime) -> Latest | None:
    draft = folder / f".{source.name}.age.part"
    draft.unlink(missing_ok=True)
    fingerprint = _fingerprint(source, recipient)
    try:
        age.encrypt(source, draft, recipient)
        with draft.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        target = folder / f"{source.name}.{fingerprint}.{sha256}.age"
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    _remove_but(folder, target)
    return _read(target, now)


def _remove_but(folder: Path, one: Path | None) -> None:
    """Remove all encrypted backups but one."""
    for path in folder.glob("*.age"):
        if path != one and _NAME.fullmatch(path.name):
            path.unlink(missing_ok=True)
