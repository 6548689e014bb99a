"""館内端末: computers of the library itself that anybody may sit down at. A session ends sooner there, and nothing is kept."""

import ipaddress
import unicodedata

from library import errors, policy


def read(text: str) -> list[str]:
    """Addresses and networks as they were typed, one a line. TerminalMalformed."""
    return [str(_network(line)) for line in unicodedata.normalize("NFKC", text).split("\n") if line.strip()]


def _network(line):
    try:
        return ipaddress.ip_network(line.strip(), strict=False)
    except ValueError:
        raise errors.TerminalMalformed(text=line.strip()[:40]) from None


def is_listed(address: str) -> bool:
    """Whether a browser at this address is one of them. One in IPv6 clothes is the IPv4 address inside."""
    listed = policy.get("terminals")
    if not listed:
        return False
    try:
        asked = ipaddress.ip_address(address)
    except ValueError:
        return False
    asked = getattr(asked, "ipv4_mapped", None) or asked
    return any(asked in ipaddress.ip_network(network) for network in listed)
