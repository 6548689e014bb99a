"""窓口: the branch of this desk, its member of staff, and the input of its scanner."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypedDict

from flask import abort, g, request
from flask_login import current_user

from library import clock
from library.counting import waiting
from library.lending import items
from library.numbers import cards
from models import Branch, Item, Patron
from web import cookies, htmx
from web.parts import stored_policy

COOKIE = "desk-branch"
LONGEST_SCAN = 100


class Acting(TypedDict):
    """The arguments of a rule that staff carry out."""

    by: str
    now: datetime


def actor() -> str:
    """Return the signed-in member of staff as rules and the log of operations name them: ``staff:login``."""
    return f"staff:{current_user.staff.login}"


def acting() -> Acting:
    """Return the arguments ``by`` and ``now`` of rules."""
    return {"by": actor(), "now": clock.now()}


# -- the branch ------------------------------------------------------------------------------------------------------
def branch() -> Branch | None:
    """Return the branch chosen on this machine, else the first; None if the library has none."""
    if "desk_branch" not in g:
        every = stored_policy.branches_in_order()
        chosen = [row for row in every if str(row.id) == cookies.read(COOKIE)]
        g.desk_branch = (chosen or every or [None])[0]
    return g.desk_branch


def here() -> Branch:
    """Return the branch of this desk, in a view that is marked ``at_a_branch``."""
    return branch() or abort(409)


def work() -> dict[str, waiting.Work]:
    """Return the work that waits at this desk, as it was at the request's first call; nothing without a branch."""
    if "desk_work" not in g:
        here = branch()
        g.desk_work = waiting.at(here, rules=stored_policy.read(), now=clock.now()) if here else {}
    return g.desk_work


def at_a_branch(view: Callable) -> Callable:
    """Mark a view that needs a branch; without one it answers with a page that asks for it (409)."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if branch() is None:
            return htmx.page("desk/no_branch.html", 409)
        return view(*args, **kwargs)

    return guarded


# -- scans -----------------------------------------------------------------------------------------------------------
def scanned(name: str) -> str:
    """Return one line from a scanner or a keyboard, without its ending."""
    return "".join(letter for letter in request.form.get(name, "")[:LONGEST_SCAN] if letter.isprintable()).strip()


def patron_of(card: str) -> Patron | None:
    """Return the patron with this card; None if there is none, or two are possible."""
    return cards.by_number(card, stored_policy.number_forms("card"), at_desk=True) if card else None


def copy_of(barcode: str) -> Item | None:
    """Return the copy with this barcode; None if there is none, or two are possible."""
    return items.by_barcode(barcode, stored_policy.number_forms("item")) if barcode else None


def time_of_day() -> str:
    """Return the time now as 9:05."""
    now = clock.local(clock.now())
    return f"{now.hour}:{now.minute:02}"
