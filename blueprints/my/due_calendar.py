"""返却期限カレンダー: a link that a phone subscribes to, which a patron makes, renews and ends; and its calendar."""

import hashlib

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from flask_login import current_user

from library import clock, errors
from library.lending import due_calendar
from library.site import branding
from web import access, flash, htmx, terminals
from web.parts import language, notice_settings, seal_facts
from web.parts.rows import calendar_rows

bp = Blueprint("due_calendar", __name__)
FRESH_SECONDS = 3600  # a calendar that asks again sooner has what it got


@bp.get("")
@access.patron_required
@terminals.refused
def index() -> access.Reply:
    link = due_calendar.link_of(current_user.patron)
    address = notice_settings.feed_address(link) if link else ""
    return htmx.page(
        "due_calendar/index.html",
        messages=flash.take("due_calendar.index"),
        feed_address=address,
        subscribe=f"webcal://{address.partition('://')[2]}" if link else "",
        with_titles=bool(link and link.with_titles),
        since=clock.day_of(link.created_at) if link else None,
        **seal_facts.read(),
    )


def _back_with(done: str) -> access.Reply:
    return flash.leave("due_calendar.index", done=done)


@bp.post("")
@access.patron_required
def make() -> access.Reply:
    """Make a link, unless there is one: a form sent twice ends no link."""
    if due_calendar.link_of(current_user.patron) is None:
        due_calendar.renew(current_user.patron, now=clock.now())
    return _back_with("made")


@bp.post("/titles")
@access.patron_required
def show_titles() -> access.Reply:
    """Choose whether the calendar names titles."""
    shown = request.form.get("shown") == "y"
    due_calendar.show_titles(current_user.patron, shown)
    return _back_with("with_titles" if shown else "without_titles")


@bp.get("/<any(renewal, end):step>")
@access.patron_required
def confirm(step: str) -> access.Reply:
    """Ask before the link in use is replaced or ended."""
    if due_calendar.link_of(current_user.patron) is None:
        return redirect(url_for("due_calendar.index"), 303)
    return htmx.page("due_calendar/confirm.html", renewing=step == "renewal")


@bp.post("/renewal")
@access.patron_required
def renew() -> access.Reply:
    """Replace the link; once it was ended, an old page makes no new one."""
    if due_calendar.link_of(current_user.patron) is None:
        return redirect(url_for("due_calendar.index"), 303)
    due_calendar.renew(current_user.patron, now=clock.now())
    return _back_with("renewed")


@bp.post("/end")
@access.patron_required
def end() -> access.Reply:
    due_calendar.end(current_user.patron)
    return _back_with("ended")


@bp.get("/<token>.ics")
@access.public
def feed(token: str) -> access.Reply:
    """Send the calendar (RFC 5545) to whoever has the link; no session is asked for and none is made."""
    try:
        link = due_calendar.opened(token, current_app.config["SECRET_KEY"])
    except errors.LinkDead:
        abort(404)
    language.speak_to(link.patron)
    name, events = branding.name(current_app.config), calendar_rows.translated(due_calendar.events(link))
    response = Response(calendar_rows.text(due_calendar.NAME, events), mimetype="text/calendar")
    response.headers["Cache-Control"] = f"private, max-age={FRESH_SECONDS}"
    response.set_etag(hashlib.sha256(repr((name, events)).encode()).hexdigest()[:32])
    return response.make_conditional(request)
