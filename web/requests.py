"""Around every request: its origin, its connection to the database, and its line in the log."""

import logging
import time
from collections.abc import Collection, Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, abort, current_app, g, request
from peewee import DatabaseError, OperationalError
from werkzeug.middleware.proxy_fix import ProxyFix

from library import metrics, networks
from library.store import database, engine
from models import database as connection

WATCHING = ("health.healthz", "health.readyz", "health.numbers")
UNLOGGED = ("static", *WATCHING)
WITHOUT_DATABASE = (*WATCHING, "session.logout")  # say what is the matter, or go on all the same
# the endpoints of sign-in forms, and who signs in there
SIGN_INS = {
    "session.sign_in": "patron",
    "session.sign_in_by_passkey": "patron",
    "desk.session.sign_in": "staff",
    "desk.second_step.give": "staff",
}
# outcome of a form without a sign-in or a step towards one (``g.sign_in``)
OUTCOMES = {303: "refused", 422: "refused", 429: "waiting", 503: "busy"}
OF_PROXIES = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_FORWARDED",
)
log = logging.getLogger("madoguchi")


class BehindProxies:
    """Trusts the headers of ``hops`` proxies if the request comes from one of them; else removes these headers."""

    def __init__(self, application: WSGIApplication, hops: int, proxies: Collection[networks.Network]) -> None:
        self._direct, self._proxies = application, proxies if hops else ()
        self._proxied = ProxyFix(application, x_for=hops, x_proto=hops, x_host=hops)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if networks.includes(self._proxies, environ.get("REMOTE_ADDR", "")):
            return self._proxied(environ, start_response)
        for name in OF_PROXIES:
            environ.pop(name, None)
        return self._direct(environ, start_response)


def register(app: Flask) -> None:
    """Connect before each request, release the connection after it, and write its line to the log."""
    app.before_request(_connect_for_a_page)
    app.before_request(_refuse_what_nobody_types)
    app.teardown_request(_release)
    app.before_request(_note_the_time)
    app.after_request(_log)


def _refuse_what_nobody_types() -> None:
    """Abort with 404 for an address with a NUL, which no text of ours has and the engines treat differently."""
    if "\0" in request.path:
        abort(404)


def _connect_for_a_page() -> None:
    if request.endpoint != "static":
        connect()


def connect() -> None:
    """Connect to the database until the end of the request."""
    try:
        g.opened = not connection.is_closed() or connection.connect(reuse_if_open=True)
    except database.ENGINE_ERRORS as error:
        if request.endpoint in WITHOUT_DATABASE:
            return
        if isinstance(error, OperationalError):
            raise
        raise DatabaseError(engine.words(error)) from error


def _release(_: BaseException | None) -> None:
    """Release this thread's connection; in tests one connection stays open."""
    if g.pop("opened", None) and not current_app.testing:
        database.put_back()


def _note_the_time() -> None:
    g.begun = time.perf_counter()


def _log(response: Response) -> Response:
    """Log the request by its rule, never by its address, which may hold a token or a search."""
    seconds = time.perf_counter() - g.get("begun", time.perf_counter())
    metrics.requests.labels(str(response.status_code)).observe(seconds)
    metrics.rules.labels(str(request.url_rule or "")).observe(seconds)
    who, outcome = SIGN_INS.get(request.endpoint or ""), g.get("sign_in") or OUTCOMES.get(response.status_code)
    if who and outcome:
        metrics.sign_ins.labels(who, outcome).inc()
    if request.endpoint not in UNLOGGED:
        line = "request method=%s rule=%s status=%d ms=%.1f"
        log.info(line, request.method, request.url_rule, response.status_code, seconds * 1000)
    return response
