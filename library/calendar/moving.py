"""移行: from the day on which a library moves in until it opens nobody outside is served, no mail is queued and nothing is erased.

The rules that begin and end it are in ``library.moving``; all others ask here.
"""

from datetime import date, datetime

from library import clock, errors
from library.store import database
from library.store.queries import Query, blank
from models import Move

# jobs that run meanwhile: copies, trying them, and what the desk looks at
GOES_ON = ("backup", "drill", "rankings")
_GOING_ON = Query(
    lambda: Move.select(Move.id).where(Move.opens_on.is_null() | (Move.opens_on > blank("today"))).tuples()
)


def is_on(*, today: date) -> bool:
    """Tell if the library is being moved in on a day: it is open from the day of the opening on."""
    return bool(_GOING_ON.rows(today=today.isoformat()))


def require_open(*, now: datetime) -> None:
    """Refuse what waits for the opening. Raises: MovingIn."""
    if is_on(today=clock.day_of(now)):
        raise errors.MovingIn()


def count_mails(number: int) -> None:
    """Count mails that were not queued, in the caller's transaction."""
    with database.writing():
        Move.update(mails=Move.mails + number).execute()
