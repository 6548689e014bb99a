"""The only place that asks what time it is. Asked at the edges (views, jobs, commands), never inside a rule."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_zone = ZoneInfo("Asia/Tokyo")
_source: Callable[[], datetime] | None = None


def set_zone(zone_name: str) -> None:
    """Set the zone in which days begin and end (setting TIMEZONE)."""
    global _zone
    _zone = ZoneInfo(zone_name)


def zone_name() -> str:
    """Return the name of that zone."""
    return _zone.key


def set_source(source: Callable[[], datetime] | None) -> None:
    """Tell the time from ``source()`` (an instant with zone) instead of the machine; None: the machine again."""
    global _source
    _source = source


def now() -> datetime:
    """Return this moment, in UTC."""
    return _source().astimezone(UTC) if _source else datetime.now(UTC)


def today() -> date:
    """Return the day it is in the library's zone."""
    return day_of(now())


def local(instant: datetime) -> datetime:
    """Return the same moment on the library's wall clock."""
    return instant.astimezone(_zone)


def day_of(instant: datetime) -> date:
    return local(instant).date()


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """Return the moment of a wall-clock time of a day, in UTC."""
    return datetime.combine(day, time(hour, minute), _zone).astimezone(UTC)


def parse(text: str) -> datetime:
    """Read ISO 8601; without a zone it is the library's. ValueError when it is neither."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=_zone)).astimezone(UTC)
