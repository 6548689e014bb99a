"""Titles that are no more. Those whose last copy was withdrawn (除籍) keep their rows; one that never had a copy is there. Of those that were
taken out or merged into another their number is known. Addresses of titles are for ever (spec 12, 4), so each of these is told apart from
one that never was.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from peewee import Expression, fn

from library.store import queries
from models import DeletedTitle, Ebook, Item, Title

# the same for SQL: a title is there, whose id stands in the braces
THERE = (
    "(EXISTS (SELECT 1 FROM item copy WHERE copy.title_id = {0} AND copy.state <> 'withdrawn') "
    "OR NOT EXISTS (SELECT 1 FROM item copy WHERE copy.title_id = {0}) "
    "OR EXISTS (SELECT 1 FROM ebook WHERE ebook.title_id = {0} AND ebook.withdrawn_at IS NULL))"
)
LATEST = 1_000  # titles of those that changed last
WAIT = timedelta(minutes=1)  # for which a change may have waited to be written


def condition() -> Expression:
    """Return the condition on a title: it had copies, all are withdrawn, and there is no e-book of it."""
    copy, other = Item.alias(), Item.alias()
    had = fn.EXISTS(copy.select(copy.id).where(copy.title == Title.id))
    has = fn.EXISTS(other.select(other.id).where(other.title == Title.id, other.state != "withdrawn"))
    has_ebook = fn.EXISTS(Ebook.select(Ebook.id).where(Ebook.title == Title.id, Ebook.withdrawn_at.is_null()))
    return had & ~has & ~has_ebook


_LATEST = queries.Query(
    lambda: (
        Title.select(Title.id, condition())
        .where(Title.changed_at >= queries.blank("since"))
        .order_by(Title.changed_at.desc(), Title.id.desc())
        .limit(LATEST)
        .tuples()
    )
)


def latest(since: datetime) -> list[tuple[int, bool]]:
    """Return (title id, is it gone) of the titles that changed last, at this moment or later."""
    return [(title_id, bool(is_gone)) for title_id, is_gone in _LATEST.rows(since=since - WAIT)]


def among(title_ids: Iterable[int]) -> set[int]:
    """Return those of these titles that are gone."""
    found = Title.select(Title.id).where(Title.id.in_(list(title_ids)), condition())
    return {title_id for (title_id,) in queries.tuples(found)}


def row(title_id: int) -> DeletedTitle | None:
    """Return what is known of a title that has no row: ``merged_into_id`` where it went. None for one that never was."""
    return DeletedTitle.get_or_none(DeletedTitle.title_id == title_id)
