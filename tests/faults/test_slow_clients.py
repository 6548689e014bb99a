"""Clients that are slow on purpose, and the server as it is really started: who is honest is answered meanwhile."""

import os
import re
import resource
import socket
import time
from contextlib import ExitStack, contextmanager, suppress
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import proxies
from tests.faults import sending
from tests.server import Visitor, running

GROWTH = 64 * 1024  # KiB
GIVEN_BACK_WITHIN = 60  # seconds
ANSWERED_WITHIN = 2  # seconds
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
MANY = {"answers unread": 120, "half a head": 900, "half a body": 900, "idle": 900}


@contextmanager
def attackers(server, kind, number, address="127.0.0.1"):
    """So many lines from an address of this machine that sent what they have to send and read nothing; the idle ones
    read one answer.
    """
    with ExitStack() as closing:
        lines = []
        for _ in range(number):
            line = closing.enter_context(socket.socket())
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            line.settimeout(10)
            line.bind((address, 0))
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


def check_is_answered(server):
    """Ask for pages as an honest visitor; each comes in time."""
    for path in ("/healthz", "/", "/search?q=%E6%9C%AC"):
        begun = time.monotonic()
        assert Visitor(server).get(path)[0] == 200
        assert time.monotonic() - begun < ANSWERED_WITHIN, path


@pytest.mark.parametrize("kind", SENT)
def test_a_slow_client_holds_up_nobody(instance, rows, kind):
    with running(instance, JOBS=0) as server:
        check_is_answered(server)
        before = memory(server)
        with attackers(server, kind, LINES[kind]):
            for _ in range(5):
                check_is_answered(server)
            assert memory(server) - before < GROWTH


@pytest.mark.long
@pytest.mark.parametrize("kind", SENT)
def test_many_who_are_slow_hold_up_nobody_and_are_let_go_of_when_they_fall_silent(instance, rows, kind):
    with running(instance, JOBS=0) as server:
        check_is_answered(server)
        before = memory(server)
        lines = open_lines(server)
        with attackers(server, kind, MANY[kind]):
            check_is_answered(server)
            assert open_lines(server) >= MANY[kind]
            assert memory(server) - before < GROWTH
            silent_after = ANSWERS_MADE_WITHIN if kind == "answers unread" else 0
            sending.wait_until(lambda: open_lines(server) <= lines, seconds=silent_after + GONE_AFTER)
            check_is_answered(server)
        sending.wait_until(lambda: memory(server) - before < GROWTH / 2, seconds=GIVEN_BACK_WITHIN)


# Caddy has no cap: of 1,200 searches at once each is made in its turn, and who comes then waits for some seconds (ADR
# 0075)
BEYOND_IT = (proxies.caddy, "answers unread")
THROUGH = [one for one in product(proxies.SAMPLES, SENT) if one != BEYOND_IT]


@pytest.fixture
def many_files():
    """As many open files as the machine allows: of itself a process may have 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.long
@pytest.mark.usefixtures("many_files")
@pytest.mark.parametrize(("sample", "kind"), THROUGH)
def test_twelve_hundred_who_are_slow_with_a_proxy_hold_up_nobody_elsewhere(instance, rows, tmp_path, sample, kind):
    behind = {"TRUSTED_PROXIES": 1, "CONNECTIONS": 4000}
    with running(instance, JOBS=0, **behind) as server, proxies.running(sample, tmp_path, server.port) as port:
        proxy = SimpleNamespace(port=port)
        check_is_answered(proxy)
        with attackers(proxy, kind, 1200, address="127.0.0.2"):
            for _ in range(5):
                check_is_answered(proxy)
