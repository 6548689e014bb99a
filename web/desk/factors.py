"""2段階認証: what a page needs of the second factor: its passkeys, the key of secrets, the mark of this browser."""

from flask import current_app
from werkzeug.wrappers import Response

from library.access.factors import browsers, passkeys
from models import Passkey, Staff
from web import cookies, entrance, terminals

COOKIE = "second-factor"


def key() -> str:
    return current_app.config["SECRET_KEY"]


def passkeys_of(staff: Staff) -> list[Passkey]:
    """Return the passkeys that can be used here."""
    return passkeys.of_person(staff) if staff.second_factor_at and entrance.passkey_site() else []


def mark() -> str | None:
    return cookies.read(COOKIE)


def set_mark(response: Response, token: str) -> None:
    """Have this browser remember that the second factor was given in it; a terminal of the library, which is anybody's, does not."""
    if not terminals.is_one():
        cookies.give(response, COOKIE, token, max_age=int(browsers.KEPT.total_seconds()))
