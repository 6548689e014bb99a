"""システムメンテナンス: a span of each day in which nobody can write."""

import re
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

HELD_AFTER = timedelta(hours=2)  # after its end: until then 利用者情報変更 keeps a stopped form
_SPAN = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])-([01]?[0-9]|2[0-3]):([0-5][0-9])")


class Span(NamedTuple):
    first: time
    last: time  # the first moment after the span

    def includes(self, moment: datetime) -> bool:
        """Tell whether a wall-clock time is within the span, which may go over midnight."""
        at = moment.time()
        if self.first < self.last:
            return self.first <= at < self.last
        return at >= self.first or at < self.last

    def seconds_left(self, moment: datetime) -> int:
        """Return the seconds from a moment within the span to its end."""
        ends, at = _second(self.last), _second(moment.time())
        return (ends - at) % (24 * 3600)

    @property
    def end(self) -> str:
        """Return the end in words: 午前5時."""
        return _half(self.last) + _clock(self.last)

    @property
    def words(self) -> str:
        """Return the span in words: 毎日 午前4時〜5時, 毎日 午後11時30分〜午前1時."""
        half = _half(self.last) if _half(self.first) != _half(self.last) else ""
        return f"毎日 {_half(self.first)}{_clock(self.first)}〜{half}{_clock(self.last)}"


@lru_cache(maxsize=8)
def parse(text: str) -> Span | None:
    """Return the span of ``04:00-05:00``; None for an empty text. Raises: ValueError."""
    if not text:
        return None
    found = _SPAN.fullmatch(text)
    if not found or found.group(1, 2) == found.group(3, 4):
        raise ValueError(text)
    first_hour, first_minute, last_hour, last_minute = map(int, found.groups())
    return Span(time(first_hour, first_minute), time(last_hour, last_minute))


def _second(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second


def _half(at: time) -> str:
    return "午前" if at.hour < 12 else "午後"


def _clock(at: time) -> str:
    return f"{at.hour % 12}時" + (f"{at.minute}分" if at.minute else "")
