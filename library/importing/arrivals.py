"""Files that arrive for an import: uploaded, packed or not, or put into the inbox of the server; and their expiry."""

import csv
import io
import os
import re
import secrets
import shutil
import time
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import IO

from library import errors
from library.files import archives, report
from library.importing import assignments, kinds
from library.importing.runs import FOLDER, INBOX, Plan, Run, write_json

LARGEST = 8 * 1024 * 1024  # bytes that a browser sends
# seconds: an idle run, a report, a file in the inbox
KEPT, REPORT_KEPT, INBOX_KEPT = 24 * 3600, 7 * 24 * 3600, 30 * 24 * 3600


def receive(
    instance: Path, sent: Iterable[tuple[str, IO[bytes] | None]], profile: str
) -> tuple[list[Run], list[tuple[str, errors.Refused]]]:
    """Take files by their names, each as a new run, and each of those in an archive; one without a stream lies in the
    inbox. Return the runs, and (name, refusal) of each other file.
    """
    runs, refused = [], []
    for name, stream in sent:
        packed = _make(instance, name, profile)
        with _or_refused(packed, name, refused):
            path = _store(packed, stream) if stream else _lying(packed, name)
            inside = archives.inside(path, name)
            if not inside:
                runs.append(_recognised(packed))
            for inner, opened in inside:
                run = _make(instance, inner, profile)
                with _or_refused(run, inner, refused):
                    archives.copy(opened, run.folder / "file")
                    runs.append(_recognised(run))
            if inside:
                shutil.rmtree(packed.folder)
    return runs, refused


@contextmanager
def _or_refused(run: Run, name: str, refused: list[tuple[str, errors.Refused]]) -> Iterator[None]:
    """Keep no run whose file is refused, but the refusal by its name."""
    try:
        yield
    except BaseException as problem:
        shutil.rmtree(run.folder)
        if not isinstance(problem, errors.Refused):
            raise
        refused.append((name, problem))


def _store(run: Run, stream: IO[bytes]) -> Path:
    path = run.folder / "file"
    path.touch(mode=0o600)
    with open(path, "wb") as file:
        shutil.copyfileobj(_Limited(stream), file)
    return path


def _lying(run: Run, name: str) -> Path:
    path = next((each for each in in_inbox(run.instance) if shown(each) == name), None)
    if path is None:
        raise errors.UploadGone()
    run.plan.inbox = path.name
    return path


def _recognised(run: Run) -> Run:
    """Return the run with the kind that its file tells. Raises: a Refused for a file that nothing reads."""
    with suppress(errors.EncodingUnclear):  # which is asked for with the columns
        before = partial(assignments.remembered, profile=run.plan.profile)
        run.plan.kind, run.plan.is_table = kinds.recognise(run.path, before)
    run.keep_plan()
    return run


def receive_corrected(run: Run, sent: IO[bytes]) -> Run:
    """Take the report of a run with corrected cells: its rows alone, corrected, are a new run with the same plan.

    Raises: UploadGone, and as ``report.corrections`` and ``Table.corrected``.
    """
    wanted, text = report.corrections(sent, run.report, run.token), io.StringIO(newline="")
    with run.opened(until=kinds.look_ends_at()) as file:
        table = file.table if run.plan.kind == "titles" else file
        csv.writer(text, quoting=csv.QUOTE_ALL).writerows(table.corrected(wanted))
    new = _make(run.instance, f"直した行 {run.plan.name}", run.plan.profile)
    _store(new, io.BytesIO(text.getvalue().encode("utf-8-sig")))
    new.plan = replace(run.plan, name=new.plan.name, inbox="", encoding="")
    new.keep_plan()
    return new


def choose(run: Run, kind: str) -> None:
    """Make the file one of this kind, and forget what was assigned and found for another."""
    plan = run.plan
    run.plan = Plan(kind, plan.name, plan.inbox, profile=plan.profile, is_table=plan.is_table)
    run.keep_plan()
    for path in (run.folder / "state.json", run.report):
        path.unlink(missing_ok=True)


class _Limited:
    """A stream that is refused beyond a length."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._left = stream, LARGEST

    def read(self, size: int = -1) -> bytes:
        block = self._stream.read(size)
        self._left -= len(block)
        if self._left < 0:
            raise errors.ImportTooLong(megabytes=LARGEST // 1024**2)
        return block


def _make(instance: Path, name: str, profile: str) -> Run:
    folder = instance / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    token = secrets.token_urlsafe(16)
    (folder / token).mkdir(mode=0o700)
    write_json(folder / token / "plan.json", asdict(Plan("", Path(name).name[:100], profile=profile)))
    return Run(instance, token)


def in_inbox(instance: Path) -> list[Path]:
    """Return the files in the inbox, the newest first."""
    with suppress(OSError):
        files = [each for each in (instance / INBOX).iterdir() if each.is_file() and not each.is_symlink()]
        return sorted(files, key=lambda each: each.stat().st_mtime, reverse=True)
    return []


def shown(path: Path) -> str:
    """Return the file's name for people; a name that is not UTF-8 is read as one of Windows."""
    name = os.fsencode(path.name)
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name.decode("cp932", "replace")


def every(instance: Path) -> list[Run]:
    """Return the runs, newest first."""
    found = []
    with suppress(OSError):
        for each in (instance / FOLDER).iterdir():
            with suppress(errors.UploadGone, OSError):
                found.append((each.stat().st_mtime, Run(instance, each.name)))
    return [run for _, run in sorted(found, key=lambda pair: pair[0], reverse=True)]


def in_order(runs: Iterable[Run]) -> list[Run]:
    """Return runs as their files go in: by kind, then by name, 書誌2 before 書誌10; without a kind last."""
    order = [*kinds.KINDS, ""]
    return sorted(runs, key=lambda run: (order.index(run.plan.kind), _parts(run.plan.name), run.token))


def _parts(name: str) -> list[tuple[bool, int, str]]:
    parts = re.findall(r"(\d+)|(\D+)", unicodedata.normalize("NFKC", name))
    return [(not number, int(number or 0), text) for number, text in parts]


def sweep(instance: Path) -> int:
    """Remove runs idle for a day, reports after seven days, inbox files after thirty; return the number removed."""
    now, gone = time.time(), 0
    for run in every(instance):
        with suppress(OSError):  # another thread was quicker
            state = run.state
            kept = REPORT_KEPT if state.step in ("done", "stopped") else KEPT
            last = max([each.stat().st_mtime for each in run.folder.iterdir()] or [run.folder.stat().st_mtime])
            if not state.is_working and now - last > kept:
                shutil.rmtree(run.folder)
                gone += 1
    for file in in_inbox(instance):
        with suppress(OSError):
            if now - file.stat().st_mtime > INBOX_KEPT:
                file.unlink()
                gone += 1
    return gone
