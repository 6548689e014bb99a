"""訓練: a copy is put back aside, checked, brought up to this version, counted and opened, so that nobody learns on a bad day that it can't be."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from library import clock, errors
from library.backups import encrypted, figures, opened_pages
from library.store import backup, transfer
from library.store.lock import FileLock
from models import JobRun

JOB = "drill"
RED_AFTER = timedelta(days=40)  # since the last that went well
ASIDE = "drill"  # folder beside the library, gone afterwards
_ROOM = 2.2  # times the size of a copy that must be free: it is put back, and written anew where its tables change


class Last(NamedTuple):
    """The last drills: when one went well, None where none ever did, and what was in that copy; ``error``: why the last one did not, empty
    where it did.
    """

    succeeded_at: datetime | None = None
    error: str = ""
    counts: dict[str, int] = {}  # noqa: RUF012 (of a named tuple: never changed)

    def age(self, *, now: datetime) -> float | None:
        """Return the seconds since one went well."""
        return (now - self.succeeded_at).total_seconds() if self.succeeded_at else None

    def is_bad(self, *, now: datetime) -> bool:
        """Tell whether somebody must look: the last one failed, or it is too long ago. A library that never had one is new."""
        return bool(self.error) or (self.succeeded_at is not None and now - self.succeeded_at > RED_AFTER)


def last() -> Last:
    """Return what is known of the last drills."""
    row = JobRun.get_or_none(JobRun.name == JOB)
    return Last(row.succeeded_at, row.last_error, row.counts) if row else Last()


def try_newest(settings: Mapping[str, Any], *, now: datetime) -> figures.Figures:
    """Try the newest nightly copy. Raises: as ``try_copy``."""
    folder = backup.folder(settings["INSTANCE"])
    found = backup.newest(folder, today=clock.day_of(now))
    if found is None:
        raise backup.NoBackup(f"{folder} に控えがありません。")
    return try_copy(found, settings)


def try_copy(copy: Path, settings: Mapping[str, Any]) -> figures.Figures:
    """Put a copy back aside and leave the library as it is; return what is in the copy. Nothing is sent. Raises: DrillRuns; NoBackup, which
    names what is wrong.
    """
    with _aside(Path(settings["INSTANCE"])) as folder:
        _require_room(folder, copy)
        restored = folder / opened_pages.FILE
        backup.restore(copy, restored)  # which checks it
        transfer.upgrade(restored)
        if problems := backup.problems_of(restored):
            raise backup.NoBackup(problems[0])
        found = figures.of_file(restored)
        opened_pages.open_pages(folder, settings)
    return found


def _require_room(folder: Path, copy: Path) -> None:
    if copy.is_file() and shutil.disk_usage(folder).free < _ROOM * copy.stat().st_size:
        raise backup.NoBackup(f"{folder.parent} に、控えを戻してみる空きがありません。")


@contextmanager
def _aside(instance: Path) -> Iterator[Path]:
    """Make the folder of a drill, one at a time, and remove it with what a drill that was killed left there."""
    with _lock(instance) as is_free:
        if not is_free:
            raise errors.DrillRuns()
        folder = instance / ASIDE
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def remove_left(instance: Path, *, now: datetime) -> None:
    """Remove what a drill or a restore that was killed left: a whole library."""
    encrypted.remove_left(instance, now=now)
    with _lock(instance) as is_free:
        if is_free:
            shutil.rmtree(instance / ASIDE, ignore_errors=True)


def _lock(instance: Path) -> FileLock:
    return FileLock(instance / f"{JOB}.lock")
