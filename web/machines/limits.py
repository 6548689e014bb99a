"""Limits on crawlers and other programs, by address (IPv6: its /64): beyond them 429, without asking the database.

Exempt are the addresses of API_ALLOW, terminals, networks of the desk, and signed-in browsers. The lists of terminals
and networks are reread from time to time, during a request within the limits.
"""

from functools import lru_cache
from math import ceil

from flask import Flask, Response, current_app, request, session
from flask_login import current_user

from library import clock, networks
from library.access.flow import Counter, Limit
from web import errors, terminals
from web.parts import stored_policy

SEARCH, SUGGEST = Limit("search", 10), Limit("suggest", 40)
LIMITS = {
    "search": SEARCH,
    "suggest": SUGGEST,
    "oai": Limit("oai", 5),
    "sru": Limit("sru", 5),
    "isbn": Limit("isbn", 20),
}
OTHER_PAGES = ("/search/advanced",)  # below a limited address, and no search
FRESH = 60  # seconds for which the lists of the library's own networks are good
REFUSED = "Too many requests. See Retry-After.\n"


def register(app: Flask) -> None:
    app.extensions["flow"] = counter = Counter()
    own = _OwnNetworks()

    @app.before_request
    def refuse() -> Response | errors.Answer | None:
        limit, address = _limit(request.path), request.remote_addr or ""
        if limit is None or networks.includes(_parsed(current_app.config["API_ALLOW"]), address):
            return None
        seconds = counter.wait(limit, networks.household(address), now=clock.now().timestamp())
        if not seconds:
            own.refresh(app)
            return None
        return None if own.include(app, address) or _is_known() else _refusal(limit, ceil(seconds))


def _limit(path: str) -> Limit | None:
    """Return the limit of an address: /search and /search.csv have one, /search/advanced has none."""
    name = path[1:].partition("/")[0].partition(".")[0]
    return None if path in OTHER_PAGES else LIMITS.get(name)


_parsed = lru_cache(networks.parse)


class _OwnNetworks:
    """The networks of terminals and desk, a minute old at most."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[float, list[str]]] = {}  # of each library: an application of the tests has several

    def refresh(self, app: Flask) -> None:
        now = clock.now().timestamp()
        read_at, _ = self._read.get(app.config["DATABASE_URL"], (0, []))
        if abs(now - read_at) > FRESH:
            lists = stored_policy.read().several("terminals", "desk_networks")
            self._read = {app.config["DATABASE_URL"]: (now, [*lists["terminals"], *lists["desk_networks"]])}

    def include(self, app: Flask, address: str) -> bool:
        return networks.is_listed(address, self._read.get(app.config["DATABASE_URL"], (0, []))[1])


def _is_known() -> bool:
    """Tell whether this browser is a marked terminal or signed in; without our cookies the database is not asked."""
    return bool(terminals.name() or (session.get("_user_id") and current_user.is_authenticated))


def _refusal(limit: Limit, seconds: int) -> Response | errors.Answer:
    headers = {"Retry-After": str(seconds)}
    if limit is SEARCH:
        return errors.answer(429, headers=headers)
    return Response(REFUSED, 429, headers | {"Cache-Control": "no-store"}, mimetype="text/plain")
