"""What is signed with every request, with as little work as it takes."""

from copy import deepcopy
from datetime import UTC, datetime
from functools import lru_cache

import flask
from flask import current_app, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect, generate_csrf
from itsdangerous import BadSignature
from werkzeug.sansio.http import parse_cookie
from werkzeug.utils import cached_property

LONGEST_KEPT = 2_000  # letters of what a browser sends, which may be anybody's


class Request(flask.Request):
    """With cookies that are taken apart once: a browser sends the same with page after page."""

    @cached_property
    def cookies(self):
        header = self.environ.get("HTTP_COOKIE", "")
        return _cookies(header) if len(header) <= LONGEST_KEPT else super().cookies


@lru_cache(maxsize=1000)
def _cookies(header):
    return parse_cookie(header, cls=Request.dict_storage_class)


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie; what signs it is made once and not with every request."""

    def __init__(self):
        self._serializer = None

    def get_signing_serializer(self, app):
        if self._serializer is None:
            self._serializer = super().get_signing_serializer(app)
        return self._serializer

    def open_session(self, app, request):
        """What the cookie says; nothing if the signature is not ours or too old."""
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie:
            return self.session_class()
        try:
            values, signed_at = self._read(self.get_signing_serializer(app), cookie)
        except BadSignature:
            return self.session_class()
        is_old = datetime.now(UTC) - signed_at > app.permanent_session_lifetime
        return self.session_class() if is_old else self.session_class(deepcopy(values))

    def save_session(self, app, session, response):
        """Nothing where nothing changed."""
        if session.modified or session.permanent:
            super().save_session(app, session, response)
        elif session.accessed:
            other = response.headers.get("Vary")
            response.headers["Vary"] = f"{other}, Cookie" if other else "Cookie"

    @staticmethod
    @lru_cache(maxsize=1000)
    def _read(serializer, cookie):
        """A browser sends the same cookie with page after page."""
        return serializer.loads(cookie, return_timestamp=True)


class Forms(CSRFProtect):
    """Flask-WTF's check of what is sent, which looks through what is exempt for each page that is only read."""

    def protect(self, apply_exemptions=False):
        if request.method in current_app.config["WTF_CSRF_METHODS"]:
            super().protect(apply_exemptions)


def form_token() -> str:
    """The token of this browser's forms: one for as long as its session keeps the secret behind it."""
    return _token_of(session["csrf_token"]) if "csrf_token" in session else generate_csrf()


@lru_cache(maxsize=1000)
def _token_of(_secret):
    """Signed once for each secret; that it tells an old time matters nothing, as it has no limit (WTF_CSRF_TIME_LIMIT)."""
    return generate_csrf()
