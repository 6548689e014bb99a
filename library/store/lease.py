"""Locks of a library on a server, used like ``FileLock``.

Each has a session of its own, so the server frees it when its holder dies.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

import peewee

from library.store import engine, server

TERM = 90  # seconds from the last renewal to the end of a term
RENEW_EVERY = 15
END_WITHIN = 1_000  # milliseconds to end a late holder's session
# the numbers of these locks, beside server.WRITING
SERVING = server.WRITING + 1
LEASES = {"scheduler": server.WRITING + 2, "outbox": server.WRITING + 3, "push": server.WRITING + 4}
_UNTIL = f"clock_timestamp() + interval '{TERM} seconds'"
_BEGIN = (
    f"INSERT INTO lease VALUES (%s, 1, {_UNTIL}) ON CONFLICT (name) "  # noqa: S608
    "DO UPDATE SET number = lease.number + 1, until = excluded.until RETURNING number"
)
_RENEW = f"UPDATE lease SET until = {_UNTIL} WHERE name = %s AND number = %s RETURNING 1"  # noqa: S608
_END_LATE_HOLDER = (
    "SELECT pg_terminate_backend(pid, %s) FROM pg_locks JOIN pg_stat_activity USING (pid) "  # noqa: S608
    "WHERE locktype = 'advisory' AND granted AND objid = %s AND database = datid AND datname = current_database() "
    f"AND backend_start < clock_timestamp() - interval '{TERM} seconds' "  # not a holder that has just begun
    "AND EXISTS (SELECT FROM lease WHERE name = %s AND until < clock_timestamp())"
)
_terms: ContextVar[tuple[tuple[str, int], ...]] = ContextVar("terms", default=())


class TermOver(Exception):
    """Another process has taken over: the work of this one must not be written."""


class SessionLock:
    """A lock for one holder or, ``shared``, for many that together keep out the one who wants it alone."""

    def __init__(self, db: server.Server, number: int, *, shared: bool = False) -> None:
        self._db, self._number = db, number
        self._try = f"SELECT pg_try_advisory_lock{'_shared' if shared else ''}(%s)"
        self._session: Any = None
        self._changing = threading.RLock()

    @property
    def is_taken(self) -> bool:
        """Tell whether it is held; it is lost when its session breaks."""
        with self._changing:
            if self._session is not None:
                try:
                    self._ask("SELECT 1")
                except peewee.PeeweeException:
                    self.release()
            return self._session is not None

    def acquire(self) -> bool:
        """Take the lock if it is free, without waiting; tell whether it is held.

        Raises: peewee.OperationalError where the server doesn't answer.
        """
        with self._changing:
            if not self.is_taken:
                self._session = self._db.session_of_its_own()
                if not self._is_mine():
                    self.release()
            return self._session is not None

    def _is_mine(self) -> bool:
        return self._ask(self._try, self._number)[0]

    def _ask(self, sql: str, *values: Any) -> Any:
        """Return the first row of a statement, run in the session of the lock."""
        with self._db.raised_as_peewee():
            return self._session.execute(sql, values).fetchone()

    def release(self) -> None:
        with self._changing:
            if self._session is not None:
                with suppress(peewee.PeeweeException):  # at once, before the server notices the closed session
                    self._ask("SELECT pg_advisory_unlock_all()")
                self._session.close()
                self._session = None

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


class Lease(SessionLock):
    """A lock with a term, for work that must not be done twice.

    A holder that dies loses it at once. One that hangs loses it when its term is over and somebody else wants it. Each
    holder has a number, so nothing is committed by one that wakes up later.
    """

    def __init__(self, db: server.Server, name: str) -> None:
        super().__init__(db, LEASES[name])
        self._name, self._term = name, 0
        self._ended = threading.Event()

    def acquire(self) -> bool:
        """Take the lease if it is free or its term over, almost without waiting; False also where no server answers."""
        with self._changing:
            try:
                return super().acquire()
            except peewee.PeeweeException:
                self.release()
                return False

    def _is_mine(self) -> bool:
        if not super()._is_mine():
            ended = self._ask(_END_LATE_HOLDER, END_WITHIN, self._number, self._name)
            if not ended or not super()._is_mine():
                return False
        with self._db.raised_as_peewee(), self._session.transaction():
            self._ask("SELECT pg_advisory_xact_lock(%s)", server.WRITING)  # after the last commit of the former holder
            (self._term,) = self._ask(_BEGIN, self._name)
        self._ended = threading.Event()
        threading.Thread(target=self._keep, args=(self._ended,), name=f"lease of {self._name}", daemon=True).start()
        return True

    def _keep(self, ended: threading.Event) -> None:
        """Renew the term until the lease is released or lost, however busy its holder is."""
        while not ended.wait(RENEW_EVERY):
            with self._changing:
                renewed = None
                with suppress(peewee.PeeweeException):
                    renewed = ended.is_set() or self._ask(_RENEW, self._name, self._term)
                if not renewed:
                    self.release()

    def release(self) -> None:
        with self._changing:
            self._ended.set()
            super().release()

    @contextmanager
    def term(self) -> Iterator[None]:
        """Let ``writing()`` inside, in this thread, raise TermOver once somebody else has the lease."""
        before = _terms.set((*_terms.get(), (self._name, self._term)))
        try:
            yield
        finally:
            _terms.reset(before)


def require_terms() -> None:
    """Refuse to write after a lease of this thread was taken over; called first in a transaction. Raises: TermOver."""
    for name, number in _terms.get():
        if engine.run("SELECT number FROM lease WHERE name = ?", (name,)).fetchone() != (number,):
            raise TermOver(f"another process has taken over the lease of {name}")
