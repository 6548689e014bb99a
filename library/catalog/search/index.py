"""The full text index: what is derived of titles so that they are found. It can be made anew from what is stored.

Each title has some rows (``rows``), whose numbers are its own times ``KINDS`` plus their kind, so that one look-up tells what was found
where. Every rule that writes titles or copies calls this, in the same transaction.

To make the index anew, a new one is built beside: titles go over in the order of their numbers, and until all have, those that have
not are found in the old one. So a search answers throughout, nothing is found twice, and an interruption goes on:

    begin()                                     # does nothing where that was interrupted
    for ids in records.every_id(BATCH, after=reached()):
        with database.writing():
            refresh(ids)                        # or ``put``, for records that were read anew
            mark(ids)
    finish()
"""

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from types import ModuleType

import numpy as np

from library.catalog import records
from library.catalog.fulltext import fts5, gin, rows
from library.catalog.fulltext.rows import AUTHOR, KINDS, LOANED, LOOSE, REST, TITLE, WORKS, draw_up, number_piece
from library.catalog.records import Record
from library.catalog.search import shelf_order
from library.store import database, engine
from models import Title

__all__ = (
    "AUTHOR", "BATCH", "KINDS", "LOANED", "LOOSE", "REST", "TITLE", "WORKS", "begin", "draw_up", "finish", "first_found", "found", "is_complete",
    "items_changed", "mark", "number_piece", "put", "reached", "rebuild", "refresh", "remove", "settle", "version",
)  # fmt: skip
BATCH = 200  # titles that a rebuild puts in at a time
TABLE, BEFORE = "search", "search_before"
_STATE = "(SELECT before FROM search_state), (SELECT indexed_to FROM search_state)"
_title_id = itemgetter(0)


def put(pairs: list[tuple[int, Record]]) -> None:
    """Write what is derived of these (title id, record), inside the caller's transaction; what was there is replaced."""
    if not pairs:
        return
    pairs = sorted(pairs, key=_title_id)  # a row that comes after a higher one makes the index begin a new part
    draw_up([record for _, record in pairs])
    _forget([title_id for title_id, _ in pairs])
    _engine().put(
        TABLE,
        rows.COLUMNS,
        [(title_id * KINDS + kind, *columns) for title_id, record in pairs for kind, *columns in record.pieces or ()],
    )
    _bump()


def remove(title_ids: Sequence[int]) -> None:
    """Forget these titles, inside the transaction in which they go."""
    _forget(title_ids)
    _bump()


def _forget(title_ids: Sequence[int]) -> None:
    _engine().forget(TABLE, _rows_of(title_ids))
    has_old, done = _state()
    if has_old:
        _engine().forget(BEFORE, _rows_of([title_id for title_id in title_ids if title_id > done]))


def _rows_of(title_ids: Sequence[int]) -> list[int]:
    """Return the numbers of all rows that these titles may have."""
    return [title_id * KINDS + kind for title_id in title_ids for kind in range(KINDS)]


def refresh(title_ids: Iterable[int]) -> None:
    """Write anew what is derived of titles that are stored, inside the caller's transaction; forget those that are not."""
    title_ids = list(title_ids)
    found = records.load(title_ids, for_index=True)
    put(list(found.items()))
    if gone := [title_id for title_id in title_ids if title_id not in found]:
        remove(gone)


def items_changed() -> None:
    """Have counts made anew: copies were added, changed or withdrawn in this transaction."""
    _bump()


def _bump() -> None:
    engine.run("UPDATE search_state SET version = version + 1").close()


def version() -> int:
    """Return the version, which is another one after each change of what may be found."""
    return engine.run("SELECT version FROM search_state").fetchone()[0]


# -- making it anew ----------------------------------------------------------------------------------------------------
def is_complete() -> bool:
    """Tell whether every title is in the index; if not, ``rebuild`` goes on where it stopped."""
    return engine.run("SELECT indexed_to FROM search_state").fetchone()[0] < 0


def rebuild(progress: Callable[[int, int], object] | None = None) -> None:
    """Put in all titles anew, a batch a transaction; after an interruption it goes on. ``progress(done, of)``."""
    begin()
    total = Title.select().count()
    done = Title.select().where(Title.id <= reached()).count()
    for ids in records.every_id(BATCH, after=reached()):
        with database.writing():
            refresh(ids)
            shelf_order.keep(ids)
            mark(ids)
        database.give_way()
        done += len(ids)
        if progress:
            progress(done, total)
    finish()


def begin() -> None:
    """Begin a new index beside the one that is there, unless that has begun."""
    if is_complete():
        _engine().discard(BEFORE)  # what an interruption left of the one before
    with database.writing():
        if is_complete():
            _engine().put_aside(TABLE, BEFORE)
            _engine().create(TABLE, rows.COLUMNS)
            engine.run("UPDATE search_state SET version = version + 1, indexed_to = 0, before = 1").close()


def reached() -> int:
    """Return the last title that is in the new index with all before it; 0 at the beginning."""
    return _state()[1]


def mark(title_ids: Sequence[int]) -> None:
    """Note that these titles, the next ones in order, are in the new index: in the transaction that put them there."""
    engine.run("UPDATE search_state SET indexed_to = ?, version = version + 1", (title_ids[-1],)).close()


def finish() -> None:
    """Give up the old index: all titles are in the new one."""
    with database.writing():
        engine.run("UPDATE search_state SET indexed_to = -1, before = 0, version = version + 1").close()
    _engine().discard(BEFORE)
    settle()


def settle() -> None:
    """Tidy up what many writes left, in short transactions between which others can write. After an import."""
    _engine().settle(TABLE)


def _state() -> tuple[int, int]:
    """Return 1 where there is an old index, else 0, and how far the new one is."""
    has_old, done = engine.run("SELECT before, indexed_to FROM search_state").fetchone()
    return has_old, max(0, done)


# -- asking it ---------------------------------------------------------------------------------------------------------
def _engine() -> ModuleType:
    return gin if engine.is_server() else fts5


def found(match: str) -> np.ndarray:
    """Return the numbers of the rows that a query of ``grams`` finds."""
    numbers, (has_old, done) = _engine().found_with(_STATE, TABLE, rows.COLUMNS, match)
    if not has_old:
        return numbers
    after = (max(0, done) + 1) * KINDS - 1  # the last row of a title that has gone over
    return np.concatenate((numbers, _engine().found(BEFORE, rows.COLUMNS, match, after=after)))


def first_found(match: str, most: int) -> list[int]:
    """Return the lowest of these numbers, so many at most."""
    numbers = _engine().first_found(TABLE, rows.COLUMNS, match, most)
    return numbers if len(numbers) == most or not _state()[0] else found(match)[:most].tolist()
