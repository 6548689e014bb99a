"""障害: what an administrator is told of by mail, once a day while it lasts, and again, once a day, when all is well.

What was told stands in a file of the instance folder and not in the database, which may be what is at fault.
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
from library.backups import drill, tokens
from library.health import state
from library.mail import outbox
from library.store import database
from models import JobRun, OutboxMail

MAIL_TOLD = timedelta(hours=6)  # that a mail has been due
FAILED_TOLD = 20  # mails that failed within a day
JOB_FAILURES_TOLD = 3  # in a row
MISUSE_LASTS = timedelta(days=1)  # of a token that came from elsewhere
FILE = "faults.json"
OUTSIDE = ("disk", "backup", "damage")  # are seen without the database


@dataclass(frozen=True)
class Fault:
    """``what``: the kind, which has its words in the mail; ``about``: the job that fails, a number, else nothing."""

    what: str
    about: str = ""

    @property
    def name(self) -> str:
        return f"{self.what}:{self.about}" if self.what == "job" else self.what


Send = Callable[[Fault, bool], bool]  # (fault, is it over): False where it can't be sent yet


def outside(settings: Mapping[str, Any], *, is_damaged: bool, now: datetime) -> list[Fault]:
    """Return what is wrong now, as far as it is seen without the database."""
    found = [Fault("disk")] if state.disk_free(settings) < state.DISK_WARNS else []
    age = state.backup_age(settings, now=now)
    if age is None or age > state.BACKUP_WARNS.total_seconds():
        found.append(Fault("backup"))
    return [*found, Fault("damage")] if is_damaged else found


def inside(labels: Mapping[str, str], *, now: datetime) -> list[Fault]:
    """Return what is wrong now and stands in the database. ``labels``: the names of the jobs for people."""
    return _of_jobs(labels) + _of_copies(now) + _of_mails(now) + _of_care(now)


def _of_copies(now: datetime) -> list[Fault]:
    """Return if a copy can't be put back, as far as it was tried, and if a token to fetch one is used by somebody else."""
    found = [Fault("drill")] if drill.last().is_bad(now=now) else []
    name = tokens.misused_since(now - MISUSE_LASTS)
    return [*found, Fault("backup_token", name)] if name else found


def _of_jobs(labels: Mapping[str, str]) -> list[Fault]:
    told_later = JobRun.failures >= JOB_FAILURES_TOLD, JobRun.name != drill.JOB  # of which the first failure is told
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
    """Return the kinds of care that the library takes with all, because somebody guesses."""
    return [Fault(row.kind) for row in tries.care(now=now) if not row.who]


class Told:
    """The faults that an administrator knows of: those that were told, each with the day, and whether its end was told as well.

    One that comes and goes is told once a day, and so is its end. A file that can't be written is tried again.
    """

    def __init__(self, instance: str) -> None:
        self._path = Path(instance) / FILE
        self._told = self._stored()

    def tell(self, outside: Iterable[Fault], inside: Iterable[Fault] | None, send: Send, *, today: date) -> None:
        """Have those faults sent that were not told today, and those that are over. ``inside``: None where the database could not be
        asked; nothing is over then of what it alone tells.
        """
        current = {fault.name: fault for fault in (*outside, *(inside or ()))}
        for fault in current.values():
            self.tell_one(fault, send, today=today)
        for name in sorted(set(self._told) - set(current)):
            if inside is not None or self._told[name]["what"] in OUTSIDE:
                self._tell_end(name, send, today=today)

    def tell_one(self, fault: Fault, send: Send, *, today: date) -> None:
        """Have one fault sent that was not told today; nothing is said of the others."""
        row = {"day": today.isoformat(), "what": fault.what, "about": fault.about}
        if self._told.get(fault.name, {}).get("day") != row["day"] and send(fault, False):
            self._remember(self._told | {fault.name: row})

    def _tell_end(self, name: str, send: Send, *, today: date) -> None:
        """Have it sent that a fault is over, once. Its row stays for the day, on which it is not told again."""
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
        except OSError:  # a full disk: this process knows, another would tell it once more
            with contextlib.suppress(OSError):  # one that can't be written at all
                part.unlink(missing_ok=True)

    def _stored(self) -> dict[str, dict[str, Any]]:
        try:
            return json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
