"""SIGTERM ends the server in order whenever it comes: what had begun is answered, what hangs keeps nobody."""

import contextlib
import ctypes
import http.client
import re
import signal
import socket
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from library.store import database, engine, writer_queue
from tests import engines, factories, libraries
from tests.factories import PASSWORD
from tests.faults import sending
from tests.faults.kills import share
from tests.long import in_the_long_run
from tests.server import SOURCE, STOP_WITHIN, Visitor, free_port, running, start

IN_ORDER = 10  # seconds


def test_sigterm_ends_the_server_in_order(instance):
    with running(instance) as server:
        Visitor(server).get("/")
        begun = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - begun < 10


@contextlib.contextmanager
def starting(folder, **given):
    """A server on its way up."""
    process = start(folder, program=SOURCE, PORT=free_port(), **given)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def wait_until(there, process):
    """Wait for something that the start makes on its way."""
    while not there():
        with contextlib.suppress(subprocess.TimeoutExpired):
            raise AssertionError(f"the server ended with {process.wait(0.002)}")


def catches_sigterm(process):
    caught = re.search(r"SigCgt:\s+(\w+)", Path(f"/proc/{process.pid}/status").read_text())[1]
    return int(caught, 16) >> (signal.SIGTERM - 1) & 1


def status_after_sigterm(process):
    process.terminate()
    return process.wait(STOP_WITHIN)


def test_sigterm_ends_a_process_that_still_reads_its_program(tmp_path):
    """A package that takes long to be read stands for all of them."""
    (tmp_path / "click.py").write_text("import time\nprint('reading', flush=True)\ntime.sleep(600)\n")
    with starting(tmp_path / "instance", around={"PYTHONPATH": str(tmp_path)}) as process:
        assert process.stdout.readline() == "reading\n"
        assert status_after_sigterm(process) == 0
    assert not (tmp_path / "instance").exists()


@pytest.mark.sqlite("the files of a first start")
@pytest.mark.parametrize(
    "made", ["secret-key", *in_the_long_run("server.lock", "madoguchi.sqlite3"), ".madoguchi.sqlite3.new"]
)
def test_sigterm_ends_a_first_start_wherever_it_is(tmp_path, made):
    with starting(tmp_path / "instance") as process:
        wait_until((tmp_path / "instance" / made).exists, process)
        assert status_after_sigterm(process) == 0


@pytest.mark.parametrize("seconds", [0, 0.1, *in_the_long_run(0.02, 0.4)])
def test_sigterm_ends_a_server_that_has_just_said_where_it_serves(instance, seconds):
    with starting(instance) as process:
        process.stdout.readline()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        assert status_after_sigterm(process) == 0


def test_sigterm_that_another_thread_takes_ends_the_server_too(instance):
    """The system gives a signal to any thread; Python acts on it in the main one, which must look up from its wait."""
    with running(instance, JOBS=0) as server:
        Visitor(server).get("/")
        process = server.process
        threads = [int(folder.name) for folder in Path(f"/proc/{process.pid}/task").iterdir()]
        ctypes.CDLL(None).tgkill(process.pid, next(one for one in threads if one != process.pid), signal.SIGTERM)
        assert process.wait(STOP_WITHIN) == 0


def token_of(page):
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]


def somebody_waits(instance):
    """Tell whether a server waits until it may write."""
    if not engine.is_server():
        return writer_queue.somebody_waits(Path(libraries.address(instance)))
    return engines.waiting_writers() > 0


def test_sigterm_lets_a_request_in_flight_be_answered(instance, rows):
    patron = factories.patron()
    with running(instance, JOBS=0) as server:
        visitor = Visitor(server)
        # it has written its row, and does so again after a while
        sending.wait_until(lambda: visitor.get("/readyz")[0] == 200)
        answers = []
        token = token_of(visitor.get("/login")[1])
        form = {"card": patron.card_number, "password": PASSWORD, "csrf_token": token}
        asking = threading.Thread(target=lambda: answers.append(visitor.ask("POST", "/login", form)[0]))
        with database.writing():  # the server's writer waits for us
            asking.start()
            sending.wait_until(lambda: somebody_waits(instance))
            server.process.terminate()
        asking.join(15)
        assert answers == [303]
        assert server.process.wait(15) == 0


# -- any moment, any company -----------------------------------------------------------------------------------------
@pytest.mark.long
@pytest.mark.parametrize("second", range(5))
def test_sigterm_ends_it_at_any_moment_of_its_first_five_seconds(tmp_path, second):
    moments = share(10)
    for number in range(moments):
        folder = tmp_path / str(number) / "instance"
        folder.parent.mkdir()
        with starting(folder) as process:
            wait_until(lambda: catches_sigterm(process), process)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(second + number / moments)
            begun = time.monotonic()
            assert status_after_sigterm(process) == 0
            assert time.monotonic() - begun < IN_ORDER


HANGING = {
    "half a head": b"GET / HTTP/1.1\r\nX-A: ",
    "half a body": b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90\r\n\r\ncard=",
    "answers unread": b"GET /static/app.css HTTP/1.1\r\nHost: localhost\r\n\r\n" * 200,
    "nothing": b"",
}


@pytest.mark.parametrize("sent", HANGING.values(), ids=HANGING)
def test_sigterm_waits_for_nobody_who_hangs(instance, sent):
    with running(instance, JOBS=0) as server, contextlib.ExitStack() as lines:
        for _ in range(20):
            line = lines.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            line.sendall(sent)
        assert Visitor(server).get("/")[0] == 200
        begun = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - begun < IN_ORDER


GUESSERS = 20


def guess(server, number, statuses, ended):
    """Sign in wrongly without a pause, each time with another card and from elsewhere, until it ends or
    nobody listens.
    """
    visitor, turn = Visitor(server), 0
    with contextlib.suppress(OSError, http.client.HTTPException):
        token = token_of(visitor.get("/login")[1])  # who gets its turn late finds nobody
        while not ended.is_set():
            form = {"card": f"{number}{turn:06}", "password": "wrong", "csrf_token": token}
            comes_from = {"X-Forwarded-For": f"198.51.{number}.{turn % 250}"}
            statuses.append(visitor.ask("POST", "/login", form, comes_from)[0])
            turn += 1


@pytest.mark.parametrize("go_on", [False, *in_the_long_run(True)])
def test_sigterm_ends_a_server_whose_queue_of_hashes_is_full(instance, rows, go_on):
    statuses, ended = [], threading.Event()
    with ThreadPoolExecutor(GUESSERS) as guessers, running(instance, JOBS=0, TRUSTED_PROXIES=1) as server:
        going = [guessers.submit(guess, server, number, statuses, ended) for number in range(GUESSERS)]
        sending.wait_until(lambda: 503 in statuses)
        begun = time.monotonic()
        if not go_on:
            ended.set()
        assert server.stop() == 0
        assert time.monotonic() - begun < IN_ORDER
        assert [one.result() for one in going] == [None] * GUESSERS
    assert set(statuses) == {422, 503}
