"""控え: a copy of today, put back aside and counted, so that the first evening's copy is no first try."""

from datetime import datetime
from pathlib import Path

from library import clock, errors
from library.moving import steps
from library.store import backup, database
from models import Hold, Item, JobRun, Loan, Patron, Title

COUNTED = (Patron, Title, Item, Loan, Hold)
DRILL = "drill"  # the job that tries a copy, where there is one


def try_out(instance: str, *, by: str, now: datetime) -> None:
    """Make a copy now, put it back beside the database, count what is in it, and confirm the step. Raises: NoBackup, CopyDiffers."""
    folder = backup.folder(instance)
    folder.mkdir(mode=0o700, exist_ok=True)
    before = _rows()
    copy = backup.write(folder / backup.NAME.format(day=clock.day_of(now)))
    with backup.of_this_version(copy, Path(instance)) as draft:
        there = backup.rows_of(draft, [table._meta.table_name for table in COUNTED])
    for name, rows in _rows().items():  # somebody may have lent something meanwhile
        if not min(before[name], rows) <= there[name] <= max(before[name], rows):
            raise errors.CopyDiffers()
    with database.writing():
        steps.enter("backup", {"tried_at": now.isoformat(), "file": copy.name})
        steps.confirm("backup", by=by, now=now)


def _rows() -> dict[str, int]:
    return {table._meta.table_name: table.select().count() for table in COUNTED}


def tried_at(*, now: datetime) -> datetime | None:
    """Return the moment of today at which a copy was tried, by this page or by the job; None where there was none today."""
    text = steps.one("backup").facts.get("tried_at")
    moments = [datetime.fromisoformat(text)] if text else []
    row = JobRun.get_or_none(JobRun.name == DRILL)
    moments += [row.succeeded_at] if row and row.succeeded_at else []
    return max((at for at in moments if clock.day_of(at) == clock.day_of(now)), default=None)


def confirm(*, by: str, now: datetime) -> None:
    """Confirm the step by a copy that was tried today. Raises: CopyNotTried."""
    if tried_at(now=now) is None:
        raise errors.CopyNotTried()
    with database.writing():
        steps.confirm("backup", by=by, now=now)
