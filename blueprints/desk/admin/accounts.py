"""職員: accounts of the desk, for 管理."""

from flask import Blueprint, abort, request, url_for
from flask_login import current_user

from library import clock, errors, wording
from library.access.factors import second_factor
from library.patrons import staff
from models import Staff
from web import access, flash, forms, htmx, paging
from web.desk import again, counter

bp = Blueprint("accounts", __name__)
PAGE = "desk.accounts.index"

ROLES = wording.ROLES
SIZE = 20  # accounts on a page


class AccountForm(forms.Form):
    login = forms.Text("ログインID", maximum=100)
    role = forms.Radio("役割", ROLES.items())


@bp.get("")
@access.staff_required(role="admin")
def index() -> access.Reply:
    return _page(_empty())


@bp.post("")
@access.staff_required(role="admin")
@again.required("staff_account")
def add() -> access.Reply:
    """Register a member of staff, and show the one-time password once."""
    form = AccountForm()
    one_time = form.submit(
        lambda: staff.add(form.login.data, form.role.data, actor=counter.actor(), now=clock.now()), at="login"
    )
    return _page(_empty(), one_time=(form.login.data, one_time)) if one_time else _page(form)


def _empty() -> AccountForm:
    return AccountForm(formdata=None, role="desk")


def _page(
    form: AccountForm, status: int = 0, message: str | None = None, one_time: tuple[str, str] | None = None
) -> access.Reply:
    """Return the page. ``one_time``: login and password, which are shown here and nowhere else."""
    accounts = [_account(row) for row in staff.accounts()]
    listed = paging.cut(accounts, SIZE, url_for(PAGE))
    shown = {"messages": flash.take(PAGE), "message": message, "one_time": one_time}
    return form.page("desk/accounts/index.html", status, **shown, **listed)


def _account(row: Staff) -> dict:
    return {
        "id": row.id,
        "login": row.login,
        "role": ROLES[row.role],
        "other_role": next(code for code in ROLES if code != row.role),
        "must_change": row.must_change_password,
        "disabled": bool(row.disabled_at),
        "own": row.id == current_user.staff.id,
        "has_second_factor": row.second_factor_at is not None,
    }


@bp.get("/<row_id:staff_id>/<any(password, factors):change>")
@access.staff_required(role="admin")
def ask_change(staff_id: int, change: str) -> access.Reply:
    """Show what a colleague can use no longer, before a new password is made or the second factor goes."""
    login = access.row_or_404(Staff, staff_id).login
    return htmx.page("desk/accounts/change.html", staff_id=staff_id, login=login, change=change)


@bp.post("/<row_id:staff_id>/<any(role, disable, enable, password, sessions, factors):change>")
@access.staff_required(role="admin")
@again.required("staff_account")
def change(staff_id: int, change: str) -> access.Reply:
    """Change the role, the password or the sign-ins of a colleague; a new password is shown once."""
    row, by = access.row_or_404(Staff, staff_id), {"by": current_user.staff, "now": clock.now()}
    try:
        if change == "password":
            return _page(_empty(), one_time=(row.login, staff.give_one_time_password(row, **by)))
        if change == "role":
            role = request.form.get("role")
            if role not in ROLES:
                abort(422)
            staff.set_role(row, role, **by)
        elif change == "factors":
            second_factor.reset_of_another(row, **by)
        else:
            {"disable": staff.disable, "enable": staff.enable, "sessions": staff.end_sessions}[change](row, **by)
    except (errors.LastAdmin, errors.OwnSecondFactor) as refusal:
        return _page(_empty(), 409, message=refusal.sentence)
    return flash.leave(PAGE, done=change, login=row.login, role=ROLES.get(request.form.get("role", "")))
