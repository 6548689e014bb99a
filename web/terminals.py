"""Tell whether this browser is a terminal of the library: the desk marked it, or its address is listed.

The mark is no secret. Who forges it is signed out sooner, and sees less.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, current_app, request

from library.access import terminals
from web import errors

KEPT = 400 * 24 * 3600  # seconds; browsers keep nothing for longer


def is_one() -> bool:
    return is_marked() or terminals.is_listed(request.remote_addr or "")


def refused(view: Callable[..., Any]) -> Callable[..., Any]:
    """Close a view at terminals: for what would stay at a terminal for whoever comes next: a file, an address that opens without signing in, a password that
    the browser remembers.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return errors.answer(403, why="terminal") if is_one() else view(*args, **kwargs)

    return guarded


def is_marked() -> bool:
    return request.cookies.get(_cookie()) == "1"


def mark(response: Response) -> None:
    response.set_cookie(_cookie(), "1", max_age=KEPT, httponly=True, samesite="Lax", secure=_is_secure())


def unmark(response: Response) -> None:
    response.delete_cookie(_cookie(), httponly=True, samesite="Lax", secure=_is_secure())


def _cookie() -> str:
    return "__Host-terminal" if _is_secure() else "terminal"


def _is_secure() -> bool:
    return current_app.config["SESSION_COOKIE_SECURE"]
