"""Access to views, and the session of a browser. Every view carries one of these marks, which a test demands."""

from collections.abc import Callable
from datetime import datetime
from functools import partial, wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import abort, current_app, g, redirect, request, session as flask_session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_login.mixins import AnonymousUserMixin, UserMixin
from peewee import Model

from library import clock
from library.access import parked_forms, sessions
from library.access.factors import second_factor
from models import ParkedForm, Patron, Session, Staff
from web import links

View = Callable[..., Any]
Reply = ResponseReturnValue  # what a view returns: a page, a redirect, a file
Row = TypeVar("Row", bound=Model)
PARKED_FORM = "held_form"  # in the cookie: the token of the form that this browser parked
manager = LoginManager()
manager.session_protection = ""  # none: it binds to address and browser, and throws out phones that change networks
OPEN_TO_FIRST_PASSWORD = {
    "desk.session.password",
    "session.first_password",
    "session.logout",
    "site.favicon",
    "site.manifest",
    "site.worker",
    "site.choose_furigana",
    "site.choose_language",
    "site.text_size",
    "site.theme",
    "health.healthz",
    "health.numbers",
    "health.readyz",
    "static",
    "pictures.show",
}
OPEN_TO_SETTING_UP = ("desk.second_factor", "desk.again")  # to who must have a second factor and has none


class SignedIn(UserMixin):
    """The browser's session and its patron or member of staff; ``get_id`` is the session's token."""

    def __init__(self, token: str, session: Session) -> None:
        self.token = token
        self.session = session
        self.patron = session.patron
        self.in_cart: int = getattr(session, "in_cart", 0)  # as the request began; of a session begun in it: 0
        self.staff = session.staff

    def get_id(self) -> str:
        return self.token

    @property
    def card_number(self) -> str:
        """Return the patron's card number; empty for staff."""
        return self.patron.card_number if self.patron else ""

    @property
    def called(self) -> str:
        """Return the patron's name for headings, if they chose so and not at a terminal; else the card number."""
        shown = self.patron is not None and self.patron.show_name and not self.session.terminal
        return self.patron.name if self.patron and shown else self.card_number

    @property
    def locked_to_first_password(self) -> bool:
        return self.session.scope == "first_password"


class Nobody(AnonymousUserMixin):
    """A browser without a session."""

    patron = staff = None
    session = None
    locked_to_first_password = False


manager.anonymous_user = Nobody


@manager.user_loader
def load(token: str) -> SignedIn | None:
    session = sessions.find(token, now=clock.now())
    if session is None:
        g.dead_session = sessions.hash_token(token)[:8]  # for web.headers
    return SignedIn(token, session) if session else None


def begin(token: str) -> None:
    """Put a session's token into this browser's cookie: a new session, or a new token of its session."""
    if signed_in := load(token):
        login_user(signed_in)
        g.sign_in = "in"  # for the count in web.requests
    flask_session.pop("_id", None)  # made of the address and the browser, for the session_protection that is not used


def end() -> None:
    """Sign this browser out: delete its session and the cookie's token."""
    sessions.end(current_user.session)
    logout_user()


def end_unread() -> None:
    """Sign this browser out while the database can't be read; the session ends when it can."""
    sessions.end_unread(flask_session.pop("_user_id", ""))


def note_lapsed() -> None:
    """Have the sign-in page say that a session ended, if this browser had one; strangers are told nothing."""
    if not current_user.is_authenticated and flask_session.pop("_user_id", None):
        flask_session["lapsed"] = True


def takes_file(largest: int) -> Callable[[View], View]:
    """Mark a view that takes a file, with at most ``largest`` bytes of request. The innermost mark."""

    def mark(view: View) -> View:
        return marked(view, largest=largest)

    return mark


def marked(view: View, **marks: object) -> View:
    """Set marks on a view, which the address map and its tests read."""
    vars(view).update(marks)
    return view


def allow_file() -> None:
    """Raise the limit of a request to that of its view, before the form is read."""
    if largest := getattr(current_app.view_functions.get(request.endpoint or ""), "largest", None):
        request.max_content_length = largest


def public(view: View) -> View:
    """Mark a view that everybody may open."""
    return marked(view, access="public")


def patron_required(
    view: View | None = None,
    *,
    lapsed: Callable[[Patron], str | None] | None = None,
    in_maintenance: Callable[[Patron, datetime], str | None] | None = None,
) -> View:
    """Mark a view for a signed-in patron with a password of their own; others are led to sign in.

    ``lapsed(patron)`` may save the form of a session that idled out, ``in_maintenance(patron, until)`` one that meets
    システムメンテナンス; both return the address to go on at, or None.
    """
    if view is None:
        return partial(patron_required, lapsed=lapsed, in_maintenance=in_maintenance)

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if current_user.patron is None or current_user.locked_to_first_password:
            return ask_to_sign_in(_save_for_later(lapsed) if lapsed else None)
        return view(*args, **kwargs)

    return marked(guarded, access="patron", in_maintenance=in_maintenance)


def keep_draft(until: datetime) -> str | None:
    """Keep the patron's form until a moment, if its view keeps drafts; return the address to go on at, else None."""
    keep = getattr(current_app.view_functions.get(request.endpoint or ""), "in_maintenance", None)
    if keep is None or current_user.patron is None or current_user.locked_to_first_password:
        return None
    return keep(current_user.patron, until)


def staff_required(view: View | None = None, *, role: str = "desk") -> View:
    """Mark a view for a member of staff; ``role="admin"``: for 管理 only, 窓口 gets a 403."""
    if view is None:
        return partial(staff_required, role=role)

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if current_user.staff is None or current_user.locked_to_first_password:
            return _ask_staff_to_sign_in(role)
        if role == "admin" and current_user.staff.role != "admin":
            abort(403)
        if request.blueprint not in OPEN_TO_SETTING_UP and _must_set_up_factor(current_user.staff):
            return go_to(url_for("desk.second_factor.index"))
        return view(*args, **kwargs)

    return marked(guarded, access=role)


def is_https() -> bool:
    """Tell whether PUBLIC_URL is an https address."""
    return current_app.config["PUBLIC_URL"].startswith("https://")


def _must_set_up_factor(staff: Staff) -> bool:
    return second_factor.is_overdue(staff, https=is_https(), now=clock.now())


def _ask_staff_to_sign_in(role: str) -> Reply:
    staff = lapsed_staff()
    if request.method == "POST" and staff and role in ("desk", staff.role) and park_staff_form(staff):
        return go_to(url_for("desk.session.login"))  # and from there to the page of the form
    return go_to(url_for("desk.session.login", next=links.page_to_return_to()))


def lapsed_staff() -> Staff | None:
    """Return the member of staff whose session in this browser idled out, if they may still sign in; else None."""
    session = sessions.lately_lapsed(flask_session.get("_user_id", ""), now=clock.now())
    if session is None or session.staff is None or session.scope != "full" or session.staff.disabled_at:
        return None
    return session.staff


def park_staff_form(staff: Staff) -> ParkedForm | None:
    """Park for half an hour the form that this browser sent for a member of staff; None if it is too large or has
    files.
    """
    sent, earlier = request.form.items(multi=True), flask_session.get(PARKED_FORM, "")
    if request.files:
        return None
    parked = parked_forms.park(staff, links.this_address(), page_of_form(), sent, earlier=earlier, now=clock.now())
    if parked is None:
        return None
    flask_session[PARKED_FORM], form = parked
    return form


def drop_parked_form() -> None:
    """Delete, before a request, the parked form that this request sends again."""
    token = (
        flask_session.get(PARKED_FORM) if request.method == "POST" and request.endpoint != "session.logout" else None
    )
    if token and (staff := current_user.staff):
        parked_forms.drop(staff, token, links.this_address())


def page_of_form() -> str:
    """Return the desk or public page from which a form was sent, as the form or browser tells, else the one nearest to
    it.
    """
    told = request.form.get(f"{parked_forms.PROOF}from")
    if told is None:
        try:
            sent_from = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "")
        except ValueError:
            return links.page_to_return_to()
        told = sent_from.path + (f"?{sent_from.query}" if sent_from.query else "")
    same_side = told.startswith("/desk/") == request.path.startswith("/desk/")
    return told if same_side and links.safe_next(told) else links.page_to_return_to()


def _save_for_later(lapsed: Callable[[Patron], str | None]) -> str | None:
    session = sessions.lately_lapsed(flask_session.get("_user_id", ""), now=clock.now())
    return lapsed(session.patron) if session and session.patron and session.scope == "full" else None


def keep_to_first_password() -> Reply | None:
    """Return the redirect that keeps a session of the initial password on its one page; None elsewhere."""
    if request.endpoint in OPEN_TO_FIRST_PASSWORD or request.endpoint is None:
        return None
    if current_user.locked_to_first_password:
        return go_to(url_for("desk.session.password" if current_user.staff else "session.first_password"))
    return None


def from_this_site() -> bool:
    """Tell whether no other site's page sent the request; True also for browsers that name no site. For forms without
    a token."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or origin.partition("://")[2] == request.host


def ask_to_sign_in(way_back: str | None = None) -> Reply:
    """Return the redirect to a patron's sign-in, and from there to ``way_back``, else to this page or its form's."""
    return go_to(url_for("session.login", next=way_back or links.page_to_return_to()))


def go_to(address: str) -> Reply:
    """Return a redirect; for htmx a header that loads the whole page, as it would put a redirect's page into a part."""
    if request.headers.get("HX-Request"):
        return "", 401, {"HX-Redirect": address}
    return redirect(address, 303)


def row_or_404(table: type[Row], number: int | None) -> Row:
    """Return the row with this id; 404 if there is none."""
    return table.get_or_none(id=number) or abort(404)


def mine_or_404(query: Any) -> Any:
    """Return the row of a query limited to its owner; 404 if there is none."""
    row = query.first()
    if row is None:
        abort(404)
    return row
