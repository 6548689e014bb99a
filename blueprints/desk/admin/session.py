"""Signing in at the desk, and the password of one's own that a one-time one leads to."""

from typing import Any

from flask import Blueprint, redirect, request, session, url_for
from flask_login import current_user

from library import clock, errors
from library.patrons import staff
from models import Staff
from web import access, entrance, forms, terminals
from web.desk import arrivals, factors

bp = Blueprint("session", __name__)


class SignInForm(forms.Form):
    login = forms.Text("ログインID", maximum=100)
    password = forms.Secret("パスワード")
    code = forms.Text("確認コード", maximum=100)


class ChangeForm(entrance.NewPasswordForm):
    current_password = forms.Secret("現パスワード")


@bp.get("/login")
@access.public
def login() -> access.Reply:
    if current_user.staff and not current_user.locked_to_first_password:
        return redirect(arrivals.destination())
    happened = {name: session.pop(name, None) for name in ("signed_out", "lapsed", "proof_failed", "step_failed")}
    idle = None if "other" in request.args else access.lapsed_staff()
    return _login_page(SignInForm(formdata=None, login=idle.login if idle else ""), again=idle, **happened)


@bp.post("/login")
@access.public
def sign_in() -> access.Reply:
    form = SignInForm()
    if forms.refused(form).keys() - {"code"}:
        return _login_page(form, errors.StaffSignInRefused())
    try:
        signed_in = form.submit(lambda: _sign_in(form), without=("code",))
    except (errors.StaffSignInRefused, errors.SignInTooOften, errors.SignInBusy, errors.StaffProofMissing) as refusal:
        return _login_page(form, refusal)
    return _login_page(form) if signed_in is None else arrivals.welcome(signed_in)


def _sign_in(form: SignInForm) -> staff.SignedIn:
    return staff.sign_in(
        form.login.data,
        form.password.data,
        client=entrance.browser_name(),
        origin=entrance.origin(),
        second=staff.Second(factors.mark(), form.code.data or "", factors.key()),
        terminal=terminals.is_one(),
        now=clock.now(),
    )


def _login_page(
    form: SignInForm, refusal: errors.Refused | None = None, again: Staff | None = None, **context: Any
) -> access.Reply:
    """Return the page. ``again``: the colleague whose session idled out in this browser; only that
    login is asked for.
    """
    context |= {"again": again or request.form.get("again") == "y"}
    context |= {"careful": isinstance(refusal, errors.StaffProofMissing) or "code" in request.form}
    return entrance.sign_in_page("desk/session/login.html", form, refusal, next=arrivals.wanted() or "", **context)


@bp.route("/password", methods=["GET", "POST"])
@access.public
def password() -> access.Reply:
    """Ask for a password of one's own: after a one-time one, or whenever somebody wants another."""
    if current_user.staff is None:
        access.note_lapsed()
        return redirect(url_for("desk.session.login"), 303)
    locked = current_user.locked_to_first_password
    form = entrance.NewPasswordForm() if locked else ChangeForm()
    if request.method == "POST" and (signed_in := form.submit(lambda: _set_password(form))):
        return arrivals.welcome(signed_in)
    facts = {"minimum": staff.PASSWORD_MINIMUM, "login": current_user.staff.login, "locked": locked}
    return form.page("desk/session/password.html", **facts)


def _set_password(form: entrance.NewPasswordForm | ChangeForm) -> staff.SignedIn:
    if isinstance(form, ChangeForm):
        _check_current(form)
    chosen, client = (form.new_password.data, form.new_password_again.data), entrance.browser_name()
    return staff.set_password(current_user.staff, *chosen, client=client, now=clock.now())


def _check_current(form: ChangeForm) -> None:
    """Refuse a wrong current password, so that nobody takes over a desk left open. Raises: RefusedTogether."""
    try:
        staff.check_current(current_user.staff, form.current_password.data, now=clock.now())
    except errors.Refused as refusal:
        raise errors.RefusedTogether({"current_password": [refusal]}) from None
