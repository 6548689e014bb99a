"""The scheduler: makes the jobs run while the server does."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from library import clock
from library.store import locks
from models import database as connection
from server import jobs

TICK_SECONDS = 30
ALONE = [job for job in jobs.JOBS if not job.in_tick]
TURNS = 1 + len(ALONE)  # the tick, and each job that is slow
WATCH_SECONDS = 15  # a tick that is later than two of its turns is brought forward
STOP_SECONDS = 6

log = logging.getLogger(__name__)


def start(app: Flask, *, seconds: float = TICK_SECONDS) -> "Scheduler":
    """Begin to tick, at once and then every so many seconds. Jobs run in the application's context, as mails are sent
    in one alone.
    """
    scheduler = Scheduler(app, seconds)
    scheduler.start()
    return scheduler


class Scheduler:
    """Ticks in this process; of all processes on one instance folder only the holder of the runner lock does the jobs.

    Jobs that are slow have turns of their own, so that a mail server that hangs keeps nothing else waiting.
    """

    def __init__(self, app: Flask, seconds: float):
        self._app, self.settings = app, app.config
        self._lock = locks.lease("scheduler", Path(app.config["INSTANCE"]))
        self._taking = threading.Lock()
        self._seconds = seconds
        self._watch_every = min(WATCH_SECONDS, seconds / 2)
        self._last_tick = time.monotonic()
        self._stopped = threading.Event()
        self._turns = threading.Semaphore(TURNS)  # one for each turn that may be under way
        self._scheduler = BackgroundScheduler(timezone="UTC", executors={"default": ThreadPoolExecutor(TURNS)})
        self._watchdog = threading.Thread(target=self._watch, name="jobs-watchdog", daemon=True)

    def start(self) -> None:
        jobs.stopping.clear()
        turns = {"tick": self._tick} | {job.name: partial(self._attempt, job) for job in ALONE}
        for name, turn in turns.items():
            self._scheduler.add_job(
                turn, "interval", seconds=self._seconds, id=name, next_run_time=_machine_now(),
                coalesce=True, max_instances=1, misfire_grace_time=None,
            )  # fmt: skip
        self._scheduler.start()
        self._watchdog.start()

    def stop(self) -> None:
        """Let the mail in flight be finished, for STOP_SECONDS at most; what was not sent stays queued."""
        if self._stopped.is_set():
            return
        jobs.stopping.set()
        self._stopped.set()
        self._scheduler.shutdown(wait=False)
        until = time.monotonic() + STOP_SECONDS
        for _ in range(TURNS):
            self._turns.acquire(timeout=max(0, until - time.monotonic()))
        with self._taking:
            self._lock.release()
        self._turns.release(TURNS)  # for turns that had begun and waited: they see that it has stopped

    def last_tick(self) -> float:
        """Return the seconds since this process ticked last, by the clock that is never set."""
        return time.monotonic() - self._last_tick

    def is_runner(self) -> bool:
        """Tell whether this process is the one that does the jobs."""
        return self._lock.is_taken

    def _take(self) -> bool:
        """Take the lock as soon as its holder is gone; tell whether it is ours. Once it has stopped, it is never."""
        with self._taking:
            return not self._stopped.is_set() and self._lock.acquire()

    def _tick(self) -> None:
        self._last_tick = time.monotonic()
        self._turn(lambda: jobs.tick(self.settings, now=clock.now()))

    def _attempt(self, job: jobs.Job) -> None:
        self._turn(lambda: jobs.attempt(job, self.settings, now=clock.now()))

    def _turn(self, work: Callable[[], None]) -> None:
        """Do the work if this process is the runner."""
        with self._turns:
            if self._take():
                with self._lock.term(), self._app.app_context(), connection.connection_context():
                    work()

    def _watch(self) -> None:
        """Bring turns forward after a clock was set back: APScheduler would wait until the old time
        comes round again.
        """
        while not self._stopped.wait(self._watch_every):
            soonest = _machine_now() + timedelta(seconds=self._seconds)
            for job in self._scheduler.get_jobs():
                if job.next_run_time > soonest + timedelta(seconds=self._watch_every):
                    log.warning("the clock was set back: %s is brought forward", job.id)
                    self._scheduler.modify_job(job.id, next_run_time=_machine_now())


def _machine_now() -> datetime:
    """Return the time as APScheduler sees it; the library's clock may be moved by a test."""
    return datetime.now(UTC)
