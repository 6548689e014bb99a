"""Addresses of machines, and networks, as in settings."""

import hashlib
import hmac
import ipaddress
import unicodedata
from collections.abc import Iterable

from library import errors

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
UNKNOWN = "unknown"
# public IPv6 addresses; those that a gateway translates to the IPv4 address in their last 32 bits (RFC 6052)
_MACHINES, _TRANSLATED = ipaddress.ip_network("2000::/3"), ipaddress.ip_network("64:ff9b::/96")
_EXAMPLES = ipaddress.ip_network("3fff::/20")  # RFC 9637, unknown to older Pythons


def parse(text: str) -> tuple[Network, ...]:
    """Return the networks of a setting, separated by spaces or commas. Raises: ValueError."""
    return tuple(ipaddress.ip_network(word, strict=False) for word in text.replace(",", " ").split())


def includes(networks: Iterable[Network], address: str) -> bool:
    """Tell whether an address is in one of the networks; an IPv4 address mapped to IPv6 counts as IPv4."""
    found = _read_address(address)
    return found is not None and any(found in network for network in networks)


def is_listed(address: str, listed: Iterable[str]) -> bool:
    """Tell whether an address is in one of the networks listed on the library's page of rules."""
    return includes(map(ipaddress.ip_network, listed), address)


def read(text: str) -> list[str]:
    """Return the addresses and networks typed, one a line. Raises: TerminalMalformed."""
    return [str(_network(line)) for line in unicodedata.normalize("NFKC", text).split("\n") if line.strip()]


def _network(line: str) -> Network:
    try:
        return ipaddress.ip_network(line.strip(), strict=False)
    except ValueError:
        raise errors.TerminalMalformed(text=line.strip()[:40]) from None


def household(address: str) -> str:
    """Return the IPv4 address, or the /64 of IPv6 that one household has."""
    return _around(address, 32, 64)


def provider_line(address: str) -> str:
    """Return the /48 of IPv6, the most that one provider's line has; empty for IPv4."""
    found = _read_address(address)
    return _around(address, 32, 48) if found and found.version == 6 else ""


def neighbourhood(address: str) -> str:
    """Return the network that a patron's home keeps over days: IPv4 /24, IPv6 /48."""
    return _around(address, 24, 48)


def of_building(address: str) -> str:
    """Return the network by which a desk is known: private IPv4 /24, public IPv4 address, IPv6 /64.

    Empty for this machine itself, as strangers may come through a proxy on it.
    """
    found = _read_address(address)
    if found is None or found.is_loopback or found.is_unspecified:
        return ""
    bits = 64 if found.version == 6 else 24 if found.is_private else 32
    return str(ipaddress.ip_network((found, bits), strict=False))


def hashed(whose: str, address: str, key: str) -> str:
    """Return the neighbourhood of an address, hashed with the library's key and ``whose``: a purpose or a patron."""
    return hmac.new(key.encode(), f"{whose}\n{neighbourhood(address)}".encode(), hashlib.sha256).hexdigest()


def _around(address: str, bits: int, bits_of_six: int) -> str:
    found = _read_address(address)
    if found is None:
        return UNKNOWN
    network = ipaddress.ip_network((found, bits if found.version == 4 else bits_of_six), strict=False)
    return str(network.network_address)


def _read_address(address: str) -> Address | None:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def is_outside(where: Address) -> bool:
    """Tell whether an address is of the public network; for a translated address, the one behind it counts."""
    if isinstance(where, ipaddress.IPv4Address):
        return where.is_global and not where.is_multicast
    in_last_bits = ipaddress.IPv4Address(int(where) & 0xFFFFFFFF) if where in _TRANSLATED else None
    behind = in_last_bits or where.ipv4_mapped or where.sixtofour
    return is_outside(behind) if behind else where.is_global and where in _MACHINES and where not in _EXAMPLES
