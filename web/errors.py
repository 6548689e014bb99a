"""Error pages in the house's look. They tell nothing internal, and but for that of an unknown address they ask nothing
of the database, so that they appear even if it does not answer.
"""

import logging
import secrets
from collections.abc import Iterable
from typing import Any

import peewee
from flask import Flask, current_app, g, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from library.access import parked_forms
from library.store import database, engine, server
from models import database as connection
from web import htmx, links

Answer = tuple[str, int, dict[str, str]]
log = logging.getLogger("madoguchi.errors")
FORBIDDEN, NOT_FOUND = 403, 404
STAYS = {
    "HX-Retarget": "#main",
    "HX-Reswap": "afterbegin",
    "HX-Reselect": "#not-done",
}  # a notice above the page as it is
PAGES = (400, 403, 404, 405, 410, 413, 422, 429, 500, 503)  # statuses with words of their own in errors/_words.html


def register(app: Flask) -> None:
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(peewee.OperationalError, _database)
    app.register_error_handler(peewee.InternalError, _database)
    app.register_error_handler(peewee.DataError, _value)
    app.register_error_handler(peewee.DatabaseError, _damage)
    app.register_error_handler(database.sqlite3.DatabaseError, _damage)
    app.register_error_handler(SecurityError, _host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def answer(
    status: int,
    *,
    log_id: str | None = None,
    why: str = "",
    way_on: str | None = None,
    back: str | None = None,
    again_after: str = "",
    can_repeat: bool = False,
    plain: bool = True,
    headers: dict[str, str] | Iterable[tuple[str, str]] = (),
) -> Answer:
    """Return the error page of a status; for a form sent by htmx and not saved only a notice above it.

    ``why``: a case with its own words (maintenance, moving, terminal, damage, away, in_doubt, no_room, not_lent).
    ``way_on``: the page to go on at; ``back``: the page to go back to, if nothing was typed. ``again_after``: the time
    when a form can be sent again, ``can_repeat``: at an unknown time. ``plain``: the database is not asked.
    """
    g.plain, unsaved = plain, status == 503 and request.method == "POST"
    at_desk = request.path.startswith("/desk/")
    stays = unsaved and htmx.asks_for_part()
    again = _sent(pressed=can_repeat) if (again_after or can_repeat) and not way_on else None
    body = render_template(
        "errors/stays.html" if stays else "errors/error.html",
        layout=htmx.layout(plain=plain),
        elsewhere=status == NOT_FOUND and not why and not at_desk,
        at_desk=at_desk,
        is_ours=status >= 500,
        why=why or status,
        log_id=log_id,
        way_on=way_on,
        unsaved=unsaved,
        again_after=again_after,
        again=again,
        back=None if way_on or again or (back and request.files) else back,
    )
    ours = {"Cache-Control": "no-store", "Vary": "HX-Request"} | (STAYS if stays else {})
    return body, status, ours | dict(headers)


def _sent(pressed: bool) -> dict[str, Any] | None:
    """Return address and fields, without passwords, of a form that can be sent again; None if it has files.

    ``pressed``: also a form with no fields, a mere press of a button.
    """
    if request.method != "POST" or request.files:
        return None
    if not pressed and all(parked_forms.is_secret(name) for name in request.form):
        return None
    fields = [
        pair
        for pair in request.form.items(multi=True)
        if pair[0] == "csrf_token" or not parked_forms.is_secret(pair[0])
    ]
    return {"address": links.this_address(), "fields": fields}


def _csrf(error: CSRFError) -> Answer:
    """Answer a form older than its session: reloading the page helps."""
    headers = {"HX-Refresh": "true"} if "HX-Request" in request.headers else {}
    return answer(400, headers=headers)


def _host(_: SecurityError) -> Answer:
    """Answer a request for a foreign host name, with a page of its own, as no addresses can be made."""
    body = current_app.jinja_env.get_template("errors/host.html").render()
    return body, 400, {"Cache-Control": "no-store"}


def _value(_: peewee.DataError) -> Answer:
    """Answer a value that no page of ours sends, as a NUL in a text, and that the engine refuses."""
    return answer(400)


def _http(error: HTTPException) -> Answer | HTTPException:
    if error.code is None or error.code < 400:
        return error
    known = error.code if error.code in PAGES else (500 if error.code >= 500 else 400)
    body, _, headers = answer(known, plain=known not in (FORBIDDEN, NOT_FOUND))
    headers |= {name: value for name, value in error.get_headers() if name in ("Allow", "Content-Range", "Retry-After")}
    return body, error.code, headers


def _database(error: Exception) -> Answer:
    """Answer a full disk, a lock held too long (reading goes on, nothing was saved), or an unreachable database
    server.
    """
    if engine.is_damage(error):
        return _damage(error)
    why = "in_doubt" if isinstance(error, server.InDoubt) else "" if connection.is_connection_usable() else "away"
    log_id = _logged("database", error)
    return answer(503, why=why, log_id=log_id, can_repeat=True, headers={"Retry-After": "60"})


def _damage(error: Exception) -> Answer:
    """Answer a damaged database; other errors of the engine as faults of ours."""
    if not engine.is_damage(error):
        return _unexpected(error) if connection.is_connection_usable() else _database(error)
    if watcher := current_app.extensions.get("watcher"):
        watcher.note(error)
    return answer(503, why="damage", log_id=_logged("database", error), headers={"Retry-After": "600"})


def _unexpected(error: Exception) -> Answer:
    if current_app.testing:
        raise error
    return answer(500, log_id=_logged("unexpected", error))


def _logged(what: str, error: Exception) -> str:
    log_id = secrets.token_hex(4)
    log.error("%s %s %s %s", what, log_id, request.method, request.url_rule, exc_info=error)
    return log_id
