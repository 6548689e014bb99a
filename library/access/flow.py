"""A limit on the requests of one address: a number a second, and SECONDS_AT_ONCE seconds' worth in a burst.

Each process counts in its own memory.
"""

import threading
from dataclasses import dataclass

SECONDS_AT_ONCE = 4
MOST_ADDRESSES = 20_000


@dataclass(frozen=True)
class Limit:
    """``a_second`` requests of each address."""

    name: str
    a_second: int

    @property
    def at_once(self) -> int:
        """Return the number of requests in a burst."""
        return self.a_second * SECONDS_AT_ONCE


class Counter:
    """The requests that each address has left, and the time at which that was so."""

    def __init__(self) -> None:
        self._left: dict[tuple[str, str], tuple[float, float]] = {}
        self._lock = threading.Lock()

    def wait(self, limit: Limit, address: str, *, now: float) -> float:
        """Count a request. Return 0 where it is allowed, else the seconds until the next one is. ``now``: seconds of
        any clock.
        """
        with self._lock:
            left, since = self._left.get((limit.name, address), (float(limit.at_once), now))
            left = min(limit.at_once, left + max(0.0, now - since) * limit.a_second)
            if left >= 1:
                self._put((limit.name, address), left - 1, now)
                return 0
            self._put((limit.name, address), left, now)
            return (1 - left) / limit.a_second

    def _put(self, key: tuple[str, str], left: float, now: float) -> None:
        self._left.pop(key, None)
        if (
            len(self._left) >= MOST_ADDRESSES
        ):  # the address that asked longest ago: it most likely has all its requests again
            del self._left[next(iter(self._left))]
        self._left[key] = (left, now)

    def clear(self) -> None:
        with self._lock:
            self._left.clear()
