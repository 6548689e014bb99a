"""How one process answers many: the threads, and the log that they write. Why so: docs/adr/0043-serving.md"""

import atexit
import logging
import threading
import time
from collections import deque
from contextlib import suppress

from waitress.parser import HTTPRequestParser
from waitress.utilities import RequestEntityTooLarge

PATIENCE = 0.03  # seconds that who waits gives the one at work to take up something
LET_GO = 256 * 1024 * 1024  # bytes of a body that are taken off the line only to say that they are too many
UNHURRIED = 0.5  # seconds that a line of the log may wait for others
log = logging.getLogger("madoguchi")


class Log(logging.StreamHandler):
    """Lines to standard error, several at a time: to write each by itself costs as much as a third of a page. A warning is
    written at once, with all that was said before it.
    """

    def __init__(self):
        super().__init__()
        self._lines = []
        self._said = threading.Event()
        threading.Thread(target=self._write, name="log", daemon=True).start()
        atexit.register(self.flush)

    def emit(self, record):
        try:
            self._lines.append(self.format(record) + self.terminator)
        except Exception:
            self.handleError(record)
        if record.levelno >= logging.WARNING:
            self.flush()
        elif not self._said.is_set():
            self._said.set()

    def flush(self):
        with self.lock, suppress(OSError):  # a full disk stops the log, not the pages
            lines, self._lines = self._lines, []
            self.stream.write("".join(lines))
            super().flush()

    def _write(self):
        while self._said.wait():
            time.sleep(UNHURRIED)
            self._said.clear()
            self.flush()


class Parser(HTTPRequestParser):
    """A body that is larger than anything we take is let go of as it comes, and the application is asked without it: from the
    length it knows what to say. To answer at once would cut the line, and who sends a file would see no page at all.
    """

    _left = 0  # bytes of such a body that are to come

    def received(self, data):
        if self._left:
            taken = min(self._left, len(data))
            self._left -= taken
            self.completed = not self._left
            return taken
        taken = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge) and 0 < self.content_length <= LET_GO:
            self.error, self.completed, self._left = None, False, self.content_length
        return taken


class Workers:
    """The threads: one works, another relieves it when it is held up. Python runs one thread at a time, and threads that
    all want to run cost each page half as much again as one that has it to itself.

    What waitress hands requests to. The thread at work takes one after the other, and the same one as long as it keeps
    up; where somebody waits and nothing was begun for ``PATIENCE``, the next thread takes its place.
    """

    def __init__(self, number: int):
        self._waiting = deque()
        self._lock = threading.Lock()
        self._work, self._relief = threading.Condition(self._lock), threading.Condition(self._lock)
        self._at_work = None
        self._begun = 0
        self._idle = self._watched = self._leaving = False
        self._threads = [threading.Thread(target=self._serve, name=f"worker-{n}", daemon=True) for n in range(number)]
        for thread in self._threads:
            thread.start()

    def add_task(self, task):
        with self._lock:
            self._waiting.append(task)
            if self._idle or self._at_work is None:
                self._work.notify()
            elif not self._watched:
                self._relief.notify()

    def shutdown(self, cancel_pending=True, timeout=5):
        """Let everybody finish what was begun. What was not is cancelled."""
        with self._lock:
            self._leaving = True
            self._work.notify_all()
            self._relief.notify_all()
        last = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0, last - time.monotonic()))
        while cancel_pending and self._waiting:
            self._waiting.popleft().cancel()

    def _serve(self):
        while task := self._next():
            try:
                task.service()
            except Exception:
                log.exception("a request could not be answered")

    def _next(self):
        me = threading.current_thread()
        with self._lock:
            while not self._leaving:
                if self._at_work in (None, me):
                    self._at_work = me
                    if self._waiting:
                        return self._begin()
                    self._idle = True
                    self._work.wait()
                    self._idle = False
                elif self._is_held_up():
                    self._at_work = me
        return None

    def _begin(self):
        self._begun += 1
        task = self._waiting.popleft()
        if self._waiting and not self._watched:
            self._relief.notify()
        return task

    def _is_held_up(self):
        """Wait until somebody waits, and then how the one at work gets on."""
        if not self._waiting or self._watched:
            self._relief.wait()
            return False
        self._watched, begun = True, self._begun
        self._relief.wait(PATIENCE)
        self._watched = False
        return bool(self._waiting) and self._begun == begun
