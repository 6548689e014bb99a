"""The moments at which titles changed, their records or their copies, for harvesters. A loan is no change."""

from collections.abc import Iterable
from datetime import datetime

from peewee import chunked

from library.catalog.fulltext import index
from models import Title

ASKED = 500  # ids in one query


def to_second(now: datetime) -> datetime:
    """Return a moment cut to whole seconds, in which harvesters ask."""
    return now.replace(microsecond=0)


def note(title_ids: Iterable[int], *, now: datetime) -> None:
    """Write that these titles changed now, in the caller's transaction."""
    for ids in chunked(title_ids, ASKED):
        Title.update(changed_at=to_second(now)).where(Title.id.in_(list(ids))).execute()


def note_copies(title_ids: Iterable[int], *, now: datetime) -> None:
    """Write that copies of these titles were added, changed or withdrawn now, in the caller's transaction; searches
    count again.
    """
    note(title_ids, now=now)
    index.copies_changed()
