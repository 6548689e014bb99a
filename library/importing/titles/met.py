"""Titles of the earlier rows of one file: a rehearsal stores nothing that would tell of them."""

from library.catalog.readers.entries import Entry
from library.catalog.records import Record
from library.importing.titles.known import Known, likeness


class Met:
    """The titles of earlier rows: by source id, by likeness (with an id or not), and the present likeness of stored
    ones.
    """

    def __init__(self, first_new: int) -> None:
        self._first_new = first_new
        self._ids: set[int] = set()
        self._like: dict[int, bool] = {}
        self._now: dict[int, tuple[int, bool]] = {}

    def has(self, entry: Entry) -> bool:
        return bool(entry.source_id) and hash((entry.source, entry.source_id)) in self._ids

    def like(self, record: Record) -> bool | None:
        """Return True if an earlier row had a title like this with an id, False if without one, None if no row did."""
        return self._like.get(hash(likeness(record)))

    def may_be(self, title: Known, record: Record) -> bool:
        """Tell whether a title found by its likeness still has it after earlier rows, and not two ids."""
        like, has_id = self._now.get(title.id, (hash(likeness(record)), False))
        return like == hash(likeness(record)) and not ((title.has_id or has_id) and record.source_id)

    def note(self, entry: Entry, title: Known | None, record: Record | None) -> None:
        """Note the title of a row, and its present likeness if the row was read."""
        if entry.source_id:
            self._ids.add(hash((entry.source, entry.source_id)))
        if record is None:
            return
        like, has_id = hash(likeness(record)), bool(record.source_id or (title and title.has_id))
        self._like[like] = has_id or self._like.get(like, False)
        if title and title.id < self._first_new:
            self._now[title.id] = (like, has_id)
