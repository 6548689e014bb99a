"""Around every request: its connection to the database, and its line in the log."""

import logging
import time

from flask import Flask, Response, current_app, g, request

from library import metrics
from library.store import database
from models import database as connection

WATCHING = ("health.healthz", "health.readyz", "health.numbers")
UNLOGGED = ("static", *WATCHING)
SIGN_INS = {"session.sign_in": "patron", "desk.session.sign_in": "staff"}  # forms, and who comes in by them
OUTCOMES = {303: "in", 422: "refused", 429: "waiting", 503: "busy"}
log = logging.getLogger("madoguchi")


def register(app: Flask) -> None:
    """Connect before each request and release the connection after it; write one line for each to the log."""
    app.before_request(_connect)
    app.teardown_request(_release)
    app.before_request(_note_the_time)
    app.after_request(_log)


def _connect() -> None:
    if request.endpoint != "static":
        try:
            g.opened = not connection.is_closed() or connection.connect(reuse_if_open=True)
        except database.ENGINE_ERRORS:
            if request.endpoint not in WATCHING:  # these say what is the matter
                raise


def _release(_: BaseException | None) -> None:
    """Release this thread's connection. Tests have one for all, which stays open."""
    if g.pop("opened", None) and not current_app.testing:
        database.put_back()


def _note_the_time() -> None:
    g.begun = time.perf_counter()


def _log(response: Response) -> Response:
    """Name the request by its rule, never by its address, which may hold a token or a search."""
    seconds = time.perf_counter() - g.get("begun", time.perf_counter())
    metrics.requests.labels(str(request.url_rule or ""), str(response.status_code)).observe(seconds)
    who, outcome = SIGN_INS.get(request.endpoint or ""), OUTCOMES.get(response.status_code)
    if who and outcome:
        metrics.sign_ins.labels(who, outcome).inc()
    if request.endpoint not in UNLOGGED:
        line = "request method=%s rule=%s status=%d ms=%.1f"
        log.info(line, request.method, request.url_rule, response.status_code, seconds * 1000)
    return response
