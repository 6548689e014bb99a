"""The real server on a library of its own, the least of a browser to sign in to it, and browsers that never pause.

The crowd is a process of its own (this file, as a script): raw sockets that stay open, one request after the other on
each. It costs about a tenth of what the smallest page costs the server.
"""

import contextlib
import http.client
import itertools
import json
import os
import re
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_WITHIN = 120  # seconds
END_OF_HEAD = b"\r\n\r\n"
LAST_CHUNK = b"\r\n0\r\n\r\n"
sys.path.insert(0, str(ROOT))


# -- one server, one browser -----------------------------------------------------------------------------------------
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """``make run`` on ``folder``, which is a library or empty; what it says is shown where it doesn't start."""

    def __init__(self, folder, **settings):
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 (as long as the server)
        self.folder, self.port = Path(folder), free_port()
        given = {"INSTANCE": folder, "PORT": self.port, "MAINTENANCE": ""} | settings  # it lends at any hour
        clean = {name: value for name, value in os.environ.items() if not name.startswith("MADOGUCHI_")}
        self.environment = clean | {f"MADOGUCHI_{name}": str(value) for name, value in given.items()}
        self.process = None

    def start(self) -> float:
        """Return the seconds from the start of the process to its first answered page."""
        begun = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "app.py"), "--demonstration"],
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
        )
        while time.perf_counter() - begun < START_WITHIN:
            with contextlib.suppress(ConnectionError, TimeoutError):  # a large file is looked through first
                status = ask(self.port, "GET", "/")[0]
                if status == 200:
                    return time.perf_counter() - begun
                break
            if self.process.poll() is not None:
                break
            time.sleep(0.01)
        self.log.seek(0)
        raise RuntimeError(self.log.read().decode()[-3000:])

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(20)

    def peak_memory(self) -> float:
        return peak_memory(self.process.pid)

    def processor_seconds(self) -> float:
        return processor_seconds(self.process.pid)


def ask(port, method, path, form=None, headers=()):
    """Return status, headers and text of one answer."""
    headers = dict(headers)
    if form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, urllib.parse.urlencode(form) if form is not None else None, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        connection.close()


class Browser:
    """Cookies and the token of the sign-in form; nothing else of a browser."""

    def __init__(self, server, address="127.0.0.1"):
        self.server, self.address, self.cookies, self.token = server, address, {}, None

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def ask(self, method, path, form=None, headers=()):
        headers = {"Cookie": self.cookie, "X-Forwarded-For": self.address} | dict(headers)
        status, answered, text = ask(self.server.port, method, path, form, headers)
        for line in answered.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return status, answered, text

    def open_sign_in(self, path="/login"):
        self.token = re.search(r'name="csrf_token" value="([^"]+)"', self.ask("GET", path)[2])[1]

    def sign_in(self, card, password):
        """Send the form that is open; return status, headers and text of the answer."""
        if self.token is None:
            self.open_sign_in()
        return self.ask("POST", "/login", {"csrf_token": self.token, "card": card, "password": password})

    def sign_in_at_the_desk(self, login, password):
        """From then on ``token`` is that of the forms of the desk."""
        self.open_sign_in("/desk/login")
        answer = self.ask("POST", "/desk/login", {"csrf_token": self.token, "login": login, "password": password})
        self.open_sign_in("/desk/checkout")
        return answer


# -- figures ---------------------------------------------------------------------------------------------------------
def percentile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part / 100))]


def peak_memory(pid="self") -> float:
    """Return the most memory that the process ever held, in MB; getrusage would count the process that
    started it, too.
    """
    return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def processor_seconds(pid) -> float:
    """Return the processor time of the process so far, all threads together."""
    columns = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(columns[11]) + int(columns[12])) / os.sysconf("SC_CLK_TCK")


# -- browsers that never pause ---------------------------------------------------------------------------------------
@dataclass
class Run:
    """Answers by status (``lost``: the server hung up), milliseconds of each, and how long all took."""

    statuses: dict
    milliseconds: list
    seconds: float
    processor: float = 0  # milliseconds that the server worked for one answer

    @property
    def rate(self):
        return len(self.milliseconds) / self.seconds


def measure(port, pid, requests, *, connections, seconds) -> Run:
    """Return the answers of the server of this process id to so many browsers that never pause.

    ``requests``: (method, path, headers, form or None), each in turn and again from the first.
    """
    before = processor_seconds(pid)
    command = [sys.executable, __file__, str(port), str(connections), str(seconds)]
    answer = subprocess.run(command, input=json.dumps(requests).encode(), stdout=subprocess.PIPE, check=True)
    run = Run(**json.loads(answer.stdout))
    run.processor = (processor_seconds(pid) - before) * 1000 / len(run.milliseconds)
    return run


def opening(paths, cookie="") -> list[tuple]:
    """Return the requests that open these pages, for ``measure``."""
    return [("GET", path, {"Cookie": cookie} if cookie else {}) for path in paths]


def written(port, method, path, headers, form=None) -> bytes:
    """Return a request as it goes over the line."""
    body = urllib.parse.urlencode(form).encode() if form is not None else b""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "User-Agent: Firefox (Linux)"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if form is not None:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Connection:
    """One browser that asks again as soon as it has its answer."""

    def __init__(self, port, requests):
        self.requests = requests
        self.open(port)

    def open(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.ask()

    def ask(self):
        self.received, self.expected = b"", None
        self.begun = time.perf_counter()
        self.socket.sendall(next(self.requests))

    def is_complete(self) -> bool:
        """Take what has come; tell whether that completes the answer. Raises: ConnectionError where the
        server hung up.
        """
        part = self.socket.recv(1 << 18)
        if not part:
            raise ConnectionError("the server hung up")
        self.received += part
        if self.expected is None and END_OF_HEAD in self.received:
            head = self.received.partition(END_OF_HEAD)[0]
            self.in_chunks = b"transfer-encoding: chunked" in head.lower()
            self.expected = len(head) + len(END_OF_HEAD) + _length(head)
        if self.expected is None or self.in_chunks:
            return self.expected is not None and self.received.endswith(LAST_CHUNK)
        return len(self.received) >= self.expected

    @property
    def status(self):
        return self.received[9:12].decode()

    @property
    def is_last(self):
        """If the server closes the line after this answer."""
        return b"\r\nconnection: close" in self.received.partition(END_OF_HEAD)[0].lower()


def _length(head):
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0  # as of a 304


def run(port, connections, seconds):
    """Ask what stands on standard input until the time is over."""
    requests = itertools.cycle([written(port, *each) for each in json.load(sys.stdin)])
    ready = selectors.DefaultSelector()
    begun = time.perf_counter()

    def connect():
        connection = Connection(port, requests)
        ready.register(connection.socket, selectors.EVENT_READ, connection)

    def begin_anew(connection):
        ready.unregister(connection.socket)
        connection.socket.close()
        connect()

    for _ in range(connections):
        connect()
    statuses, milliseconds = {}, []
    while (now := time.perf_counter()) - begun < seconds:
        for key, _ in ready.select(timeout=seconds):
            try:
                if key.data.is_complete():
                    milliseconds.append((time.perf_counter() - key.data.begun) * 1000)
                    statuses[key.data.status] = statuses.get(key.data.status, 0) + 1
                    if key.data.is_last:
                        begin_anew(key.data)
                    else:
                        key.data.ask()
            except OSError:
                statuses["lost"] = statuses.get("lost", 0) + 1
                begin_anew(key.data)
    return Run(statuses, milliseconds, now - begun)


if __name__ == "__main__":
    port, connections, seconds = sys.argv[1:]
    print(json.dumps(vars(run(int(port), int(connections), float(seconds)))))
