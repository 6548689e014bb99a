"""障害: faults that an administrator is told of by mail, once a day while they last, and once a day when they are over.

The faults that were told are stored in a file of the instance folder, as the database may be at fault.
"""

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from library.access.guessing import tries
from library.backups import drill, kept
from library.health import state
from library.mail import outbox
from library.store import database
from models import JobRun, OutboxMail

MAIL_TOLD = timedelta(hours=6)  # time since a mail fell due
FAILED_TOLD = 20  # mails that failed within a day
JOB_FAILURES_TOLD = 3  # in a row
FILE = "faults.json"
OUTSIDE = ("disk", "backup", "kept", "damage")  # faults that show without the database


@dataclass(frozen=True)
class Fault:
    """``what``: the kind, whose words the mail has; ``about``: the job that fails, a name or a number, else empty."""

    what: str
    about: str = ""

    @property
    def name(self) -> str:
        """Return the key of a fault in the file: its kind, and for a job which one."""
        return f"{self.what}:{self.about}" if self.what == "job" else self.what


Send = Callable[[Fault, bool], bool]  # (fault, True at its end) → False where it can't be sent yet


def without_database(settings: Mapping[str, Any], *, is_damaged: bool, now: datetime) -> list[Fault]:
    """Return the faults now that show without the database: disk, backup, kept, damage."""
    found = [Fault("disk")] if state.disk_free(settings) < state.DISK_WARNS else []
    age = state.backup_age(settings, now=now)
    if age is None or age > state.BACKUP_WARNS.total_seconds():
        found.append(Fault("backup"))
    late = [each.name for each in kept.every(settings["INSTANCE"]) if each.is_late(now=now)]
    found += [Fault("kept", "、".join(late))] if late else []
    return [*found, Fault("damage")] if is_damaged else found


def in_database(labels: Mapping[str, str], *, now: datetime) -> list[Fault]:
    """Return the faults now that the database shows. ``labels``: name of a job → its words."""
    tried = [Fault("drill")] if drill.last().is_bad(now=now) else []
    return _of_jobs(labels) + tried + _of_mails(now) + _of_care(now)


def _of_jobs(labels: Mapping[str, str]) -> list[Fault]:
    told_later = JobRun.failures >= JOB_FAILURES_TOLD, JobRun.name != drill.JOB  # its first failure is told
    failing = JobRun.select(JobRun.name).where(*told_later).order_by(JobRun.name)
    return [Fault("job", labels.get(row.name, row.name)) for row in failing]


def _of_mails(now: datetime) -> list[Fault]:
    found = [Fault("mail")] if (state.outbox_age(now=now) or 0) > MAIL_TOLD.total_seconds() else []
    failed, pushes = (_failed(channel, now) for channel in (outbox.MAIL, outbox.PUSH))
    found += [Fault("mails_failed", str(failed))] if failed >= FAILED_TOLD else []
    return [*found, Fault("pushes_failed", str(pushes))] if pushes else found


def _failed(channel: str, now: datetime) -> int:
    lately = (OutboxMail.state == "failed") & (OutboxMail.next_try_at > now - timedelta(days=1))
    return OutboxMail.select().where(OutboxMail.channel == channel, lately).count()


def _of_care(now: datetime) -> list[Fault]:
    """Return the kinds of care with all strangers that are on, as somebody guesses."""
    return [Fault(row.kind) for row in tries.care(now=now) if not row.who]


class Told:
    """The faults that an administrator was told of, each with its day, and True under ``over`` when its end was told
    too.

    A fault that comes and goes is told once a day, and so is its end. Where the file can't be written, it is tried
    again.
    """

    def __init__(self, instance: str) -> None:
        self._path = Path(instance) / FILE
        self._told = self._stored()

    def tell(self, outside: Iterable[Fault], inside: Iterable[Fault] | None, send: Send, *, today: date) -> None:
        """Send each fault that was not told today, and the end of each that is over.

        ``inside``: None where the database could not be asked; then its faults count as lasting.
        """
        current = {fault.name: fault for fault in (*outside, *(inside or ()))}
        for fault in current.values():
            self.tell_one(fault, send, today=today)
        for name in sorted(set(self._told) - set(current)):
            if inside is not None or self._told[name]["what"] in OUTSIDE:
                self._tell_end(name, send, today=today)

    def tell_one(self, fault: Fault, send: Send, *, today: date) -> None:
        """Send one fault, unless it was told today."""
        row = {"day": today.isoformat(), "what": fault.what, "about": fault.about}
        if self._told.get(fault.name, {}).get("day") != row["day"] and send(fault, False):
            self._remember(self._told | {fault.name: row})

    def _tell_end(self, name: str, send: Send, *, today: date) -> None:
        """Send the end of a fault, once. Its row stays until midnight, so that the fault is not told again that day."""
        row = self._told[name]
        if row.get("over") or send(Fault(row["what"], row["about"]), True):
            others = {other: kept for other, kept in self._told.items() if other != name}
            ended = {name: row | {"over": True}} if row["day"] == today.isoformat() else {}
            if self._told != others | ended:
                self._remember(others | ended)

    def _remember(self, told: dict[str, dict[str, Any]]) -> None:
        self._told = told
        part = self._path.with_suffix(".part")
        try:
            database.make_private(part)
            part.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
            os.replace(part, self._path)
        except OSError:  # a full disk: another process would tell it once more
            with contextlib.suppress(OSError):  # a disk that can't be written at all
                part.unlink(missing_ok=True)

    def _stored(self) -> dict[str, dict[str, Any]]:
        try:
            return json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
