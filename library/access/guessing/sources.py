"""Sources of tries: a mark, a terminal or a network. A source that the card or login knows is a friend, any other a
stranger.
"""

from dataclasses import dataclass
from datetime import datetime

from library import networks, policy
from library.access import marks, sessions, terminals
from library.access.guessing import limits
from models import Patron, Staff


@dataclass(frozen=True)
class Origin:
    """The origin of a request: network address, mark in the browser's cookie, name of the terminal in its signed mark.

    ``key``: the library's, under which networks and numbers are hashed.
    """

    address: str = ""
    mark: str | None = None
    terminal: str = ""
    key: str = ""


NOWHERE = Origin()


@dataclass(frozen=True)
class Source:
    """The source whose failures count together. ``limit``: its own line of the table, None for a mark; ``pair``: its
    line at one card.

    ``line``: its IPv6 /48, if it has one; ``comes_first``: its hashes are computed before those of others.
    """

    name: str
    is_friend: bool
    pair: limits.Limit = limits.PAIR
    limit: limits.Limit | None = limits.SOURCE
    line: str = ""
    comes_first: bool = False


SIGNED_IN = Source("signed in", is_friend=True, limit=None, comes_first=True)


def of_card(patron: Patron | None, origin: Origin, *, now: datetime) -> Source:
    """Return the source of a try at a card. Without a patron it takes the same time."""
    is_marked = marks.knows_patron(patron, origin.mark)
    is_near = marks.knows_network(patron, origin.address, origin.key, now=now)
    in_library = bool(origin.terminal) or terminals.is_listed(origin.address)
    return _mark(origin) if is_marked else _place(origin, is_friend=is_near or in_library)


def of_login(staff: Staff | None, origin: Origin) -> Source:
    """Return the source of a try at a login of the staff."""
    if marks.knows_staff(staff, origin.mark):
        return _mark(origin)
    return _place(origin, is_friend=is_at_desk(origin.address))


def of_setup(origin: Origin) -> Source:
    """Return the source of a try at the code of a library's first account."""
    return _place(origin, is_friend=True)


def is_at_desk(address: str) -> bool:
    """Tell whether an address is in the desk's own networks."""
    return networks.is_listed(address, policy.get("desk_networks"))


def _mark(origin: Origin) -> Source:
    name = f"mark {sessions.hash_token(origin.mark or '')[:16]}"
    return Source(name, True, pair=limits.PAIR_BY_MARK, limit=None, comes_first=True)


def _place(origin: Origin, *, is_friend: bool) -> Source:
    if origin.terminal:
        return Source(f"terminal {origin.terminal}", is_friend, limit=limits.SOURCE_OF_LIBRARY, comes_first=True)
    household = networks.household(origin.address)
    if terminals.is_listed(origin.address) or is_at_desk(origin.address):
        return Source(household, is_friend, limit=limits.SOURCE_OF_LIBRARY, comes_first=True)
    return Source(household, is_friend, line=networks.provider_line(origin.address))
