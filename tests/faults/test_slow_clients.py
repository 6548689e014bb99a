"""Clients that are slow on purpose, and the server as it is really started: who is honest is answered meanwhile."""

import os
import re
import socket
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from tests.faults import sending
from tests.server import Visitor, running

pytestmark = pytest.mark.faults
GROWTH = 128 * 1024  # KiB
GONE_AFTER = 90  # seconds of silence
ANSWERS_MADE_WITHIN = 60  # seconds: what was asked for is made before the silence counts
BODY = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\n"
SEARCH = b"GET /search?q=%E6%9C%AC HTTP/1.1\r\nHost: localhost\r\n\r\n"
SENT = {
    "answers unread": SEARCH * 255,
    "half a head": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ",
    "half a body": b"POST /login HTTP/1.1\r\nHost: localhost\r\n" + BODY + b"a" * 9000,
    "idle": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
}
LINES = {"answers unread": 7, "half a head": 130, "half a body": 130, "idle": 300}
MANY = {"answers unread": 14, "half a head": 900, "half a body": 900, "idle": 900}


@contextmanager
def attackers(server, kind, number):
    """So many lines that sent what they have to send and read nothing, but for the idle ones, which read one answer."""
    with ExitStack() as closing:
        lines = []
        for _ in range(number):
            line = closing.enter_context(socket.socket())
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            line.settimeout(10)
            line.connect(("127.0.0.1", server.port))
            line.sendall(SENT[kind])
            if kind == "idle":
                assert line.recv(4096)
            lines.append(line)
        yield lines


def memory(server):
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{server.process.pid}/status").read_text())[1])


def open_lines(server):
    """Return the number of sockets of the server's process; one that is closed meanwhile counts no more."""
    lines = 0
    for descriptor in Path(f"/proc/{server.process.pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            lines += os.readlink(descriptor).startswith("socket:")
    return lines


def is_answered(server):
    return [Visitor(server).get(path)[0] for path in ("/healthz", "/", "/search?q=%E6%9C%AC")] == [200] * 3


@pytest.mark.parametrize("kind", SENT)
def test_who_is_slow_holds_up_nobody(instance, rows, kind):
    with running(instance, JOBS=0) as server:
        assert is_answered(server)
        before = memory(server)
        with attackers(server, kind, LINES[kind]):
            for _ in range(5):
                assert is_answered(server)
            assert memory(server) - before < GROWTH


@pytest.mark.long
@pytest.mark.parametrize("kind", SENT)
def test_many_who_are_slow_hold_up_nobody_and_are_let_go_of_when_they_fall_silent(instance, rows, kind):
    with running(instance, JOBS=0) as server:
        assert is_answered(server)
        before = memory(server)
        lines = open_lines(server)
        with attackers(server, kind, MANY[kind]):
            assert is_answered(server)
            assert open_lines(server) >= MANY[kind]
            assert memory(server) - before < GROWTH
            sending.wait_until(lambda: open_lines(server) <= lines, seconds=GONE_AFTER + ANSWERS_MADE_WITHIN)
            assert is_answered(server)
        assert memory(server) - before < GROWTH / 2
