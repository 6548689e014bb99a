"""The first account of a library that has none, opened by the code that the server prints when it starts."""

import hmac

from flask import Blueprint, abort, current_app, redirect, request, url_for

from library import clock, errors
from library.access.guessing import sources, tries
from library.patrons import staff
from web import access, entrance, forms

bp = Blueprint("setup", __name__)


class SetupForm(entrance.NewPasswordForm):
    code = forms.Text("コード", maximum=100)
    login = forms.Text("ログインID", maximum=100)


@bp.route("", methods=["GET", "POST"])
@access.public
def index() -> access.Reply:
    if staff.has_accounts() or not current_app.extensions.get("setup_code"):
        abort(404)
    form = SetupForm()
    if request.method == "POST":
        form.submit(lambda: _add_first_admin(form), at="code")
        if not form.problems:
            return redirect(url_for("desk.session.login"), 303)
    return form.page("desk/setup/index.html", minimum=staff.PASSWORD_MINIMUM)


def _add_first_admin(form: SetupForm) -> None:
    _check_code(form.code.data)
    staff.add_first_admin(form.login.data, form.new_password.data, form.new_password_again.data, now=clock.now())


def _check_code(typed: str) -> None:
    """Refuse a wrong code, and guessing at it."""
    now, code = clock.now(), current_app.extensions["setup_code"]
    attempt = tries.begin("setup", sources.of_setup(entrance.origin()), value=(typed.strip(),), now=now)
    if not tries.judge(attempt, lambda: hmac.compare_digest(typed.strip().encode(), code.encode()), now=now):
        raise errors.SetupCodeWrong()
