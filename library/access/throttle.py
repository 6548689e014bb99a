"""Plain counters of requests within a time. Wrong passwords are counted in ``guessing``."""

from datetime import datetime

from models import Throttle


def count(name: str, *, now: datetime, until: datetime) -> int:
    """Add one to a counter that starts anew after ``until``; return the number so far, this one included."""
    row = Throttle.get_or_none(Throttle.name == name)
    if row is None or row.allowed_at <= now:
        columns = {Throttle.failures: 1, Throttle.since: now, Throttle.allowed_at: until}
        started = Throttle.insert({Throttle.name: name} | columns)
        started.on_conflict(conflict_target=[Throttle.name], update=columns).execute()
        return 1
    row.failures += 1
    row.save()
    return row.failures


def counted(name: str, *, now: datetime) -> int:
    """Return the number so far; 0 where the counter has started anew."""
    row = Throttle.get_or_none(Throttle.name == name)
    return row.failures if row and row.allowed_at > now else 0
