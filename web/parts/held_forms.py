"""Forms that were held, on their way back: the page on which one stands comes filled, and nothing is applied."""

from urllib.parse import urlsplit

from flask import g, request, session
from flask_login import current_user

from library import clock
from library.access import held_forms
from models import HeldForm
from web import access


def current() -> HeldForm | None:
    """Return the form that this browser sent for who sits here, while it is held."""
    token = session.get(access.HELD_FORM)
    return held_forms.find(access.owner(), token, now=clock.now()) if token else None


def arrive() -> bool:
    """Tell if this is the page of the held form, which ``htmx.page`` then fills."""
    if request.method != "GET" or access.HELD_FORM not in session or current_user.locked_to_first_password:
        return False
    held = current()
    if held and urlsplit(held.page).path == request.path:
        g.held_form = held
    return "held_form" in g
