"""最新号: the newest issue of a serial at a branch, whose copies are not lent before the next comes there."""

from datetime import date, timedelta
from typing import Any

from peewee import SQL, Expression, Value, fn

from library.store.queries import Query, blank
from models import Issue, Item, Serial

KEPT_DAYS = 60  # at most: a serial may have ended


def since(today: date) -> date:
    """Return the day from which on a copy must have come to be kept in the library today."""
    return today - timedelta(days=KEPT_DAYS - 1)


def is_kept(came_since: date | Value) -> Expression:
    """Return the condition for copies (Item) of the newest issue that their branch received, unless the serial lends
    it. A 増刊 is none, and a withdrawn copy does not count. ``came_since``: of ``since``.
    """
    own, later, copy = Issue.alias("own_issue"), Issue.alias("later_issue"), Item.alias("later_copy")
    after = later.select(SQL("1")).join(copy, on=(copy.title == later.title))
    comes_after = after.where(
        later.serial == own.serial,
        later.position > own.position,
        later.kind != "extra",
        copy.branch == Item.branch,
        copy.state != "withdrawn",
    )
    rows = own.select(SQL("1")).join(Serial, on=(Serial.id == own.serial))
    return (Item.acquired_on >= came_since) & fn.EXISTS(
        rows.where(own.title == Item.title, own.kind != "extra", ~Serial.lends_newest, ~fn.EXISTS(comes_after))
    )


def exists_kept(item: Value, came_since: Value) -> Any:
    """Return the condition that the copy with this id is kept."""
    return fn.EXISTS(Item.select(SQL("1")).where(Item.id == item, is_kept(came_since)))


_OF_COPY = Query(lambda: Item.select(Item.id).where(Item.id == blank("item"), is_kept(blank("since"))))


def is_kept_now(item: Item, *, today: date) -> bool:
    """Tell whether a copy is of the newest issue at its branch and is not lent today."""
    return _OF_COPY.first(item=item.id, since=since(today)) is not None
