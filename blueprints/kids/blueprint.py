"""The blueprint of こどものさがす, its frame, and こども端末, which open nothing else."""

from typing import Any

from flask import Blueprint, abort, redirect, request, url_for

from blueprints.kids import shown
from web import access, htmx, links, terminals
from web.parts import stored_policy

bp = Blueprint("kids", __name__)
# besides the pages for children and the desk, where a terminal is made an ordinary one again
OPEN = {"static", "site.theme", "site.favicon", "site.manifest", "pictures.show", "catalog.cover"}


@bp.before_app_request
def keep_to_children() -> access.Reply | None:
    """Lead a こども端末 from every other page to こどものさがす."""
    if not terminals.is_for_children() or request.endpoint in OPEN or "desk" in request.blueprints:
        return None
    is_elsewhere = request.blueprint != "kids" and stored_policy.read().get("kids")
    return redirect(url_for("kids.index"), 303) if is_elsewhere else None


@bp.before_request
def close_where_off() -> None:
    """Answer 404 in a library that does not offer these pages."""
    if not stored_policy.read().get("kids"):
        abort(404)


@bp.context_processor
def frame() -> dict[str, Any]:
    """Return the name of the library in kana, and whether this is a こども端末."""
    name = stored_policy.read().get("library_kana")
    return {"library_kana": name, "kids_terminal": terminals.is_for_children()}


def lost() -> access.Reply:
    """Return the page of an address that leads to nothing for children: with pictures to go on by."""
    return htmx.page("kids/lost.html", 404, tiles=shown.first_tiles(shown.collection()))


def way_back(usual: str) -> str:
    """Return the page for children from which this one was opened, as its address tells; else the usual one."""
    wanted = request.args.get("from", "")
    return wanted if wanted.startswith("/kids/") and links.safe_next(wanted) else usual
