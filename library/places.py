"""Where a copy is while nobody has it: on its shelf, behind the desk of a branch, or on its way."""

from models import Item


def branch_of(item) -> int:
    """The id of the branch where a copy is, or from which it left."""
    return item.at_branch_id or item.branch_id


def put(item, *, at_branch=None, going_to=None, aside=False):
    """Say where a copy is: at home on its shelf, unless told otherwise. In the caller's transaction."""
    away = at_branch if at_branch is not None and at_branch.id != item.branch_id else None
    item.at_branch, item.going_to, item.aside = away, going_to, aside
    Item.update(at_branch=away, going_to=going_to, aside=aside).where(Item.id == item.id).execute()
