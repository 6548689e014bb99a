"""The moments at which titles changed: their records or their copies, which others read of us. Loans are no change."""

from collections.abc import Iterable
from datetime import datetime

from peewee import chunked

from library.catalog.search import index
from models import Title

ASKED = 500  # ids in one query


def moment(now: datetime) -> datetime:
    """Return a moment as titles have it: in whole seconds, as those who read of us ask for."""
    return now.replace(microsecond=0)


def note(title_ids: Iterable[int], *, now: datetime) -> None:
    """Write that these titles changed, inside the caller's transaction."""
    for ids in chunked(title_ids, ASKED):
        Title.update(changed_at=moment(now)).where(Title.id.in_(list(ids))).execute()


def note_copies(title_ids: Iterable[int], *, now: datetime) -> None:
    """Write that copies of these titles were added, changed or withdrawn, inside the caller's transaction; counts are made anew."""
    note(title_ids, now=now)
    index.copies_changed()
