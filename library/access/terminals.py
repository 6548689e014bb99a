"""館内端末: computers of the library itself that anybody may sit down at. A session ends sooner there, and nothing is kept."""

import ipaddress
import unicodedata

from library import errors, networks, policy


def read(text: str) -> list[str]:
    """Return addresses and networks as they were typed, one a line. TerminalMalformed."""
    return [str(_network(line)) for line in unicodedata.normalize("NFKC", text).split("\n") if line.strip()]


def _network(line: str) -> networks.Network:
    try:
        return ipaddress.ip_network(line.strip(), strict=False)
    except ValueError:
        raise errors.TerminalMalformed(text=line.strip()[:40]) from None


def is_listed(address: str) -> bool:
    """Tell if a browser at this address is a terminal. An IPv4 address mapped to IPv6 counts as the IPv4 address."""
    listed = policy.get("terminals")
    return bool(listed) and networks.includes(map(ipaddress.ip_network, listed), address)
