"""2段階認証: the second factors of a member of staff, set up by themselves."""

from flask import Blueprint, abort, current_app, redirect, request, url_for
from flask_login import current_user

from library import clock, errors
from library.access.factors import authenticators, passkeys, recovery_codes, second_factor
from library.counting import qr
from library.site import branding
from models import Passkey
from web import access, entrance, flash, forms, htmx
from web.desk import again, factors

bp = Blueprint("second_factor", __name__)
PAGE, ASKS = "desk.second_factor.index", "desk/second_factor/removal.html"
LETTERS = 4  # of the secret between spaces


class CodeForm(forms.Form):
    code = forms.Text("確認コード", maximum=100)


@bp.get("")
@access.staff_required
@again.required("second_factor")
def index() -> access.Reply:
    return _page()


def _page(refusal: errors.Refused | None = None, status: int = 200) -> access.Reply:
    staff, now = current_user.staff, clock.now()
    required = second_factor.is_required(staff, https=access.is_https())
    return htmx.page(
        "desk/second_factor/index.html",
        status,
        messages=flash.take(PAGE),
        refusal=refusal.sentence if refusal else "",
        is_set_up=staff.second_factor_at is not None,
        required=required,
        overdue=second_factor.is_overdue(staff, https=access.is_https(), now=now),
        by=clock.day_of(staff.second_factor_by) if required and staff.second_factor_by else None,
        has_app=authenticators.is_set_up(staff),
        can_have_passkeys=entrance.passkey_site() is not None,
        passkeys=[_passkey(row) for row in passkeys.of_account(staff)],
        codes_left=recovery_codes.count_unused(staff),
    )


def _passkey(row: Passkey) -> dict:
    return {"id": row.id, "name": row.name, "created_at": row.created_at, "used_at": row.used_at}


def _done(done: str, codes: list[str] | None = None) -> access.Reply:
    """Show new recovery codes, here and nowhere else, or go back to the page. All other sessions of this colleague end;
    this browser need not ask again today.
    """
    mark = second_factor.end_other_sessions(
        current_user.staff, current_user.session, with_mark=bool(codes), now=clock.now()
    )
    if mark:
        response = htmx.page("desk/second_factor/codes.html", codes=codes)
        factors.set_mark(response, mark)
        return response
    return flash.leave(PAGE, done=done)


# -- the app ---------------------------------------------------------------------------------------------------------
@bp.post("/app")
@access.staff_required
@again.required("second_factor")
def begin_app() -> access.Reply:
    authenticators.begin(current_user.staff, factors.key())
    return redirect(url_for("desk.second_factor.app"), 303)


@bp.get("/app")
@access.staff_required
@again.required("second_factor")
def app() -> access.Reply:
    return _app_page(CodeForm(formdata=None))


def _app_page(form: CodeForm) -> access.Reply:
    secret = authenticators.pending(current_user.staff, factors.key())
    if not secret:
        return redirect(url_for(PAGE), 303)
    address = authenticators.provisioning_uri(current_user.staff, secret, branding.name(current_app.config))
    written = " ".join(secret[at : at + LETTERS] for at in range(0, len(secret), LETTERS))
    return form.page("desk/second_factor/app.html", squares=qr.squares(address), secret=written)


@bp.post("/app/code")
@access.staff_required
@again.required("second_factor")
def confirm_app() -> access.Reply:
    form, staff, now = CodeForm(), current_user.staff, clock.now()
    codes = form.submit(lambda: second_factor.confirm_app(staff, form.code.data, factors.key(), now=now), at="code")
    return _app_page(form) if form.problems else _done("app", codes)


@bp.get("/app/removal")
@access.staff_required
def ask_app_removal() -> access.Reply:
    """Show what the app is good for no longer."""
    return htmx.page(ASKS, what="app", action=url_for("desk.second_factor.remove_app"))


@bp.post("/app/removal")
@access.staff_required
@again.required("second_factor")
def remove_app() -> access.Reply:
    try:
        second_factor.remove_app(current_user.staff, https=access.is_https(), now=clock.now())
    except errors.LastSecondFactor as refusal:
        return _page(refusal, 409)
    return _done("removed")


# -- passkeys --------------------------------------------------------------------------------------------------------
@bp.post("/passkeys/options")
@access.staff_required
@again.required("second_factor")
def passkey_options() -> access.Reply:
    """Give a browser what it needs to make a passkey."""
    place = entrance.passkey_site() or abort(404)
    asked = passkeys.registration_options(current_user.staff, place, current_user.token, now=clock.now())
    return current_app.response_class(asked, mimetype="application/json")


@bp.post("/passkeys")
@access.staff_required
@again.required("second_factor")
def add_passkey() -> access.Reply:
    place, answer = entrance.passkey_site() or abort(404), request.form.get("credential", "")
    made_in, browser = entrance.browser_name(), current_user.token
    try:
        codes = second_factor.add_passkey(current_user.staff, place, answer, browser, made_in, now=clock.now())
    except (errors.PasskeyRefused, errors.TooManyPasskeys) as refusal:
        return _page(refusal, 422)
    return _done("passkey", codes)


@bp.get("/passkeys/<row_id:passkey_id>/removal")
@access.staff_required
def ask_passkey_removal(passkey_id: int) -> access.Reply:
    """Show which passkey would go."""
    action = url_for("desk.second_factor.remove_passkey", passkey_id=passkey_id)
    return htmx.page(ASKS, what="passkey", name=_own_passkey(passkey_id).name, action=action)


def _own_passkey(passkey_id: int) -> Passkey:
    mine = (Passkey.id == passkey_id) & (Passkey.staff == current_user.staff.id)
    return access.mine_or_404(Passkey.select().where(mine))


@bp.post("/passkeys/<row_id:passkey_id>/removal")
@access.staff_required
@again.required("second_factor")
def remove_passkey(passkey_id: int) -> access.Reply:
    row = _own_passkey(passkey_id)
    try:
        second_factor.remove_passkey(current_user.staff, row, https=access.is_https(), now=clock.now())
    except errors.LastSecondFactor as refusal:
        return _page(refusal, 409)
    return _done("removed")


# -- recovery codes --------------------------------------------------------------------------------------------------
@bp.get("/codes")
@access.staff_required
def ask_new_codes() -> access.Reply:
    """Show that the codes on paper are good no longer."""
    return htmx.page(ASKS, what="codes", action=url_for("desk.second_factor.renew_codes"))


@bp.post("/codes")
@access.staff_required
@again.required("second_factor")
def renew_codes() -> access.Reply:
    if current_user.staff.second_factor_at is None:
        return redirect(url_for(PAGE), 303)
    return _done("codes", second_factor.renew_codes(current_user.staff, now=clock.now()))
