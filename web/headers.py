"""Headers of every response: sources a browser may load, targets of redirects, caching."""

from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Response, current_app, g, request, session
from werkzeug.wrappers import Response as BaseResponse

from library.store import database
from web import terminals

CONTENT_SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; object-src 'none'"
)
NOTHING = (
    "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; sandbox"  # for a stranger's file
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # as frame-ancestors above, for browsers that do not know it
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
CLEARED = "cleared"  # in the cookie: the session that was over, after whose end this browser was told to forget
TRANSPORT_SECURITY = {"Strict-Transport-Security": "max-age=31536000"}


def register(app: Flask) -> None:
    """Set the headers on every response of the application."""
    headers = HEADERS | (TRANSPORT_SECURITY if app.config["SESSION_COOKIE_SECURE"] else {})

    @app.after_request
    def set_headers(response: Response) -> Response:
        own = response.headers.get("Content-Security-Policy")
        response.headers.update(headers)
        if own == NOTHING:  # stricter; whatever else a view says does not count
            response.headers["Content-Security-Policy"] = own
        return response

    app.after_request(_clear_dead)
    app.after_request(_stay_on_this_site)
    app.after_request(_limit_storing)


def clear(response: BaseResponse) -> None:
    """Have the browser forget cached pages; at a terminal all storage of this site, which elsewhere is the patron's
    own.
    """
    try:
        at_terminal = terminals.is_one()
    except database.UNREADABLE:
        at_terminal = True  # nobody can say: rather too much than too little
    response.headers["Clear-Site-Data"] = '"cache", "storage"' if at_terminal else '"cache"'


def _clear_dead(response: Response) -> Response:
    """Clear with the first response after a session ended."""
    if g.get("dead_session") and session.get(CLEARED) != g.dead_session:
        session[CLEARED] = g.dead_session
        clear(response)
    return response


def _stay_on_this_site(response: Response) -> Response:
    """Remove the host from a redirect to the same address with a slash: it is whatever the browser sent as Host."""
    if response.status_code == 308 and response.location:
        address = urlsplit(response.location)
        response.location = urlunsplit(("", "", f"/{address.path.lstrip('/')}", address.query, ""))
    return response


def _limit_storing(response: Response) -> Response:
    """Forbid storing private pages, and have others revalidated; static files have their own header."""
    if "Cache-Control" not in response.headers and request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store" if _is_private(response) else "no-cache"
    return response


def _is_private(response: Response) -> bool:
    has_session = current_app.config["SESSION_COOKIE_NAME"] in request.cookies
    return has_session or session.modified or "Set-Cookie" in response.headers
