"""訓練: a backup is restored aside, checked, upgraded, counted and opened, so that a fault is found
before it is needed.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from library import clock, errors
from library.backups import figures, opened_pages
from library.store import backup, transfer
from library.store.lock import FileLock
from models import JobRun

JOB = "drill"
RED_AFTER = timedelta(days=40)  # since the last success
ASIDE = "drill"  # folder beside the library, gone afterwards
_ROOM = 2.2  # free space, in sizes of the backup: it is restored, and rewritten where its tables change


class Last(NamedTuple):
    """The last drills: the moment of the last success, None before any, with its ``counts``; ``error``: the fault of
    the last drill, empty after a success.
    """

    succeeded_at: datetime | None = None
    error: str = ""
    counts: dict[str, int] = {}  # noqa: RUF012 (of a named tuple: never changed)

    def age(self, *, now: datetime) -> float | None:
        """Return the seconds since the last success; None before any."""
        return (now - self.succeeded_at).total_seconds() if self.succeeded_at else None

    def is_bad(self, *, now: datetime) -> bool:
        """Tell whether somebody must look: the last drill failed, or the last success is too long ago. A library
        without any drill is new.
        """
        return bool(self.error) or (self.succeeded_at is not None and now - self.succeeded_at > RED_AFTER)


def last() -> Last:
    """Return the facts of the last drills."""
    row = JobRun.get_or_none(JobRun.name == JOB)
    return Last(row.succeeded_at, row.last_error, row.counts) if row else Last()


def try_newest(settings: Mapping[str, Any], *, now: datetime) -> figures.Figures:
    """Try the newest nightly backup; return its figures. Raises: the refusals of ``try_backup``."""
    folder = backup.folder(settings["INSTANCE"])
    found = backup.newest(folder, today=clock.day_of(now))
    if found is None:
        raise backup.NoBackup(f"{folder} に控えがありません。")
    return try_backup(found, settings)


def try_backup(path: Path, settings: Mapping[str, Any]) -> figures.Figures:
    """Restore a backup aside and try it; return its figures. The library stays as it is, and no mail is sent. Raises:
    DrillRuns; NoBackup, which names the fault.
    """
    with _aside(Path(settings["INSTANCE"])) as folder:
        _require_room(folder, path)
        restored = folder / opened_pages.FILE
        backup.restore(path, restored)  # it checks the backup
        transfer.upgrade(restored)
        if problems := backup.problems_of(restored):
            raise backup.NoBackup(problems[0])
        found = figures.of_file(restored)
        opened_pages.open_pages(folder, settings)
    return found


def _require_room(folder: Path, path: Path) -> None:
    if path.is_file() and shutil.disk_usage(folder).free < _ROOM * path.stat().st_size:
        raise backup.NoBackup(f"{folder.parent} に、控えを戻してみる空きがありません。")


@contextmanager
def _aside(instance: Path) -> Iterator[Path]:
    """Make the folder of a drill, one at a time, and remove it afterwards, with any leftovers of a killed drill."""
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


def remove_leftovers(instance: Path) -> None:
    """Remove the leftovers of a drill that was killed: a whole library."""
    with _lock(instance) as is_free:
        if is_free:
            shutil.rmtree(instance / ASIDE, ignore_errors=True)


def _lock(instance: Path) -> FileLock:
    return FileLock(instance / f"{JOB}.lock")
