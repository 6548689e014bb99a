"""How one process answers many: the threads, and the log that they write. Why so: docs/adr/0043-serving.md"""

import atexit
import ctypes
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache

import waitress
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask, WSGITask
from waitress.trigger import trigger
from waitress.utilities import RequestEntityTooLarge, build_http_date

PATIENCE = 0.03  # seconds that the relief gives the one at work to answer a request
LOOK = 1  # seconds at most between two looks at lines that are silent
LET_GO = 256 * 1024 * 1024  # bytes of a body that are taken off the line only to say that they are too many
UNHURRIED = 0.5  # seconds that a line of the log may wait for others
M_ARENA_MAX = -8  # of mallopt(3)
log = logging.getLogger("madoguchi")


def share_one_heap():
    """Before threads are started: what one lets go of serves the others. glibc gives each a heap of its own, and a server that searched
    500,000 titles kept a quarter of its memory for nothing. Elsewhere nothing is changed.
    """
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(M_ARENA_MAX, 1)


class Log(logging.StreamHandler):
    """Lines to standard error, several at a time: to write each by itself costs as much as a third of a page. A warning is
    written at once, with all that was said before it.
    """

    def __init__(self):
        super().__init__()
        logging._srcfile, logging.logThreads, logging.logProcesses = None, False, False  # no line tells them
        self._records = []
        self._said = threading.Event()
        threading.Thread(target=self._write, name="log", daemon=True).start()
        atexit.register(self.flush)

    def emit(self, record):
        self._records.append(record)
        if record.levelno >= logging.WARNING:
            self.flush()
        elif not self._said.is_set():
            self._said.set()

    def flush(self):
        with self.lock, suppress(OSError):  # a full disk stops the log, not the pages
            records, self._records = self._records, []
            self.stream.write("".join(self._line(record) for record in records))
            super().flush()

    def _line(self, record):
        try:
            return self.format(record) + self.terminator
        except Exception:
            self.handleError(record)
            return ""

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


def listen(application, threads: int, rest=None, **settings):
    """A server of waitress's with our threads; it serves when its ``task_dispatcher`` is run. For ``rest`` see Workers."""
    workers = Workers(threads, rest)
    server = waitress.create_server(application, map=workers.lines, _dispatcher=workers, ident=None, **settings)
    for listener in workers.lines.values():
        if isinstance(listener, BaseWSGIServer):
            listener.channel_class, listener.pull_trigger = Line, workers.ring
    return server


_date = lru_cache(maxsize=2)(build_http_date)


class _Joining:
    """An answer whose head leaves together with the first of its body: each sending wakes who reads it."""

    def build_response_header(self):
        self.channel.head = super().build_response_header()
        return b""

    def finish(self):
        super().finish()
        self.channel.write_head()


class Answer(_Joining, WSGITask):
    """What the application says."""

    def build_response_header(self):
        """Of most answers, which say their length and end no line: as the application gave it, and the date."""
        stays = self.version == "1.1" and self.request.headers.get("CONNECTION", "").lower() != "close"
        given = "".join([f"\r\n{name}: {value}" for name, value in self.response_headers])
        names = given.lower()
        if not stays or not self.has_body or "\r\ncontent-length: " not in names:
            return super().build_response_header()
        date = "" if "\r\ndate: " in names else f"\r\nDate: {_date(int(self.start_time))}"
        self.channel.head = f"HTTP/1.1 {self.status}{given}{date}\r\n\r\n".encode("latin-1")
        return b""


class Failure(_Joining, ErrorTask):
    """What is said of a request that can't be read."""


class Line(HTTPChannel):
    """A browser's connection."""

    parser_class, task_class, error_task_class = Parser, Answer, Failure
    head = b""  # of an answer, that leaves with what is written next

    def write_soon(self, data):
        if isinstance(data, bytes) and data:
            data, self.head = self.head + data, b""
            return super().write_soon(self._send_at_once(data))
        if data:
            self.write_head()
        return super().write_soon(data)

    def write_head(self):
        head, self.head = self.head, b""
        super().write_soon(head)

    def _send_at_once(self, data):
        """What can't be sent yet is given back, for waitress to keep; most answers leave as a whole and need no buffer."""
        with self.outbuf_lock:
            if self.connected and not self.total_outbufs_len:
                sent, _ = self._flush_exception(lambda do_close: self.send(data, do_close), do_close=False)
                self.last_activity = time.time()
                return data[sent or 0 :]  # nothing where it failed
        return data


class Workers:
    """The threads. One is at work: it looks what has come in on all lines and answers it, one request after the other; when
    it is held up, another takes its place. Python runs one thread at a time, and each change of threads costs both.

    What waitress hands requests to (``add_task``, ``shutdown``), and what looks after its ``lines`` in place of its own loop.
    As many requests as ``number`` may be held up; one thread more looks after the lines meanwhile. A thread that is to wait
    calls ``rest()`` before: what it kept from one request to the next is for the others.
    """

    def __init__(self, number: int, rest: Callable | None = None):
        self.lines, self._rest = {}, rest
        self._number = number
        self._waiting = deque()
        self._lock = threading.Lock()
        self._relief, self._left = threading.Condition(self._lock), threading.Event()
        self._at_work = None
        self._answering = False  # is the one at work
        self._watched = self._leaving = False
        self._begun = self._unfinished = 0
        self._bell = trigger(self.lines)
        self._threads = [
            threading.Thread(target=self._serve, name=f"worker-{n}", daemon=True) for n in range(number + 1)
        ]

    def start(self):
        for thread in self._threads:
            thread.start()

    def run(self):
        """Serve until the process is to end."""
        self.start()
        with suppress(SystemExit, KeyboardInterrupt):
            while not self._left.wait(LOOK):  # a signal that another thread took is acted on when this one looks up
                pass
        self.shutdown()

    def add_task(self, task):
        self._waiting.append(task)
        self.ring()

    def ring(self):
        """Have the one at work look up from the lines, unless that is who rings."""
        if threading.current_thread() is not self._at_work:
            self._bell.pull_trigger()

    def shutdown(self, cancel_pending=True, timeout=5):
        """Let everybody finish what was begun. What was not is cancelled."""
        with self._lock:
            self._leaving = True
            self._relief.notify_all()
        self.ring()
        last = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0, last - time.monotonic()))
        self._bell.close()
        while cancel_pending and self._waiting:
            self._waiting.popleft().cancel()

    def _serve(self):
        me = threading.current_thread()
        try:
            while self._at_work is me or self._relieve(me):
                if self._leaving:
                    break
                if self._waiting and self._unfinished < self._number:
                    self._answer(self._waiting.popleft(), me)
                else:
                    wasyncore.poll(LOOK, self.lines)
        finally:
            self._left.set()

    def _answer(self, task, me):
        with self._lock:
            self._begun += 1
            self._unfinished += 1
            self._answering = True
            if not self._watched:
                self._relief.notify()
        try:
            task.service()
        except Exception:
            log.exception("a request could not be answered")
        with self._lock:
            self._unfinished -= 1
            if self._at_work is me:
                self._answering = False
        self.ring()

    def _relieve(self, me) -> bool:
        """Wait until the one at work is held up, and take over. False when all are to leave."""
        try:
            if self._rest:
                self._rest()
        except Exception:
            log.exception("a thread that is to wait could not put back what it kept")
        with self._lock:
            while not self._leaving:
                if self._at_work is None or self._is_held_up():
                    self._at_work, self._answering = me, False
                    return True
        return False

    def _is_held_up(self):
        """Wait until the one at work answers somebody, and then how that goes on."""
        if self._watched or not self._answering:
            self._relief.wait()
            return False
        self._watched, begun = True, self._begun
        self._relief.wait(PATIENCE)
        self._watched = False
        return self._answering and self._begun == begun
