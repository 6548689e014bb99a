"""The snapshot of the facts of all titles (``facts``) that searches use.

In a small library it is always up to date. In a large one a thread makes a new snapshot after a change, while searches
use the one before; it is also kept in a file, so that the first search after a start has it at once.
"""

import logging
import threading
import time
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from library.catalog import removed_titles
from library.catalog.fulltext import index
from library.catalog.search import facts
from library.catalog.search.facts import Snapshot
from library.catalog.search.frequent_words import FrequentWords
from library.files import arrays
from library.store import database, engine
from library.store.numbers import Lists
from models import database as connection

SMALL = 20_000  # titles that are read in less time than a reader notices
# the next snapshot is made after so many times the time that the last took: an import would make them without end
REST = 5
log = logging.getLogger(__name__)


def current(*, with_removed: bool = False) -> Snapshot:
    """Return the newest snapshot; in a library of more than SMALL titles it may be a little older, but for titles that
    were removed or came back since. ``with_removed``: for the staff, who find removed titles, too.
    """
    shot = _keeper.current()
    return shot.for_staff() if with_removed else shot


def keep_in(path: Path | None) -> None:
    """Keep the snapshot of a large library in this file from now on; None: in no file."""
    _keeper.path = path


class _Keeper:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.database, self.snapshot = None, None
        # a snapshot, a later version of the index, and the snapshot with the removals up to that version
        self.updated: tuple[Snapshot, int, Snapshot] | None = None
        self.path: Path | None = None
        self.busy = False
        self.next_time = 0.0

    def current(self) -> Snapshot:
        version = index.version()
        snapshot = self.snapshot if self.database is connection.obj else None
        if snapshot is not None and snapshot.version == version:
            return snapshot
        if snapshot is None or len(snapshot.ids) <= SMALL:
            with self.lock:
                if self.snapshot is None or self.database is not connection.obj:
                    self._take_from_file()
                snapshot = self.snapshot if self.database is connection.obj else None
                if snapshot is None or (snapshot.version != version and len(snapshot.ids) <= SMALL):
                    return self._make()
        if snapshot.version != version:
            self._begin()
        return self._with_removals(snapshot, version)

    def _with_removals(self, made: Snapshot, version: int) -> Snapshot:
        """Return a snapshot updated by the titles that were removed or came back since."""
        if made.version == version:
            return made
        base, seen, now = self.updated or (None, None, made)
        if base is made and seen == version:
            return now
        now = now if base is made else made
        now = now.with_removals(removed_titles.latest_changes(datetime.fromisoformat(made.changed_at)))
        if not connection.in_transaction():
            self.updated = made, version, now
        return now

    def _begin(self) -> None:
        """Begin to make a new snapshot in a thread, unless one is being made or was made a moment ago."""
        with self.lock:
            if not self.busy and time.monotonic() >= self.next_time:
                self.busy = True
                threading.Thread(target=self._make_beside, name="catalogue snapshot", daemon=True).start()

    def _make_beside(self) -> None:
        began = time.monotonic()
        try:
            with connection.connection_context():
                self._make()
        finally:
            self.next_time = time.monotonic() + REST * (time.monotonic() - began)
            self.busy = False

    def _make(self) -> Snapshot:
        opened, undecided = connection.obj, connection.in_transaction()
        made = _read(self.snapshot if opened is self.database else None)
        if not undecided:  # a transaction may be rolled back, and its version be used again
            if opened is not self.database:
                self.next_time = 0.0
            self.database, self.snapshot = opened, made
            if self.path and len(made.ids) > SMALL:
                self._put_into_file(self.path, made)
        return made

    def _put_into_file(self, path: Path, made: Snapshot) -> None:
        try:
            arrays.write(path, *_to_arrays(made))
        except OSError:
            log.warning("the arrays of the search could not be written", exc_info=True)

    def _take_from_file(self) -> None:
        """Take the snapshot from the file, if it is of this library; it may be of an earlier moment."""
        if self.path and (found := arrays.read(self.path)) and found[0].get("of") == _fingerprint():
            self.database, self.snapshot = connection.obj, _from_arrays(*found)


_keeper = _Keeper()


# -- in a file --------------------------------------------------------------------------------------------------------
_PLAIN = ("ids", "rows", "years", "classes", "decades", "divisions", "lendable", "arrived", "removed")
_SAID = ("words", "branch_names", "changed_at", "format_codes")
_GROUPS, _LISTS, _MORE = ("codes", "positions"), ("branches", "creators", "formats"), ("more rows", "more classes")


def _fingerprint() -> list[str]:
    """Return the database and the names of all facts, by which a file is known as one of this library and this version
    of the program.
    """
    return [str(connection.obj.database), *(each.name for each in fields(Snapshot))]


def _moment() -> list:
    """Return the last id and the last change of titles, as a version alone may mislead: a restored backup counts on
    from an earlier one.
    """
    return list(map(str, engine.run("SELECT max(id), max(changed_at) FROM title").fetchone()))


def _to_arrays(shot: Snapshot) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    said = {
        "of": _fingerprint(),
        "version": shot.version,
        "moment": _moment(),
        "frequent": asdict(shot.frequent),
        **{name: getattr(shot, name) for name in _SAID},
    }
    laid = {name: getattr(shot, name) for name in _PLAIN}
    laid |= {f"{group} {name}": array for group in _GROUPS for name, array in getattr(shot, group).items()}
    for name in _LISTS:
        lists = getattr(shot, name)
        laid |= {f"{name} begins": lists.begins, f"{name} values": lists.values}
    laid |= dict(zip(_MORE, shot.more_classes, strict=True))
    return said, laid


def _from_arrays(said: dict[str, Any], laid: dict[str, np.ndarray]) -> Snapshot:
    is_current = said["moment"] == _moment()
    grouped = {
        group: {name.removeprefix(f"{group} "): array for name, array in laid.items() if name.startswith(f"{group} ")}
        for group in _GROUPS
    }
    values: dict[str, Any] = {name: laid[name] for name in _PLAIN} | {name: said[name] for name in _SAID} | grouped
    values |= {name: Lists(laid[f"{name} begins"], laid[f"{name} values"]) for name in _LISTS}
    values["frequent"] = FrequentWords(**said["frequent"])
    values["more_classes"] = tuple(laid[name] for name in _MORE)
    return Snapshot(version=said["version"] if is_current else -1, **values)


def _read(last_read: Snapshot | None) -> Snapshot:
    """Return a snapshot of one moment of the database."""
    with database.one_moment():
        return facts.read(last_read)
