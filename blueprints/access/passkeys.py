"""パスキー: those of a patron, which sign in without a card number and a password."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from flask_login import current_user

from library import clock, errors
from library.access import sessions
from library.access.factors import passkeys
from library.patrons import passkeys as own_passkeys
from models import Passkey
from web import access, entrance, flash, forms, identity, terminals

bp = Blueprint("passkeys", __name__)
PAGE = "passkeys.index"


class NameForm(forms.Form):
    name = forms.Text("パスキーの名前", maximum=own_passkeys.LONGEST_NAME)


@bp.get("")
@access.patron_required
@terminals.refused
def index() -> access.Reply:
    form = NameForm(formdata=None)
    form.name.data = entrance.browser_name()
    return _page(form, asked_id=request.args.get("remove", 0, int))


def _page(form: NameForm, asked_id: int = 0) -> Response:
    """Return the page. ``asked_id``: the passkey that is deleted with the password, whose field stands beside it."""
    patron, is_fresh = current_user.patron, sessions.is_fresh(current_user.session, now=clock.now())
    rows = passkeys.of_account(patron)
    asked_id = 0 if is_fresh or asked_id not in {row.id for row in rows} else asked_id
    return form.page(
        "passkeys/index.html",
        messages=flash.take(PAGE),
        passkeys=[{name: getattr(row, name) for name in ("id", "name", "created_at", "used_at")} for row in rows],
        most=passkeys.limit_of(patron),
        can_have=entrance.passkey_site() is not None,
        longest=own_passkeys.LONGEST_NAME,
        password=None if is_fresh else identity.PASSWORD_FIELD,
        asked_id=asked_id,
    )


def _unproved() -> dict[str, Sequence[errors.Refused]]:
    """Return the refusals of the password that was sent, by field; nothing within ten minutes of the last proof."""
    return {} if sessions.is_fresh(current_user.session, now=clock.now()) else identity.problems()


def _refused(form: NameForm, problems: dict[str, Sequence[errors.Refused]], asked_id: int = 0) -> access.Reply:
    form.problems = problems
    return identity.as_refused(_page(form, asked_id), problems.get(identity.FIELD, ()))


@bp.post("/options")
@access.patron_required
@terminals.refused
def options() -> access.Reply:
    """Give a browser what it needs to make a passkey; 422 where the page has to ask for the password first."""
    place = entrance.passkey_site() or abort(404)
    if _unproved():
        return "", 422
    asked = passkeys.registration_options(current_user.patron, place, current_user.token, now=clock.now())
    return current_app.response_class(asked, mimetype="application/json")


@bp.post("")
@access.patron_required
@terminals.refused
def add() -> access.Reply:
    """パスキーを登録する: keep the passkey that a browser made."""
    place, form = entrance.passkey_site() or abort(404), NameForm()
    if problems := _unproved():
        return _refused(form, problems)
    name = form.name.data or entrance.browser_name()
    answer, browser = request.form.get("credential", ""), current_user.token
    row = form.submit(
        lambda: own_passkeys.add(current_user.patron, place, answer, browser, name, now=clock.now()), at="adding"
    )
    if row is None:
        return _refused(form, form.problems)
    return _done("added")


@bp.post("/<row_id:passkey_id>/removal")
@access.patron_required
@terminals.refused
def remove(passkey_id: int) -> access.Reply:
    """Delete a passkey; a proof that is too old leads to the field of the password first."""
    row = access.mine_or_404(Passkey.select().where(Passkey.id == passkey_id, Passkey.patron == current_user.patron.id))
    is_fresh = sessions.is_fresh(current_user.session, now=clock.now())
    if not is_fresh and identity.FIELD not in request.form:
        return redirect(f"{url_for(PAGE, remove=row.id)}#{identity.FIELD}", 303)
    if problems := _unproved():
        return _refused(NameForm(formdata=None), problems, row.id)
    own_passkeys.remove(current_user.patron, row, now=clock.now())
    return _done("removed")


def _done(done: str) -> access.Reply:
    return flash.leave(PAGE, done=done)
