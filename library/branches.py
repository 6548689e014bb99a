"""館: the branches of the library."""

from library.store.queries import Models, Query
from models import Branch

_IN_ORDER = Models(Branch, {}, lambda rows: rows.where(Branch.closed_on.is_null()).order_by(Branch.position, Branch.id))


def in_order() -> list[Branch]:
    """Return the branches that are not given up (閉館), in the library's order."""
    return _IN_ORDER.rows()


_NAMES = Query(lambda: Branch.select(Branch.id, Branch.name).tuples())


def names() -> dict[int, str]:
    """Return the names of all branches by id, those that were given up too."""
    return dict(_NAMES.rows())


def with_given_up() -> list[Branch]:
    """Return all branches, those that were given up (閉館) last."""
    return list(Branch.select().order_by(Branch.closed_on.is_null(False), Branch.position, Branch.id))


def find(number: int | None) -> Branch | None:
    """Return the branch with an id; None if there is none, or it was given up (閉館)."""
    return Branch.get_or_none(Branch.id == (number or 0), Branch.closed_on.is_null())
