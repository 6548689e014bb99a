"""Writing many rows without holding up the desk: short transactions, between which others have their turn."""

import time
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, TypeVar

from library import errors
from library.files.cells import ODD_LETTERS, Cells
from library.files.report import CHANGED, LEFT_OUT, NEW, REFUSED, SAME, SKIPPED, WARNING, Finding, Report
from library.files.spreadsheets import Column, Row, Table
from library.importing.words import Adding, Closed, Unknown
from library.store import database

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
Progress = Callable[[int], object] | None  # gets the bytes, or records, that are read
ROWS = 200
SECONDS = 0.2  # the longest that a batch keeps other writers waiting


class Rows(Protocol[R_co]):
    """Rows of a file, or records, with the position reached."""

    @property
    def position(self) -> int: ...

    def __iter__(self) -> Iterator[R_co]: ...


@dataclass(frozen=True)
class Key:
    """Tells the rows of a file apart: by a column's folded cell, or by the ``name`` made from it and the row.

    A row with an empty key is never a duplicate. Two rows of one key agree if all columns but the ``others`` are equal.
    """

    column: str
    fold: Callable[[str], str]
    name: Callable[[Row, str], str] = lambda row, number: number
    others: Collection[str] = ()

    def content(self, row: Row) -> int:
        """Return a hash of the other cells, equal for rows of one key that agree."""
        return hash(tuple(text for name, text in row.cells.items() if name != self.column and name not in self.others))

    def read(self, row: Row) -> str:
        """Return the key of a row; empty if its cell is."""
        number = self.fold(row.cells.get(self.column, ""))
        return self.name(row, number) if number else ""


class _Rehearsed(Exception):
    """Ends the transaction of a dry run."""


class Intake(Protocol):
    """Takes rows in, part by part, so that a part needs few queries to look up and to write."""

    def begin(self, rows: list[Row]) -> None: ...

    def put(self, row: Row) -> tuple[str, Cells]: ...

    def write(self) -> None: ...


def carry_out(
    table: Table,
    intake: Intake,
    *,
    report: Report,
    dry_run: bool = False,
    key: Key,
    twice: Mapping[str, str],
    progress: Progress = None,
) -> None:
    """Hand the rows to the intake, part by part: ``begin(rows)``, ``put(row)`` for each, ``write()``.

    ``put`` returns the outcome (new, changed, same or skipped) and the cells, or raises RefusedTogether before it
    writes. Rows of one ``key`` that differ (``twice``: key → their lines, of ``survey``) are all refused, as
    nobody knows which is right. A dry run does everything and undoes it; ``key`` then finds new rows for the same
    thing.
    """
    met = set[int]()

    def put_each(rows: list[Row]) -> list[tuple[Row, str]]:
        intake.begin(rows)
        outcomes = [(row, _outcome(row, intake, report, table.columns, key, twice, met)) for row in rows]
        intake.write()
        return outcomes

    carry_out_together(table, put_each, part=ROWS, report=report, dry_run=dry_run, identity=key.read, progress=progress)


def survey(
    table: Table,
    closed: Sequence[Closed],
    adding: Adding,
    report: Report,
    *,
    key: Key,
    dry_run: bool,
    progress: Progress = None,
) -> dict[str, str]:
    """Read the whole file before any row is taken in; add the new words that are to be added to the rules.

    Return key → lines (35行目と 36行目) of the rows with one key that differ. Keeps only a number a row in memory.
    Raises: ValuesUnknown for other new words.
    """
    unknown = Unknown(closed)
    first: dict[int, int] = {}
    lines: dict[str, list[str]] = {}
    for number, row in enumerate(table, start=1):
        report.looked_at = number
        if progress and number % ROWS == 0:
            progress(table.position)
        if row.left_out:
            continue
        unknown.look_at(row)
        if name := key.read(row):
            content = key.content(row)
            if first.setdefault(hash(name), content) != content:
                lines[name] = []
    for row in table if lines else ():
        if not row.left_out and (name := key.read(row)) in lines:
            lines[name].append(f"{row.line:,}行目")
    unknown.add_or_refuse(table.columns, adding, report, dry_run=dry_run)
    return {name: "と ".join(found) for name, found in lines.items()}


def carry_out_together(
    rows: Rows[R],
    put: Callable[[list[R]], list[tuple[R, str]]],
    *,
    part: int,
    report: Report,
    dry_run: bool = False,
    identity: Callable[[R], Hashable] | None = None,
    progress: Progress = None,
    prepare: Callable[[list[R]], None] | None = None,
) -> None:
    """Hand up to ``part`` rows at a time to ``put(rows)``, which returns each row with its outcome.

    A transaction takes 200 rows or 0.2 s at most. ``prepare(rows)`` runs before it, for work that needs none.
    """
    each, most = iter(rows), part
    while batch := list(islice(each, ROWS)):
        if prepare:
            prepare(batch)
        while batch:
            database.give_way()
            began = time.monotonic()
            outcomes, batch = _write(batch, put, part, report.watch if dry_run else None)
            held = time.monotonic() - began
            # a slow machine takes less at a time; one held up only once is soon back at as much as before
            part = max(1, part // 2) if held > SECONDS else min(most, 2 * part)
            if dry_run:
                outcomes = list(_without_doubles(outcomes, report.rehearsed, identity))
            report.counts.update(outcome for _, outcome in outcomes)
        if progress:
            progress(rows.position)


def _write(
    batch: list[R],
    put: Callable[[list[R]], list[tuple[R, str]]],
    part: int,
    watch: Callable[[R, str], object] | None,
) -> tuple[list[tuple[R, str]], list[R]]:
    """Write rows in one transaction; return (row, outcome) of the rows done, and the rows left.

    With ``watch``, which is called with each of them, all is undone.
    """
    outcomes: list[tuple[R, str]] = []
    with suppress(_Rehearsed), database.writing():
        started = time.monotonic()
        # a part begins in the first half only, so that others wait longer only for a part too long in itself
        while batch and (not outcomes or time.monotonic() - started < SECONDS / 2):
            outcomes += put(batch[:part])
            batch = batch[part:]
        if watch:
            for row, outcome in outcomes:
                watch(row, outcome)
            raise _Rehearsed
    return outcomes, batch


def _outcome(
    row: Row,
    intake: Intake,
    report: Report,
    columns: dict[str, Column],
    key: Key,
    twice: Mapping[str, str],
    met: set[int],
) -> str:
    number = key.read(row)
    if row.left_out:
        tell_left_out(row, report, columns, number)
        return SKIPPED
    if lines := twice.get(number):
        refusal = errors.KeyTwiceInFile(label=columns[key.column].label, key=number, lines=lines)
        row.problems.setdefault(key.column, []).append(refusal)
    try:
        outcome, read = intake.put(row)
    except errors.RefusedTogether as refused:
        report.refuse(refused, row.line, columns, number, row)
        return REFUSED
    if outcome != SKIPPED and not (number and hash(number) in met):
        met.add(hash(number))  # the same row again says nothing new
        tell_notes(read, report, columns, number)
    return outcome


def tell_left_out(row: Row, report: Report, columns: Mapping[str, Column], number: str) -> None:
    """Report a row that is skipped for a mapped value, or because it is no row of data."""
    label = columns[row.left_out_by].label if row.left_out_by else ""
    finding = Finding(row.line, label, row.left_out, LEFT_OUT, number, row.written(row.left_out_by))
    report.remark(finding, row.left_out)


def tell_notes(read: Cells, report: Report, columns: Mapping[str, Column], number: str) -> None:
    """Report the cells of a row that were taken in changed or with doubts."""
    for note in read.notes:
        report.note(
            read.row, columns[note.name], note.kind, note.words, number=number, example=note.example, named=note.named
        )
    for name in read.row.odd:
        if name in columns and read.raw(name):
            report.note(read.row, columns[name], WARNING, ODD_LETTERS, number=number)


def _without_doubles(
    outcomes: list[tuple[R, str]], rehearsed: set[int], identity: Callable[[R], Hashable] | None
) -> Iterator[tuple[R, str]]:
    """Yield the outcomes of a dry run; the second row of the same thing counts as no change."""
    for row, outcome in outcomes:
        if outcome in (NEW, CHANGED) and identity:
            key = hash(identity(row))
            outcome = SAME if key in rehearsed else outcome
            rehearsed.add(key)
        yield row, outcome
