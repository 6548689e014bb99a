"""Terminals of the library: browsers that the desk marked, and listed addresses.

Any mark makes sessions short; a mark signed by the library also names the terminal when somebody guesses there.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app, request
from werkzeug.wrappers import Response as BaseResponse

from library.access import terminals
from web import cookies, errors

COOKIE, OF_CHILDREN = "terminal", "kids"
KEPT = 400 * 24 * 3600  # seconds; browsers keep nothing for longer


def is_one() -> bool:
    """Tell whether this browser is a terminal: marked, or at a listed address."""
    return is_marked() or terminals.is_listed(request.remote_addr or "")


def refused(view: Callable[..., Any]) -> Callable[..., Any]:
    """Close a view at terminals, with 403: it would leave something behind for the next reader.

    Such as a file, an address that opens without signing in, or a password that the browser remembers.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return errors.answer(403, why="terminal") if is_one() else view(*args, **kwargs)

    return guarded


def is_marked() -> bool:
    """Tell whether this browser has a terminal's mark, signed or not."""
    return bool(cookies.read(COOKIE))


def is_for_children() -> bool:
    """Tell whether this browser is a こども端末: a terminal that opens the pages for children alone."""
    return bool(cookies.read(OF_CHILDREN))


def name() -> str:
    """Return the terminal's name in its signed mark; empty without one valid in this network."""
    mark, key = cookies.read(COOKIE) or "", current_app.config["SECRET_KEY"]
    return terminals.name_in_mark(mark, request.remote_addr or "", key)


def mark(response: BaseResponse, *, for_children: bool = False) -> None:
    """Give the browser a terminal's mark, signed, with a new name."""
    if for_children:
        cookies.give(response, OF_CHILDREN, "1", max_age=KEPT)
    else:
        cookies.take_back(response, OF_CHILDREN)
    made = terminals.new_mark(request.remote_addr or "", current_app.config["SECRET_KEY"])
    cookies.give(response, COOKIE, made, max_age=KEPT)


def unmark(response: BaseResponse) -> None:
    cookies.take_back(response, COOKIE)
    cookies.take_back(response, OF_CHILDREN)
