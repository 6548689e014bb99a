"""A cheap load generator in a process of its own: raw sockets that stay open, one request after the other on each.

    .venv/bin/python benchmarks/_load.py PORT "PATH [PATH …]" [--connections 8] [--seconds 3] [--cookie session=…]

``measure()`` runs it and gives what it saw, ``measure_requests()`` with requests of all kinds, which come on standard input for
the PATH ``-``. It costs about a tenth of what the smallest page costs the server.
"""

import argparse
import itertools
import json
import os
import selectors
import socket
import subprocess
import sys
import time
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

END_OF_HEAD = b"\r\n\r\n"
LAST_CHUNK = b"\r\n0\r\n\r\n"


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


def measure(port, pid, path, *, connections, seconds, cookie="") -> Run:
    """Return what the server of this process id answers to so many browsers that never pause; of several paths each in turn."""
    arguments = ["--connections", str(connections), "--seconds", str(seconds), "--cookie", cookie]
    before = processor_seconds(pid)
    answer = subprocess.run([sys.executable, __file__, str(port), path, *arguments], stdout=subprocess.PIPE, check=True)
    run = Run(**json.loads(answer.stdout))
    run.processor = (processor_seconds(pid) - before) * 1000 / len(run.milliseconds)
    return run


def measure_requests(port, requests, *, connections, seconds) -> Run:
    """Return the same of these requests: (method, path, headers, form or None), each in turn and again from the first."""
    arguments = ["--connections", str(connections), "--seconds", str(seconds)]
    command = [sys.executable, __file__, str(port), "-", *arguments]
    answer = subprocess.run(command, input=json.dumps(requests).encode(), stdout=subprocess.PIPE, check=True)
    return Run(**json.loads(answer.stdout))


def written(port, method, path, headers, form=None) -> bytes:
    """Return a request as it goes over the line."""
    body = urllib.parse.urlencode(form).encode() if form is not None else b""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "User-Agent: Firefox (Linux)"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if form is not None:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def processor_seconds(pid) -> float:
    """Return what the process has had of the processor so far, all threads together."""
    columns = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(columns[11]) + int(columns[12])) / os.sysconf("SC_CLK_TCK")


def percentile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part / 100))]


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
        """Take what has come; tell whether that completes the answer. Raises: ConnectionError where the server hung up."""
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


def _length(head):
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0  # as of a 304


def run(port, path, connections, seconds, cookie):
    headers = {"Cookie": cookie} if cookie else {}
    asked = json.load(sys.stdin) if path == "-" else [("GET", each, headers) for each in path.split()]
    requests = itertools.cycle([written(port, *each) for each in asked])
    ready = selectors.DefaultSelector()
    begun = time.perf_counter()

    def connect():
        connection = Connection(port, requests)
        ready.register(connection.socket, selectors.EVENT_READ, connection)

    for _ in range(connections):
        connect()
    statuses, milliseconds = {}, []
    while (now := time.perf_counter()) - begun < seconds:
        for key, _ in ready.select(timeout=seconds):
            try:
                if key.data.is_complete():
                    milliseconds.append((time.perf_counter() - key.data.begun) * 1000)
                    statuses[key.data.status] = statuses.get(key.data.status, 0) + 1
                    key.data.ask()
            except OSError:
                statuses["lost"] = statuses.get("lost", 0) + 1
                ready.unregister(key.fileobj)
                connect()
    return Run(statuses, milliseconds, now - begun)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("path")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--cookie", default="")
    print(json.dumps(vars(run(**vars(parser.parse_args())))))


if __name__ == "__main__":
    main()
