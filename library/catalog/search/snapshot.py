"""The newest facts of every title (``facts``): of now in a small library.

In a large one they are made anew in a thread of its own when something changed, while searches go on with what they have; they also
lie in a file, so that the first search after a start has them at once.
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
from library.catalog.asking.frequent import Words
from library.catalog.search import facts, index
from library.catalog.search.facts import NO_CLASS, Snapshot
from library.files import arrays
from library.store import database, engine
from library.store.numbers import Lists
from models import database as connection

__all__ = ("NO_CLASS", "SMALL", "Lists", "Snapshot", "current", "keep_in", "prepare")
SMALL = 20_000  # titles that are read in less time than anybody notices
REST = 5  # a snapshot is made again after so many times the time that the last took: not all the time during an import
log = logging.getLogger(__name__)


def current(*, with_gone: bool = False) -> Snapshot:
    """Return the newest there is, of a small library that of now. What is withdrawn is so at once, however large the library is;
    ``with_gone``: for the staff, who find it all the same.
    """
    shot = _keeper.current()
    return shot.with_all() if with_gone else shot


def keep_in(path: Path | None) -> None:
    """Keep the arrays of a large library in this file from now on; for None in none."""
    _keeper.path = path


def prepare() -> None:
    """Begin to make one in a thread of its own, so that the first search after a start does not wait so long for it."""
    threading.Thread(target=_keeper.first, name="catalogue snapshot", daemon=True).start()


class _Keeper:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.database, self.snapshot = None, None
        # one that was made, a version, and what it is at that version
        self.of_now: tuple[Snapshot, int, Snapshot] | None = None
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
        return self._of_now(snapshot, version)

    def _of_now(self, made: Snapshot, version: int) -> Snapshot:
        """Return facts that were made, without what was withdrawn since and with what has a copy again."""
        if made.version == version:
            return made
        base, seen, now = self.of_now or (None, None, made)
        if base is made and seen == version:
            return now
        now = now if base is made else made
        now = now.with_gone(removed_titles.latest(datetime.fromisoformat(made.changed_at)))
        if not connection.in_transaction():
            self.of_now = made, version, now
        return now

    def first(self) -> None:
        with connection.connection_context():
            self.current()

    def _begin(self) -> None:
        """Have a new one made beside, unless that is being done or was a moment ago."""
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
        if not undecided:  # what this transaction wrote may yet be undone, and its version be given again
            if opened is not self.database:
                self.next_time = 0.0
            self.database, self.snapshot = opened, made
            if self.path and len(made.ids) > SMALL:
                self._put_into_file(self.path, made)
        return made

    def _put_into_file(self, path: Path, made: Snapshot) -> None:
        try:
            arrays.write(path, *_laid_out(made))
        except OSError:
            log.warning("the arrays of the search could not be written", exc_info=True)

    def _take_from_file(self) -> None:
        """Take what was kept of this library, though it may be of an earlier moment."""
        if self.path and (found := arrays.read(self.path)) and found[0].get("of") == _of():
            self.database, self.snapshot = connection.obj, _taken_up(*found)


_keeper = _Keeper()


# -- in a file --------------------------------------------------------------------------------------------------------
_PLAIN = ("ids", "rows", "years", "classes", "decades", "divisions", "lendable", "arrived", "gone")
_SAID = ("words", "branch_codes", "branch_names", "changed_at", "format_codes")
_GROUPS, _LISTS, _MORE = ("codes", "positions"), ("branches", "authors", "formats"), ("more rows", "more classes")


def _of() -> list[str]:
    """Return what tells that a file is of this library, and has all that this program looks for."""
    return [str(connection.obj.database), *(each.name for each in fields(Snapshot))]


def _moment() -> list:
    """Return what tells that the catalogue is the one of that version: a copy that was put back counts on from an earlier one."""
    return list(map(str, engine.run("SELECT max(id), max(changed_at) FROM title").fetchone()))


def _laid_out(shot: Snapshot) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    said = {
        "of": _of(),
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


def _taken_up(said: dict[str, Any], laid: dict[str, np.ndarray]) -> Snapshot:
    of_now = said["moment"] == _moment()
    grouped = {
        group: {name.removeprefix(f"{group} "): array for name, array in laid.items() if name.startswith(f"{group} ")}
        for group in _GROUPS
    }
    values: dict[str, Any] = {name: laid[name] for name in _PLAIN} | {name: said[name] for name in _SAID} | grouped
    values |= {name: Lists(laid[f"{name} begins"], laid[f"{name} values"]) for name in _LISTS}
    values["frequent"] = Words(**said["frequent"])
    values["more_classes"] = tuple(laid[name] for name in _MORE)
    return Snapshot(version=said["version"] if of_now else -1, **values)


def _read(last_read: Snapshot | None) -> Snapshot:
    """Read all arrays, of one moment of the database."""
    with database.one_moment():
        return facts.read(last_read)
