"""館: the places of the library."""

from library.prepared import Prepared
from models import Branch

_ALL = Prepared(lambda: Branch.select().order_by(Branch.position, Branch.id), shared=True)


def in_order() -> list[Branch]:
    """Every branch, in the library's own order."""
    return _ALL.rows()
