"""The first account of a library that has none, opened by the code that the server prints when it starts."""

import hmac

from flask import Blueprint, abort, current_app, redirect, request

from library import clock, errors
from library.access import throttle
from library.people import staff
from web import access, entrance, forms
from web.links import url_for

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
    problems = {}
    if request.method == "POST" and not (problems := forms.refused(form)):
        try:
            _check_code(form.code.data)
            staff.add_first_admin(
                form.login.data, form.new_password.data, form.new_password_again.data, now=clock.now()
            )
            return redirect(url_for("desk.session.login"), 303)
        except errors.RefusedTogether as refused:
            problems = refused.by_field
        except errors.Refused as refusal:
            problems = {"code": [refusal]}
    return entrance.password_page("desk/setup/index.html", form, problems, minimum=staff.PASSWORD_MINIMUM)


def _check_code(typed):
    """The code, and no guessing at it."""
    client = request.remote_addr or ""
    throttle.admit("setup", client, known_device=False, now=clock.now())
    kept = current_app.extensions["setup_code"]
    if not hmac.compare_digest(typed.strip().encode(), kept.encode()):
        raise errors.SetupCodeWrong()
