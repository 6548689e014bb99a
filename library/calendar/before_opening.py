"""移行: from the first day of a cutover until the opening, no reader is served, no mail queued and nothing erased.

``library.cutover`` begins and ends it; everybody else asks here.
"""

from datetime import date, datetime

from library import clock, errors, policy
from library.store import database
from models import Cutover, RecordedSince

# jobs that a cutover doesn't stop; files with personal data are still deleted, and the administrator gets mails
JOBS_THAT_GO_ON = ("backup", "drill", "rankings", "covers", "import_files", "outbox")


def is_on(*, today: date) -> bool:
    """Tell whether a cutover goes on; on the day of the opening it is over."""
    return is_set_on(policy.get("moving"), today)


def is_set_on(state: dict[str, str | None] | None, today: date) -> bool:
    """Tell whether the setting ``moving`` ({"opens_on": day or None}; None: no cutover) says that a cutover goes on."""
    return state is not None and (state["opens_on"] is None or state["opens_on"] > today.isoformat())


def set_opening_day(opens_on: date | None) -> None:
    """Set the day of the opening, None while there is none yet, in the caller's transaction; the cutover goes on until
    then. A library that was empty counts its figures from that day on.

    The setting repeats the table, as every request reads it.
    """
    Cutover.update(opens_on=opens_on).execute()
    if Cutover.select().where(Cutover.was_empty).exists():
        RecordedSince.delete().execute()
        if opens_on:
            RecordedSince.insert_many([{"name": name, "day": opens_on} for name in ("loans", "facts")]).execute()
    policy.put("moving", {"opens_on": opens_on and opens_on.isoformat()})


def require_open(*, now: datetime) -> None:
    """Refuse an act during a cutover. Raises: MovingIn."""
    if is_on(today=clock.day_of(now)):
        raise errors.MovingIn()


def count_mails(number: int) -> None:
    """Add to the count of mails that the cutover kept from being queued."""
    with database.writing():
        Cutover.update(mails=Cutover.mails + number).execute()
