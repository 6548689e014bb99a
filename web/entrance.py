"""入口: signing in, as patrons and staff share it."""

from flask import Response, current_app, request, session
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from library import errors
from library.access import marks
from library.access.factors import passkeys
from library.access.guessing import sources
from library.language import sentences
from library.site import branding
from web import access, cookies, forms, terminals

BUSY_AGAIN = 5  # seconds after which to try again where too many sign in at once
MARK, MARK_KEPT = "device", 365 * 24 * 3600  # the cookie of a browser's mark; seconds
LAPSED_DRAFT = "lapsed_draft"  # in the cookie: the token of a draft that this browser sent after its session was over


class NewPasswordForm(forms.Form):
    new_password = forms.Secret("新パスワード")
    new_password_again = forms.Secret("確認パスワード")


def sign_in_page(template: str, form: forms.Form, refusal: errors.Refused | None = None, **context: object) -> Response:
    """Return the sign-in page: 422 with refusals, 429 with the wait after too many tries, 503 if too many sign in at
    once.
    """
    if refusal is None:
        return form.page(template, **context)
    waits = isinstance(refusal, errors.SignInTooOften)
    context |= {"summary": [{"sentence": refusal.sentence}], "page_has_errors": True, "waits": waits}
    return told_to_wait(form.page(template, 422, **context), refusal)


def told_to_wait(response: Response, refusal: errors.Refused) -> Response:
    """Give a response the status and Retry-After of a refusal that says to wait (429, 503); others stay as they are."""
    if isinstance(refusal, errors.SignInTooOften):
        response.status_code, response.headers["Retry-After"] = 429, str(refusal.facts["seconds"])
    elif isinstance(refusal, errors.SignInBusy):
        response.status_code, response.headers["Retry-After"] = 503, str(BUSY_AGAIN)
    return response


def begin(token: str) -> None:
    """Begin a session after a sign-in: with a fresh cookie, after ending the session that this browser had."""
    if current_user.is_authenticated:
        access.end()
    kept = {name: session[name] for name in (LAPSED_DRAFT, access.PARKED_FORM) if name in session}
    session.clear()
    session.update(kept)
    access.begin(token)


def origin() -> sources.Origin:
    """Return the origin of a request: its address, its browser's mark, the name of the terminal."""
    key = current_app.config["SECRET_KEY"]
    return sources.Origin(request.remote_addr or "", cookies.read(MARK), terminals.name(), key)


def has_mark() -> bool:
    """Tell whether the browser has a mark of an earlier sign-in (``KnownDevice``)."""
    return bool(cookies.read(MARK))


def keep_mark(response: BaseResponse, mark: str | None) -> None:
    """Give the browser its mark, if the sign-in made or found one."""
    if mark:
        cookies.give(response, MARK, mark, max_age=MARK_KEPT)


def drop_mark(response: BaseResponse) -> None:
    """Remove the browser's mark, and the patrons and staff known under it."""
    if has_mark():
        marks.forget_browser(cookies.read(MARK))
        cookies.take_back(response, MARK)


def passkey_site() -> passkeys.Site | None:
    """Return the site for passkeys of patrons and staff; None if there are none here."""
    return passkeys.site(current_app.config["PUBLIC_URL"], branding.name(current_app.config))


def browser_name() -> str:
    """Return the browser's name for a list of devices, such as iPhoneのSafari."""
    agent = request.headers.get("User-Agent", "")
    machines = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
                ("Macintosh", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"))  # fmt: skip
    browsers = (("Edg", "Edge"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"),
                ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
    machine = next((name for mark, name in machines if mark in agent), "端末")
    browser = next((name for mark, name in browsers if mark in agent), "ブラウザ")
    return f"{machine}の{browser}"


def browser_words(name: str) -> sentences.Sentence:
    """Return a name of ``browser_name`` as a sentence that other languages can say."""
    machine, _, browser = name.partition("の")
    return sentences.Sentence("{machine_word}の{browser_word}", machine_word=machine, browser_word=browser)
