"""窓口: which branch this desk belongs to, what its scanner sends, and who stands before it."""

from dataclasses import dataclass, field
from functools import wraps

from flask import current_app, g, redirect, request, session
from flask_login import current_user

from blueprints.desk import bp
from library import branches, clock
from library.people import patrons
from models import Branch, Patron
from web import access, htmx
from web.links import url_for

COOKIE = "desk-branch"
YEAR = 365 * 24 * 60 * 60  # seconds
SERVED = 10 * 60  # seconds without a scan, after which the next person is somebody else
LONGEST_SCAN = 100


def actor():
    return f"staff:{current_user.staff.login}"


# -- the branch ------------------------------------------------------------------------------------------------------
def branch() -> Branch | None:
    """Where this desk stands: what was chosen on this machine, else the first branch."""
    if "desk_branch" not in g:
        every = branches.in_order()
        chosen = [row for row in every if str(row.id) == request.cookies.get(COOKIE)]
        g.desk_branch = (chosen or every or [None])[0]
    return g.desk_branch


def is_chosen() -> bool:
    return branch() is not None and str(branch().id) == request.cookies.get(COOKIE)


def at_a_branch(view):
    """For pages that make no sense before the library has a branch."""

    @wraps(view)
    def guarded(*args, **kwargs):
        if branch() is None:
            return htmx.page("desk/no_branch.html", 409)
        return view(*args, **kwargs)

    return guarded


@bp.get("/branch", endpoint="branch")
@access.staff_required
@at_a_branch
def ask_branch():
    rows = [{"id": row.id, "name": row.name, "here": row.id == branch().id} for row in branches.in_order()]
    return htmx.page("desk/branch.html", branches=rows, next=_wanted())


@bp.post("/branch")
@access.staff_required
@at_a_branch
def choose_branch():
    """This machine is a desk of that branch from now on."""
    chosen = request.form.get("branch", "")
    if chosen not in {str(row.id) for row in branches.in_order()}:
        return redirect(url_for("desk.branch"), 303)
    response = redirect(_wanted(), 303)
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(COOKIE, chosen, max_age=YEAR, httponly=True, samesite="Lax", secure=secure)
    return response


def _wanted():
    wanted = access.safe_next(request.values.get("next"))
    return wanted if wanted and wanted.startswith("/desk") else url_for("desk.checkout")


# -- what was read ---------------------------------------------------------------------------------------------------
def scanned(name: str) -> str:
    """One line from a scanner or a keyboard, without what ends it."""
    return "".join(letter for letter in request.form.get(name, "")[:LONGEST_SCAN] if letter.isprintable()).strip()


def time_of_day() -> str:
    now = clock.local(clock.now())
    return f"{now.hour}:{now.minute:02}"


# -- who is served ---------------------------------------------------------------------------------------------------
@dataclass
class Visit:
    """One person at the desk, and what was done for them: ``[loan id, time]``, the latest last.

    ``turn`` is what the card that was just read did: it began the visit, changed the person, or went on with the same one.
    """

    patron: Patron
    lent: list = field(default_factory=list)
    renewed: list = field(default_factory=list)
    turn: str = "goes_on"


def visit() -> Visit | None:
    """Who stands before the desk, as long as something is done for them."""
    kept = session.get("visit")
    if not kept or clock.now().timestamp() - kept["at"] > SERVED:
        return None
    patron = patrons.by_id(kept["patron"])
    return Visit(patron, kept["lent"], kept["renewed"]) if patron else None


def receive(patron) -> Visit:
    """This person's turn; it goes on when it was theirs already."""
    now = visit()
    if now and now.patron.id == patron.id:
        return now
    return Visit(patron, turn="changed" if now else "begun")


def keep(now: Visit):
    session["visit"] = {
        "patron": now.patron.id,
        "lent": now.lent,
        "renewed": now.renewed,
        "at": int(clock.now().timestamp()),
    }


def leave():
    session.pop("visit", None)
