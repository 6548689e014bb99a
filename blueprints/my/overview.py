"""Myライブラリ: the matters that wait for the patron, and the ways to all pages."""

from datetime import date

from flask import Blueprint, Response, redirect, request, url_for
from flask_login import current_user

from library import branches, clock, errors
from library.access import sessions
from library.account import glance, today as matters, undoing
from library.calendar import open_now, opening
from library.counting import bars
from library.lending import loans, renewals
from library.patrons.family import ties
from library.store import queries
from models import Patron, Session, Title
from web import access, flash, forms, htmx, identity
from web.parts import seal_facts, stored_policy, title_rows
from web.parts.rows import shelf_rows

bp = Blueprint("my", __name__)
MOST_SHELVES = 20  # the page of the shelves has all
UNDONE_AT = {
    "renewals": "loans.index",
    "family": "family.index",
    "cart": "cart.index",
    "shelf": "shelves.index",
}
ABOUT_A_TITLE = ("overdue", "ready", "due_soon", "next")
_BOOK = queries.Query(
    lambda: Title.select(Title.title, Title.ndc, Title.isbn).where(Title.id == queries.blank("title"))
)


@bp.get("/")
@access.patron_required
def index() -> access.Reply:
    patron, today = current_user.patron, clock.today()
    mine = glance.read(patron, today=today)
    chosen = matters.choose(mine, card_state=patron.state, expires_on=patron.expires_on, today=today)
    at_terminal = current_user.session.terminal
    return htmx.page(
        "my/index.html",
        today=chosen.first,
        also=chosen.also,
        book=_book(chosen.first),
        pickup=_pickup(chosen.first) if chosen.first.code == "ready" else None,
        renewal=_renewal(patron, today) if chosen.first.code == "due_soon" else None,
        bars=None if at_terminal else bars.draw(patron.card_number, stored_policy.number_forms("card")),
        undos=undoing.offers(patron, "renewals", now=clock.now()),
        family=matters.children(mine.family, today=today),
        drawn=_drawn(patron) if mine.family else {},
        counts=(len(mine.loans), len(mine.holds), len(mine.cart), _count_of_history(patron, mine), len(mine.ebooks)),
        **shelf_rows.glance(patron, MOST_SHELVES),
        **seal_facts.read(),
    )


def _book(matter: matters.Matter) -> dict | None:
    """Return the cover's facts of the title in the sentence of the day; None for a sentence without one."""
    title = matter.code in ABOUT_A_TITLE and _BOOK.first(title=matter.id)
    return {"title": title.title, "ndc": title.ndc, "picture": title_rows.cover(title.isbn)} if title else None


def _pickup(matter: matters.Matter) -> open_now.Now | None:
    """Return the opening state of the branch where a hold waits; None for an unknown branch."""
    branch = next((branch for branch in branches.in_order() if branch.name == matter.branch), None)
    return branch and open_now.state(branch, opening.calendar_of(branch, stored_policy.read()), now=clock.now())


def _renewal(patron: Patron, today: date) -> dict | None:
    """Return the loans of まとめて延長する with their due dates before and after, and those left out by reason; None without
    any.
    """
    mine = loans.open_loans(patron)
    for loan in mine:
        loan.patron = patron  # known, so that the rules need not ask for it with each loan
    judged = renewals.Renewals(mine, today=today, rules=stored_policy.read(), are_all=True).together(mine)
    rows = [
        {"id": loan.id, "name": loan.item.title.full_name, "due_on": loan.due_on, "until": until}
        for loan, until in judged.renewed
    ]
    left_out = {}
    for loan, reason in judged.left_out:
        left_out.setdefault(reason.sentence, []).append(loan.item.title.full_name)
    return {"rows": rows, "left_out": left_out} if rows else None


def _drawn(patron: Patron) -> dict:
    """Return the letter and the colour in which each child is drawn, by tie."""
    return {tie.id: (ties.badge_letter(tie, tie.child.name), tie.colour) for tie in ties.of_viewer(patron) if tie.child}


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
    return htmx.page(
        "my/sessions.html",
        sessions=sessions.of_patron(current_user.patron, now=clock.now()),
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
