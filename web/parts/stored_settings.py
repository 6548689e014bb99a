"""Settings of the library that every page asks for, read once in a request."""

from typing import Any

from flask import g

from library import policy

NAMES = ("moving", "library_name", "accent", "logo", "address", "phone", "demonstration")


def read() -> dict[str, Any]:
    """Return them as they were when the request first asked."""
    if "stored_settings" not in g:
        g.stored_settings = policy.several(*NAMES)
    return g.stored_settings
