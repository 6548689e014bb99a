"""A real server process for tests, on an instance folder of its own."""

import contextlib
import http.client
import itertools
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

from tests import forks, libraries

ROOT = Path(__file__).resolve().parents[1]
SOURCE = (sys.executable, "-W", "error", "-W", "ignore::ResourceWarning", str(ROOT / "app.py"))
START_WITHIN = 60  # seconds
STOP_WITHIN = 15


def _ports():
    """Yield the ports of this worker in any order, so that none is given to two who will listen a moment later. They
    lie below those that the system gives to connections, and above the last to which Chromium refuses to go.
    """
    worker, workers = os.environ.get("PYTEST_XDIST_WORKER", "gw0"), os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")
    ours = range(10_100 + int(worker.removeprefix("gw")), 32_000, int(workers))
    return itertools.cycle(random.sample(ours, len(ours)))


_PORTS = _ports()


def free_port():
    """Return a port at which nobody listens, another one each time."""
    for port in _PORTS:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is left")


def environment(instance, **settings):
    """The settings of a process: nothing of the machine's own leaks in."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MADOGUCHI_")}
    if "DATABASE_URL" not in settings:
        settings |= libraries.settings(instance)
    return (
        clean
        | {"MADOGUCHI_INSTANCE": str(instance), "MADOGUCHI_MAINTENANCE": ""}
        | {f"MADOGUCHI_{n}": str(v) for n, v in settings.items()}
    )


def start(instance, *, program=None, arguments=("--demonstration",), around=None, **settings):
    """The server's process, as ``make run`` starts it; it may refuse to serve. Its log is ``stderr.log`` beside the
    instance folder. With a ``program`` or variables ``around`` it, the interpreter begins anew; else the process is
    forked (tests/forks.py), which is much quicker.
    """
    path = Path(instance).parent / "stderr.log"
    if not program and not around and "PROCESSES" not in settings:
        return forks.Process(forks.serve, *arguments, env=environment(instance, **settings), log=path)
    program = program or SOURCE
    with path.open("ab") as log:
        return subprocess.Popen(
            [*program, *arguments],
            env=environment(instance, **settings) | (around or {}),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )


def refusal(instance, *arguments, **settings):
    """Return the words of a service that is refused; they must be one clear sentence, with status 1."""
    log = instance.parent / "stderr.log"
    log.unlink(missing_ok=True)
    settings = {"PORT": free_port()} | settings
    process = forks.Process(forks.serve, *arguments, env=environment(instance, **settings), log=log)
    said, _ = process.communicate(timeout=30)
    error = log.read_text()
    assert process.returncode == 1
    assert said == ""
    assert "Traceback" not in error
    sentence = [line for line in error.splitlines() if line.startswith("madoguchi: ")]
    assert len(sentence) == 1, error
    return sentence[0]


class Running:
    """A server that answers."""

    def __init__(self, instance, port, process):
        self.instance, self.port, self.process = Path(instance), port, process
        self.address = f"http://127.0.0.1:{port}"

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_WITHIN)


@contextlib.contextmanager
def running(instance, **settings):
    port = settings.pop("PORT", None) or free_port()
    process = start(instance, PORT=port, **settings)
    server = Running(instance, port, process)
    try:
        _wait_for(process, port, Path(instance).parent / "stderr.log")
        yield server
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()


def _wait_for(process, port, log):
    """The address is printed once the port is bound; from then on a request is answered. ``log``: what the server
    complains to.
    """
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until:
        line = process.stdout.readline()
        if f":{port}/" in line:
            return
        if not line and process.poll() is not None:
            raise AssertionError(f"the server ended with {process.returncode}: {log.read_text()[-2000:]}")
    raise AssertionError("the server did not start")


class Visitor:
    """The least of a browser over a real connection: cookies, the form's token, no redirects followed."""

    def __init__(self, server):
        self.server = server
        self.cookies = {}

    def ask(self, method, path, form=None, headers=()):
        line = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        try:
            sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} | dict(headers)
            body = urllib.parse.urlencode(form) if form is not None else None
            if body is not None:
                sent["Content-Type"] = "application/x-www-form-urlencoded"
            line.request(method, path, body, sent)
            answer = line.getresponse()
            text = answer.read().decode()
        finally:
            line.close()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text, answer.headers

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, form, page=None):
        """Send a form with the token of ``page`` (by default the page at the same address)."""
        _, text, _ = self.get(page or path)
        token = re.search(r'name="csrf_token" value="([^"]+)"', text)[1]
        return self.ask("POST", path, form | {"csrf_token": token})

    def sign_in(self, card, password):
        return self.post("/login", {"card": card, "password": password})
