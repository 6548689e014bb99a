"""Processes whose clock is wrong: libfaketime tells them another time, as Debian's ``faketime`` has it."""

from datetime import UTC, datetime
from pathlib import Path

from tests import programs


def standing_at(moment: str) -> dict[str, str]:
    """Return the environment of a process that starts at a moment of its zone (``2026-11-25 07:05:00``); its clock runs
    on from there.
    """
    return _faked(FAKETIME=f"@{moment}")


class MovedClock:
    """A clock that can be set while processes run: ``move_to(moment)``. It runs on from there."""

    def __init__(self, folder: Path, moment: datetime):
        self._file = folder / "faketime"
        self.move_to(moment)

    def move_to(self, moment: datetime) -> None:
        new = self._file.with_name("faketime.new")
        new.write_text(f"{(moment - datetime.now(UTC)).total_seconds():+.0f}\n")
        new.replace(self._file)

    def environment(self) -> dict[str, str]:
        return _faked(FAKETIME_TIMESTAMP_FILE=str(self._file), FAKETIME_NO_CACHE="1")


def _faked(**more: str) -> dict[str, str]:
    """The clock that measures waits goes on as it is: a machine's does, too, when its time of day is set."""
    return {"LD_PRELOAD": programs.FAKETIME, "FAKETIME_DONT_FAKE_MONOTONIC": "1", **more}
