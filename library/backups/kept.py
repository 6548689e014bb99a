"""Backups out of reach: the moments at which ``deploy/keep`` last put one into each repository, by the times of empty
files in the library's folder.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

FOLDER = "kept"
LATE_AFTER = timedelta(days=2)


class Kept(NamedTuple):
    """``name``: of the repository's file in /etc/madoguchi; ``at``: when a backup was last put there."""

    name: str
    at: datetime

    def is_late(self, *, now: datetime) -> bool:
        """Tell whether somebody must look: a night and a day passed without another."""
        return now - self.at > LATE_AFTER


def every(instance: str) -> list[Kept]:
    """Return the repositories of a library by name, each with its moment."""
    return [
        Kept(path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC))
        for path in sorted(Path(instance, FOLDER).glob("*"))
    ]
