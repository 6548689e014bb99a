"""One page at a time: threads that contend for one interpreter lose a third of it (docs/adr/0043-turnstile.md)."""

import threading

PATIENCE = 0.05  # seconds


class Turnstile:
    """A WSGI application that lets one reading request through at a time, and anybody who has waited long enough.

    So whoever is stuck inside, at a lock of the database or anything else, costs the others ``PATIENCE`` and no more.
    Forms pass beside it: they hash passwords and wait for locks, which needs no interpreter.
    """

    def __init__(self, app):
        self._app = app
        self._free = threading.Lock()

    def __call__(self, environ, start_response):
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._app(environ, start_response)
        first = self._free.acquire(timeout=PATIENCE)
        try:
            return self._app(environ, start_response)
        finally:
            if first:
                self._free.release()
