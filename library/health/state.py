"""The state of the library: numbers for a watching program, and a judgement of them."""

import shutil
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from peewee import fn

from library import clock
from library.backups import drill
from library.store import backup, database
from models import JobRun, OutboxMail, Setting

WRITE_WITHIN = 2  # seconds that a write may take
TICK_OVERDUE = 180  # seconds
TICKED = "ticked_at"  # the setting with the time of the last look at the jobs (server/watcher.py)
DISK_FAILS, DISK_WARNS = 50_000_000, 500_000_000  # bytes that are free
OUTBOX_WARNS = timedelta(hours=1)  # since a mail fell due
JOB_WARNS = timedelta(hours=26)  # since a daily job last succeeded
BACKUP_WARNS = timedelta(hours=36)


@dataclass(frozen=True)
class State:
    """Ages and times are in seconds; None where there is nothing to measure or the database can't be read. ``write``:
    duration of the last write, None where it failed or takes too long; ``tick_age``: None where no jobs run;
    ``runner``: True where any process of the library runs them.
    """

    write: float | None
    disk_free: int
    outbox_age: float | None
    job_age: float | None
    backup_age: float | None
    drill_age: float | None
    tick_age: float | None
    runner: bool
    readable: bool = True
    drill_is_bad: bool = False

    @property
    def status(self) -> str:
        """Return fail where nothing can be relied on, warn where somebody should look today, else ok."""
        if not self.readable or self.write is None or self.disk_free < DISK_FAILS or is_late(self.tick_age):
            return "fail"
        aged = (
            (self.outbox_age or 0) > OUTBOX_WARNS.total_seconds()
            or (self.job_age or 0) > JOB_WARNS.total_seconds()
            or self.backup_age is None
            or self.backup_age > BACKUP_WARNS.total_seconds()
            or self.drill_is_bad
        )
        return "warn" if aged or self.disk_free < DISK_WARNS else "ok"

    def fields(self) -> dict[str, Any]:
        """Return name → number, for the page of numbers."""
        return {name: value for name, value in asdict(self).items() if name not in ("readable", "drill_is_bad")}


def is_late(tick_age: float | None) -> bool:
    """Tell whether jobs should run and the last look at them is too long ago."""
    return tick_age is not None and tick_age > TICK_OVERDUE


def read(
    settings: Mapping[str, Any],
    *,
    daily: Collection[str],
    write: float | None,
    tick_age: float | None,
    runner: bool,
    now: datetime,
) -> State:
    """Return the state now. ``daily``: names of the daily jobs; ``write``, ``tick_age``, ``runner``: known to this
    process.

    Where another process runs the jobs, its ticks count too, so that every process gives the same answer.
    """
    try:
        if tick_age is not None and not runner and (others := _tick_of_runner(now)) is not None:
            tick_age, runner = max(tick_age, others), not is_late(others)
        outbox, job, tried, readable = outbox_age(now=now), _oldest_success(daily, now), drill.last(), True
    except database.UNREADABLE:
        outbox = job = None
        tried, readable = drill.Last(), False
    return State(
        write=write,
        disk_free=disk_free(settings),
        outbox_age=outbox,
        job_age=job,
        backup_age=backup_age(settings, now=now),
        drill_age=tried.age(now=now),
        tick_age=tick_age,
        runner=runner,
        readable=readable,
        drill_is_bad=tried.is_bad(now=now),
    )


def _tick_of_runner(now: datetime) -> float | None:
    """Return the age of the last stored tick of the process that runs the jobs; None where there is none."""
    row = Setting.get_or_none(Setting.name == TICKED)
    return round(max(0, (now - datetime.fromisoformat(row.value)).total_seconds()), 1) if row else None


def outbox_age(*, now: datetime) -> float | None:
    """Return the seconds since the oldest unsent mail fell due; None where none is due."""
    due = OutboxMail.state.in_(("queued", "sending")) & (OutboxMail.next_try_at <= now)
    oldest = OutboxMail.select(fn.MIN(OutboxMail.next_try_at)).where(due).scalar()
    return (now - oldest).total_seconds() if oldest else None


def _oldest_success(daily: Collection[str], now: datetime) -> float | None:
    """Return the seconds since the daily job with the oldest success succeeded; a job without one counts from its first
    try.
    """
    rows = JobRun.select(JobRun.succeeded_at, JobRun.started_at).where(JobRun.name.in_(list(daily)))
    moments = [row.succeeded_at or row.started_at for row in rows]
    return (now - min(moments)).total_seconds() if moments else None


def backup_age(settings: Mapping[str, Any], *, now: datetime) -> float | None:
    """Return the age of the newest nightly backup in seconds; None where there is none."""
    newest = backup.newest(backup.folder(settings["INSTANCE"]), today=clock.day_of(now))
    return max(0.0, now.timestamp() - newest.stat().st_mtime) if newest else None


def disk_free(settings: Mapping[str, Any]) -> int:
    """Return the free bytes beside the database or in the library's folder, the smaller of the two."""
    file = database.file_of(settings["DATABASE_URL"])
    folders = {Path(settings["INSTANCE"]), *((file.parent,) if file else ())}
    return min(shutil.disk_usage(folder).free for folder in folders)
