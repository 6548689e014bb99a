"""館内端末: the library's own computers, which anybody may sit down at. Sessions end sooner there, and nothing is kept."""

import secrets

from library import networks, policy
from library.access import signed_links

PURPOSE = "terminal"
APART = "~"  # in a mark, between the terminal's name and its network; base64 has none


def is_listed(address: str) -> bool:
    """Tell whether a browser at this address is a terminal."""
    return networks.is_listed(address, policy.get("terminals"))


def new_mark(address: str, key: str) -> str:
    """Return the signed mark of a new terminal, with a random name. It is good in the network of the address."""
    return signed_links.sign(PURPOSE, f"{secrets.token_urlsafe(9)}{APART}{_network(address, key)}", key)


def name_in_mark(mark: str, address: str, key: str) -> str:
    """Return the random name in a terminal's mark; empty where the signature is not ours or the network
    is another one.
    """
    name, _, network = (signed_links.read(PURPOSE, mark, key) or "").partition(APART)
    return name if network and network == _network(address, key) else ""


def _network(address: str, key: str) -> str:
    return networks.hashed("terminal", address, key)[:16]
