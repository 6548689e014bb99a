"""所蔵: the copies that the library has of its own: neither withdrawn (除籍) nor borrowed from another one (相互貸借)."""

from typing import Any

from peewee import Expression

from models import Item

OWN = "owner_id IS NULL"  # the SQL conditions on a copy
IN_STOCK = f"state <> 'withdrawn' AND {OWN}"


def is_own(copy: Any = Item) -> Expression:
    """Return the condition that a copy, withdrawn or not, is the library's own. ``copy``: an alias of ``Item``."""
    return copy.owner.is_null()


def is_in_stock(copy: Any = Item) -> Expression:
    """Return the condition that a copy is in the library's holdings. ``copy``: an alias of ``Item``."""
    return (copy.state != "withdrawn") & is_own(copy)
