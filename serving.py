"""The web server: waitress, as its makers offer it, by documented settings alone. Why these: docs/adr/0043-serving.md"""

import ctypes
import logging
import os
import resource
import signal
import threading
import warnings

import waitress

LARGEST_BODY = (
    8 * 1024 * 1024
)  # bytes; a form or file above its route's own limit gets a page, above this the server's 413
SETTINGS = {
    "asyncore_use_poll": True,  # select() knows 1,024 descriptors
    "send_bytes": 1_000_000,  # at its default of 1 the loop wakes at the head of each answer, and again for its body
    "channel_timeout": 60,  # seconds a silent connection is kept
    "cleanup_interval": 10,  # seconds between two looks for silent ones
    "max_request_header_size": 16 * 1024,
    "max_request_body_size": LARGEST_BODY,
    # above its default of 16 MB a thread waits for whoever doesn't read; what waits lies in unnamed files
    "outbuf_high_watermark": 1 << 30,
    "outbuf_overflow": 1 << 20,
    "ident": None,
}
DESCRIPTORS_BESIDE = 200  # open files of a process beside its connections
LEAVE_WITHIN = 9  # seconds after SIGTERM
M_ARENA_MAX = -8  # of mallopt(3)
log = logging.getLogger("madoguchi")


def listen(application, *, connections: int, **settings):
    """Return a server on its port, serving when ``run()``. Raises: OSError, ValueError where it can't listen."""
    _raise_open_files(connections)
    with warnings.catch_warnings():
        # waitress is going to drop this setting; a version without it refuses to start here, which a test sees
        warnings.filterwarnings("ignore", "send_bytes", DeprecationWarning)
        return waitress.create_server(application, connection_limit=connections, **SETTINGS, **settings)


def _raise_open_files(connections):
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


def share_one_heap():
    """Have all threads share one heap, before they start: glibc gives each its own, and a server that searched 500,000 titles
    kept a quarter of its memory for nothing. Elsewhere nothing changes.
    """
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(M_ARENA_MAX, 1)


def end_on_sigterm():
    """Have SIGTERM end the process with status 0: what has begun is answered, and whatever hangs is left after LEAVE_WITHIN."""

    def leave(*_):
        last = threading.Timer(LEAVE_WITHIN, os._exit, [0])
        last.daemon = True
        last.start()
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, leave)
