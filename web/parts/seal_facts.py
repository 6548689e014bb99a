"""Facts for the words on pages about records that a new password sealed."""

from typing import Any

from flask_login import current_user

from library import clock
from library.access import seals


def read() -> dict[str, Any]:
    """Return the variable ``seal`` for the patron who is signed in: None where all is open."""
    patron = current_user.patron
    if not seals.is_sealed(patron):
        return {"seal": None}
    addresses = seals.usable_addresses(patron, now=clock.now())
    until = clock.day_of(patron.sealed_until) if patron.sealed_until else None
    return {"seal": {"on": clock.day_of(patron.unproved_since), "by_mail": bool(addresses), "until": until}}
