"""館: at which branch this machine is a desk."""

from flask import Blueprint, redirect, request, url_for

from web import access, cookies, htmx, links
from web.desk import counter
from web.parts import stored_policy

bp = Blueprint("branch", __name__)
YEAR = 365 * 24 * 60 * 60  # seconds


@bp.get("")
@access.staff_required
@counter.at_a_branch
def index() -> access.Reply:
    rows = [
        {"id": row.id, "name": row.name, "here": row.id == counter.here().id}
        for row in stored_policy.branches_in_order()
    ]
    return htmx.page("desk/branch/index.html", branches=rows, next=_wanted())


@bp.post("")
@access.staff_required
@counter.at_a_branch
def choose() -> access.Reply:
    """Make this machine a desk of that branch from now on."""
    chosen = request.form.get("branch", "")
    if chosen not in {str(row.id) for row in stored_policy.branches_in_order()}:
        return redirect(url_for("desk.branch.index"), 303)
    response = redirect(_wanted(), 303)
    cookies.give(response, counter.COOKIE, chosen, max_age=YEAR)
    return response


def _wanted() -> str:
    wanted = links.wanted()
    return wanted if wanted and wanted.startswith("/desk") else url_for("desk.checkout.index")
