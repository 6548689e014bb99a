"""Tell whether this browser is a terminal of the library: the desk marked it, or its address is listed.

Whatever mark there is makes a session short; one that the library signed also names the terminal, where somebody guesses.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app, request
from werkzeug.wrappers import Response as BaseResponse

from library.access import terminals
from web import cookies, errors

COOKIE = "terminal"
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
    return bool(cookies.read(COOKIE))


def name() -> str:
    """Return the name of this terminal in its signed mark; empty where it has none that is good in this network."""
    mark, key = cookies.read(COOKIE) or "", current_app.config["SECRET_KEY"]
    return terminals.name_in_mark(mark, request.remote_addr or "", key)


def mark(response: BaseResponse) -> None:
    made = terminals.new_mark(request.remote_addr or "", current_app.config["SECRET_KEY"])
    cookies.give(response, COOKIE, made, max_age=KEPT)


def unmark(response: BaseResponse) -> None:
    cookies.take_back(response, COOKIE)
