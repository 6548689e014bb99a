"""取り込みの画面: a file on its way in, from the desk's first look to the report, in a folder of its own beside the database.

``plan.json`` holds what was chosen, ``state.json`` how far it is, ``report.csv`` the findings. One works at a time, in this process or,
for a long file, in one of its own (``worker``); the system forgets the lock of a process that dies.
"""

import fcntl
import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from library import errors
from library.files.report import Finding, FindingFile, Report
from library.importing import assignments, kinds
from library.importing.assignments import Assignments
from library.importing.words import Adding

MOST = 500_000  # rows
AT_ONCE = 5_000  # rows that a page may wait for; more are for a process of its own
FOLDER, INBOX = "imports", "inbox"
TELL_EVERY = 0.5  # seconds
LOOKS = 100  # at the lock, before it is called busy
SHOWN = 50  # findings of each kind on a page
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}\Z")


@dataclass
class Plan:
    """The choices made for a run. ``inbox``: the name of the file there, if it wasn't sent; ``added``: column → words for the rules, ``groups`` those
    that are 団体.
    """

    kind: str
    name: str
    inbox: str = ""
    encoding: str = ""
    headings: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    added: dict[str, list[str]] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)
    pad_zeros: bool = False
    with_consent: bool = False

    @property
    def assigned(self) -> Assignments:
        return Assignments(self.headings, self.values)


@dataclass
class State:
    """The state of a run. ``step``: new, checking, checked, importing, done, stopped, failed; ``done`` of ``rows``, before which the whole file is
    ``looked_at``; ``began``: when the first row was taken; ``unknown``: words of the file that the library doesn't have; ``refused``: why
    nothing could be read.
    """

    step: str = "new"
    rows: int = 0
    done: int = 0
    began: float = 0
    totals: str = ""
    more: list[tuple[str, int]] = field(default_factory=list)
    findings: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, dict[str, int]] = field(default_factory=dict)
    refused: str = ""
    useless: bool = False
    looked_at: int = 0

    @property
    def is_working(self) -> bool:
        return self.step in ("checking", "importing")

    def minutes_left(self, now: float) -> int | None:
        """Return how many minutes it may take still; None before that can be told."""
        if not self.done or now - self.began < 2:
            return None
        return max(1, round((now - self.began) / self.done * (self.rows - self.done) / 60))


class Stopped(Exception):
    """Somebody pressed 中止する."""


class Run:
    """One run, by its token. Raises: UploadGone where there is none."""

    def __init__(self, instance: Path, token: str) -> None:
        self.instance, self.token = instance, token
        self.folder = instance / FOLDER / token
        if not _TOKEN.match(token) or not (self.folder / "plan.json").is_file():
            raise errors.UploadGone()
        self.plan = Plan(**read_json(self.folder / "plan.json"))

    @property
    def kind(self) -> kinds.Kind:
        return kinds.KINDS[self.plan.kind]

    @property
    def path(self) -> Path:
        """Return where the file lies. Raises: UploadGone."""
        own = self.folder / "file"
        path = own if own.is_file() or not self.plan.inbox else self.instance / INBOX / self.plan.inbox
        if not path.is_file():
            raise errors.UploadGone()
        return path

    @property
    def report(self) -> Path:
        return self.folder / "report.csv"

    @property
    def state(self) -> State:
        """Return how far it is; one whose process died is stopped."""
        state = State(**read_json(self.folder / "state.json")) if (self.folder / "state.json").exists() else State()
        if state.is_working and working(self.instance) != self.token:
            state = State(**read_json(self.folder / "state.json"))  # it may have ended just now
            state.step = "failed" if state.is_working else state.step
        return state

    def keep_plan(self) -> None:
        write_json(self.folder / "plan.json", asdict(self.plan))

    def keep_state(self, state: State) -> None:
        write_json(self.folder / "state.json", asdict(state))

    def stop(self) -> None:
        """中止する: what is taken until then stays; the same file read in again goes on from there."""
        (self.folder / "stop").touch(mode=0o600)

    @contextmanager
    def opened(self, holdings: Mapping | None = None) -> Iterator[Any]:
        """Open the file with all that was chosen for it, now and before."""
        before = assignments.remembered(self.plan.kind)
        given = {"mapping": self.plan.headings, "remembered": before.headings, "encoding": self.plan.encoding}
        with self.kind.opened(self.path, given | {"values": (before | self.plan.assigned).values}, holdings) as file:
            yield file

    def preview(self) -> kinds.Preview:
        before = assignments.remembered(self.plan.kind)
        return kinds.preview(self.kind, self.path, self.plan.assigned, before, self.plan.encoding)

    def findings(self) -> dict[str, list[list[str]]]:
        """Return the first findings of each kind, as cells of the report."""
        return found_in(self.report)

    def count(self, holdings: Mapping | None, command: str) -> int:
        """Return how many rows the file has. Raises: ImportHasTooMany, and what opening it may."""
        with self.opened(holdings) as file:
            rows = kinds.count(file, MOST)
        if rows > MOST:
            raise errors.ImportHasTooMany(most=f"{MOST:,}", command=command)
        return rows

    # -- working -----------------------------------------------------------------------------------------------------
    def work(self, *, dry_run: bool, rows: int, now: datetime, by: str, holdings: Mapping | None = None) -> None:
        """Read the file in, or rehearse it, and write how far it is and what comes out. Whoever calls holds the lock."""
        (self.folder / "stop").unlink(missing_ok=True)
        state = State("checking" if dry_run else "importing", rows, began=time.time())
        self.keep_state(state)
        with FindingFile(self.report) as file:
            done = Report(tell=lambda finding: self._tell(finding, state, file))
            try:
                self._read(done, state, dry_run=dry_run, now=now, holdings=holdings)
                state.step = "checked" if dry_run else "done"
            except Stopped:
                state.step = "new" if dry_run else "stopped"
            except errors.Refused as refusal:
                state.step, state.refused = "checked", refusal.sentence
        state.totals, state.more = done.totals, [(words, count) for words, count in done.more.items() if count]
        state.done, state.unknown, state.useless = done.read, done.unknown, done.nothing_done
        if not dry_run:
            done.record(self.plan.kind, now=now, by=by)
        if state.step == "done":
            assignments.remember(self.plan.kind, self.plan.assigned)
            (self.folder / "file").unlink(missing_ok=True)
        self.keep_state(state)

    def _read(self, done: Report, state: State, *, dry_run: bool, now: datetime, holdings: Mapping | None) -> None:
        told = 0.0

        def progress(position: int) -> None:
            nonlocal told
            if (self.folder / "stop").exists():
                raise Stopped
            if time.time() - told >= TELL_EVERY:
                told, state.done, state.looked_at = time.time(), done.read, done.looked_at
                if not state.done:
                    state.began = told
                self.keep_state(state)

        plan = self.plan
        adding = Adding(words=plan.added, groups=plan.groups)
        chosen = {"pad_zeros": plan.pad_zeros, "with_consent": plan.with_consent, "adding": adding}
        with self.opened(holdings) as file:
            self.kind.read_in(file, now=now, chosen=chosen, report=done, dry_run=dry_run, progress=progress)

    @staticmethod
    def _tell(finding: Finding, state: State, file: FindingFile) -> None:
        state.findings[finding.kind] = state.findings.get(finding.kind, 0) + 1
        file.write(finding)


def found_in(report: Path) -> dict[str, list[list[str]]]:
    """Return of each kind the first findings of a report."""
    found: dict[str, list[list[str]]] = {}
    if report.exists():
        for row in FindingFile.read(report):
            rows = found.setdefault(row[1], [])
            if len(rows) < SHOWN:
                rows.append(row)
    return found


# -- one at a time -----------------------------------------------------------------------------------------------------
def lock(instance: Path, token: str) -> int:
    """Take the lock for this run and return its descriptor, which a child may inherit. Raises: ImportBusy."""
    path = instance / FOLDER / "lock"
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    for left in reversed(range(LOOKS)):  # a process that is done is about to end
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except OSError:
            if not left:
                os.close(descriptor)
                raise errors.ImportBusy() from None
            time.sleep(0.02)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, token.encode(), 0)
    return descriptor


def working(instance: Path) -> str:
    """Return the token of the run that is worked on; empty for none."""
    path = instance / FOLDER / "lock"
    if not path.exists():
        return ""
    with open(path, "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return file.read().decode()
    return ""


def read_json(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def write_json(path: Path, values: dict[str, Any]) -> None:
    """Write a whole file or none, for its owner alone."""
    draft = path.with_name(f".{path.name}")
    descriptor = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        json.dump(values, file, ensure_ascii=False)
    draft.replace(path)
