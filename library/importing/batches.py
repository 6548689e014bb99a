"""Writing many rows without holding up the desk: short transactions, with a pause between them."""

import time
from contextlib import suppress
from itertools import islice

from library import database, errors
from library.importing.report import NEW, REFUSED, SAME

ROWS = 200
SECONDS = 0.2  # the longest that a batch keeps other writers waiting
# SQLite's writers wait in growing steps (a half of what they waited so far, 0.1 s at most) and look again: only a gap of
# that length between our transactions is sure to be seen
PAUSE_SHARE = 0.5


class _Rehearsed(Exception):
    """Ends the transaction of a dry run."""


def carry_out(table, put, *, report, dry_run=False, identity=None, progress=None, prepare=None):
    """Hand each row to ``put(row)``, which answers new, changed or same, or raises RefusedTogether before it writes.

    Committed every 200 rows or 0.2 s. In a dry run everything is done and undone; ``identity(row)`` then tells
    which new rows stand for the same thing. ``prepare(rows)`` may look up what a batch will need.
    """
    rows = iter(table)
    while batch := list(islice(rows, ROWS)):
        while batch:
            began = time.monotonic()
            outcomes, batch = _write(batch, put, report, table.columns, dry_run, prepare)
            if dry_run:
                outcomes = _without_doubles(outcomes, report.rehearsed, identity)
            report.counts.update(outcome for _, outcome in outcomes)
            give_way(time.monotonic() - began)
        if progress:
            progress(table.position)


def give_way(held):
    """Let the desk write, between two transactions of ours; ``held``: seconds that the last one took."""
    time.sleep(min(held * PAUSE_SHARE, 0.1))


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


def _without_doubles(outcomes, rehearsed, identity):
    """In a dry run the second row of the same new thing meets nothing in the database: it would have been the same."""
    for row, outcome in outcomes:
        if outcome == NEW and identity:
            key = hash(identity(row))
            outcome = SAME if key in rehearsed else NEW
            rehearsed.add(key)
        yield row, outcome
