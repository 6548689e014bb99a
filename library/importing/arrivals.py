"""Files that arrive for an import: uploaded, packed or not, or put into the inbox of the server; and their expiry."""

import os
import secrets
import shutil
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO

from library import errors
from library.files import archives
from library.importing.runs import FOLDER, INBOX, Plan, Run, write_json

LARGEST = 8 * 1024 * 1024  # bytes that a browser sends
# seconds: an idle run, a report, a file in the inbox
KEPT, REPORT_KEPT, INBOX_KEPT = 24 * 3600, 7 * 24 * 3600, 30 * 24 * 3600


def begin(instance: Path, kind: str, name: str, stream: IO[bytes]) -> Run:
    """Store an uploaded file, unpacked, as a new run. Raises: FileMissing, ImportTooLong, and as
    ``archives.unpack``.
    """
    run = _make(instance, Plan(kind, Path(name).name[:100]))
    packed = run.folder / "sent"
    packed.touch(mode=0o600)
    try:
        with open(packed, "wb") as file:
            shutil.copyfileobj(_Limited(stream), file)
        if not packed.stat().st_size:
            raise errors.FileMissing()
        _unpacked(run, packed)
        packed.replace(run.folder / "file") if packed.exists() else None
    except errors.Refused:
        shutil.rmtree(run.folder)
        raise
    return run


def begin_with(instance: Path, kind: str, name: str) -> Run:
    """Take a file of the inbox by its shown name, as a new run. Raises: UploadGone, and as ``archives.unpack``."""
    path = next((each for each in in_inbox(instance) if shown(each) == name), None)
    if path is None:
        raise errors.UploadGone()
    run = _make(instance, Plan(kind, name, inbox=path.name))
    try:
        archives.unpack(path, run.folder / "file")
    except errors.Refused:
        shutil.rmtree(run.folder)
        raise
    return run


def _unpacked(run: Run, packed: Path) -> None:
    """Unpack the file if it is an archive, and name the run after the file inside."""
    if name := archives.unpack(packed, run.folder / "file"):
        packed.unlink()
        run.plan.name = name[:100] if name != packed.name else run.plan.name
        run.keep_plan()


class _Limited:
    """A stream that is refused beyond a length."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._left = stream, LARGEST

    def read(self, size: int = -1) -> bytes:
        block = self._stream.read(size)
        self._left -= len(block)
        if self._left < 0:
            raise errors.ImportTooLong(megabytes=LARGEST // 1024**2)
        return block


def _make(instance: Path, plan: Plan) -> Run:
    folder = instance / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    token = secrets.token_urlsafe(16)
    (folder / token).mkdir(mode=0o700)
    write_json(folder / token / "plan.json", asdict(plan))
    return Run(instance, token)


def in_inbox(instance: Path) -> list[Path]:
    """Return the files in the inbox, the newest first."""
    with suppress(OSError):
        files = [each for each in (instance / INBOX).iterdir() if each.is_file() and not each.is_symlink()]
        return sorted(files, key=lambda each: each.stat().st_mtime, reverse=True)
    return []


def shown(path: Path) -> str:
    """Return the file's name for people; a name that is not UTF-8 is read as one of Windows."""
    name = os.fsencode(path.name)
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name.decode("cp932", "replace")


def every(instance: Path) -> list[Run]:
    """Return the runs, newest first."""
    found = []
    with suppress(OSError):
        for each in (instance / FOLDER).iterdir():
            with suppress(errors.UploadGone, OSError):
                found.append((each.stat().st_mtime, Run(instance, each.name)))
    return [run for _, run in sorted(found, key=lambda pair: pair[0], reverse=True)]


def sweep(instance: Path) -> int:
    """Remove runs idle for a day, reports after seven days, inbox files after thirty; return the number removed."""
    now, gone = time.time(), 0
    for run in every(instance):
        with suppress(OSError):  # another thread was quicker
            state = run.state
            kept = REPORT_KEPT if state.step in ("done", "stopped") else KEPT
            last = max([each.stat().st_mtime for each in run.folder.iterdir()] or [run.folder.stat().st_mtime])
            if not state.is_working and now - last > kept:
                shutil.rmtree(run.folder)
                gone += 1
    for file in in_inbox(instance):
        with suppress(OSError):
            if now - file.stat().st_mtime > INBOX_KEPT:
                file.unlink()
                gone += 1
    return gone
