"""The threads of the server and its log."""

import io
import logging
import socket
import threading

import pytest
from waitress.adjustments import Adjustments

import serving


class Task:
    """A request that is served when it is told to."""

    def __init__(self, open=True):
        self.begun, self.leave, self.done = threading.Event(), threading.Event(), threading.Event()
        self.cancelled, self.thread = False, None
        if open:
            self.leave.set()

    def service(self):
        self.thread = threading.current_thread()
        self.begun.set()
        assert self.leave.wait(10)
        self.done.set()

    def cancel(self):
        self.cancelled = True


class Failing(Task):
    def service(self):
        super().service()
        raise RuntimeError("a page that fails")


@pytest.fixture
def workers():
    workers = serving.Workers(3)
    workers.start()
    yield workers
    workers.shutdown()


def served(workers, *tasks):
    for task in tasks:
        workers.add_task(task)
    assert all(task.done.wait(10) for task in tasks)
    return tasks


def test_one_thread_serves_what_comes(workers):
    tasks = [served(workers, Task())[0] for _ in range(20)]
    assert len({task.thread for task in tasks}) == 1


def test_a_request_that_is_held_up_holds_up_nobody(workers):
    stuck = [Task(open=False), Task(open=False)]
    for task in stuck:
        workers.add_task(task)
    assert all(task.begun.wait(10) for task in stuck)
    served(workers, *(Task() for _ in range(50)))
    for task in stuck:
        task.leave.set()
    assert all(task.done.wait(10) for task in stuck)
    served(workers, *(Task() for _ in range(50)))


def test_as_many_can_be_held_up_as_there_are_threads(workers):
    stuck = [Task(open=False) for _ in range(3)]
    for task in stuck:
        workers.add_task(task)
    assert all(task.begun.wait(10) for task in stuck)
    waiting = Task()
    workers.add_task(waiting)
    assert not waiting.begun.wait(serving.PATIENCE * 3)
    stuck[1].leave.set()
    assert waiting.done.wait(10)
    for task in stuck:
        task.leave.set()


def test_requests_from_many_sides_are_all_served(workers):
    tasks = [Task() for _ in range(800)]
    sides = [
        threading.Thread(target=lambda part=part: [workers.add_task(t) for t in tasks[part::8]]) for part in range(8)
    ]
    for side in sides:
        side.start()
    assert all(task.done.wait(10) for task in tasks)


def test_a_request_that_fails_is_told_and_the_thread_goes_on(workers, caplog):
    served(workers, Failing())
    served(workers, Task())
    assert "a page that fails" in caplog.text


def test_what_was_begun_is_finished_and_what_was_not_is_cancelled():
    workers = serving.Workers(1)
    workers.start()
    begun, waiting = Task(open=False), Task()
    workers.add_task(begun)
    assert begun.begun.wait(10)
    workers.add_task(waiting)
    leaving = threading.Thread(target=workers.shutdown)
    leaving.start()
    begun.leave.set()
    leaving.join(10)
    assert begun.done.is_set() and not begun.cancelled
    assert waiting.cancelled and not waiting.begun.is_set()


def test_who_is_relieved_puts_back_what_was_kept():
    rested = []
    workers = serving.Workers(2, rest=lambda: rested.append(threading.current_thread()))
    workers.start()
    stuck = Task(open=False)
    workers.add_task(stuck)
    assert stuck.begun.wait(10)
    served(workers, Task())  # by somebody else
    rested.clear()
    stuck.leave.set()
    workers.shutdown()
    assert stuck.thread in rested


def test_who_can_not_put_back_what_was_kept_goes_on_all_the_same(caplog):
    def rest():
        raise RuntimeError("kept for good")

    workers = serving.Workers(1, rest)
    workers.start()
    served(workers, *(Task() for _ in range(5)))
    assert "kept for good" in caplog.text
    workers.shutdown()


# -- over real lines ------------------------------------------------------------------------------------------------
LINES = b"".join(b"%09d\n" % number for number in range(800_000))
LARGE = 40 * 1024 * 1024  # more than waitress keeps for a browser that doesn't read


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/fails":
        raise RuntimeError("a page that fails")
    if path == "/nothing":
        start_response("204 No Content", [])
        return []
    if path == "/dated":
        start_response("200 OK", [("Content-Length", "4"), ("Date", "Tue, 24 Nov 2026 00:00:00 GMT")])
        return [b"page"]
    if path == "/bare":
        start_response("200 OK", [])
        return [b"page"]
    if path == "/bare-file":
        start_response("200 OK", [])
        return environ["wsgi.file_wrapper"](io.BytesIO(b"book"))
    if path == "/lines":
        start_response("200 OK", [("Content-Length", str(len(LINES)))])
        return (LINES[at : at + 65536] for at in range(0, len(LINES), 65536))
    if path == "/file":
        start_response("200 OK", [("Content-Length", "4")])
        return environ["wsgi.file_wrapper"](io.BytesIO(b"book"))
    if path == "/large":
        start_response("200 OK", [("Content-Length", str(LARGE))])
        return (b"x" * 65536 for _ in range(LARGE // 65536))
    if path == "/parts":
        start_response("200 OK", [])
        return iter([b"one ", b"two"])
    start_response("200 OK", [("Content-Length", "4")])
    return [b"page"]


@pytest.fixture
def listening(monkeypatch):
    """A server with one thread at work; what it sent, and what connects a browser to it."""
    sent, browsers = [], []

    class Line(serving.Line):
        def send(self, data, do_close=True):
            sent.append(bytes(data))
            return super().send(data, do_close)

    monkeypatch.setattr(serving, "Line", Line)
    server = serving.listen(application, 1, host="127.0.0.1", port=0)
    workers = server.task_dispatcher
    workers.start()

    def connect():
        browsers.append(socket.create_connection(("127.0.0.1", server.effective_port), timeout=20))
        return browsers[-1]

    yield sent, connect
    workers.shutdown()
    for each in (*browsers, *workers.lines.values()):
        each.close()


def ask(browser, path, more=""):
    browser.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n{more}\r\n".encode())


def answer(browser, end):
    received = b""
    while not received.endswith(end):
        part = browser.recv(65536)
        assert part, received
        received += part
    return received


def test_the_head_of_an_answer_leaves_with_the_first_of_its_body(listening):
    sent, connect = listening
    browser = connect()
    for path, end in (("/", b"page"), ("/nothing", b"\r\n\r\n"), ("/fails", b"(generated by server)")):
        ask(browser, path)
        assert answer(browser, end).count(b"HTTP/1.1 ") == 1
        assert len(sent) == 1, path
        sent.clear()
        browser = connect() if path == "/nothing" else browser


@pytest.mark.parametrize(
    "path, more", [("/", ""), ("/dated", ""), ("/bare", ""), ("/bare-file", ""), ("/", "Connection: close\r\n")]
)
def test_an_answer_says_its_length_and_its_day_once(listening, path, more):
    _, connect = listening
    ask(browser := connect(), path, more)
    head = answer(browser, b"book" if path == "/bare-file" else b"page").partition(b"\r\n\r\n")[0].decode()
    names = [line.partition(":")[0].lower() for line in head.split("\r\n")[1:]]
    assert head.startswith("HTTP/1.1 200 OK\r\n")
    assert sorted(names) == sorted(["content-length", "date", *(["connection"] if more else [])])
    assert "\r\nContent-Length: 4\r\n" in f"{head}\r\n"
    if path == "/dated":
        assert "Date: Tue, 24 Nov 2026 00:00:00 GMT" in head


def test_answers_in_parts_and_of_files_are_whole(listening):
    _, connect = listening
    ask(browser := connect(), "/file")
    assert answer(browser, b"book").count(b"HTTP/1.1 200") == 1
    ask(browser := connect(), "/parts")
    assert answer(browser, b"0\r\n\r\n").endswith(b"4\r\none \r\n3\r\ntwo\r\n0\r\n\r\n")


def test_several_requests_at_once_are_answered_in_their_order(listening):
    _, connect = listening
    browser = connect()
    browser.sendall(b"GET /file HTTP/1.1\r\nHost: x\r\n\r\n" * 5 + b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    received = answer(browser, b"page")
    assert received.count(b"HTTP/1.1 200") == 6 and received.count(b"book") == 5


def test_what_can_not_be_read_is_refused(listening):
    _, connect = listening
    browser = connect()
    browser.sendall(b"GET / HTTP/1.1\r\nHost : x\r\n\r\n")
    assert answer(browser, b"(generated by server)").startswith(b"HTTP/1.0 400")


def test_who_does_not_read_holds_up_the_others_only_until_somebody_does(listening):
    _, connect = listening
    slow, other = connect(), connect()
    ask(slow, "/large", more="Connection: close\r\n")
    head = slow.recv(1024)  # begun
    ask(other, "/")
    received = len(head.partition(b"\r\n\r\n")[2])
    while part := slow.recv(1 << 20):
        received += len(part)
    assert received == LARGE
    assert answer(other, b"page").count(b"HTTP/1.1 200") == 1


def test_who_reads_slowly_gets_everything_in_its_order(listening):
    _, connect = listening
    ask(slow := connect(), "/lines", more="Connection: close\r\n")
    received, part = b"", slow.recv(4096)
    while part:
        received, part = received + part, slow.recv(100_000)
    assert received.partition(b"\r\n\r\n")[2] == LINES


class Paper:
    def __init__(self):
        self.text, self.written = "", threading.Event()

    def write(self, text):
        self.text += text

    def flush(self):
        if self.text:
            self.written.set()


@pytest.fixture
def log():
    handler = serving.Log()
    handler.setStream(Paper())
    log = logging.Logger("test")
    log.addHandler(handler)
    log.paper = handler.stream
    return log


def test_lines_are_written_soon(log):
    log.info("a page")
    log.info("another page")
    assert log.paper.written.wait(10)
    assert log.paper.text == "a page\nanother page\n"


def test_a_full_disk_stops_the_log_and_nobody_else(log, monkeypatch):
    log.paper.write = lambda text: (_ for _ in ()).throw(OSError("no room"))
    log.warning("lost")
    del log.paper.write
    log.warning("written again")
    assert log.paper.text == "written again\n"


def test_a_warning_is_written_at_once_after_what_was_said_before(log):
    log.info("a page")
    log.warning("the disk is full")
    assert log.paper.text == "a page\nthe disk is full\n"


# -- what is too large -----------------------------------------------------------------------------------------------
def parsed(length, *parts):
    """A parser that was handed a request with a body of this length, as far as it came."""
    parser = serving.Parser(Adjustments(max_request_body_size=1_000))
    head = f"POST /desk/import HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode()
    assert parser.received(head) == len(head)
    for part in parts:
        assert parser.received(part) == len(part)
    return parser


def test_a_body_that_is_too_large_is_let_go_of_and_the_application_asked_without_it():
    assert not parsed(5_000).completed and not parsed(5_000, b"x" * 4_999).completed
    parser = parsed(5_000, b"x" * 3_000, b"x" * 2_000)
    assert parser.completed and parser.error is None
    assert (parser.headers["CONTENT_LENGTH"], parser.get_body_stream().read()) == ("5000", b"")


def test_what_comes_after_it_is_the_next_request():
    parser = parsed(5_000)
    assert parser.received(b"x" * 5_000 + b"GET / HTTP/1.1") == 5_000 and parser.completed


def test_nobody_is_listened_to_for_ever():
    assert parsed(serving.LET_GO + 1).error and parsed(serving.LET_GO + 1).completed


def test_a_body_of_a_size_that_is_taken_is_read():
    assert parsed(500, b"x" * 500).get_body_stream().read() == b"x" * 500
