"""Values tried lately, right pairs and wrong values, as hashes under a key that lasts as long as the server."""

import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from datetime import datetime, timedelta

from library.access import throttle
from library.store import database

MOST = 20_000  # entries; the oldest go first
_key = secrets.token_bytes(32)


def use_shared_key(key: bytes) -> None:
    """Use one key in all processes of a server, at its start, so that each knows the wrong values of the others."""
    global _key
    _key = key


def digest(*parts: str) -> bytes:
    """Return the keyed hash under which these parts are remembered."""
    return hmac.new(_key, "\0".join(parts).encode("utf-8", "replace"), hashlib.sha256).digest()


class Memory:
    """A set of digests in this process, each ``kept`` for a while."""

    def __init__(self, kept: timedelta) -> None:
        self._kept, self._until, self._lock = kept, OrderedDict[bytes, datetime](), threading.Lock()

    def add(self, name: bytes, *, now: datetime) -> None:
        with self._lock:
            self._until[name] = now + self._kept
            self._until.move_to_end(name)
            while len(self._until) > MOST:
                self._until.popitem(last=False)

    def has(self, name: bytes, *, now: datetime) -> bool:
        with self._lock:
            return name in self._until and self._until[name] > now

    def clear(self) -> None:
        with self._lock:
            self._until.clear()


class Rows:
    """A set of digests in the database, for all processes, each ``kept`` for a while."""

    def __init__(self, kept: timedelta) -> None:
        self._kept = kept

    def add(self, name: bytes, *, now: datetime) -> None:
        with database.writing():
            throttle.count(f"wrong {name.hex()}", now=now, until=now + self._kept)

    def has(self, name: bytes, *, now: datetime) -> bool:
        return throttle.counted(f"wrong {name.hex()}", now=now) > 0


WRONG = Rows(timedelta(hours=1))  # wrong values: the same one counts once
RIGHT = Memory(timedelta(minutes=10))  # card and password of reading programs, which send them with each request
