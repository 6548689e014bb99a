"""入口: what the ways in of patrons and of staff have in common."""

from flask import Response, current_app, request, session
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from library import errors
from library.access import marks
from library.access.factors import passkeys
from library.access.guessing import sources
from library.site import branding
from web import access, cookies, forms, terminals

BUSY_AGAIN = 5  # seconds after which to try again where too many sign in at once
MARK, MARK_KEPT = "device", 365 * 24 * 3600  # the cookie of a browser's mark; seconds
LAPSED_DRAFT = "lapsed_draft"  # in the cookie: the token of a draft that this browser sent after its session was over


class NewPasswordForm(forms.Form):
    new_password = forms.Secret("新パスワード")
    new_password_again = forms.Secret("確認パスワード")


def sign_in_page(template: str, form: forms.Form, refusal: errors.Refused | None = None, **context: object) -> Response:
    """Return the page that asks who one is; refused as a whole or at its fields with 422, after too many tries with 429 and how
    long to wait, with 503 where too many sign in at once.
    """
    if refusal is None:
        return form.page(template, **context)
    waits = isinstance(refusal, errors.SignInTooOften)
    context |= {"summary": [{"sentence": refusal.sentence}], "page_has_errors": True, "waits": waits}
    return told_to_wait(form.page(template, 422, **context), refusal)


def told_to_wait(response: Response, refusal: errors.Refused) -> Response:
    """Give an answer the status and the time of a refusal that says to come again: 429 or 503; any other stays as it is."""
    if isinstance(refusal, errors.SignInTooOften):
        response.status_code, response.headers["Retry-After"] = 429, str(refusal.facts["seconds"])
    elif isinstance(refusal, errors.SignInBusy):
        response.status_code, response.headers["Retry-After"] = 503, str(BUSY_AGAIN)
    return response


def begin(token: str) -> None:
    """Give a new session a fresh cookie; the session whose place it takes, of a patron or of staff, is over."""
    if current_user.is_authenticated:
        access.end()
    kept = {name: session[name] for name in (LAPSED_DRAFT, access.PARKED_FORM) if name in session}
    session.clear()
    session.update(kept)
    access.begin(token)


def origin() -> sources.Origin:
    """Return from where a request comes: its address, the mark of its browser, the name of the terminal."""
    key = current_app.config["SECRET_KEY"]
    return sources.Origin(request.remote_addr or "", cookies.read(MARK), terminals.name(), key)


def has_mark() -> bool:
    return bool(cookies.read(MARK))


def keep_mark(response: BaseResponse, mark: str | None) -> None:
    """Give the browser its mark, where the sign-in made one or knew one."""
    if mark:
        cookies.give(response, MARK, mark, max_age=MARK_KEPT)


def drop_mark(response: BaseResponse) -> None:
    """Take the mark from a browser that has one, and forget whom it knew."""
    if has_mark():
        marks.forget_browser(cookies.read(MARK))
        cookies.take_back(response, MARK)


def passkey_site() -> passkeys.Site | None:
    """Return the site for which browsers make passkeys, of patrons and of the staff; None where they make none."""
    return passkeys.site(current_app.config["PUBLIC_URL"], branding.name(current_app.config))


def browser_name() -> str:
    """Return what a browser is called in a list of signed-in devices: kind of machine and browser, nothing finer."""
    agent = request.headers.get("User-Agent", "")
    machines = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
                ("Macintosh", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"))  # fmt: skip
    browsers = (("Edg", "Edge"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"),
                ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
    machine = next((name for mark, name in machines if mark in agent), "端末")
    browser = next((name for mark, name in browsers if mark in agent), "ブラウザ")
    return f"{machine}の{browser}"
