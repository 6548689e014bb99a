"""館: the places of the library."""

from models import Branch


def in_order() -> list[Branch]:
    """Return every branch, in the library's own order."""
    return list(Branch.select().order_by(Branch.position, Branch.id))
