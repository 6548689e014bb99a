"""2段階認証 on pages: passkeys, the key of stored secrets, and the mark of a browser that gave the second factor."""

from flask import current_app
from werkzeug.wrappers import Response

from library.access.factors import browsers, passkeys
from models import Passkey, Staff
from web import cookies, entrance, terminals

COOKIE = "second-factor"


def key() -> str:
    """Return the key that encrypts the stored secrets of authenticator apps."""
    return current_app.config["SECRET_KEY"]


def passkeys_of(staff: Staff) -> list[Passkey]:
    """Return the member of staff's passkeys that can be used here."""
    return passkeys.of_account(staff) if staff.second_factor_at and entrance.passkey_site() else []


def mark() -> str | None:
    """Return this browser's token for a second factor given before; None without one."""
    return cookies.read(COOKIE)


def set_mark(response: Response, token: str) -> None:
    """Have this browser remember that the second factor was given, except at a terminal, which everybody uses."""
    if not terminals.is_one():
        cookies.give(response, COOKIE, token, max_age=int(browsers.KEPT.total_seconds()))
