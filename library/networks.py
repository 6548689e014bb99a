"""Addresses of machines, and networks of them, as they stand in settings."""

import hashlib
import hmac
import ipaddress
import unicodedata
from collections.abc import Iterable

from library import errors

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
UNKNOWN = "unknown"
# addresses of machines; those behind which a gateway talks to the IPv4 address in their last 32 bits (RFC 6052)
_MACHINES, _TRANSLATED = ipaddress.ip_network("2000::/3"), ipaddress.ip_network("64:ff9b::/96")
_EXAMPLES = ipaddress.ip_network("3fff::/20")  # RFC 9637, which older Pythons don't know


def parse(text: str) -> tuple[Network, ...]:
    """Return the networks of a setting, which stand between spaces or commas. ValueError for what is neither address nor network."""
    return tuple(ipaddress.ip_network(word, strict=False) for word in text.replace(",", " ").split())


def plain(network: Network) -> Network:
    """Return the network of IPv4 that is mapped to IPv6 in one, as ``includes`` reads addresses; any other as it is."""
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    return ipaddress.IPv4Network((mapped, network.prefixlen - 96)) if mapped and network.prefixlen >= 96 else network


def includes(networks: Iterable[Network], address: str) -> bool:
    """Tell whether a machine is in one of the networks. An IPv4 address mapped to IPv6 counts as the IPv4 address."""
    found = _read_address(address)
    return found is not None and any(found in network for network in networks)


def is_listed(address: str, listed: Iterable[str]) -> bool:
    """Tell if a machine is in one of the networks that the library listed on its page of rules."""
    return includes(map(ipaddress.ip_network, listed), address)


def read(text: str) -> list[str]:
    """Return addresses and networks as they were typed, one a line. Raises: TerminalMalformed."""
    return [str(_network(line)) for line in unicodedata.normalize("NFKC", text).split("\n") if line.strip()]


def _network(line: str) -> Network:
    try:
        return ipaddress.ip_network(line.strip(), strict=False)
    except ValueError:
        raise errors.TerminalMalformed(text=line.strip()[:40]) from None


def household(address: str) -> str:
    """Return an IPv4 address, or the /64 of IPv6 that one household has."""
    return _around(address, 32, 64)


def provider_line(address: str) -> str:
    """Return the /48 of IPv6 that one provider's line has at most; empty for IPv4."""
    found = _read_address(address)
    return _around(address, 32, 48) if found and found.version == 6 else ""


def neighbourhood(address: str) -> str:
    """Return the network in which a card's owner is at home on other days, too: IPv4 /24, IPv6 /48."""
    return _around(address, 24, 48)


def of_building(address: str) -> str:
    """Return the network by which a library's desk is known: of a private IPv4 address its /24, of a public one that address alone, of IPv6
    its /64. Empty for this machine itself, through which strangers may come.
    """
    found = _read_address(address)
    if found is None or found.is_loopback or found.is_unspecified:
        return ""
    bits = 64 if found.version == 6 else 24 if found.is_private else 32
    return str(ipaddress.ip_network((found, bits), strict=False))


def hashed(whose: str, address: str, key: str) -> str:
    """Return the neighbourhood of an address as it may be written down: for one purpose or person, under the library's key."""
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
    """Tell if a machine is one of the open network. Of an address that is translated on the way, the one behind it counts."""
    if isinstance(where, ipaddress.IPv4Address):
        return where.is_global and not where.is_multicast
    in_last_bits = ipaddress.IPv4Address(int(where) & 0xFFFFFFFF) if where in _TRANSLATED else None
    behind = in_last_bits or where.ipv4_mapped or where.sixtofour
    return is_outside(behind) if behind else where.is_global and where in _MACHINES and where not in _EXAMPLES
