"""控え: a backup of today, restored and counted (``library.backups.drill``), so that the first nightly backup has been
tried before.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from library import clock, errors
from library.backups import drill, figures
from library.cutover import steps
from library.store import backup, database


def make_and_try(settings: Mapping[str, Any], run: Callable[[], Mapping[str, int]], *, by: str, now: datetime) -> None:
    """Make the backup of today again, try it, and confirm the step. ``run()``: the job of the drill, which returns the
    counts of the backup.

    Raises: CopyUnusable, CopyDiffers, CopyOutdated, DrillRuns.
    """
    folder = backup.folder(settings["INSTANCE"])
    folder.mkdir(mode=0o700, exist_ok=True)
    before = figures.of_library().counts
    try:
        backup.write(folder / backup.NAME.format(day=clock.day_of(now)))
        there = run()
    except backup.NoBackup as error:
        raise errors.CopyUnusable(reason=str(error)) from error
    for name, rows in figures.of_library().counts.items():  # the desk may have lent something meanwhile
        if not min(before[name], rows) <= there[name] <= max(before[name], rows):
            raise errors.CopyDiffers()
    confirm(by=by, now=now)


def tried_at(*, now: datetime) -> datetime | None:
    """Return the moment of today's last drill; None where there was none today."""
    moment = drill.last().succeeded_at
    return moment if moment and clock.day_of(moment) == clock.day_of(now) else None


def compared() -> list[tuple[str, int, int]]:
    """Return the figures of the last tried backup beside ours: (label, backup's, ours)."""
    there, here = drill.last().counts, figures.of_library().counts
    return [(label, there.get(name, 0), here[name]) for name, label in figures.LABELS.items()]


def refusal(*, now: datetime) -> errors.Refused | None:
    """Return the refusal of the step: no drill today, or figures that differ since; None where the drill is good."""
    if tried_at(now=now) is None:
        return errors.CopyNotTried()
    differing = [f"{label} 控え{there:,}、いま{here:,}" for label, there, here in compared() if there != here]
    return errors.CopyOutdated(differences="、".join(differing)) if differing else None


def confirm(*, by: str, now: datetime) -> None:
    """Confirm the step by the drill of today. Raises: CopyNotTried, CopyOutdated."""
    with database.writing():
        if reason := refusal(now=now):
            raise reason
        steps.confirm("backup", by=by, now=now)
