"""Addresses of machines, and networks of them, as they stand in settings."""

import ipaddress
from collections.abc import Iterable

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def parse(text: str) -> tuple[Network, ...]:
    """Return the networks of a setting, which stand between spaces or commas. ValueError for what is neither address nor network."""
    return tuple(ipaddress.ip_network(word, strict=False) for word in text.replace(",", " ").split())


def includes(networks: Iterable[Network], address: str) -> bool:
    """Tell whether a machine is in one of the networks. An IPv4 address mapped to IPv6 counts as the IPv4 address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in network for network in networks)
