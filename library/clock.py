"""The only place that reads the time. Views, jobs and commands ask it; rules get the time as an argument."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_zone = ZoneInfo("Asia/Tokyo")
_source: Callable[[], datetime] | None = None


def set_zone(zone_name: str) -> None:
    """Set the time zone in which days begin and end (setting TIMEZONE)."""
    global _zone
    _zone = ZoneInfo(zone_name)


def zone_name() -> str:
    """Return the name of the time zone."""
    return _zone.key


def set_source(source: Callable[[], datetime] | None) -> None:
    """Take the time from ``source()`` (a moment with zone); None: from the machine again."""
    global _source
    _source = source


def now() -> datetime:
    """Return this moment in UTC."""
    return _source().astimezone(UTC) if _source else datetime.now(UTC)


def today() -> date:
    """Return the present day in the library's zone."""
    return day_of(now())


def local(instant: datetime) -> datetime:
    """Return a moment in the library's zone."""
    return instant.astimezone(_zone)


def day_of(instant: datetime) -> date:
    """Return the day of a moment in the library's zone."""
    return local(instant).date()


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """Return a time of a day in the library's zone as a moment in UTC."""
    return datetime.combine(day, time(hour, minute), _zone).astimezone(UTC)


def parse(text: str) -> datetime:
    """Return the moment (UTC) of an ISO 8601 text; without a zone it is the library's. Raises: ValueError."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=_zone)).astimezone(UTC)
