"""The jobs of the library, on one screen, and what makes them run.

APScheduler only asks, every 30 seconds; the database says what is due. So a job is never lost because the process started
late, slept, or had its clock set; and never done twice, because each is "do all that is due and not yet done".
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

import mailer
from library import clock, dates, policy
from library.account import retention
from library.discovery import rankings
from library.ebooks import lending as ebook_lending
from library.ebooks import stock
from library.lending import notices, overdue
from library.lending.holds import hold_shelf
from library.mail import mail_files
from library.reading import sdi_mails
from library.site import questions
from library.store import backup, database
from library.store.lock import FileLock
from models import JobRun
from models import database as connection

TICK_SECONDS = 30
TURNS = 2  # the tick and the delivery
WATCH_SECONDS = 15  # a tick that is later than two of its turns is brought forward
STOP_SECONDS = 6
RETRY_AFTER = timedelta(minutes=10)
NOTED_AT_LEAST_EVERY = timedelta(minutes=10)

log = logging.getLogger(__name__)


# -- the table -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Job:
    """``when`` says in words and, with the last run, whether it is due; ``run(settings, now)`` does it and counts."""

    name: str
    label: str
    when: "When | Weekly"
    run: Callable
    in_tick: bool = True


@dataclass(frozen=True)
class When:
    """Every so often; ``daily``: once a day; not before an hour (a number, or the setting of that name)."""

    every: timedelta = timedelta(0)
    daily: bool = False
    hour: int | str = 0

    @property
    def is_rare(self) -> bool:
        return self.daily

    def is_due(self, last: JobRun | None, settings, now) -> bool:
        if clock.local(now).hour < self.first_hour(settings):
            return False
        if last is None:
            return True
        if last.failed_at is not None and abs(now - last.failed_at) < RETRY_AFTER and (self.daily or self.every):
            return False
        if self.daily:
            return last.day != clock.day_of(now)
        return abs(now - last.started_at) >= self.every  # a clock set back must not stop it

    def next_at(self, last: JobRun | None, settings, now):
        """The moment from which it is due."""
        if self.is_due(last, settings, now):
            return now
        first = clock.at(clock.day_of(now), self.first_hour(settings))
        if last is not None and last.failed_at is not None and first <= now:
            return last.failed_at + RETRY_AFTER
        if self.daily and last is not None and last.day == clock.day_of(now):
            return first + timedelta(days=1)
        return first if first > now else last.started_at + self.every

    def first_hour(self, settings) -> int:
        return settings[self.hour] if isinstance(self.hour, str) else self.hour

    def words(self, settings) -> str:
        hour = self.first_hour(settings)
        often = "毎日" if self.daily else f"{self.every // timedelta(minutes=1)}分ごと" if self.every else "30秒ごと"
        return f"{often}（{hour}時から）" if hour else often


@dataclass(frozen=True)
class Weekly:
    """Once a week, on the day and from the hour that the library set; a day that was missed is caught up, though not before the first."""

    is_rare = True

    def is_due(self, last: JobRun | None, settings, now) -> bool:
        if last is not None and last.failed_at is not None and abs(now - last.failed_at) < RETRY_AFTER:
            return False
        today, turn = clock.day_of(now), self._turn(now)
        if last is None or last.day is None:
            return turn == today
        return not turn <= last.day <= today

    def _turn(self, now):
        """The last day on which it was to be done."""
        day, hour = policy.several("sdi_day", "sdi_hour").values()
        moment = clock.local(now) - timedelta(hours=hour)
        return moment.date() - timedelta(days=(moment.weekday() - dates.WEEKDAYS.index(day)) % 7)

    def next_at(self, last: JobRun | None, settings, now):
        """The moment from which it is due."""
        if self.is_due(last, settings, now):
            return now
        turn = self._turn(now)
        if last is not None and last.failed_at is not None and (last.day is None or last.day < turn):
            return last.failed_at + RETRY_AFTER
        return clock.at(turn + timedelta(days=7), policy.get("sdi_hour"))

    def words(self, settings) -> str:
        day, hour = policy.several("sdi_day", "sdi_hour").values()
        return f"毎週{day}曜日（{hour}時から）"


JOBS = (
    Job("due_notices", "返却期限通知の用意", When(hour="NOTICE_HOUR"), lambda settings, now: notices.queue_due(now=now)),
    Job("overdue", "督促の用意", When(daily=True, hour="NOTICE_HOUR"), lambda settings, now: overdue.queue(now=now)),
    Job("hold_expiry", "取り置きの期限切れ", When(daily=True), lambda settings, now: hold_shelf.expire(now=now)),
    Job("hold_queue", "予約の順番の見直し", When(daily=True), lambda settings, now: hold_shelf.advance_all(now=now)),
    Job("hold_clocks", "取り置きの期限の開始", When(), lambda settings, now: hold_shelf.start_clocks(now=now)),
    Job("hold_deadlines", "受取期限のお知らせの用意", When(hour="NOTICE_HOUR"), lambda settings, now: hold_shelf.remind(now=now)),
    Job("sdi", "新着資料のお知らせの用意", Weekly(), lambda settings, now: sdi_mails.queue(now=now)),
    Job("outbox", "メールの送信", When(), lambda settings, now: mailer.deliver(settings, now=now, wait=0, stop=_stop), in_tick=False),
    Job("ebooks", "電子書籍の自動返却", When(daily=True), lambda settings, now: _return_ebooks(settings, now)),
    Job("rankings", "貸出ベストと予約ベストの用意", When(daily=True), lambda settings, now: rankings.prepare(now=now)),
    Job("unlink", "返却済み貸出の匿名化", When(daily=True), lambda settings, now: _unlink(now)),
    Job("questions", "終わったレファレンスの質問の消去", When(daily=True), lambda settings, now: questions.erase_old(now=now)),
    Job("clean_up", "期限の過ぎた記録の消去", When(every=timedelta(minutes=10)), lambda settings, now: retention.clean_up(now=now)),
    Job("mail_files", "期限の過ぎたメールファイルの消去", When(every=timedelta(minutes=10)),
        lambda settings, now: {"files": mail_files.sweep(settings, retention.erased_mails)}),
    Job("backup", "データベースの控え", When(daily=True),
        lambda settings, now: backup.nightly(Path(settings["INSTANCE"]) / "backup", now=now)),
)  # fmt: skip

_stop = threading.Event()


def _return_ebooks(settings, now):
    counts = ebook_lending.end_all_over(now=now)
    return counts | stock.sweep(Path(settings["INSTANCE"]) / stock.FOLDER)


def _unlink(now):
    """After it, not even the bytes of the database's files tell who borrowed what."""
    counts = retention.unlink_returned(now=now)
    database.empty_log()
    return counts


# -- running them ----------------------------------------------------------------------------------------------------
def run(name: str, *, now, settings) -> dict:
    """Run one job now, whether due or not; its counts. KeyError for a name that does not exist; an error is recorded and raised."""
    return _run(_by_name(name), settings, now)


def tick(settings, *, now):
    """Run every job that is due. One that fails is recorded and does not keep the others."""
    for job in JOBS:
        if job.in_tick:
            attempt(job, settings, now=now)


def attempt(job, settings, *, now, asked=False):
    """Run the job if it is due, or was asked for; an error is logged and recorded, not raised."""
    try:
        if asked or job.when.is_due(JobRun.get_or_none(JobRun.name == job.name), settings, now):
            _run(job, settings, now)
    except Exception:  # whatever went wrong in one job, the scheduler goes on
        log.exception("job %s failed", job.name)


def run_now(name: str, settings, *, now):
    """Run one job because somebody asked; the overview tells of the end. KeyError for a name that does not exist."""
    attempt(_by_name(name), settings, now=now, asked=True)


def overview(settings, *, now) -> list[dict]:
    """Every job with its last run, for people: when, how long, what, the last error, and whether it is due."""
    runs = {row.name: row for row in JobRun.select()}
    return [_line(job, runs.get(job.name), settings, now) for job in JOBS]


def _by_name(name):
    return {job.name: job for job in JOBS}[name]


def _run(job, settings, now) -> dict:
    begun = time.monotonic()
    try:
        counts = job.run(settings, now)
    except Exception as error:
        _note_failure(job, error, now)
        raise
    took = timedelta(seconds=time.monotonic() - begun)
    _note_run(job, counts, now, took)
    return counts


def _note_run(job, counts, now, took):
    last = JobRun.get_or_none(JobRun.name == job.name)
    done = {name: number for name, number in counts.items() if number}
    if not done and _noted_lately(job, last, now):
        return
    columns = {"day": clock.day_of(now), "started_at": now, "finished_at": now + took, "counts": counts}
    _note(job, columns | {"last_error": "", "failed_at": None})
    if done and (last is None or counts != last.counts):
        log.info("job %s %s", job.name, " ".join(f"{name}={number}" for name, number in done.items()))


def _noted_lately(job, last, now) -> bool:
    """Every few minutes are enough for a run that had nothing to do: it spares the disk a write each 30 seconds."""
    if job.when.is_rare or last is None or last.last_error:
        return False
    return abs(now - last.started_at) < NOTED_AT_LEAST_EVERY


def _note_failure(job, error, now):
    words = f"{type(error).__name__}: {error}"[:250]
    _note(job, {"started_at": now, "finished_at": None, "last_error": words, "failed_at": now})


def _note(job, columns):
    with database.writing():
        if not JobRun.update(columns).where(JobRun.name == job.name).execute():
            JobRun.create(name=job.name, **columns)


def _line(job, last, settings, now):
    return {
        "name": job.name,
        "label": job.label,
        "when": job.when.words(settings),
        "due": job.when.is_due(last, settings, now),
        "next_run": job.when.next_at(last, settings, now),
        "last_run": last and last.started_at,
        "seconds": last and last.finished_at and (last.finished_at - last.started_at).total_seconds(),
        "counts": last.counts if last else {},
        "last_error": last.last_error if last else "",
        "failed_at": last and last.failed_at,
    }


# -- what makes them run ---------------------------------------------------------------------------------------------
def start(settings, *, seconds=TICK_SECONDS) -> "Scheduler":
    """Begin to tick, at once and then every so many seconds."""
    scheduler = Scheduler(settings, seconds)
    scheduler.start()
    return scheduler


class Scheduler:
    """Ticks in this process; of all processes on one instance folder only the holder of the runner lock does the jobs.

    Delivery has a turn of its own, so that a mail server that hangs keeps nothing else waiting.
    """

    def __init__(self, settings, seconds):
        self.settings = settings
        self._lock = FileLock(Path(settings["INSTANCE"]) / "scheduler.lock")
        self._taking = threading.Lock()
        self._seconds = seconds
        self._watch_every = min(WATCH_SECONDS, seconds / 2)
        self._last_tick = time.monotonic()
        self._stopped = threading.Event()
        self._turns = threading.Semaphore(TURNS)  # one for each turn that may be under way
        self._scheduler = BackgroundScheduler(timezone="UTC", executors={"default": ThreadPoolExecutor(TURNS)})
        self._watchdog = threading.Thread(target=self._watch, name="jobs-watchdog", daemon=True)

    def start(self):
        _stop.clear()
        turns = {"tick": self._tick, "delivery": self._deliver}
        for name, turn in turns.items():
            self._scheduler.add_job(
                turn, "interval", seconds=self._seconds, id=name, next_run_time=_machine_now(),
                coalesce=True, max_instances=1, misfire_grace_time=None,
            )  # fmt: skip
        self._scheduler.start()
        self._watchdog.start()

    def stop(self):
        """Let the mail in flight be finished, for STOP_SECONDS at most; what was not sent stays queued."""
        if self._stopped.is_set():
            return
        _stop.set()
        self._stopped.set()
        self._scheduler.shutdown(wait=False)
        until = time.monotonic() + STOP_SECONDS
        for _ in range(TURNS):
            self._turns.acquire(timeout=max(0, until - time.monotonic()))
        self._lock.release()

    def last_tick(self) -> float:
        """Seconds since this process ticked last, by the clock that is never set."""
        return time.monotonic() - self._last_tick

    def is_runner(self) -> bool:
        """Whether this process is the one that does the jobs; the lock is taken as soon as its holder is gone."""
        with self._taking:
            return self._lock.acquire()

    def _tick(self):
        self._last_tick = time.monotonic()
        if self.is_runner():
            with self._turns, connection.connection_context():
                tick(self.settings, now=clock.now())

    def _deliver(self):
        if self.is_runner():
            with self._turns, connection.connection_context():
                attempt(_by_name("outbox"), self.settings, now=clock.now())

    def _watch(self):
        """A clock set back would let APScheduler wait until the old time comes round again."""
        while not self._stopped.wait(self._watch_every):
            soonest = _machine_now() + timedelta(seconds=self._seconds)
            for job in self._scheduler.get_jobs():
                if job.next_run_time > soonest + timedelta(seconds=self._watch_every):
                    log.warning("the clock was set back: %s is brought forward", job.id)
                    self._scheduler.modify_job(job.id, next_run_time=_machine_now())


def _machine_now():
    """APScheduler's own idea of the time; the library's clock may be moved by a test."""
    return datetime.now(UTC)
