"""取り込みの画面: a file on its way from preview to report, in a folder of its own beside the database.

``plan.json`` has the choices, ``state.json`` the progress, ``report.csv`` the findings. One run works at a time, in
this process or, for a long file, in its own (``worker``); a process that dies loses its lock.
"""

import fcntl
import json
import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from library import errors
from library.files.report import CHANGED, NEW, OUTCOMES, SAME, Finding, FindingFile, Report
from library.importing import assignments, kinds, previews
from library.importing.assignments import Assignments
from library.importing.words import Adding

MOST = 500_000  # rows
AT_ONCE = 5_000  # rows that a page may wait for; more are for a process of its own
FOLDER, INBOX = "imports", "inbox"
TELL_EVERY = 0.5  # seconds
LOOKS = 100  # at the lock, before it is called busy
WORDS = 100  # of a column, that are mapped at a time
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}\Z")


@dataclass
class Plan:
    """The choices for a run. ``kind``: empty while nobody knows; ``inbox``: the file's name there, if not uploaded.

    ``added``: column → words for the rules; ``groups``: those that are 団体. ``source``: for records that name none;
    ``area_code``: for local numbers; ``profile``: the name of what is assigned; ``is_asked``: unknown words were shown.
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
    source: str = ""
    area_code: str = ""
    profile: str = assignments.USUAL
    is_table: bool = True
    is_asked: bool = False

    @property
    def assigned(self) -> Assignments:
        return Assignments(self.headings, self.values)


@dataclass
class State:
    """The state of a run. ``step``: new, checking, unchecked (interrupted), checked, importing, done, stopped, failed.

    ``counts``: rows by outcome (``report.NEW`` …). ``looked_at``, then ``done``: rows so far, of ``rows``; ``began``:
    time of the first row. ``unknown``: column → unknown words → rows, most frequent first; ``more_unknown``: column →
    number of further words; ``stopping``: columns whose unknown words stop the file. ``shorter``: numbers that may
    have lost zeros; ``proposal``: a form of card numbers that fits. ``refused``: the reason why nothing could be read;
    ``correctable``: a finding names a cell, so that its report may come back.
    """

    step: str = "new"
    rows: int = 0
    done: int = 0
    began: float = 0
    totals: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    more: list[tuple[str, int]] = field(default_factory=list)
    findings: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, dict[str, int]] = field(default_factory=dict)
    more_unknown: dict[str, int] = field(default_factory=dict)
    stopping: list[str] = field(default_factory=list)
    refused: str = ""
    useless: bool = False
    looked_at: int = 0
    shorter: int = 0
    proposal: dict[str, Any] = field(default_factory=dict)
    correctable: bool = False

    @property
    def is_working(self) -> bool:
        return self.step in ("checking", "importing")

    @property
    def may_be_read_in(self) -> bool:
        """Tell whether the file was rehearsed to its end, which must come before the import."""
        return self.step in ("checked", "stopped", "failed")

    @property
    def is_in(self) -> bool:
        """Tell whether rows were read in, to the end of the file."""
        return self.step == "done" and not self.useless

    @property
    def taken(self) -> int | None:
        """Return the number of rows that are in; None for a run that kept its totals alone."""
        return sum(self.counts.get(name, 0) for name in (NEW, CHANGED, SAME)) if self.counts else None

    def keep_unknown(self, found: Mapping[str, Mapping[str, int]]) -> None:
        """Keep the most frequent unknown words: a column with thousands is a wrong column."""
        for name, words in found.items():
            usual = sorted(words.items(), key=lambda each: -each[1])
            self.unknown[name] = dict(usual[:WORDS])
            if len(usual) > WORDS:
                self.more_unknown[name] = len(usual) - WORDS

    def minutes_left(self, now: float) -> int | None:
        """Return the minutes left; None while that is unknown."""
        if not self.done or now - self.began < 2:
            return None
        return max(1, round((now - self.began) / self.done * (self.rows - self.done) / 60))


R = TypeVar("R", Plan, State)


class Stopped(Exception):
    """中止する was pressed."""


class Run:
    """One run, by its token. Raises: UploadGone if there is none."""

    def __init__(self, instance: Path, token: str) -> None:
        self.instance, self.token = instance, token
        self.folder = instance / FOLDER / token
        if not _TOKEN.match(token):
            raise errors.UploadGone()
        try:
            self.plan = _read(Plan, self.folder / "plan.json")
        except (OSError, ValueError, TypeError):  # swept away, or cut off
            raise errors.UploadGone() from None

    @property
    def kind(self) -> kinds.Kind:
        return kinds.KINDS[self.plan.kind]

    @property
    def remembered(self) -> Assignments:
        return assignments.remembered(self.plan.kind, self.plan.profile)

    @property
    def path(self) -> Path:
        """Return the path of the file. Raises: UploadGone."""
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
        """Return the state; a run whose process died is ``unchecked`` or ``failed``."""
        path = self.folder / "state.json"
        state = _read(State, path) if path.exists() else State()
        if state.is_working and working(self.instance) != self.token:
            state = _read(State, path)  # it may have ended just now
            state.step = {"checking": "unchecked", "importing": "failed"}.get(state.step, state.step)
        return state

    def keep_plan(self) -> None:
        write_json(self.folder / "plan.json", asdict(self.plan))

    def keep_state(self, state: State) -> None:
        write_json(self.folder / "state.json", asdict(state))

    def stop(self) -> None:
        """中止する: rows taken in stay; importing the same file again goes on from there."""
        (self.folder / "stop").touch(mode=0o600)

    @property
    def is_stopping(self) -> bool:
        return (self.folder / "stop").exists()

    @contextmanager
    def opened(self, holdings: Mapping | None = None, **given: Any) -> Iterator[Any]:
        """Open the file with all choices, remembered ones too; ``given`` as in ``spreadsheets.opened``."""
        before = self.remembered
        chosen = {"mapping": self.plan.headings, "remembered": before.headings, "encoding": self.plan.encoding}
        chosen |= {"values": (before | self.plan.assigned).values, **given}
        with self.kind.opened(self.path, chosen, holdings, self.plan.source) as file:
            yield file

    def preview(self, **given: Any) -> previews.Preview:
        """Return the preview of the file, whose rows are counted once; ``given`` as in ``opened``."""
        state = self.state
        most = 0 if state.rows else MOST
        with self.opened(strict=False, until=kinds.look_ends_at(), **given) as file:
            found = previews.preview(self.kind, file, most)
        if most and state.step == "new":
            self.keep_state(replace(state, rows=found.rows))
        return replace(found, rows=state.rows or found.rows)

    def one_row(self, line: int | None, *, now: datetime, holdings: Mapping | None) -> previews.OneRow | None:
        """Return one row as it would be stored, as ``previews.one_row``."""
        with self.opened(holdings, until=kinds.look_ends_at()) as file:
            return previews.one_row(self.kind, file, line, self.report, now=now, chosen=self._chosen)

    def assign(self, chosen: Sequence[str]) -> None:
        """Store the choice for each column; none for an unreadable file, which fails at its rehearsal."""
        with suppress(errors.Refused):
            self.plan.headings = previews.assigned(self.kind, self.preview().columns, chosen)

    def count(self, holdings: Mapping | None, command: str) -> int:
        """Return the number of rows of the file. Raises: ImportHasTooMany, and as ``opened``."""
        with self.opened(holdings, until=kinds.look_ends_at()) as file:
            rows = kinds.count(file, MOST)
        if rows > MOST:
            raise errors.ImportHasTooMany(most=f"{MOST:,}", command=command)
        return rows

    def begin(self, *, dry_run: bool, rows: int) -> None:
        """Write the state of a run at work, to be seen and stopped from now on."""
        (self.folder / "stop").unlink(missing_ok=True)
        self.keep_state(State("checking" if dry_run else "importing", rows, began=time.time()))

    # -- working -----------------------------------------------------------------------------------------------------
    def work(self, *, dry_run: bool, now: datetime, by: str, holdings: Mapping | None = None) -> None:
        """Import the file, or rehearse it, and write progress and report. The caller holds the lock and has called
        ``begin``.
        """
        state = State("checking" if dry_run else "importing", self.state.rows, began=time.time())
        with FindingFile(self.report, plain=True) as file:
            done = Report(tell=lambda finding: self._tell(finding, state, file))
            try:
                self._read(done, state, dry_run=dry_run, now=now, holdings=holdings)
                state.step = "checked" if dry_run else "done"
            except Stopped:
                state.step = "unchecked" if dry_run else "stopped"
            except errors.Refused as refusal:
                state.step, state.refused = "checked", refusal.sentence
                unknown = refusal.facts.get("unknown")
                state.stopping = list(unknown) if isinstance(unknown, dict) else []
        state.counts = {outcome: done.counts[outcome] for outcome in OUTCOMES}
        state.totals, state.more = done.totals, [(words, count) for words, count in done.more.items() if count]
        state.done, state.useless, state.shorter = done.read, done.nothing_done, done.shorter
        state.proposal = done.proposal if self.plan.kind == "patrons" else {}
        state.keep_unknown(done.unknown)
        if not dry_run:
            done.record(self.plan.kind, now=now, by=by)
        if state.step == "done":
            plan = self.plan
            headings = previews.learned(self.preview(mapping={}).columns, plan.headings, self.remembered.headings)
            assignments.remember(plan.kind, Assignments(headings, plan.values), plan.profile)
            if not state.correctable:
                (self.folder / "file").unlink(missing_ok=True)
        self.keep_state(state)

    def _read(self, done: Report, state: State, *, dry_run: bool, now: datetime, holdings: Mapping | None) -> None:
        told = 0.0

        def progress(position: int) -> None:
            nonlocal told
            if self.is_stopping:
                raise Stopped
            if time.time() - told >= TELL_EVERY:
                told, state.done, state.looked_at = time.time(), done.read, done.looked_at
                if not state.done:
                    state.began = told
                self.keep_state(state)

        with self.opened(holdings) as file:
            self.kind.read_in(file, now=now, chosen=self._chosen, report=done, dry_run=dry_run, progress=progress)

    @property
    def _chosen(self) -> dict[str, Any]:
        plan = self.plan
        adding = Adding(words=plan.added, groups=plan.groups)
        return {name: getattr(plan, name) for name in ("pad_zeros", "with_consent", "area_code")} | {"adding": adding}

    @staticmethod
    def _tell(finding: Finding, state: State, file: FindingFile) -> None:
        state.findings[finding.kind] = state.findings.get(finding.kind, 0) + 1
        state.correctable = state.correctable or (finding.unit == "行目" and bool(finding.column))
        file.write(finding)


# -- one at a time -----------------------------------------------------------------------------------------------------
def lock(instance: Path, token: str) -> int:
    """Take the lock for this run; return its descriptor, which a child may inherit. Raises: ImportBusy."""
    path = instance / FOLDER / "lock"
    path.parent.mkdir(mode=0o700, exist_ok=True)
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


@contextmanager
def alone(instance: Path, name: str) -> Iterator[None]:
    """Keep imports from starting during the block. Raises: ImportBusy if one is at work."""
    descriptor = lock(instance, name)
    try:
        yield
    finally:
        os.close(descriptor)


def working(instance: Path) -> str:
    """Return the token of the run at work, or the name given to ``alone``; empty for none."""
    path = instance / FOLDER / "lock"
    if not path.exists():
        return ""
    with open(path, "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return file.read().decode()
    return ""


def _read(kind: type[R], path: Path) -> R:
    """Return stored values, without those that this version does not know."""
    values = json.loads(path.read_text(encoding="utf-8"))
    known = {each.name for each in fields(kind)}
    return kind(**{name: value for name, value in values.items() if name in known})


def write_json(path: Path, values: dict[str, Any]) -> None:
    """Write a file completely or not at all, for its owner only."""
    draft = path.with_name(f".{path.name}")
    descriptor = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        json.dump(values, file)  # in ASCII: the name of a file may have bytes that are no letters
    draft.replace(path)
