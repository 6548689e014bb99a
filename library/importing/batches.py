"""Writing many rows without holding up the desk: short transactions, between which others have their turn."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from library import errors
from library.files.report import NEW, REFUSED, SAME
from library.store import database

ROWS = 200
SECONDS = 0.2  # the longest that a batch keeps other writers waiting


@dataclass(frozen=True)
class Key:
    """The column by which the rows of a file are told apart, and the one spelling of what it says."""

    column: str
    fold: Callable

    def read(self, row) -> str:
        return self.fold(row.cells.get(self.column, ""))


class _Rehearsed(Exception):
    """Ends the transaction of a dry run."""


def carry_out(table, put, *, report, dry_run=False, key=None, progress=None):
    """Hand each row to ``put(row)``, which answers new, changed or same, or raises RefusedTogether before it writes.

    Rows of one ``key`` that differ are all refused: which of them is right nobody knows. In a dry run everything is done and
    undone; ``key`` then tells which new rows stand for the same thing.
    """
    twice = _twice(table, key) if key else {}

    def put_each(rows):
        for row in rows:
            if twice and (lines := twice.get(key.read(row))):
                row.problems.setdefault(key.column, []).append(errors.KeyTwiceInFile(key=key.read(row), lines=lines))
        return [(row, _outcome(row, put, report, table.columns)) for row in rows]

    identity = key.read if key else None
    carry_out_together(table, put_each, part=1, report=report, dry_run=dry_run, identity=identity, progress=progress)


def _twice(table, key) -> dict[str, str]:
    """Read the file through: key → the lines (35行目と 36行目) of rows that have it and differ. A number a row is kept meanwhile."""
    first, lines = {}, {}
    for row in table:
        if name := key.read(row):
            content = hash(tuple(cell for column, cell in row.cells.items() if column != key.column))
            if first.setdefault(hash(name), content) != content:
                lines[name] = []
    for row in table if lines else ():
        if (name := key.read(row)) in lines:
            lines[name].append(f"{row.line:,}行目")
    return {name: "と ".join(found) for name, found in lines.items()}


def carry_out_together(rows, put, *, part, report, dry_run=False, identity=None, progress=None, prepare=None):
    """Hand ``part`` rows at a time, or fewer where that takes too long, to ``put(rows)``; it answers each with its outcome.

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
                outcomes = _without_doubles(outcomes, report.rehearsed, identity)
            report.counts.update(outcome for _, outcome in outcomes)
        if progress:
            progress(rows.position)


def _write(batch, put, part, dry_run):
    """One transaction: (row, outcome) of each row that was done, and the rows that are left."""
    outcomes = []
    with suppress(_Rehearsed), database.writing():
        started = time.monotonic()
        while batch and (not outcomes or time.monotonic() - started < SECONDS):
            outcomes += put(batch[:part])
            batch = batch[part:]
        if dry_run:
            raise _Rehearsed
    return outcomes, batch


def _outcome(row, put, report, columns):
    try:
        if row.problems:
            raise errors.RefusedTogether(row.problems)
        return put(row)
    except errors.RefusedTogether as refused:
        report.refuse(row, refused, columns)
        return REFUSED


def _without_doubles(outcomes, rehearsed, identity):
    """In a dry run the second row of the same new thing meets nothing in the database: it would have been the same."""
    for row, outcome in outcomes:
        if outcome == NEW and identity:
            key = hash(identity(row))
            outcome = SAME if key in rehearsed else NEW
            rehearsed.add(key)
        yield row, outcome
