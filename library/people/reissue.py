"""はじめのパスワードの再発行: a patron who can't sign in starts anew, as with a new card."""

from datetime import datetime

from library import audit
from library.access import sessions, throttle
from library.people import patrons
from library.store import database
from models import Patron


def reissue(patron: Patron, *, by: str, via: str, now: datetime) -> str | None:
    """Issue the initial password again; return the one-time code where the library uses codes, else None.

    The old password, every session, known devices and open reset links end; the waiting time of a throttled card too.
    The addresses on file get a mail about it.
    """
    with database.writing():
        code = patrons.issue_initial_password(patron, now=now)
        sessions.end_others(patron)
        patrons.forget_old_password(patron)
        cause = audit.record("password.reissued", actor=by, now=now, patron=patron, fields=["password"], via=via)
        patrons.tell_of_change(patron, "reissued", ["password"], cause=cause, now=now)
        throttle.release(patron.card_number)
    return code
