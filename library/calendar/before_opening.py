"""移行: from the day on which a library moves in until it opens nobody outside is served, no mail is queued and nothing is erased.

The rules that begin and end it are in ``library.cutover``; all others ask here.
"""

from datetime import date, datetime

from library import clock, errors, policy
from library.store import database
from models import Cutover

# jobs that run meanwhile: copies, trying them, what the desk looks at, covers, the end of files that hold people's data, and mails to the administrator
GOES_ON = ("backup", "drill", "rankings", "covers", "import_files", "outbox")


def is_on(*, today: date) -> bool:
    """Tell if the library is being moved in on a day: it is open from the day of the opening on."""
    return says_so(policy.get("moving"), today)


def says_so(state: dict[str, str | None] | None, today: date) -> bool:
    """Tell the same by the setting, where it was read."""
    return state is not None and (state["opens_on"] is None or state["opens_on"] > today.isoformat())


def note(opens_on: date | None) -> None:
    """Note that a move goes on until a day, or until somebody names one, in the caller's transaction. The setting is what is read all the time."""
    Cutover.update(opens_on=opens_on).execute()
    policy.put("moving", {"opens_on": opens_on and opens_on.isoformat()})


def require_open(*, now: datetime) -> None:
    """Refuse what waits for the opening. Raises: MovingIn."""
    if is_on(today=clock.day_of(now)):
        raise errors.MovingIn()


def count_mails(number: int) -> None:
    """Count mails that were not queued, in the caller's transaction."""
    with database.writing():
        Cutover.update(mails=Cutover.mails + number).execute()
