"""館内端末, こども端末: this browser becomes one, or is none any more."""

from flask import Blueprint, request

from library import policy
from library.access import terminals as listed
from web import access, entrance, flash, htmx, terminals

bp = Blueprint("terminal", __name__)
PAGE = "desk.terminal.index"


@bp.get("")
@access.staff_required
def index() -> access.Reply:
    return htmx.page(
        "desk/terminal/index.html",
        messages=flash.take(PAGE),
        marked=bool(terminals.name()),
        carried=terminals.is_marked(),
        for_children=terminals.is_for_children(),
        kids=policy.get("kids"),
        address=request.remote_addr or "",
        listed=listed.is_listed(request.remote_addr or ""),
        networks=policy.get("terminals"),
    )


@bp.post("")
@access.staff_required
def mark() -> access.Reply:
    """Make this browser a terminal (``mark``: yes), a こども端末 (kids), or an ordinary one again."""
    kind = request.form.get("mark")
    response = flash.leave(PAGE, done={"yes": "marked", "kids": "marked_for_children"}.get(kind or "", "unmarked"))
    if kind in ("yes", "kids"):
        terminals.mark(response, for_children=kind == "kids")
        entrance.drop_mark(response)
    else:
        terminals.unmark(response)
    return response
