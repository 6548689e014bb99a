"""館内端末: this browser becomes one, or is none any more."""

from flask import Blueprint, redirect, request, url_for

from library import policy
from library.access import terminals as listed
from web import access, entrance, htmx, terminals

bp = Blueprint("terminal", __name__)


@bp.get("")
@access.staff_required
def index() -> access.Reply:
    return htmx.page(
        "desk/terminal/index.html",
        marked=bool(terminals.name()),
        carried=terminals.is_marked(),
        address=request.remote_addr or "",
        listed=listed.is_listed(request.remote_addr or ""),
        networks=policy.get("terminals"),
    )


@bp.post("")
@access.staff_required
def mark() -> access.Reply:
    """Make this browser a terminal (``mark``: yes), or an ordinary one again."""
    response = redirect(url_for("desk.terminal.index"), 303)
    if request.form.get("mark") == "yes":
        terminals.mark(response)
        entrance.drop_mark(response)
    else:
        terminals.unmark(response)
    return response
