"""The pack that was made at a page of the desk: one at a time, for one download within the hour, in a folder beside the database.

``state.json`` says how far it is; the lock of the folder who works on it. A process that dies is known by its lock.
"""

import fcntl
import json
import os
import shutil
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from library import audit, errors
from library.mail import outbox
from library.packs import contents, writing
from library.store import copying, database, engine

FOLDER = "pack"
PACK, TAR = "pack.zip.age", "both.tar"
KEPT = 60 * 60  # seconds
_AHEAD = 60  # seconds by which a clock may have been set back since
AT_ONCE = 5_000  # rows that a page may wait for; more are for a process of its own
TELL_EVERY = 0.5  # seconds


@dataclass
class State:
    """The state of the pack: none, working, ready, failed. ``made`` is when it was ready, ``refused`` why it isn't."""

    step: str = "none"
    rows: int = 0
    done: int = 0
    began: float = 0
    made: float = 0
    refused: str = ""

    def minutes_left(self, now: float) -> int | None:
        """Return how many minutes it may take still; None before that can be told."""
        if not self.done or now - self.began < 2:
            return None
        return max(1, round((now - self.began) / self.done * (self.rows - self.done) / 60))


def rows() -> int:
    """Return how many rows a pack of this library has."""
    names = [table._meta.table_name for table in contents.tables(with_reading=True)]
    return sum(engine.count_rows(name) for name in names)


def begin(instance: Path, count: int) -> int:
    """Take the lock of the folder for a new pack, which takes the place of one that nobody fetched; return its descriptor, which a child may
    inherit. Raises: PackBusy.
    """
    folder = instance / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    descriptor = _lock(folder)
    if descriptor is None:
        raise errors.PackBusy()
    _clear(folder)
    _keep(folder, State("working", count, began=time.time()))
    return descriptor


def work(instance: Path, passphrase: str, origin: writing.Origin, *, by: str, admin_mail: str, now: datetime) -> None:
    """Make the pack and write how far it is. Whoever calls holds the lock."""
    folder, state = instance / FOLDER, state_of(instance, is_locked=True)
    told = 0.0

    def progress(done: int, of: int) -> None:
        nonlocal told
        if time.time() - told >= TELL_EVERY:
            told, state.done, state.rows = time.time(), done, of
            _keep(folder, state)

    try:
        made = writing.to_encrypted_zip(folder / PACK, passphrase, origin, now=now, progress=progress)
        _put_together(folder)
        _note(made, by=by, admin_mail=admin_mail, now=now)
        state.step, state.made, state.done = "ready", time.time(), state.rows
    except (errors.Refused, copying.Refused, OSError) as problem:
        _clear(folder)
        is_disk = isinstance(problem, OSError)
        state.step, state.refused = "failed", str(errors.PackNotWritten() if is_disk else problem)
    _keep(folder, state)


def _put_together(folder: Path) -> None:
    """Put the pack and its key into one file, as it is fetched once."""
    database.make_private(folder / TAR)
    with tarfile.open(folder / TAR, "w") as archive:
        for name in (PACK, writing.KEY_FILE):
            archive.add(folder / name, name, filter=_without_owner)
            (folder / name).unlink()


def _without_owner(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _note(made: writing.Made, *, by: str, admin_mail: str, now: datetime) -> None:
    facts = {"what": "pack_made", "text": by.removeprefix("staff:")}
    with database.writing():
        audit.record("pack.made", actor=by, now=now, rows=made.rows, encrypted=True)
        if admin_mail:
            outbox.put(outbox.TO_ADMIN, f"admin:pack:{now.isoformat()}", address=admin_mail, now=now, facts=facts)


def state_of(instance: Path, *, is_locked: bool = False) -> State:
    """Return how far the pack is; one whose process died has failed."""
    folder = instance / FOLDER
    try:
        state = _read(folder)
    except FileNotFoundError:
        return State()
    if state.step == "working" and not is_locked and not _is_locked(folder):
        state = _read(folder)  # it may have ended just now
        state.step = "failed" if state.step == "working" else state.step
    return state


def take(instance: Path) -> IO[bytes]:
    """Return the file with the pack and its key, which is gone from the disk with that. Raises: PackGone."""
    sweep(instance)
    folder = instance / FOLDER
    taken = folder / f".{TAR}.taken"
    if state_of(instance).step != "ready":  # what is still being put together is nobody's
        raise errors.PackGone()
    try:
        (folder / TAR).rename(taken)  # of two who press at once, one has it
        file = taken.open("rb")
        taken.unlink()
    except FileNotFoundError:
        raise errors.PackGone() from None
    _keep(folder, State())
    return file


def sweep(instance: Path) -> int:
    """Remove a pack that nobody fetched within the hour, and what one that died left; return how many."""
    folder = instance / FOLDER
    with _held(folder) as is_free:
        if not is_free:
            return 0
        state = state_of(instance, is_locked=True)
        is_over = state.step == "ready" and not -_AHEAD <= time.time() - state.made <= KEPT
        is_broken = state.step in ("working", "failed") and bool(_files(folder))
        if is_over or is_broken:
            _clear(folder)
        if is_over:
            _keep(folder, State())
        return int(is_over or is_broken)


def _files(folder: Path) -> list[Path]:
    """Return what lies there beside the lock and the state."""
    return [path for path in folder.iterdir() if path.name not in ("lock", "state.json", ".state.json")]


def _clear(folder: Path) -> None:
    for path in _files(folder):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _lock(folder: Path) -> int | None:
    """Return a descriptor that holds the lock of the folder; None where somebody else does."""
    descriptor = os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


@contextmanager
def _held(folder: Path) -> Iterator[bool]:
    """Hold the lock inside; False where somebody works on a pack, or none was ever made."""
    descriptor = _lock(folder) if folder.exists() else None
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _read(folder: Path) -> State:
    return State(**json.loads((folder / "state.json").read_text(encoding="utf-8")))


def _keep(folder: Path, state: State) -> None:
    """Write how far it is, whole or not at all."""
    draft = folder / ".state.json"
    database.make_private(draft)
    draft.write_text(json.dumps(asdict(state)), encoding="utf-8")
    draft.replace(folder / "state.json")


def _is_locked(folder: Path) -> bool:
    with open(folder / "lock", "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False
