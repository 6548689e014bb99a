"""入口: what the ways in of patrons and of staff have in common."""

from flask import request, session
from flask_login import current_user

from library import errors
from web import access, forms, htmx


class NewPasswordForm(forms.Form):
    new_password = forms.Secret("新パスワード")
    new_password_again = forms.Secret("確認パスワード")


def sign_in_page(template, form, refusal=None, problems=None, **context):
    """The page that asks who one is; refused as a whole or at its fields with 422, after too many tries with 429 and how
    long to wait.
    """
    too_often = isinstance(refusal, errors.SignInTooOften)
    summary = [{"sentence": refusal.sentence}] if refusal else forms.summary(problems or {})
    response = htmx.page(
        template,
        429 if too_often else 422 if summary else 200,
        form=form.faces(),
        problems=problems or {},
        page_has_errors=bool(summary),
        summary=summary,
        **context,
    )
    if too_often:
        response.headers["Retry-After"] = str(refusal.facts["seconds"])
    return response


def password_page(template, form, problems, **context):
    """The page that asks for a password of one's own."""
    return htmx.page(
        template,
        422 if problems else 200,
        form=form.faces(),
        problems=problems,
        page_has_errors=bool(problems),
        summary=forms.summary(problems),
        **context,
    )


def begin(token):
    """A fresh cookie for a new session; the one that it takes the place of, of a patron or of staff, is over."""
    if current_user.is_authenticated:
        access.end()
    session.clear()
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
