"""The way into the desk after a sign-in: the second factor, the page that was asked for, a parked form."""

from urllib.parse import urlsplit

from flask import g, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from library import clock, networks, policy
from library.access import parked_forms
from library.access.factors import second_factor
from library.patrons.staff import SignedIn
from models import ParkedForm, Staff
from web import access, entrance, flash, links, terminals

STEP = "second_step"  # in the cookie: the token of who has given the password and not yet the second factor


def parked_form() -> ParkedForm | None:
    """Return the form that this browser parked for the member of staff who is signed in; None without one."""
    token, staff = session.get(access.PARKED_FORM), current_user.staff
    return parked_forms.find(staff, token, now=clock.now()) if token and staff else None


def note_parked_form() -> bool:
    """Tell whether this page has the parked form, and have ``htmx.page`` fill it in; nothing of it is saved."""
    if request.method != "GET" or access.PARKED_FORM not in session or current_user.locked_to_first_password:
        return False
    parked = parked_form()
    if parked and urlsplit(parked.page).path == request.path:
        g.parked_form = parked
    return "parked_form" in g


def wanted() -> str | None:
    """Return the page of the desk that was asked for; None if there was none."""
    asked = links.wanted()
    return asked if asked and asked.startswith("/desk") else None


def destination() -> str:
    """Return the page of the parked form, else the page that was asked for, else the desk."""
    parked = parked_form()
    return (parked and parked.page) or wanted() or url_for("desk.index")


def welcome(signed_in: SignedIn) -> Response:
    """Return the redirect after a right password: to the second factor, an own password, or ``destination``."""
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
        messages = {
            "second_factor_by": by and clock.day_of(by).isoformat(),
            "network": network_to_register(signed_in.staff),
        }
        if any(messages.values()):
            flash.keep("desk.index", **messages)
    return _leave(signed_in, address)


def network_to_register(staff: Staff) -> str:
    """Return the network here for 管理 to register as the desk's; empty if there is one, at a terminal, and for 窓口."""
    if staff.role != "admin" or policy.get("desk_networks") or terminals.is_one():
        return ""
    return networks.of_building(request.remote_addr or "")


def _leave(signed_in: SignedIn, address: str) -> Response:
    response = redirect(address, 303)
    entrance.keep_mark(response, signed_in.device)
    return response
