"""入口: what the ways in of patrons and of staff have in common."""

from flask import Response, request, session
from flask_login import current_user

from library import errors
from web import access, forms

LAPSED_DRAFT = "lapsed_draft"  # in the cookie: the token of a draft that this browser sent after its session was over


class NewPasswordForm(forms.Form):
    new_password = forms.Secret("新パスワード")
    new_password_again = forms.Secret("確認パスワード")


def sign_in_page(template: str, form: forms.Form, refusal: errors.Refused | None = None, **context: object) -> Response:
    """Return the page that asks who one is; refused as a whole or at its fields with 422, after too many tries with 429 and how
    long to wait.
    """
    if refusal is None:
        return form.page(template, **context)
    too_often = isinstance(refusal, errors.SignInTooOften)
    context |= {"summary": [{"sentence": refusal.sentence}], "page_has_errors": True}
    response = form.page(template, 429 if too_often else 422, **context)
    if too_often:
        response.headers["Retry-After"] = str(refusal.facts["seconds"])
    return response


def begin(token: str) -> None:
    """Give a new session a fresh cookie; the session whose place it takes, of a patron or of staff, is over."""
    if current_user.is_authenticated:
        access.end()
    held = {name: session[name] for name in (LAPSED_DRAFT, access.HELD_FORM) if name in session}
    session.clear()
    session.update(held)
    access.begin(token)


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
