"""The web server over real connections: slow clients hold up nobody, and nobody gets another's answer."""

import gc
import signal
import socket
import subprocess
import sys
import threading
from contextlib import closing, contextmanager

import pytest

from server import web_server
from tests.server import ROOT

LARGE = 8 * 1024 * 1024  # bytes, more than a socket's buffers take
PATIENCE = 20  # seconds
SLOW = 7  # seconds that a page takes to be made


def application(environ, start_response):
    if environ["PATH_INFO"] == "/fails":
        raise RuntimeError("a page that fails")
    if environ["PATH_INFO"] == "/slow":
        print("begun", flush=True)
        threading.Event().wait(SLOW)
    if environ["PATH_INFO"] == "/large":
        start_response("200 OK", [("Content-Length", str(LARGE))])
        return (b"x" * 65536 for _ in range(LARGE // 65536))
    said = environ.get("HTTP_X_FORWARDED_FOR", "-") + environ.get("HTTP_FORWARDED", "")
    body = (said if environ["PATH_INFO"] == "/said" else environ["PATH_INFO"]).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


@contextmanager
def process(*words):
    """A process that serves ``application`` (see the end of this file), and its port; ``behind`` a proxy that it
    believes.
    """
    with subprocess.Popen(
        [sys.executable, "-m", "tests.test_serving", *words], cwd=ROOT, stdout=subprocess.PIPE
    ) as running:
        try:
            yield running, int(running.stdout.readline())
        finally:
            running.kill()


@pytest.fixture(scope="module")
def port():
    with process() as (_, number):
        yield number


@pytest.fixture
def connect(port):
    browsers = []

    def open_one(buffer=None):
        browser = socket.socket()
        if buffer:
            browser.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        browser.settimeout(PATIENCE)
        browser.connect(("127.0.0.1", port))
        browsers.append(browser)
        return browser

    yield open_one
    for browser in browsers:
        browser.close()


def ask(browser, path, more=""):
    browser.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n{more}\r\n".encode())


def answer(browser, end):
    received = b""
    while not received.endswith(end):
        part = browser.recv(65536)
        assert part, received[-200:]
        received += part
    return received


def test_several_requests_at_once_are_answered_in_their_order(connect):
    browser = connect()
    browser.sendall(b"".join(b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n" % number for number in range(50)))
    received = answer(browser, b"/49")
    assert [part.rpartition(b"\r\n\r\n")[2] for part in received.split(b"HTTP/1.1 200 OK")[1:]] == [
        b"/%d" % number for number in range(50)
    ]


def test_a_page_that_fails_is_one_browsers_trouble(connect):
    ask(failed := connect(), "/fails")
    assert failed.recv(1024).startswith(b"HTTP/1.1 500")
    ask(other := connect(), "/page")
    assert answer(other, b"/page").startswith(b"HTTP/1.1 200")


def test_a_client_that_reads_nothing_holds_up_nobody(connect):
    for _ in range(10):  # five times the threads
        ask(connect(buffer=4096), "/large")
    ask(honest := connect(), "/page")
    assert answer(honest, b"/page").startswith(b"HTTP/1.1 200")


def test_a_client_that_reads_slowly_gets_everything(connect):
    ask(slow := connect(buffer=4096), "/large", "Connection: close\r\n")
    received = 0
    while part := slow.recv(1 << 20):
        received += len(part)
    assert received >= LARGE


def test_a_client_that_never_ends_a_head_or_a_body_holds_up_nobody(connect):
    for number in range(60):
        slow = connect()
        slow.sendall(b"GET / HTTP/1.1\r\nX-A: " if number % 2 else b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nx")
    ask(honest := connect(), "/page")
    assert answer(honest, b"/page").startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * web_server.SETTINGS["max_request_header_size"], b"431"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (web_server.LARGEST_BODY + 1), b"413"),
    ],
)
def test_a_request_that_can_not_be_read_is_refused(connect, request_, status):
    browser = connect()
    browser.sendall(request_)
    assert browser.recv(1024).split()[1] == status


def test_the_open_files_limit_is_raised_to_what_the_connections_need(monkeypatch, caplog):
    limits = [(256, 4096)]
    monkeypatch.setattr(web_server.resource, "getrlimit", lambda _: limits[-1])
    monkeypatch.setattr(web_server.resource, "setrlimit", lambda _, wanted: limits.append(wanted))
    for connections, allowed in ((1000, 1200), (10_000, 4096)):
        with closing(
            web_server.listen(application, web_server.bind("127.0.0.1", 0), threads=1, connections=connections)
        ):
            assert limits[-1] == (allowed, 4096)
    assert "room for 3896 of 10000" in caplog.text


def test_sigterm_ends_the_process_with_0_though_someone_reads_nothing():
    with process() as (running, port), closing(socket.socket()) as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.settimeout(PATIENCE)
        slow.connect(("127.0.0.1", port))
        ask(slow, "/large")
        assert slow.recv(1024)
        running.send_signal(signal.SIGTERM)
        assert running.wait(web_server.LEAVE_WITHIN + 2) == 0


def test_an_answer_that_is_made_late_is_sent_before_the_process_is_ended():
    assert web_server.ANSWER_WITHIN + web_server.SENT_AFTER + 0.5 < web_server.LEAVE_WITHIN


def test_a_process_that_started_without_the_collector_collects_when_it_serves():
    usual = gc.get_threshold()
    gc.disable()
    try:
        web_server.spare_what_stays()
        assert gc.isenabled()
        assert gc.get_threshold()[0] == web_server.COLLECT_AFTER
    finally:
        gc.set_threshold(*usual)
        gc.enable()


@pytest.mark.long
def test_sigterm_lets_a_slow_page_be_made_and_sent():
    with process() as (running, port), closing(socket.create_connection(("127.0.0.1", port), PATIENCE)) as browser:
        ask(browser, "/")
        answer(browser, b"/")
        ask(browser, "/slow")
        assert running.stdout.readline() == b"begun\n"
        running.send_signal(signal.SIGTERM)
        assert answer(browser, b"/slow").startswith(b"HTTP/1.1 200")
        assert running.wait(web_server.LEAVE_WITHIN) == 0


if __name__ == "__main__":
    web_server.end_on_sigterm()
    believes = {"clear_untrusted_proxy_headers": False} if "behind" in sys.argv else {}
    server = web_server.listen(application, web_server.bind("127.0.0.1", 0), threads=2, connections=100, **believes)
    print(server.effective_port, flush=True)
    server.run()
