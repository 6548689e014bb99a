"""Rules and settings of the library, read once in a request: every page asks for some of them."""

from flask import g

from library import policy
from library.numbers import formats


def read() -> policy.Policy:
    """Return them as they were when the request first asked."""
    if "stored_policy" not in g:
        g.stored_policy = policy.read()
    return g.stored_policy


def number_forms(kind: str) -> list[formats.Form]:
    """Return the forms of numbers of cards (``card``) or of copies (``item``)."""
    return [formats.Form(**row) for row in read().get(f"{kind}_forms")]
