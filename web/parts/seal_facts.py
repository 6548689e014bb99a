"""Values for pages about records that a new password sealed."""

from typing import Any

from flask_login import current_user

from library import clock
from library.access import seals


def read() -> dict[str, Any]:
    """Return the variable ``seal`` for the signed-in patron: None if nothing is sealed."""
    patron = current_user.patron
    if not seals.is_sealed(patron):
        return {"seal": None}
    addresses = seals.usable_addresses(patron, now=clock.now())
    until = clock.day_of(patron.sealed_until) if patron.sealed_until else None
    at_desk = patron.initial_issued_at is not None and patron.initial_issued_at >= patron.unproved_since
    facts = {"on": clock.day_of(patron.unproved_since), "at_desk": at_desk, "by_mail": bool(addresses), "until": until}
    return {"seal": facts}
