"""Titles that the earlier rows of one file are about: in a rehearsal nothing that is stored tells of them."""

from library.catalog.readers.entries import Entry
from library.catalog.records import Record
from library.importing.titles.known import Known, likeness


class Met:
    """The titles that earlier rows of a file are about: by the id of their source, by their likeness (with an id or not), and, of those
    that were there before, what they are like now.
    """

    def __init__(self, first_new: int) -> None:
        self._first_new = first_new
        self._ids: set[int] = set()
        self._like: dict[int, bool] = {}
        self._now: dict[int, tuple[int, bool]] = {}

    def has(self, entry: Entry) -> bool:
        return bool(entry.source_id) and hash((entry.source, entry.source_id)) in self._ids

    def like(self, record: Record) -> bool | None:
        """Tell whether a title like this has an id; None where no earlier row was about one."""
        return self._like.get(hash(likeness(record)))

    def may_be(self, title: Known, record: Record) -> bool:
        """Tell whether a title that is found by its likeness is this one still, after what earlier rows said."""
        like, has_id = self._now.get(title.id, (hash(likeness(record)), False))
        return like == hash(likeness(record)) and not ((title.has_id or has_id) and record.source_id)

    def note(self, entry: Entry, title: Known | None, record: Record | None) -> None:
        """Note which title a row was about, and how it is like now, where the row was read."""
        if entry.source_id:
            self._ids.add(hash((entry.source, entry.source_id)))
        if record is None:
            return
        like, has_id = hash(likeness(record)), bool(record.source_id or (title and title.has_id))
        self._like[like] = has_id or self._like.get(like, False)
        if title and title.id < self._first_new:
            self._now[title.id] = (like, has_id)
