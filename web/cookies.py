"""Cookies: the session's, and those for one choice of a browser. No script reads them, no other site's form sends them.

At an https address they are Secure and of this host only (``__Host-``).
"""

import hashlib

from flask import Response, current_app, request
from flask.sessions import SecureCookieSessionInterface
from werkzeug.wrappers import Response as BaseResponse


class SignedSessions(SecureCookieSessionInterface):
    """Flask's session cookie, signed with SHA-256 instead of SHA-1."""

    digest_method = staticmethod(hashlib.sha256)


def read(name: str) -> str | None:
    return request.cookies.get(_full(name))


def give(response: Response | BaseResponse, name: str, value: str, *, max_age: int | None) -> None:
    """Set a cookie for ``max_age`` seconds; None: until the browser is closed."""
    response.set_cookie(_full(name), value, max_age=max_age, httponly=True, samesite="Lax", secure=_is_secure())


def take_back(response: Response | BaseResponse, name: str) -> None:
    response.delete_cookie(_full(name), httponly=True, samesite="Lax", secure=_is_secure())


def _full(name: str) -> str:
    return f"__Host-{name}" if _is_secure() else name


def _is_secure() -> bool:
    return current_app.config["SESSION_COOKIE_SECURE"]
