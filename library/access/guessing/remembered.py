"""Remember what was tried lately: pairs that were right and values that were wrong, as hashes under a key that dies with the server."""

import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from datetime import datetime, timedelta

from library.access import throttle
from library.store import database

MOST = 20_000  # entries; the oldest give way
_key = secrets.token_bytes(32)


def use_shared_key(key: bytes) -> None:
    """Take the key of all processes of one server, at its start. What another one found wrong is known then."""
    global _key
    _key = key


def digest(*parts: str) -> bytes:
    """Return the name of these parts in the memory."""
    return hmac.new(_key, "\0".join(parts).encode("utf-8", "replace"), hashlib.sha256).digest()


class Memory:
    """A set of digests in this process, each for a while. Another process computes once more what this one knows."""

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
    """A set of digests for all processes, each for a while."""

    def __init__(self, kept: timedelta) -> None:
        self._kept = kept

    def add(self, name: bytes, *, now: datetime) -> None:
        with database.writing():
            throttle.count(f"wrong {name.hex()}", now=now, until=now + self._kept)

    def has(self, name: bytes, *, now: datetime) -> bool:
        return throttle.counted(f"wrong {name.hex()}", now=now) > 0


WRONG = Rows(timedelta(hours=1))  # values that were wrong: the same one counts once
RIGHT = Memory(timedelta(minutes=10))  # pairs of reading programs, which send them with each request
