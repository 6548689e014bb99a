"""Signing in at the desk, and the password of one's own that a one-time one leads to."""

from flask import Blueprint, redirect, request, session
from flask_login import current_user

from library import clock, errors
from library.people import staff
from library.site import questions
from web import access, entrance, flash, forms
from web.links import url_for

bp = Blueprint("session", __name__)


class SignInForm(forms.Form):
    login = forms.Text("ログインID", maximum=100)
    password = forms.Secret("パスワード")


class ChangeForm(entrance.NewPasswordForm):
    current_password = forms.Secret("現パスワード")


@bp.get("/login")
@access.public
def login():
    if current_user.staff and not current_user.locked_to_first_password:
        return redirect(_destination())
    notice = "ログアウトしました。" if session.pop("signed_out", None) else None
    if session.pop("lapsed", None):
        notice = access.LAPSED
    return _login_page(SignInForm(formdata=None), notice=notice)


@bp.post("/login")
@access.public
def sign_in():
    form = SignInForm()
    try:
        if forms.refused(form):
            raise errors.StaffSignInRefused()
        signed_in = staff.sign_in(
            form.login.data,
            form.password.data,
            client=entrance.browser_name(),
            address=request.remote_addr or "",
            now=clock.now(),
        )
    except errors.RefusedTogether as refused:
        return _login_page(form, problems=refused.by_field)
    except (errors.StaffSignInRefused, errors.SignInTooOften) as refusal:
        return _login_page(form, refusal)
    return _welcome(signed_in)


def _login_page(form, refusal=None, notice=None, problems=None):
    return entrance.sign_in_page(
        "desk/session/login.html", form, refusal, problems, notice=notice, next=_wanted() or ""
    )


def _wanted():
    """The page of the desk that was asked for."""
    wanted = access.safe_next(request.values.get("next"))
    return wanted if wanted and wanted.startswith("/desk") else None


def _destination():
    return _wanted() or url_for("desk.index")


def _welcome(signed_in):
    destination = url_for("desk.session.password") if signed_in.scope == "first_password" else _destination()
    entrance.begin(signed_in.token)
    if destination == url_for("desk.index") and (waiting := questions.how_many_new()):
        flash.keep(
            "desk.checkout.index", new_questions=waiting
        )  # told when the day begins, so that no page of it counts
    return redirect(destination, 303)


@bp.route("/password", methods=["GET", "POST"])
@access.public
def password():
    """A password of one's own: after a one-time one, or whenever somebody wants another."""
    if current_user.staff is None:
        access.note_lapsed()
        return redirect(url_for("desk.session.login"), 303)
    locked = current_user.locked_to_first_password
    form = entrance.NewPasswordForm() if locked else ChangeForm()
    problems = {}
    if request.method == "POST" and not (problems := forms.refused(form)):
        try:
            if not locked:
                _check_current(form)
            signed_in = staff.set_password(
                current_user.staff,
                form.new_password.data,
                form.new_password_again.data,
                client=entrance.browser_name(),
                now=clock.now(),
            )
            return _welcome(signed_in)
        except errors.RefusedTogether as refused:
            problems = refused.by_field
    return entrance.password_page(
        "desk/session/password.html",
        form,
        problems,
        minimum=staff.PASSWORD_MINIMUM,
        login=current_user.staff.login,
        locked=locked,
    )


def _check_current(form):
    """Who finds a desk that somebody left must not take the account over."""
    try:
        staff.check_current(
            current_user.staff, form.current_password.data, address=request.remote_addr or "", now=clock.now()
        )
    except errors.Refused as refusal:
        raise errors.RefusedTogether({"current_password": [refusal]}) from None
