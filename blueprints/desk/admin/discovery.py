"""外部連携の点検: the checks of the interfaces for other systems."""

from flask import Blueprint, current_app, redirect, url_for

from library import clock
from library.discovery.exchange import self_check
from web import access, htmx

bp = Blueprint("discovery", __name__)


@bp.get("")
@access.staff_required(role="admin")
def index() -> access.Reply:
    """Show the last report: what came out of each check, and what mends it."""
    report, base = self_check.last(), current_app.config["PUBLIC_URL"]
    return htmx.page(
        "desk/discovery/index.html",
        report=report,
        counts={grade: report.count(grade) for grade in (self_check.GOOD, self_check.CARE, self_check.BAD)}
        if report
        else {},
        addresses=[
            base + url_for(endpoint) for endpoint in ("oai.answer", "sru.answer", "isbn.states", "opds2.own_root")
        ],
    )


@bp.post("")
@access.staff_required(role="admin")
def check() -> access.Reply:
    """点検する: run the checks now, not only at night."""
    self_check.run(current_app.config, now=clock.now())
    return redirect(url_for(".index"), 303)
