"""A limit on how often one address may ask: so many a second, and some seconds' worth at once. Counted in memory, which a question
that is refused costs nothing but; each process counts for itself.
"""

import threading
from dataclasses import dataclass

SECONDS_AT_ONCE = 4
MOST_ADDRESSES = 20_000


@dataclass(frozen=True)
class Limit:
    """``a_second`` questions, of each address alone."""

    name: str
    a_second: int

    @property
    def at_once(self) -> int:
        return self.a_second * SECONDS_AT_ONCE


class Counter:
    """The questions of each address: how many it may still ask at once, and when that was so."""

    def __init__(self) -> None:
        self._left: dict[tuple[str, str], tuple[float, float]] = {}
        self._lock = threading.Lock()

    def wait(self, limit: Limit, address: str, *, now: float) -> float:
        """Count a question; return 0, or the seconds after which the next one is answered. ``now``: seconds of any clock."""
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
        if len(self._left) >= MOST_ADDRESSES:  # the one that asked longest ago: it is most likely free again
            del self._left[next(iter(self._left))]
        self._left[key] = (left, now)

    def clear(self) -> None:
        with self._lock:
            self._left.clear()
