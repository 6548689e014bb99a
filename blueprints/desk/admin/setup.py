"""The first account of a library that has none, opened by the code that the server prints when it starts."""

import hmac

from flask import Blueprint, abort, current_app, redirect, request, url_for

from library import clock, errors
from library.access import throttle
from library.people import staff
from web import access, entrance, forms

bp = Blueprint("setup", __name__)


class SetupForm(entrance.NewPasswordForm):
    code = forms.Text("コード", maximum=100)
    login = forms.Text("ログインID", maximum=100)


@bp.route("", methods=["GET", "POST"])
@access.public
def index():
    if staff.is_anybody() or not current_app.extensions.get("setup_code"):
        abort(404)
    form = SetupForm()
    if request.method == "POST":
        form.submit(lambda: _add_first_admin(form), at="code")
        if not form.problems:
            return redirect(url_for("desk.session.login"), 303)
    return form.page("desk/setup/index.html", minimum=staff.PASSWORD_MINIMUM)


def _add_first_admin(form):
    _check_code(form.code.data)
    staff.add_first_admin(form.login.data, form.new_password.data, form.new_password_again.data, now=clock.now())


def _check_code(typed):
    """Refuse a wrong code, and guessing at it."""
    client = request.remote_addr or ""
    throttle.admit("setup", client, known_device=False, now=clock.now())
    code = current_app.extensions["setup_code"]
    if not hmac.compare_digest(typed.strip().encode(), code.encode()):
        raise errors.SetupCodeWrong()
