"""The place of a copy that nobody borrowed: on its shelf, behind the desk of a branch, or on its way."""

import unicodedata

from library.store import database
from models import Branch, Item

LONGEST = 20  # letters


def branch_of(item: Item) -> int:
    """Return the id of the branch where a copy is, or which it left for another."""
    return item.at_branch_id or item.branch_id


def is_home(item: Item) -> bool:
    """Tell whether a copy has its place on its home shelf."""
    return not (item.aside or item.aside_at or item.at_branch_id or item.going_to_id)


def set_place(
    item: Item, *, at_branch: Branch | None = None, going_to: Branch | None = None, aside: bool = False
) -> None:
    """Set the place of a copy, in the caller's transaction: on its home shelf, unless arguments say otherwise.

    ``at_branch``: where it is now; ``going_to``: on its way there; ``aside``: behind the desk, where it keeps its
    label.
    """
    away = at_branch if at_branch is not None and at_branch.id != item.branch_id else None
    item.at_branch, item.going_to, item.aside = away, going_to, aside
    item.aside_at = item.aside_at if aside else ""
    columns = {"at_branch": away, "going_to": going_to, "aside": aside, "aside_at": item.aside_at}
    Item.update(columns).where(Item.id == item.id).execute()


def name_aside(item: Item, place: str) -> None:
    """取り置きの棚: set the desk's label for the place of a copy behind the desk, until the copy leaves."""
    item.aside_at = " ".join(unicodedata.normalize("NFKC", place).split())[:LONGEST]
    with database.writing():
        Item.update(aside_at=item.aside_at).where(Item.id == item.id, Item.aside).execute()
