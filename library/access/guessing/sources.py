"""Sources: from where somebody tries, and whether that is a friend of the card or login, or a stranger."""

from dataclasses import dataclass
from datetime import datetime

from library import networks, policy
from library.access import marks, sessions, terminals
from library.access.guessing import limits
from models import Patron, Staff


@dataclass(frozen=True)
class Origin:
    """A request's browser: its address, the mark of its cookie, the name of the terminal in its signed mark.

    ``key``: the library's, under which networks and numbers are hashed.
    """

    address: str = ""
    mark: str | None = None
    terminal: str = ""
    key: str = ""


NOWHERE = Origin()


@dataclass(frozen=True)
class Source:
    """The one that waits when it guesses. ``limit``: its own line of the table, none for a mark; ``pair``: its line at one card.

    ``comes_first``: hashes of it are computed before those of others.
    """

    name: str
    is_friend: bool
    pair: limits.Limit = limits.PAIR
    limit: limits.Limit | None = limits.SOURCE
    line: str = ""
    comes_first: bool = False


SIGNED_IN = Source("signed in", is_friend=True, limit=None, comes_first=True)


def of_card(patron: Patron | None, origin: Origin, *, now: datetime) -> Source:
    """Return the source of a try at a card. A card that nobody has is looked for as long as one that somebody has."""
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
    """Tell if an address is one of the desk's own networks."""
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
    return Source(household, is_friend, line=networks.line(origin.address))
