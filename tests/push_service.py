"""A push service of our own on loopback: takes pushes, reads them as the device of RFC 8291 does, and can be in a bad
mood.

with push_service.running() as service: factories.phone(patron, endpoint=service.address("a"), due=True)
"""

import json
import os
import signal
import threading
from base64 import urlsafe_b64decode
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec

from tests import factories

PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"  # of the device in tests/factories.py


def bytes_of(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def key_of(text):
    return ec.derive_private_key(int.from_bytes(bytes_of(text), "big"), ec.SECP256R1())


def read(body):
    """Return the text that a device reads."""
    return http_ece.decrypt(
        body, private_key=key_of(PRIVATE), auth_secret=bytes_of(factories.PHONE_SECRET), version="aes128gcm"
    )


class Service:
    """``status``: what it answers; ``kill``: (after how many, pid file) of a sender that is killed, before or after the
    answer.
    """

    def __init__(self, server):
        self._server = server
        self.status, self.headers = 201, {}
        self.kill, self.before = None, False
        self.taken = []  # (path, headers, told)
        self.asked = 0
        self._turn = threading.Lock()

    def address(self, name):
        return f"http://127.0.0.1:{self.port}/{name}"

    @property
    def port(self):
        return self._server.server_address[1]

    def accepted(self):
        """The pushes as a mail server tells of its mails."""
        return [{"message_id": f"<{headers['Topic']}@example.jp>"} for _, headers, _ in self.taken]

    def connections(self):
        """Each push has a line of its own."""
        return [1]

    def take(self, handler):
        """Take one push at a time: who is to be killed after this one sends no other meanwhile."""
        with self._turn:
            self._take(handler)

    def _take(self, handler):
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.asked += 1
        kills = self.kill and self.asked % self.kill[0] == 0
        if 200 <= self.status < 300:
            self.taken.append((handler.path, dict(handler.headers), json.loads(read(body))))
        if kills and self.before:
            self._kill()
            return
        handler.send_response(self.status)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        if kills:
            handler.wfile.flush()
            self._kill()

    def _kill(self):
        os.kill(int(Path(self.kill[1]).read_text()), signal.SIGKILL)


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.service.take(self)

    def log_message(self, *words):
        pass


@contextmanager
def running():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.service = service = Service(server)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
