"""館: the places of the library."""

from models import Branch


def in_order() -> list[Branch]:
    """Return every branch that is not given up, in the library's own order."""
    return list(Branch.select().where(Branch.closed_on.is_null()).order_by(Branch.position, Branch.id))


def with_given_up() -> list[Branch]:
    """Return every branch there is or was: those that were given up (閉館) behind the others."""
    return list(Branch.select().order_by(Branch.closed_on.is_null(False), Branch.position, Branch.id))


def find(number: int | None) -> Branch | None:
    """Return the branch of this id, None where there is none, or none any more."""
    return Branch.get_or_none(Branch.id == (number or 0), Branch.closed_on.is_null())
