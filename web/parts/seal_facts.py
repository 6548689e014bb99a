"""Facts for the words on pages about records that a new password sealed."""

from typing import Any

from flask_login import current_user

from library import clock
from library.access import seals


def read() -> dict[str, Any]:
    """Return the variable ``seal`` for the patron who is signed in: None where all is open."""
    seal = current_user.session.seal
    if seal is None:
        return {"seal": None}
    by_mail = bool(seals.usable_addresses(seal))
    return {"seal": {"on": clock.day_of(seal.sealed_at), "at_desk": seal.at_desk, "by_mail": by_mail}}
