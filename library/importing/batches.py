"""Writing many rows without holding up the desk: short transactions, between which others have their turn."""

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, TypeVar

from library import errors
from library.files.report import NEW, REFUSED, SAME, Report
from library.files.spreadsheets import Column, Row, Table
from library.store import database

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
Progress = Callable[[int], object] | None  # gets the bytes, or records, that are read
ROWS = 200
SECONDS = 0.2  # the longest that a batch keeps other writers waiting


class Rows(Protocol[R_co]):
    """Rows of a file, or records, and how far it is read."""

    @property
    def position(self) -> int: ...

    def __iter__(self) -> Iterator[R_co]: ...


@dataclass(frozen=True)
class Key:
    """The column that tells the rows of a file apart, and the one spelling of what it says."""

    column: str
    fold: Callable[[str], str]

    def read(self, row: Row) -> str:
        return self.fold(row.cells.get(self.column, ""))


class _Rehearsed(Exception):
    """End the transaction of a dry run."""


def carry_out(
    table: Table,
    put: Callable[[Row], str],
    *,
    report: Report,
    dry_run: bool = False,
    key: Key | None = None,
    progress: Progress = None,
) -> None:
    """Hand each row to ``put(row)``, which returns new, changed or same, or raises RefusedTogether before it writes.

    Rows of one ``key`` that differ are all refused: which of them is right nobody knows. In a dry run everything is done and
    undone; ``key`` then tells which new rows stand for the same thing.
    """
    twice = _twice(table, key) if key else {}

    def put_each(rows: list[Row]) -> list[tuple[Row, str]]:
        for row in rows:
            if key and (lines := twice.get(key.read(row))):
                row.problems.setdefault(key.column, []).append(errors.KeyTwiceInFile(key=key.read(row), lines=lines))
        return [(row, _outcome(row, put, report, table.columns)) for row in rows]

    identity = key.read if key else None
    carry_out_together(table, put_each, part=1, report=report, dry_run=dry_run, identity=identity, progress=progress)


def _twice(table: Table, key: Key) -> dict[str, str]:
    """Read the file through: key → the lines (35行目と 36行目) of rows that have it and differ. Meanwhile only a number a row is in memory."""
    first: dict[int, int] = {}
    lines: dict[str, list[str]] = {}
    for row in table:
        if name := key.read(row):
            content = hash(tuple(cell for column, cell in row.cells.items() if column != key.column))
            if first.setdefault(hash(name), content) != content:
                lines[name] = []
    for row in table if lines else ():
        if (name := key.read(row)) in lines:
            lines[name].append(f"{row.line:,}行目")
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
    """Hand ``part`` rows at a time, or fewer where that takes too long, to ``put(rows)``; it returns each with its outcome.

    Committed every 200 rows or 0.2 s. ``prepare(rows)`` may do before, outside of any transaction, what needs none.
    """
    each, most = iter(rows), part
    while batch := list(islice(each, ROWS)):
        if prepare:
            prepare(batch)
        while batch:
            database.give_way()
            began = time.monotonic()
            outcomes, batch = _write(batch, put, part, dry_run)
            held = time.monotonic() - began
            # a slow machine takes less at a time, one that was only held up soon as much as before
            part = max(1, part // 2) if held > SECONDS else min(most, 2 * part)
            if dry_run:
                outcomes = list(_without_doubles(outcomes, report.rehearsed, identity))
            report.counts.update(outcome for _, outcome in outcomes)
        if progress:
            progress(rows.position)


def _write(
    batch: list[R], put: Callable[[list[R]], list[tuple[R, str]]], part: int, dry_run: bool
) -> tuple[list[tuple[R, str]], list[R]]:
    """Write in one transaction; return (row, outcome) of each row that was done, and the rows that are left."""
    outcomes: list[tuple[R, str]] = []
    with suppress(_Rehearsed), database.writing():
        started = time.monotonic()
        while batch and (not outcomes or time.monotonic() - started < SECONDS):
            outcomes += put(batch[:part])
            batch = batch[part:]
        if dry_run:
            raise _Rehearsed
    return outcomes, batch


def _outcome(row: Row, put: Callable[[Row], str], report: Report, columns: dict[str, Column]) -> str:
    try:
        if row.problems:
            raise errors.RefusedTogether(row.problems)
        return put(row)
    except errors.RefusedTogether as refused:
        report.refuse(refused, row.line, columns)
        return REFUSED


def _without_doubles(
    outcomes: list[tuple[R, str]], rehearsed: set[int], identity: Callable[[R], Hashable] | None
) -> Iterator[tuple[R, str]]:
    """Yield the outcomes of a dry run, where the second row of the same new thing would have been the same."""
    for row, outcome in outcomes:
        if outcome == NEW and identity:
            key = hash(identity(row))
            outcome = SAME if key in rehearsed else NEW
            rehearsed.add(key)
        yield row, outcome
