"""The way from the ways in to the desk: the step of the second factor, the page that was asked for, what waits there."""

from urllib.parse import urlsplit

from flask import g, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from library import clock, networks, policy
from library.access import parked_forms
from library.access.factors import second_factor
from library.patrons.staff import SignedIn
from library.site import questions
from models import ParkedForm, Staff
from web import access, entrance, flash, links, terminals

STEP = "second_step"  # in the cookie: the token of who has given the password and not yet the second factor


def held_form() -> ParkedForm | None:
    """Return the form that this browser sent for the member of staff who sits here, while it is held."""
    token, staff = session.get(access.HELD_FORM), current_user.staff
    return parked_forms.find(staff, token, now=clock.now()) if token and staff else None


def note_held_form() -> bool:
    """Note the held form for ``htmx.page``, which fills it in, where this is its page; tell if it is. Nothing of it is applied."""
    if request.method != "GET" or access.HELD_FORM not in session or current_user.locked_to_first_password:
        return False
    held = held_form()
    if held and urlsplit(held.page).path == request.path:
        g.held_form = held
    return "held_form" in g


def wanted() -> str | None:
    """Return the page of the desk that was asked for."""
    asked = links.wanted()
    return asked if asked and asked.startswith("/desk") else None


def destination() -> str:
    """Return the page of a form that was held, else the one that was asked for, else the desk."""
    held = held_form()
    return (held and held.page) or wanted() or url_for("desk.index")


def welcome(signed_in: SignedIn) -> Response:
    """Lead on after a right password: to the second factor, a password of one's own, or the page that was asked for."""
    if signed_in.scope == "second_factor":
        session[STEP] = signed_in.token
        g.sign_in = "step"  # for the count in web.requests
        return redirect(url_for("desk.second_step.index", next=wanted()), 303)
    entrance.begin(signed_in.token)
    if signed_in.scope == "first_password":
        return _leave(signed_in, url_for("desk.session.password"))
    by = second_factor.deadline(signed_in.staff, https=access.is_https(), now=clock.now())
    address = destination()
    if address == url_for("desk.index"):
        # once when the day begins, so that no page of it has to count
        messages = {
            "new_questions": questions.count_new(),
            "second_factor_by": by and clock.day_of(by).isoformat(),
            "network": network_to_register(signed_in.staff),
        }
        if any(messages.values()):
            flash.keep("desk.checkout.index", **messages)
    return _leave(signed_in, address)


def network_to_register(staff: Staff) -> str:
    """Return the network here that a 管理 may make the desk's; empty while there is one, at a public terminal, and for 窓口."""
    if staff.role != "admin" or policy.get("desk_networks") or terminals.is_one():
        return ""
    return networks.of_building(request.remote_addr or "")


def _leave(signed_in: SignedIn, address: str) -> Response:
    response = redirect(address, 303)
    entrance.keep_mark(response, signed_in.device)
    return response
