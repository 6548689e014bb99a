"""The table of limits: the failures that bring a wait or care, and the time in which they count.

Failures at one card from one source, or of one source, bring a wait. Failures of strangers, or at initial passwords,
bring care: a try is refused without a proof beside the password, 確認番号 for a patron and the second factor for staff.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from library import clock

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """One line: the failure number ``free`` ``within`` a time brings the first of ``waits``, each later failure the
    next one; the last one comes again until there were no failures for ``rest``.
    """

    kind: str
    free: int
    within: timedelta
    waits: tuple[timedelta, ...]
    rest: timedelta = timedelta(0)

    def counted_since(self, now: datetime) -> datetime:
        """Return the moment since which failures count."""
        return now - self.within

    def wait_ends(self, failures: int, now: datetime) -> datetime:
        """Return the end of the wait that so many failures bring. Without a wait it is long past: the clock of another
        request may be a little behind.
        """
        over = failures - self.free
        return self.counted_since(now) if over < 0 else now + self.waits[min(over, len(self.waits) - 1)]


@dataclass(frozen=True)
class DailyLimit(Limit):
    """A line whose failures count from midnight to midnight, and whose care ends at midnight."""

    def counted_since(self, now: datetime) -> datetime:
        return clock.at(clock.day_of(now))

    def wait_ends(self, failures: int, now: datetime) -> datetime:
        return self.counted_since(now) if failures < self.free else clock.at(clock.day_of(now) + _DAY)


def _minutes(*numbers: int) -> tuple[timedelta, ...]:
    return tuple(number * _MINUTE for number in numbers)


PAIR = Limit("pair", 5, _HOUR, _minutes(1, 2, 4, 8, 15), rest=_HOUR)  # card and source
PAIR_BY_MARK = replace(PAIR, free=10)
SOURCE = Limit("source", 20, 10 * _MINUTE, _minutes(1, 2, 4, 8, 10), rest=10 * _MINUTE)  # without mark
SOURCE_OF_LIBRARY = replace(SOURCE, free=100)  # a terminal, or an address of the desk
LINE = replace(SOURCE, kind="line", free=60)  # an IPv6 /48
STRANGERS = Limit("strangers", 20, _DAY, (_DAY,))  # on a card or login
ALL_STRANGERS = Limit("all_strangers", 500, 10 * _MINUTE, _minutes(30))
INITIAL_KEPT = 365 * _DAY  # as long as an initial password may open at most
INITIAL = Limit("initial", 5, INITIAL_KEPT, (INITIAL_KEPT,))  # at the initial password of a card
ALL_INITIAL = DailyLimit("all_initial", 100, _DAY, (_DAY,))

WAITS = (PAIR.kind, SOURCE.kind, LINE.kind)
CAREFUL = (STRANGERS.kind, ALL_STRANGERS.kind, INITIAL.kind, ALL_INITIAL.kind)
RELEASED = "released"  # kind of the row of a card or login that was released lately
RELEASED_CARD, RELEASED_LOGIN = 10 * _MINUTE, 30 * _MINUTE
INITIAL_FAILURES = 1_000  # at a card; then its initial password needs a number from the desk
# numbers of the failures in a day that 操作の記録 has: a night of guesses leaves a few rows
RECORDED, THEN_EACH = (1, 5, 20), 100
