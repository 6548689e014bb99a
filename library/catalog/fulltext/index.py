"""The full text index of titles. It can be rebuilt from the stored records at any time.

Each title has some rows (``fulltext.rows``); the number of a row is the title's id times ``KINDS`` plus the kind of
row, so that one look-up tells the title and the part of its record. Every rule that writes titles or copies calls this,
in the same transaction.

A rebuild makes a new index beside the old one: titles go over in the order of their ids, and those that have not yet
gone over are found in the old one. So a search answers throughout, finds nothing twice, and an interrupted rebuild can
be continued:

    begin()                                     # does nothing when a rebuild was interrupted
    for ids in records.every_id(BATCH, after=reached()):
        with database.writing():
            refresh(ids)                        # or ``put``, for records that were parsed again
            note_done(ids)
    finish()
"""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from operator import itemgetter
from types import ModuleType

import numpy as np
from peewee import chunked

from library.catalog import records
from library.catalog.fulltext import fts5, gin, rows, shelf_order
from library.catalog.fulltext.rows import KINDS
from library.catalog.records import Record
from library.store import database, engine
from models import Title

BATCH = 200  # titles of one transaction
AT_ONCE = 100  # queries of one statement
TABLE, BEFORE = "search", "search_before"
_STATE = "(SELECT before FROM search_state), (SELECT indexed_to FROM search_state)"
_title_id = itemgetter(0)


def put(pairs: list[tuple[int, Record]]) -> None:
    """Write the index rows of these (title id, record), replacing those they had, in the caller's transaction."""
    if not pairs:
        return
    pairs = sorted(pairs, key=_title_id)  # a row number below the last one makes FTS5 begin a new part
    rows.prepare_pieces([record for _, record in pairs])
    _delete_rows([title_id for title_id, _ in pairs])
    pieces = [(title_id, each) for title_id, record in pairs for each in record.pieces or ()]
    _engine().put(TABLE, [(title_id * KINDS + kind, *columns) for title_id, (kind, *columns) in pieces])
    _bump()


def remove(title_ids: Sequence[int]) -> None:
    """Delete the index rows of these titles, in the transaction that deletes the titles."""
    _delete_rows(title_ids)
    _bump()


def _delete_rows(title_ids: Sequence[int]) -> None:
    _engine().delete(TABLE, _rows_of(title_ids))
    has_old, done = _state()
    if has_old:
        _engine().delete(BEFORE, _rows_of([title_id for title_id in title_ids if title_id > done]))


def _rows_of(title_ids: Sequence[int]) -> list[int]:
    """Return the numbers of all rows that these titles may have."""
    return [title_id * KINDS + kind for title_id in title_ids for kind in range(KINDS)]


def refresh(title_ids: Iterable[int]) -> None:
    """Write the index rows of these titles again, in the caller's transaction; delete those of titles that no longer
    exist.
    """
    title_ids = list(title_ids)
    found = records.load(title_ids, for_index=True)
    put(list(found.items()))
    if missing := [title_id for title_id in title_ids if title_id not in found]:
        remove(missing)


def refresh_in_batches(title_ids: Sequence[int]) -> None:
    """Write the index rows of many titles again, BATCH titles a transaction, between which others can write."""
    for ids in chunked(title_ids, BATCH):
        with database.writing():
            refresh(ids)
        database.give_way()


def copies_changed() -> None:
    """Make searches count again, as this transaction adds, changes or withdraws copies."""
    _bump()


def _bump() -> None:
    engine.run("UPDATE search_state SET version = version + 1").close()


def version() -> int:
    """Return the version of the index, which each change of searchable data raises by one."""
    return engine.run("SELECT version FROM search_state").fetchone()[0]


# -- the rebuild -------------------------------------------------------------------------------------------------------
def is_complete() -> bool:
    """Tell whether every title is in the index, no rebuild being under way."""
    return engine.run("SELECT indexed_to FROM search_state").fetchone()[0] < 0


def rebuild(progress: Callable[[int, int], object] | None = None) -> None:
    """Rebuild the index, a batch a transaction, from where an interruption left it. ``progress(done, of)``."""
    begin()
    total = Title.select().count()
    done = Title.select().where(Title.id <= reached()).count()
    for ids in records.every_id(BATCH, after=reached()):
        with database.writing():
            refresh(ids)
            shelf_order.write_keys(ids)
            note_done(ids)
        database.give_way()
        done += len(ids)
        if progress:
            progress(done, total)
    finish()


def begin() -> None:
    """Begin a new index beside the old one, unless that has begun."""
    if is_complete():
        _engine().discard(BEFORE)  # an interruption may have left an old one
    with database.writing():
        if is_complete():
            _engine().rename(TABLE, BEFORE)
            _engine().create(TABLE)
            engine.run("UPDATE search_state SET version = version + 1, indexed_to = 0, before = 1").close()


def reached() -> int:
    """Return the highest title id that is in the new index; 0 at the beginning."""
    return _state()[1]


def note_done(title_ids: Sequence[int]) -> None:
    """Note that these titles, the next ones in order, are in the new index, in the transaction that put them there."""
    engine.run("UPDATE search_state SET indexed_to = ?, version = version + 1", (title_ids[-1],)).close()


def finish() -> None:
    """Drop the old index: all titles are in the new one."""
    with database.writing():
        engine.run("UPDATE search_state SET indexed_to = -1, before = 0, version = version + 1").close()
    _engine().discard(BEFORE)
    tidy()


def tidy() -> None:
    """Merge the parts of the index that an import left, in short transactions between which others can write."""
    _engine().tidy(TABLE)


def _state() -> tuple[int, int]:
    """Return 1 when there is an old index, else 0, and the highest title id in the new one."""
    has_old, done = engine.run("SELECT before, indexed_to FROM search_state").fetchone()
    return has_old, max(0, done)


# -- queries -----------------------------------------------------------------------------------------------------------
def _engine() -> ModuleType:
    return gin if engine.is_server() else fts5


def find_each(matches: Sequence[str]) -> Generator[np.ndarray]:
    """Yield the numbers, ascending, of the index rows that each query finds, AT_ONCE queries in a statement. On SQLite,
    queries whose rows are not read are not run.
    """
    for some in map(list, chunked(matches, AT_ONCE)):
        with closing(_engine().find_each(_STATE, TABLE, some)) as found:
            for match, (numbers, (has_old, done)) in zip(some, found, strict=True):
                yield np.concatenate((numbers, _find_in_old(match, done))) if has_old else numbers


def _find_in_old(match: str, done: int) -> np.ndarray:
    """Return the rows that a query finds in the old index, of titles that have not yet gone over."""
    ((numbers, _),) = _engine().find_each("NULL", BEFORE, [match])
    return numbers[numbers // KINDS > max(0, done)]
