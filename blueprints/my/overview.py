"""Myライブラリ: what waits for the patron, and where to go."""

from datetime import timedelta

from flask import Blueprint, redirect, request, url_for
from flask_login import current_user

from library import clock
from library.access import sessions
from library.account import glance
from models import Session
from web import access, forms, htmx, identity
from web.parts import seal_facts, shelf_rows

bp = Blueprint("my", __name__)
MOST_NOTICES = 3  # the others are a line each
MOST_SHELVES = 20  # the page of the shelves has all
CARD_EXPIRES_SOON = timedelta(days=30)


@bp.get("/")
@access.patron_required
def index():
    patron, today = current_user.patron, clock.today()
    mine = glance.read(patron, today=today)
    return htmx.page(
        "my/index.html",
        attention=_attention(patron, mine, today),
        most_notices=MOST_NOTICES,
        counts=(len(mine.loans), len(mine.holds), len(mine.cart), mine.history, len(mine.ebooks)),
        **shelf_rows.glance(patron, MOST_SHELVES),
        **seal_facts.read(),
    )


def _attention(patron, mine, today):
    """Return what needs the patron, the most urgent first: codes of templates/my/_attention.html, each with its facts."""
    overdue, soon = mine.overdue(today=today), mine.due_soon(today=today)
    notices = [("overdue", {"count": len(overdue)})] if overdue else []
    last = patron.expires_on
    if patron.state == "suspended":
        notices.append(("suspended", {}))
    elif last and last < today:
        notices.append(("expired", {"day": last}))
    notices += [("undeliverable", {"address": line.name}) for line in mine.undeliverable]
    found = {"ready": mine.ready, "ebook_ready": mine.ebooks_ready, "due_soon": soon, "card_asked": mine.asked}
    for code, lines in found.items():
        if lines:
            first = lines[0]
            days = (first.day - today).days if first.day else None
            others = len(lines) - 1
            notices.append(
                (code, {"name": first.name, "branch": first.more, "day": first.day, "days": days, "others": others})
            )
    if last and today <= last <= today + CARD_EXPIRES_SOON:
        notices.append(("expiring", {"day": last}))
    return notices


@bp.get("/sessions", endpoint="sessions")
@access.patron_required
def list_sessions():
    return _sessions_page(request.args.get("end", 0, int))


def _sessions_page(asked_id, problems=None):
    """``asked_id``: the session that ends with the password, whose field stands beside it."""
    return htmx.page(
        "my/sessions.html",
        sessions=sessions.of_patron(current_user.patron, now=clock.now()),
        current_id=current_user.session.id,
        asked_id=asked_id,
        password=identity.FACE,
        **forms.error_values(problems or {}),
    )


@bp.post("/sessions/<row_id:session_id>/end")
@access.patron_required
def end_session(session_id):
    """End a session; another than this one after a fresh sign-in, or with the password once more."""
    row = access.mine_or_404(Session.select().where(Session.id == session_id, Session.patron == current_user.patron))
    if row.id != current_user.session.id and not sessions.is_fresh(current_user.session, now=clock.now()):
        if identity.FIELD not in request.form:
            return redirect(f"{url_for('my.sessions', end=row.id)}#{identity.FIELD}", 303)
        if problems := identity.problems():
            return identity.as_refused(_sessions_page(row.id, problems), problems[identity.FIELD])
    sessions.end(row)
    return redirect(url_for("my.sessions"), 303)
