"""Rules and settings of the library, read once a request, as every page needs some."""

from flask import g

from library import policy
from library.numbers import formats


def read() -> policy.Policy:
    """Return the rules as they were at the request's first call."""
    if "stored_policy" not in g:
        g.stored_policy = policy.read()
    return g.stored_policy


def number_forms(kind: str) -> list[formats.Form]:
    """Return the forms of card numbers (``card``) or copy numbers (``item``)."""
    return [formats.Form(**row) for row in read().get(f"{kind}_forms")]
