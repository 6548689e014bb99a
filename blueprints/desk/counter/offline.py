"""非常用の窓口: lending in a browser while the server is down, and its installation by an admin."""

from pathlib import Path

from flask import Blueprint, Response, abort, current_app, send_file
from flask_login import current_user

from library import audit, clock
from library.offline import entries, list as offline_list
from library.store import database
from web import access, htmx, terminals
from web.desk import counter
from web.parts import offline

bp = Blueprint("offline", __name__)


@bp.get("")
@access.staff_required
@counter.at_a_branch
def index() -> access.Reply:
    return htmx.page(
        "desk/offline/index.html",
        is_admin=current_user.staff.role == "admin",
        is_terminal=terminals.is_one(),
        is_installed=offline.is_installed(),
        conflicts=entries.conflicts(),
        window=offline.address("window.js"),
        branch=counter.here(),
    )


@bp.get("/shell")
@access.public
def shell() -> access.Reply:
    """Send the page as a browser stores it: it knows nobody and stands without the server."""
    return htmx.page("desk/offline/shell.html", window=offline.address("window.js"))


@bp.get("/worker.js")
@access.public
def worker() -> access.Reply:
    return offline.worker()


@bp.get("/files/<version>/<name>")
@access.public
def file(version: str, name: str) -> access.Reply:
    return offline.module(version, name)


@bp.get("/list")
@access.staff_required
def cards_and_copies() -> access.Reply:
    """Send tonight's list as compressed JSON, made now where there is none yet; 404 to a browser without the offline
    desk.
    """
    if not offline.is_installed() or terminals.is_one():
        abort(404)
    instance = Path(current_app.config["INSTANCE"])
    path = offline_list.ready(instance, now=clock.now())
    answer = send_file(path, mimetype="application/json", conditional=True, etag=True)
    answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Cache-Control"] = "no-store"
    offline.renew_mark(answer)
    return answer


@bp.post("/browser")
@access.staff_required(role="admin")
def install() -> access.Reply:
    """Mark this browser, so that it may fetch the list. Marked again it gets a new 合言葉, which the
    server never learns.
    """
    if terminals.is_one():
        abort(409)
    action = "offline.passphrase" if offline.is_installed() else "offline.installed"
    answer = Response(status=204)
    offline.mark(answer)
    with database.writing():
        audit.record(action, actor=counter.actor(), now=clock.now())
    return answer


@bp.post("/browser/removal")
@access.staff_required
def remove() -> access.Reply:
    """Take the mark from this browser; 窓口 may, too, as less is stored by it."""
    answer = Response(status=204)
    offline.unmark(answer)
    return answer
