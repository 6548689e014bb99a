"""The web server: waitress, as its makers offer it, by documented settings alone. Why these:
docs/adr/0043-serving.md
"""

import ctypes
import gc
import logging
import os
import resource
import signal
import socket
import threading
import time
import warnings
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from waitress.server import create_server
from werkzeug.wsgi import ClosingIterator

LARGEST_BODY = (
    8 * 1024 * 1024
)  # bytes; a form or file above its route's own limit gets a page, above this the server's 413
COLLECT_AFTER = 20_000  # objects
SILENT_FOR = 60  # seconds a connection is kept that asks for nothing, or takes nothing of its answer
SETTINGS = {
    "asyncore_use_poll": True,  # select() knows 1,024 descriptors
    "send_bytes": 1_000_000,  # at its default of 1 the loop wakes at the head of each answer, and again for its body
    "channel_timeout": SILENT_FOR,
    "cleanup_interval": 10,  # seconds between two looks for silent ones
    "max_request_header_size": 16 * 1024,
    "max_request_body_size": LARGEST_BODY,
    # how much is read at a time, and so how many requests of one connection wait for their answers: at its default of
    # 8,192 there are 150
    "recv_bytes": 1024,
    # above its default of 16 MB a thread waits for whoever doesn't read
    "outbuf_high_watermark": 1 << 30,
    "outbuf_overflow": 1 << 20,
    "ident": None,
}
DESCRIPTORS_BESIDE = 200  # open files of a process beside its connections
LEAVE_WITHIN = 9  # seconds after SIGTERM
ANSWER_WITHIN = 8  # seconds of these in which what has begun is answered
SENT_AFTER = 0.3  # seconds that the loop takes to send the last of it
M_ARENA_MAX = -8  # of mallopt(3)
log = logging.getLogger("madoguchi")


def bind(host: str, port: int) -> list[socket.socket]:
    """Return sockets that listen on every address of this name. Raises: OSError where one can't."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    places = dict.fromkeys((family, address) for family, _, _, _, address in found)
    sockets = [socket.create_server(address[:2], family=family) for family, address in places]
    if within := getattr(
        socket, "TCP_USER_TIMEOUT", None
    ):  # Linux: its connections have it from the socket that listens
        for each in sockets:
            each.setsockopt(socket.IPPROTO_TCP, within, SILENT_FOR * 1000)
    return sockets


def listen(application: WSGIApplication, sockets: list[socket.socket], *, connections: int, **settings: Any):
    """Return a server on sockets of ``bind``, serving when ``run()``. Raises: ValueError where it can't."""
    _raise_open_files(connections)
    application = _under_way.watch(application)
    with warnings.catch_warnings():
        # waitress is going to drop this setting; a version without it refuses to start here, which `make check` sees
        warnings.filterwarnings("ignore", "send_bytes", DeprecationWarning)
        return create_server(application, sockets=sockets, connection_limit=connections, **SETTINGS, **settings)


def _raise_open_files(connections: int) -> None:
    """Allow as many open files as the connections need; warn how many connections fit where the system allows fewer."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + DESCRIPTORS_BESIDE
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    if allowed < wanted:
        fit = max(0, allowed - DESCRIPTORS_BESIDE)
        log.warning("the open-files limit of %d leaves room for %d of %d connections", allowed, fit, connections)


def share_one_heap() -> None:
    """Have all threads share one heap, before they start: glibc gives each its own, and a server that searched 500,000
    titles kept a quarter of its memory for nothing. Elsewhere nothing changes.
    """
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(M_ARENA_MAX, 1)


def spare_what_stays() -> None:
    """Have the garbage collector pass over what was made so far, which stays as long as the process, and look for more
    when COLLECT_AFTER new objects are there. Else it looks through all of it now and then, and everybody waits for a
    twentieth of a second; an import takes an eighth longer. While a process starts, it is off.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, *gc.get_threshold()[1:])
    gc.enable()


class _UnderWay:
    """Count the requests that the application is answering: the server's loop has to run until their answers are sent.

    ``began``: there was one, whose answer may still be on its way.
    """

    def __init__(self) -> None:
        self._number, self._changed = 0, threading.Condition()
        self.began = False

    def watch(self, application: WSGIApplication) -> WSGIApplication:
        """Return the application with its requests counted."""

        def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            self.began = True
            self._count(1)
            try:
                return ClosingIterator(application(environ, start_response), lambda: self._count(-1))
            except BaseException:
                self._count(-1)
                raise

        return answer

    def _count(self, step: int) -> None:
        with self._changed:
            self._number += step
            self._changed.notify_all()

    def wait(self, seconds: float) -> None:
        """Wait until every request is answered, or so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: not self._number, seconds)


_under_way = _UnderWay()


def end_on_sigterm() -> None:
    """Have SIGTERM end the process with status 0: what has begun is answered, and whatever hangs is left after
    LEAVE_WITHIN.
    """

    def leave(*_):
        signal.signal(signal.SIGTERM, end)
        last = threading.Timer(LEAVE_WITHIN, os._exit, [0])
        last.daemon = True
        last.start()
        if not _under_way.began:
            end()
        threading.Thread(target=finish, daemon=True).start()

    def finish():
        _under_way.wait(ANSWER_WITHIN)
        time.sleep(SENT_AFTER)
        os.kill(os.getpid(), signal.SIGTERM)

    def end(*_):
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, leave)
