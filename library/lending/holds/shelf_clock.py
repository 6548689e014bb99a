"""取り置きの期限: the days that a copy is kept for a patron, in open days of the pickup branch."""

import logging
from datetime import date

from library import errors, policy
from library.calendar import opening
from models import Hold

log = logging.getLogger(__name__)


def deadline(hold: Hold, told_on: date) -> date:
    """Return the last day to collect for a patron told on a day; counting starts the day after. Raises: NeverOpen."""
    rules = policy.read()
    days = rules.lending(hold.patron.category, hold.title.material_type)["shelf_days"]
    return opening.calendar_of(hold.pickup_branch, rules).after_open_days(told_on, days)


def start(hold: Hold, told_on: date) -> bool:
    """Set the deadline of a hold; return False, and log it, when the branch never opens."""
    try:
        hold.pickup_by = deadline(hold, told_on)
    except errors.NeverOpen as problem:
        log.error("shelf clock not started: %s", problem)
        return False
    hold.told_on = told_on
    Hold.update(told_on=told_on, pickup_by=hold.pickup_by).where(Hold.id == hold.id).execute()
    return True
