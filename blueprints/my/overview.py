"""Myライブラリ: the matters that wait for the patron, and the ways to all pages."""

from itertools import groupby
from operator import attrgetter

from flask import Blueprint, Response, redirect, request, url_for
from flask_login import current_user

from library import branches, clock, errors
from library.access import sessions
from library.account import due_renewals, glance, today as matters, undoing
from library.calendar import open_now, opening
from library.counting import bars
from library.patrons import homes
from library.patrons.family import ties
from library.store import queries
from models import Patron, Session, Title
from web import access, entrance, flash, forms, htmx, identity
from web.parts import seal_facts, stored_policy, title_rows
from web.parts.rows import family_rows, shelf_rows

bp = Blueprint("my", __name__)
MOST_SHELVES = 20  # the page of the shelves has all
UNDONE_AT = {
    "renewals": "loans.index",
    "family": "family.index",
    "cart": "cart.index",
    "shelf": "shelves.index",
}
ABOUT_A_TITLE = ("overdue", "ready", "due")
_BOOK = queries.Query(
    lambda: Title.select(Title.title, Title.ndc, Title.isbn).where(Title.id == queries.blank("title"))
)


@bp.get("/")
@access.patron_required
def index() -> access.Reply:
    patron, today, now = current_user.patron, clock.today(), clock.now()
    mine = glance.read(patron, today=today)
    looked_at = ties.of_viewer(patron) if mine.family else []
    found = matters.due(mine, today=today, hidden={tie.id for tie in looked_at if tie.titles_hidden})
    found = due_renewals.add(found, patron, looked_at, today=today, rules=stored_policy.read())
    chosen = matters.choose(mine, found, card_state=patron.state, expires_on=patron.expires_on, today=today)
    at_terminal = current_user.session.terminal
    return htmx.page(
        "my/index.html",
        today=chosen,
        book=_book(chosen.first),
        pickup=_pickup(chosen.first),
        bars=None if at_terminal else bars.draw(patron.card_number, stored_policy.number_forms("card")),
        undos=undoing.offers(patron, "renewals", "family", now=now),
        messages=flash.take("my.index"),
        people={each.tie: each for each in family_rows.family_patrons(patron, looked_at).values()},
        days=[(day, list(each)) for day, each in groupby(found, key=attrgetter("day"))] if looked_at else [],
        is_group=homes.is_group(patron.category, stored_policy.read()),
        family_page="family.index" if looked_at else "family.ties",
        counts=(len(mine.loans), len(mine.holds), len(mine.cart), _count_of_history(patron, mine), len(mine.ebooks)),
        **shelf_rows.glance(patron, MOST_SHELVES),
        **seal_facts.read(),
    )


def _book(matter: matters.Matter | None) -> dict | None:
    """Return the cover's facts of the title in the sentence of the day; None for a sentence without one."""
    title = matter and matter.code in ABOUT_A_TITLE and _BOOK.first(title=matter.id)
    return {"title": title.title, "ndc": title.ndc, "picture": title_rows.cover(title.isbn)} if title else None


def _pickup(matter: matters.Matter | None) -> open_now.Now | None:
    """Return the opening state of the branch where a hold waits; None without a hold, and for an unknown branch."""
    named = matter.branch if matter and matter.code == "ready" else None
    branch = named and next((branch for branch in branches.in_order() if branch.name == named), None)
    return (
        open_now.state(branch, opening.calendar_of(branch, stored_policy.read()), now=clock.now()) if branch else None
    )


def _count_of_history(patron: Patron, mine: glance.Glance) -> int | None:
    """Return the number of records in the history; None where none are kept and none are left."""
    return mine.history if mine.history or patron.keep_history else None


@bp.post("/undo/<any(renewals, family, cart, shelf):kind>/<row_id:undo_id>")
@access.patron_required
def take_back(kind: str, undo_id: int) -> access.Reply:
    """元に戻す. The page of the act tells the outcome; for another patron's act, that it is over."""
    page = UNDONE_AT[kind]
    try:
        row = undoing.take_back(current_user.patron, undo_id, now=clock.now())
    except (errors.UndoOver, errors.UndoChanged) as refused:
        return flash.leave(page, done="not_undone", refused=[refused])
    if row.kind == "shelf":
        shelf_id = row.facts["shelf"]
        flash.keep(f"shelf {shelf_id}", done="undone")
        return redirect(url_for("shelves.show", shelf_id=shelf_id), 303)
    return flash.leave(page, done="undone")


@bp.get("/sessions", endpoint="sessions")
@access.patron_required
def list_sessions() -> access.Reply:
    return _sessions_page(request.args.get("end", 0, int))


def _sessions_page(asked_id: int, problems: forms.Problems | None = None) -> Response:
    """Return the page. ``asked_id``: the session that ends with the password, whose field stands beside it."""
    found = sessions.of_patron(current_user.patron, now=clock.now())
    return htmx.page(
        "my/sessions.html",
        sessions=[(row, entrance.browser_words(row.client)) for row in found],
        current_id=current_user.session.id,
        asked_id=asked_id,
        password=identity.PASSWORD_FIELD,
        messages=flash.take("my.sessions"),
        **forms.error_values(problems or {}),
    )


@bp.post("/sessions/<row_id:session_id>/end")
@access.patron_required
def end_session(session_id: int) -> access.Reply:
    """End a session; another than this one after a fresh sign-in, or with the password once more."""
    row = access.mine_or_404(Session.select().where(Session.id == session_id, Session.patron == current_user.patron))
    if row.id != current_user.session.id and not sessions.is_fresh(current_user.session, now=clock.now()):
        if identity.FIELD not in request.form:
            return redirect(f"{url_for('my.sessions', end=row.id)}#{identity.FIELD}", 303)
        if problems := identity.problems():
            return identity.as_refused(_sessions_page(row.id, problems), problems[identity.FIELD])
    sessions.end(row)
    if row.id != current_user.session.id:
        return flash.leave("my.sessions", done="ended")
    return redirect(url_for("my.sessions"), 303)
