"""Rules, settings and branches of the library, read once a request, as every page needs some."""

from flask import g

from library import branches, policy
from library.numbers import formats
from models import Branch


def read() -> policy.Policy:
    """Return the rules as they were at the request's first call."""
    if "stored_policy" not in g:
        g.stored_policy = policy.read()
    return g.stored_policy


def branches_in_order() -> list[Branch]:
    """Return the branches in the library's order, as they were at the request's first call."""
    if "stored_branches" not in g:
        g.stored_branches = branches.in_order()
    return g.stored_branches


def number_forms(kind: str) -> list[formats.Form]:
    """Return the forms of card numbers (``card``) or copy numbers (``item``)."""
    return [formats.Form(**row) for row in read().get(f"{kind}_forms")]
