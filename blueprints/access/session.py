"""ログイン: signing in and out, the first password, a forgotten password."""

from datetime import datetime

from flask import Blueprint, abort, current_app, redirect, request, session, url_for
from flask_login import current_user

from library import addresses, clock, errors, policy
from library.access.factors import passkeys
from library.access.guessing import tries
from library.lending.holds import cart
from library.patrons import passkeys as own_passkeys, patrons, reset_requests, signing_in
from library.store import database
from models import Title
from web import access, entrance, flash, forms, headers, links, terminals
from web.parts import card_numbers

bp = Blueprint("session", __name__)
ASKED = "passkey_asked"  # in the cookie: what a passkey is to sign, and until when


class SignInForm(forms.Form):
    card = forms.Text("図書館カードの番号", maximum=100)
    password = forms.Secret("パスワード")
    check = forms.Text("確認番号", maximum=100)


class ResetForm(forms.Form):
    card = forms.Text("図書館カードの番号", maximum=100)
    email = forms.Text("E-mail", fold=addresses.fold)


@bp.get("/login")
@access.public
def login() -> access.Reply:
    if current_user.patron:
        wanted = _wanted_title()
        return redirect(url_for("catalog.title", title_id=wanted.id) if wanted else _destination())
    return _login_page(SignInForm(formdata=None), notice=_sign_in_notice())


@bp.post("/login")
@access.public
def sign_in() -> access.Reply:
    form = SignInForm()
    if forms.refused(form).keys() - {"check"}:
        return _login_page(form, errors.SignInRefused())
    try:
        signed_in = form.submit(lambda: _sign_in(form), without=("check",))
    except errors.CheckMissing as missing:
        form.problems = {"check": [missing]}
        return _login_page(form)
    except (errors.SignInRefused, errors.SignInTooOften, errors.SignInBusy) as refusal:
        return _login_page(form, refusal)
    if signed_in is None:
        return _login_page(form)
    return _welcome(signed_in, _destination(signed_in.scope), _wanted_title())


def _sign_in(form: SignInForm) -> signing_in.SignedIn:
    return signing_in.sign_in(
        form.card.data,
        form.password.data,
        check=form.check.data or "",
        origin=entrance.origin(),
        client=entrance.browser_name(),
        terminal=terminals.is_one(),
        now=clock.now(),
    )


def _sign_in_notice() -> str | None:
    """Return the code of what the page of signing in says first; None when there is nothing to say."""
    for happened in ("signed_out", "lapsed"):
        if session.pop(happened, None):
            return happened
    if _wanted_title():
        return "cart"
    return "next" if links.wanted() else None


def _login_page(form: SignInForm, refusal: errors.Refused | None = None, notice: str | None = None) -> access.Reply:
    wanted = _wanted_title()
    return entrance.sign_in_page(
        "session/login.html",
        form,
        refusal,
        notice=notice,
        next=links.wanted() or "",
        cart=wanted,
        first_password_mode=policy.get("first_password_mode"),
        at_terminal=terminals.is_one(),
        with_passkeys=not terminals.is_one() and entrance.passkey_site() is not None,
        asks_check=_asks_check(form),
        card_field=card_numbers.field(),
    )


def _asks_check(form: SignInForm) -> bool:
    """Tell whether the page has a field for 確認番号: it was asked for, or all strangers are asked for one now."""
    if "check" in form.problems or form.check.data:
        return True
    is_stranger = not entrance.has_mark() and not terminals.is_one()
    return is_stranger and tries.is_careful_with_all(now=clock.now())


def _wanted_title() -> Title | None:
    """Return the title that signing in puts in the cart: the one at which somebody asked for it."""
    return _title(request.values.get("cart", ""))


def _title(number: str) -> Title | None:
    return Title.get_or_none(Title.id == forms.number(number)) if number else None


def _destination(scope: str = "full") -> str:
    """Return the address to go on at; with an initial password that of its page, after which the wanted one follows."""
    wanted = links.wanted() or (url_for("cart.index") if _wanted_title() else None)
    if scope == "first_password":
        session["next"] = wanted
        return url_for("session.first_password")
    return wanted or url_for("my.index")


def _welcome(signed_in: signing_in.SignedIn, destination: str, title: Title | None) -> access.Reply:
    """Give the new session a fresh cookie and the browser its mark, and lead to ``destination``; to the sealed records
    first, where the sign-in can open them. ``title`` goes into the cart on the way, or after the first password.
    """
    wanted = session.get("next")
    entrance.begin(signed_in.token)
    if signed_in.scope == "first_password":
        session["next"] = wanted
        if title:
            session["cart"] = str(title.id)
    elif title:
        _put_in_cart(title)
    if signed_in.opening:
        destination = url_for("seal.ask_opening", token=signed_in.opening)
    response = redirect(destination, 303)
    entrance.keep_mark(response, signed_in.device)
    return response


def _put_in_cart(title: Title) -> None:
    try:
        cart.add(current_user.patron, title, now=clock.now())
    except errors.Refusals as refused:
        flash.keep("cart.index", done="refused", refused=refused.reasons)
    else:
        flash.keep("cart.index", done="added", title=title.id)


# -- with a passkey ----------------------------------------------------------------------------------------------------
@bp.post("/login/passkey/options")
@access.public
@terminals.refused
def passkey_options() -> access.Reply:
    """Give a browser what any passkey of a patron signs; what was asked waits in its cookie."""
    place = entrance.passkey_site() or abort(404)
    options, asked = passkeys.sign_in_options(place, now=clock.now())
    session[ASKED] = [asked.value, asked.until.isoformat()]
    return current_app.response_class(options, mimetype="application/json")


@bp.post("/login/passkey")
@access.public
@terminals.refused
def sign_in_by_passkey() -> access.Reply:
    """パスキーでログイン: sign in the patron whose passkey signed what ``passkey_options`` asked."""
    place, answer, asked = (
        entrance.passkey_site() or abort(404),
        request.form.get("credential", ""),
        session.pop(ASKED, None),
    )
    waiting = passkeys.SignInChallenge(asked[0], datetime.fromisoformat(asked[1])) if asked else None
    given = {"client": entrance.browser_name(), "origin": entrance.origin()}
    try:
        signed_in = own_passkeys.sign_in(place, answer, waiting, **given, now=clock.now())
    except errors.PasskeySignInRefused as refusal:
        return _login_page(SignInForm(formdata=None), refusal)
    return _welcome(signed_in, _destination(), _wanted_title())


@bp.get("/my/stay", endpoint="stay")
@access.patron_required
def stay_signed_in() -> access.Reply:
    """Answer with nothing (204): the request alone keeps the session of a terminal from idling out."""
    return "", 204


@bp.post("/logout")
@access.public
def logout() -> access.Reply:
    at_desk = False
    try:
        at_desk = current_user.staff is not None
        if current_user.is_authenticated:
            access.end()
    except database.UNREADABLE:
        access.end_unread()
    session.clear()
    session["signed_out"] = True
    response = redirect(url_for("desk.session.login" if at_desk else "session.login"), 303)
    headers.clear(response)
    return response


@bp.route("/login/first-password", methods=["GET", "POST"])
@access.public
def first_password() -> access.Reply:
    """Ask for a password of one's own after the initial one; once it is set, the wanted page follows."""
    if current_user.patron is None:
        access.note_lapsed()
        return redirect(url_for("session.login"), 303)
    if not current_user.locked_to_first_password:
        return redirect(url_for("my.index"), 303)
    form, signed_in = entrance.NewPasswordForm(), None
    if request.method == "POST":
        try:
            signed_in = form.submit(lambda: _set_first_password(form))
        except errors.InitialPasswordOver:
            access.end()
            return redirect(url_for("session.login"), 303)
    if signed_in is None:
        return form.page(
            "session/first_password.html",
            minimum=policy.get("password_minimum"),
            addresses=[row.address for row in signing_in.doubtful_addresses(current_user.patron)],
            kept=request.form.getlist("keep"),
        )
    destination = links.safe_next(session.get("next")) or url_for("my.index")
    response = _welcome(signed_in, destination, _title(session.get("cart", "")))
    session["password_set"] = not patrons.addresses(signed_in.patron)
    return response


def _set_first_password(form: entrance.NewPasswordForm) -> signing_in.SignedIn:
    return signing_in.set_first_password(
        current_user.patron,
        form.new_password.data,
        form.new_password_again.data,
        client=entrance.browser_name(),
        origin=entrance.origin(),
        terminal=current_user.session.terminal,
        not_mine={*request.form.getlist("asked")} - {*request.form.getlist("keep")},
        now=clock.now(),
    )


@bp.route("/login/reset", methods=["GET", "POST"])
@access.public
def reset() -> access.Reply:
    """パスワードを忘れた方: mail a link; the page says the same whether the card and its address were found."""
    form = ResetForm()
    sent = False
    if request.method == "POST":
        if not forms.refused(form):
            reset_requests.ask(form.card.data, form.email.data, client=request.remote_addr or "", now=clock.now())
        sent = True
    return form.page("session/reset.html", sent=sent, card_field=card_numbers.field())


@bp.route("/login/reset/<token>", methods=["GET", "POST"])
@access.public
def reset_with(token: str) -> access.Reply:
    """Set a new password by a mailed link; 410 for a link that is over."""
    form, now = entrance.NewPasswordForm(), clock.now()
    try:
        signing_in.open_reset(token, now=now)
        if request.method == "POST":
            form.submit(lambda: signing_in.reset(token, form.new_password.data, form.new_password_again.data, now=now))
            if not form.problems:
                return redirect(url_for("session.login"), 303)
    except errors.LinkDead:
        return form.page("session/reset_with.html", 410, dead=True)
    minimum = policy.get("password_minimum")
    return form.page("session/reset_with.html", dead=False, token=token, minimum=minimum)
