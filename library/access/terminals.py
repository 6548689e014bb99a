"""館内端末: computers of the library itself that anybody may sit down at. A session ends sooner there, and nothing is kept."""

import secrets

from library import networks, policy
from library.access import signed_links

PURPOSE = "terminal"


def is_listed(address: str) -> bool:
    """Tell if a browser at this address is a terminal."""
    return networks.is_listed(address, policy.get("terminals"))


def new_mark(key: str) -> str:
    """Return the mark of a new terminal, which the library signs: nobody else makes one."""
    return signed_links.sign(PURPOSE, secrets.token_urlsafe(9), key)


def marked_as(mark: str, key: str) -> str:
    """Return the name in a terminal's mark; empty where the library did not sign it."""
    return signed_links.read(PURPOSE, mark, key) or ""
