"""The queue of password hashes: few are computed at a time, few wait, and marked browsers come first.

A hash takes a processor for some hundredths of a second, and holds a thread of the server while it waits or is
computed. One thread is left for pages. Sources with more failures or more turns lately, right or wrong, are the first
to be sent away.
"""

import os
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

from library import errors

WAITING = 64
OF_SOURCE = 2  # tickets of one source that wait; FIRST for a source that comes first
PATIENCE = 8.0  # seconds
LATELY = 60.0  # seconds in which the turns of a source are counted
FIRST = 5  # turns lately up to which a source comes first: more than anybody needs


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(order=True)
class _Ticket:
    rank: tuple[int, int]  # smaller comes first
    number: int
    source: str = field(compare=False)
    called: threading.Event = field(default_factory=threading.Event, compare=False)
    is_turn: bool = field(default=False, compare=False)


class Queue:
    """Let ``at_once`` through at a time, in the order of their ranks. Raises: SignInBusy where the queue is full, or
    after ``patience`` seconds.
    """

    def __init__(self, at_once: int, waiting: int = WAITING, patience: float = PATIENCE) -> None:
        self.at_once, self.waiting, self.patience = at_once, waiting, patience
        self._running, self._line = 0, list[_Ticket]()
        self._turns, self._lately = deque[tuple[float, str]](), Counter[str]()
        self._lock, self._numbers = threading.Lock(), count()

    @contextmanager
    def turn(self, source: str, *, comes_first: bool = False, failures: int = 0) -> Iterator[None]:
        """Wait for a turn; it lasts as long as the ``with`` block."""
        self._enter(source, comes_first, failures)
        try:
            yield
        finally:
            self._leave()

    def length(self) -> int:
        """Return the number of requests that wait."""
        return len(self._line)

    def _enter(self, source: str, comes_first: bool, failures: int) -> None:
        with self._lock:
            if self._running < self.at_once and not self._line:
                self._running += 1
                self._note(source)
                return
            turns = self._turns_lately(source)
            rank = (0 if comes_first and turns < FIRST else 1, failures + turns)
            ticket = _Ticket(rank, next(self._numbers), source)
            self._find_room(ticket)
            self._line.append(ticket)
        ticket.called.wait(self.patience)
        with self._lock:
            if ticket.is_turn:
                return
            if ticket in self._line:
                self._line.remove(ticket)
        raise errors.SignInBusy()

    def _find_room(self, ticket: _Ticket) -> None:
        most = FIRST if ticket.rank[0] == 0 else OF_SOURCE
        if sum(one.source == ticket.source for one in self._line) >= most:
            raise errors.SignInBusy()
        if len(self._line) < self.waiting:
            return
        last = max(self._line)
        if last < ticket:
            raise errors.SignInBusy()
        self._line.remove(last)
        last.called.set()

    def _leave(self) -> None:
        with self._lock:
            if not self._line:
                self._running -= 1
                return
            first = min(self._line)
            self._line.remove(first)
            self._note(first.source)
            first.is_turn = True
            first.called.set()

    def _note(self, source: str) -> None:
        self._forget_turns()
        self._turns.append((time.monotonic(), source))
        self._lately[source] += 1

    def _turns_lately(self, source: str) -> int:
        self._forget_turns()
        return self._lately[source]

    def _forget_turns(self) -> None:
        """Forget turns older than LATELY."""
        while self._turns and self._turns[0][0] < time.monotonic() - LATELY:
            _, source = self._turns.popleft()
            self._lately[source] -= 1
            if not self._lately[source]:
                del self._lately[source]


QUEUE = Queue(max(1, _processors() - 1))


def leave_room_for_pages(threads: int, processes: int = 1) -> None:
    """Set the length of the queue so that one of this server's ``threads`` stays free for pages. ``processes`` share
    the processors.

    With two threads or fewer none can stay free: one computes, one waits.
    """
    QUEUE.at_once = max(1, min(QUEUE.at_once // processes, threads - 2))
    QUEUE.waiting = max(1, min(WAITING, threads - QUEUE.at_once - 1))
