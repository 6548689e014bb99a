"""Writing many rows without holding up the desk: short transactions, with a pause between them."""

import time
from collections import Counter
from contextlib import suppress
from itertools import islice

from library import database, errors
from library.importing.report import NEW, REFUSED, SAME

ROWS = 200
SECONDS = 0.2  # the longest that a batch keeps other writers waiting
# SQLite's writers wait in steps and look again; without a gap between our transactions they would rarely find one
PAUSE = 0.02


class _Rehearsed(Exception):
    """Ends the transaction of a dry run."""


def carry_out(table, put, *, report, dry_run=False, identity=None, progress=None, prepare=None):
    """Hand each row to ``put(row)``, which answers new, changed or same, or raises RefusedTogether before it writes.

    Committed every 200 rows or 0.2 s. In a dry run everything is done and undone; ``identity(row)`` then tells
    which new rows stand for the same thing. ``prepare(rows)`` may look up what a batch will need.
    """
    rows, seen = iter(table), set()
    while batch := list(islice(rows, ROWS)):
        while batch:
            outcomes, batch = _write(batch, put, report, table.columns, dry_run, prepare)
            report.counts += (
                _without_doubles(outcomes, seen, identity) if dry_run else Counter(outcome for _, outcome in outcomes)
            )
            give_way()
        if progress:
            progress(table.position)


def give_way():
    """Let the desk write, between two transactions of ours."""
    time.sleep(PAUSE)


def _write(batch, put, report, columns, dry_run, prepare):
    """One transaction: (row, outcome) of each row that was done, and the rows that are left."""
    outcomes, left = [], []
    with suppress(_Rehearsed), database.writing():
        started = time.monotonic()
        if prepare:
            prepare(batch)
        for number, row in enumerate(batch):
            if number and time.monotonic() - started > SECONDS:
                left = batch[number:]
                break
            outcomes.append((row, _outcome(row, put, report, columns)))
        if dry_run:
            raise _Rehearsed
    return outcomes, left


def _outcome(row, put, report, columns):
    try:
        if row.problems:
            raise errors.RefusedTogether(row.problems)
        return put(row)
    except errors.RefusedTogether as refused:
        report.refuse(row, refused, columns)
        return REFUSED


def _without_doubles(outcomes, seen, identity):
    """In a dry run the second row of the same new thing meets nothing in the database: it would have been the same."""
    counts = Counter()
    for row, outcome in outcomes:
        if outcome == NEW and identity:
            key = hash(identity(row))
            outcome = SAME if key in seen else NEW
            seen.add(key)
        counts[outcome] += 1
    return counts
