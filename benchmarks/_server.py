"""The real server on a library of its own in a temporary folder, and the least of a browser to sign in to it."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_WITHIN = 120  # seconds
sys.path.insert(0, str(ROOT))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """``make run`` on ``folder``, which is a library or empty; what it says is shown where it doesn't start."""

    def __init__(self, folder, **settings):
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 (as long as the server)
        self.folder, self.port = Path(folder), free_port()
        given = {"INSTANCE": folder, "PORT": self.port} | settings
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
        """Return the most memory that the process ever held, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024


@contextlib.contextmanager
def serving(**settings):
    """Run a server that has the demonstration and has answered once."""
    with tempfile.TemporaryDirectory(prefix="madoguchi-") as folder:
        server = Server(folder, **settings)
        try:
            server.start()
            yield server
        finally:
            server.stop()


def new_database(name) -> str:
    """Make a database on the server of ``scripts/with-postgres`` and return its address."""
    import psycopg

    server = os.environ["TEST_SERVER"]
    with psycopg.connect(server.format("postgres"), autocommit=True) as there:
        there.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0 LOCALE 'C'")
    return server.format(name)


def signed_in_cookie(server, number=1):
    """Return the cookies of a browser in which a card of the demonstration is signed in."""
    from library.demonstration.patrons import CARDS

    browser = Browser(server)
    status, _, text = browser.sign_in(CARDS[number][0], CARDS[number][1])
    if status != 303:
        raise RuntimeError(f"sign-in answered {status}: {text[:500]}")
    browser.ask("GET", "/my/")  # from now on the cookie has the token of its forms, as in any browser
    return browser.cookie


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
