"""Due times of jobs: at each tick, after so many minutes, once a day, a week or thirty days, by what is written down of
its last run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from library import clock, dates, policy
from models import JobRun

RETRY_AFTER = timedelta(minutes=10)  # of a job that failed
Settings = Mapping[str, Any]


@dataclass(frozen=True)
class When:
    """Due at each tick (30 seconds), or after ``every``, or ``daily``; never before an hour (a number, or the setting
    of that name).
    """

    every: timedelta = timedelta(0)
    daily: bool = False
    hour: int | str = 0

    @property
    def is_rare(self) -> bool:
        return self.daily

    def is_due(self, last: JobRun | None, settings: Settings, now: datetime) -> bool:
        if clock.local(now).hour < self.first_hour(settings):
            return False
        if last is None:
            return True
        if last.failed_at is not None and abs(now - last.failed_at) < RETRY_AFTER and (self.daily or self.every):
            return False
        if self.daily:
            return last.day != clock.day_of(now)
        return abs(now - last.started_at) >= self.every  # a clock set back must not stop it

    def next_at(self, last: JobRun | None, settings: Settings, now: datetime) -> datetime:
        """Return the moment from which it is due."""
        if self.is_due(last, settings, now):
            return now
        first = clock.at(clock.day_of(now), self.first_hour(settings))
        if last is not None and last.failed_at is not None and first <= now:
            return last.failed_at + RETRY_AFTER
        if self.daily and last is not None and last.day == clock.day_of(now):
            return first + timedelta(days=1)
        return last.started_at + self.every if last is not None and first <= now else first

    def first_hour(self, settings: Settings) -> int:
        return settings[self.hour] if isinstance(self.hour, str) else self.hour

    def words(self, settings: Settings) -> str:
        hour = self.first_hour(settings)
        often = "毎日" if self.daily else f"{self.every // timedelta(minutes=1)}分ごと" if self.every else "30秒ごと"
        return f"{often}（{hour}時から）" if hour else often


@dataclass(frozen=True)
class Weekly:
    """Due once a week, on the day and from the hour that the library set. A week that was missed is caught up; a new
    library waits for its first day.
    """

    is_rare = True

    def is_due(self, last: JobRun | None, settings: Settings, now: datetime) -> bool:
        return self._is_due(last, now, self._turn(now)[0])

    def _is_due(self, last: JobRun | None, now: datetime, turn: date) -> bool:
        if last is not None and last.failed_at is not None and abs(now - last.failed_at) < RETRY_AFTER:
            return False
        today = clock.day_of(now)
        if last is None or last.day is None:
            return turn == today
        return not turn <= last.day <= today

    def _turn(self, now: datetime) -> tuple[date, int]:
        """Return the last day on which it was to be done, and the hour."""
        day, hour = policy.several("sdi_day", "sdi_hour").values()
        moment = clock.local(now) - timedelta(hours=hour)
        return moment.date() - timedelta(days=(moment.weekday() - dates.WEEKDAYS.index(day)) % 7), hour

    def next_at(self, last: JobRun | None, settings: Settings, now: datetime) -> datetime:
        """Return the moment from which it is due."""
        turn, hour = self._turn(now)
        if self._is_due(last, now, turn):
            return now
        if last is not None and last.failed_at is not None and (last.day is None or last.day < turn):
            return last.failed_at + RETRY_AFTER
        return clock.at(turn + timedelta(days=7), hour)

    def words(self, settings: Settings) -> str:
        day, hour = policy.several("sdi_day", "sdi_hour").values()
        return f"毎週{day}曜日（{hour}時から）"


@dataclass(frozen=True)
class Monthly:
    """Due when EVERY is over since the day for which it was last done, from an hour on and once a daily job (``after``)
    is done for the day; after a failure the next day.
    """

    after: str
    hour: int = 0
    is_rare = True
    EVERY = timedelta(days=30)

    def is_due(self, last: JobRun | None, settings: Settings, now: datetime) -> bool:
        today = clock.day_of(now)
        if now < self._first(last, today):
            return False
        return JobRun.select().where(JobRun.name == self.after, JobRun.day == today).exists()

    def _first(self, last: JobRun | None, today: date) -> datetime:
        """Return the first moment after the last run."""
        day = today
        if last is not None and last.failed_at is not None:
            day = clock.day_of(last.failed_at) + timedelta(days=1)
        elif last is not None and last.day is not None and last.day <= today:  # else the clock was wrong
            day = last.day + self.EVERY
        return clock.at(day, self.hour)

    def next_at(self, last: JobRun | None, settings: Settings, now: datetime) -> datetime:
        """Return the moment from which it is due, be the daily job done by then or not."""
        return max(self._first(last, clock.day_of(now)), now)

    def words(self, settings: Settings) -> str:
        return f"{self.EVERY.days}日ごと（{self.hour}時から）"
