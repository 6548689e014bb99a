"""Several processes that serve from the same sockets, and their parent, which does nothing but start one anew where it
died.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from typing import NoReturn

from server import web_server

SOCKETS, MEMORY_KEY = "MADOGUCHI_SOCKETS", "MADOGUCHI_MEMORY_KEY"  # what the parent hands to its children
NUMBERS = "PROMETHEUS_MULTIPROC_DIR"  # the folder in which prometheus-client adds up what each process counts
LOOK_EVERY = 0.2  # seconds
SETTLED = (
    10  # seconds: who lived so long is started anew after a second, who died sooner after twice the time each time
)
LONGEST_WAIT = 8
LEAVE_WITHIN = web_server.LEAVE_WITHIN + 0.5  # seconds after SIGTERM, when children have left


# -- the parent ------------------------------------------------------------------------------------------------------
def serve(sockets: Sequence[socket.socket], number: int) -> NoReturn:
    """Have so many processes serve from these sockets until SIGTERM. Each is this program, started as
    this process was.
    """
    asked_to_end = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: asked_to_end.set())
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as numbers:
        handed = {
            SOCKETS: " ".join(str(each.fileno()) for each in sockets),
            MEMORY_KEY: secrets.token_hex(32),
            NUMBERS: numbers,
        }
        children = [_Child(sockets, handed) for _ in range(number)]
        while not asked_to_end.is_set():
            for child in children:
                child.keep_alive()
            time.sleep(LOOK_EVERY)
        _end(children)
    sys.exit(0)


class _Child:
    """A serving process, and the next one in its place."""

    def __init__(self, sockets: Sequence[socket.socket], handed: Mapping[str, str]) -> None:
        self._sockets, self._handed = sockets, handed
        self.process: subprocess.Popen | None = None
        self._started = self._next = time.monotonic()
        self._wait = 1.0

    def keep_alive(self) -> None:
        """Start the process, the first one at once, and another one some time after it died."""
        now = time.monotonic()
        if self.process and self.process.poll() is not None:
            self._wait = 1 if now - self._started > SETTLED else min(2 * self._wait, LONGEST_WAIT)
            self.process, self._next = None, now + self._wait
        if self.process is None and now >= self._next:
            self._started = now
            # its standard input is a pipe that ends with this process
            self.process = subprocess.Popen(  # noqa: S603 (as this process was started)
                [sys.executable, *sys.orig_argv[1:]],
                env=os.environ | self._handed,
                pass_fds=[each.fileno() for each in self._sockets],
                stdin=subprocess.PIPE,
            )


def _end(children: Sequence[_Child]) -> None:
    running = [child.process for child in children if child.process]
    for process in running:
        process.terminate()
    until = time.monotonic() + LEAVE_WITHIN
    for process in running:
        try:
            process.wait(max(0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()


# -- a child ---------------------------------------------------------------------------------------------------------
def handed_sockets() -> list[socket.socket]:
    """Return the sockets that the parent hands to this process; none where it has no parent. With its parent it ends,
    too.
    """
    numbers = os.environ.pop(SOCKETS, "").split()
    if numbers:
        threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    return [socket.socket(fileno=int(number)) for number in numbers]


def memory_key() -> bytes:
    """Return the key that the processes of one parent share as long as it lives; empty where there is no parent."""
    return bytes.fromhex(os.environ.pop(MEMORY_KEY, ""))


def _end_with_parent() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
