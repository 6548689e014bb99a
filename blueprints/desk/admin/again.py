"""もう一度確認します: the page between an act that harms or gives away and its being done."""

from flask import Blueprint, abort, current_app, redirect, request, url_for
from flask_login import current_user

from library import clock
from library.access import sessions
from library.access.factors import passkeys
from web import access, entrance, links
from web.desk import again, arrivals

bp = Blueprint("again", __name__)


@bp.get("")
@access.staff_required
def index() -> access.Reply:
    """Ask for the proof; what waits goes on with it."""
    parked = None if "next" in request.args else arrivals.parked_form()
    return again.page(_act(), parked, parked.page if parked else _back())


def _act() -> str:
    act = request.values.get("act", "")
    return act if act in again.ACTS else ""


def _back() -> str:
    back = links.wanted()
    return back if back and back.startswith("/desk/") else url_for("desk.index")


@bp.post("")
@access.staff_required
def prove() -> access.Reply:
    """Take the proof for a page that is opened after it."""
    problems = {} if sessions.is_fresh(current_user.session, now=clock.now()) else again.prove()
    if not problems:
        return redirect(_back(), 303)
    if not current_user.is_authenticated:
        return redirect(url_for("desk.session.login", next=_back()), 303)
    return again.page(_act(), None, _back(), problems)


@bp.post("/options")
@access.staff_required
def options() -> access.Reply:
    """Give a browser what its passkey signs."""
    place = entrance.passkey_site() or abort(404)
    asked = passkeys.signing_options(current_user.staff, place, "prove", current_user.token, now=clock.now())
    return current_app.response_class(asked, mimetype="application/json")
