"""Removed titles: those whose last copy was withdrawn (除籍), which keep their rows, and deleted or merged ones, whose
ids are kept.

A title that never had a copy is not removed. Addresses of titles stay for ever (spec 12, 4), so a removed title must be
told from one that never existed.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from peewee import Expression, fn

from library import holdings
from library.store import queries
from models import DeletedTitle, Ebook, Item, Title

# the SQL condition that a title is not removed; its id goes into the braces
THERE = (
    f"(EXISTS (SELECT 1 FROM item copy WHERE copy.title_id = {{0}} AND {holdings.IN_STOCK}) "  # noqa: S608 (our own words)
    "OR NOT EXISTS (SELECT 1 FROM item copy WHERE copy.title_id = {0}) "
    "OR EXISTS (SELECT 1 FROM ebook WHERE ebook.title_id = {0} AND ebook.withdrawn_at IS NULL))"
)
LATEST = 1_000  # titles that ``latest_changes`` returns at most
WAIT = timedelta(minutes=1)  # a change may be written so long after its moment


def is_removed() -> Expression:
    """Return the condition on ``Title`` for removed ones: it had copies, all are withdrawn or of other libraries,
    and it has no e-book.
    """
    copy, other = Item.alias(), Item.alias()
    had = fn.EXISTS(copy.select(copy.id).where(copy.title == Title.id))
    has = fn.EXISTS(other.select(other.id).where(other.title == Title.id, holdings.is_in_stock(other)))
    has_ebook = fn.EXISTS(Ebook.select(Ebook.id).where(Ebook.title == Title.id, Ebook.withdrawn_at.is_null()))
    return had & ~has & ~has_ebook


def is_borrowed() -> Expression:
    """Return the condition on ``Title`` for those that are here as copies of other libraries alone, now or formerly."""
    copy, own = Item.alias(), Item.alias()
    lent = fn.EXISTS(copy.select(copy.id).where(copy.title == Title.id, ~holdings.is_own(copy)))
    return lent & is_removed() & ~fn.EXISTS(own.select(own.id).where(own.title == Title.id, holdings.is_own(own)))


_LATEST = queries.Query(
    lambda: (
        Title.select(Title.id, is_removed())
        .where(Title.changed_at >= queries.blank("since"))
        .order_by(Title.changed_at.desc(), Title.id.desc())
        .limit(LATEST)
        .tuples()
    )
)


def latest_changes(since: datetime) -> list[tuple[int, bool]]:
    """Return (title id, is it removed) of the titles changed at this moment or later, the latest LATEST at most."""
    return [(title_id, bool(removed)) for title_id, removed in _LATEST.rows(since=since - WAIT)]


def removed_among(title_ids: Iterable[int]) -> set[int]:
    """Return the ids of these titles that are removed."""
    found = Title.select(Title.id).where(Title.id.in_(list(title_ids)), is_removed())
    return {title_id for (title_id,) in queries.tuples(found)}


def without_borrowed(title_ids: Iterable[int]) -> list[int]:
    """Return these ids in their order, without the titles that are here as copies of other libraries alone."""
    ids = list(title_ids)
    borrowed = {
        title_id for (title_id,) in queries.tuples(Title.select(Title.id).where(Title.id.in_(ids), is_borrowed()))
    }
    return [each for each in ids if each not in borrowed]


def deleted_row(title_id: int) -> DeletedTitle | None:
    """Return the row of a deleted title, with ``merged_into_id`` if it was merged; None for an id that no deleted title
    has.
    """
    return DeletedTitle.get_or_none(DeletedTitle.title_id == title_id)
