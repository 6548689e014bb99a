"""Values of the shell of every page: the library, the signed-in patron or staff, the text size, the address."""

from typing import Any

from flask import current_app, g, session
from flask_login import current_user

from library.site import accents
from models import Patron
from web import cookies, htmx, links, maintenance
from web.parts import language, stored_policy

TEXT_SIZES = ("s", "m", "l")
TEXT_SIZE_COOKIE = "textsize"
FOOT = ("address", "phone", "demonstration", "kids")
PLAIN = ("library_name", "accent", *FOOT)
SHOWN = ("logo", "suggestions", *PLAIN)
REMEMBERED = "shell"  # in the extensions: what a page that may ask nothing shows, as the page before it had it


def read() -> dict[str, object]:
    """Return the variables of the shell; for an error page without asking the database."""
    plain = g.get("plain", False)
    settings = _remembered() if plain else stored_policy.read().several(*SHOWN)
    if not plain:
        current_app.extensions[REMEMBERED] = {name: settings[name] for name in PLAIN}
    user = None if plain else current_user._get_current_object()
    locked = user is not None and user.locked_to_first_password
    signed_in = user if user and not locked else None
    me = signed_in if signed_in and signed_in.patron else None
    return {
        "moving": not plain and g.get("moving", False),
        "shut": g.get("moving", False),  # no page of patrons opens, so none is led to
        "layout": htmx.layout(plain=plain),
        "library_name": settings["library_name"] or current_app.config["LIBRARY_NAME"],
        "logo": settings["logo"],
        "suggestions": settings["suggestions"],
        "theme": accents.version(settings["accent"]),
        "maintenance": maintenance.words(),
        "stopped_until": maintenance.until(),
        "covers_credit": current_app.config["COVERS_CREDIT"],
        "library": {name: settings[name] for name in FOOT},
        "password_set": session.pop("password_set", None) if me else None,
        "me": me,
        "in_cart": me.in_cart if me else 0,
        "terminal": bool(user and user.session and user.session.terminal),
        "staff": signed_in.staff if signed_in else None,
        "locked_to_first_password": locked,
        "language": language.current(),
        "offered_languages": language.offered(),
        "text_size": chosen_text_size(user.patron) if user else "m",
        "here": links.here(),
    }


def _remembered() -> dict[str, Any]:
    """Return the settings of the last page in this process, for a plain page; empty without one."""
    return dict.fromkeys(SHOWN) | current_app.extensions.get(REMEMBERED, {})


def chosen_text_size(patron: Patron | None) -> str:
    """文字サイズ: return the patron's choice, else the cookie's, else m."""
    chosen = (patron and patron.text_size) or cookies.read(TEXT_SIZE_COOKIE)
    return chosen if chosen in TEXT_SIZES else "m"
