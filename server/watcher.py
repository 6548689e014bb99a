"""The watcher of a serving process: tries every ten seconds if a write comes through, tells the administrator of
faults, and gives back memory that nobody uses.
"""

import ctypes
import logging
import threading
import time
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask import Flask

from library import clock
from library.access import sessions
from library.calendar import before_opening
from library.health import faults, state
from library.mail import outbox
from library.store import database, engine
from models import Setting, database as connection
from sending import mailer
from server import jobs
from server.scheduler import Scheduler

WRITE_EVERY = 10  # seconds
LOOK_EVERY = 60
GIVE_BACK_EVERY = 20
ROW = "written_at"  # the setting that is written to see that writing works

log = logging.getLogger("madoguchi")


class Watcher:
    """Watches one library. Each of its threads has a turn of its own: a mail server that hangs delays no write."""

    def __init__(self, app: Flask, scheduler: Scheduler | None = None) -> None:
        self._app, self.settings, self._scheduler = app, app.config, scheduler
        self._told = faults.Told(app.config["INSTANCE"])
        self._stopped = threading.Event()
        self._begun: float | None = None  # a write that is under way
        self._took: float | None = None  # the last one, None where it failed
        self._damaged = False

    def start(self) -> None:
        # faults are first looked for when the jobs have had a turn: the first copy of a new library is no fault
        turns = (
            (self.try_to_write, 0, WRITE_EVERY),
            (self.look, LOOK_EVERY, LOOK_EVERY),
            (self.give_back_memory, GIVE_BACK_EVERY, GIVE_BACK_EVERY),
        )
        for turn, first, seconds in turns:
            threading.Thread(target=self._repeat, args=(turn, first, seconds), name=turn.__name__, daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def _repeat(self, turn: Any, first: float, seconds: float) -> None:
        wait = first
        while not self._stopped.wait(wait):
            wait = seconds
            try:
                with self._app.app_context():
                    turn(now=clock.now())
            except Exception:  # whatever went wrong this time, the next turn comes
                log.exception("%s failed", turn.__name__)

    def give_back_memory(self, *, now: datetime) -> None:
        """Give the system the memory that ended answers took. Of itself glibc keeps what lies below the last block in
        use; elsewhere nothing changes.
        """
        if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
            trim(0)

    # -- writing -----------------------------------------------------------------------------------------------------
    def try_to_write(self, *, now: datetime) -> None:
        """Write a row, two where this process runs the jobs, and remember how long it took. Sessions that were ended
        while nothing could be written go after it.
        """
        self._begun = begun = time.monotonic()
        try:
            with connection.connection_context():
                with database.writing():
                    moments = {ROW: now} | ({state.TICKED: self._ticked_at(now)} if self.is_runner() else {})
                    rows = [{"name": name, "value": moment.isoformat()} for name, moment in moments.items()]
                    written = Setting.insert_many(rows)
                    written.on_conflict(conflict_target=[Setting.name], preserve=[Setting.value]).execute()
                self._took = time.monotonic() - begun
                sessions.erase_ended()
        except database.UNREADABLE as error:
            self._took = None
            self.note(error)
        finally:
            self._begun = None

    def write(self) -> float | None:
        """Return the seconds that the last write took; None where it failed, took too long, or hangs."""
        begun, took = self._begun, self._took
        waits = time.monotonic() - begun if begun is not None else 0
        return round(took, 3) if took is not None and max(took, waits) <= state.WRITE_WITHIN else None

    def note(self, error: Exception) -> None:
        """Remember an error of the database that means damage; it is so until the server starts anew."""
        self._damaged = self._damaged or engine.is_damage(error)

    # -- what is read ------------------------------------------------------------------------------------------------
    def tick_age(self) -> float | None:
        """Return the seconds since jobs were looked at; None where this process runs none."""
        return round(self._scheduler.last_tick(), 1) if self._scheduler else None

    def _ticked_at(self, now: datetime) -> datetime:
        return now - timedelta(seconds=self.tick_age() or 0)

    def is_runner(self) -> bool:
        return self._scheduler is not None and self._scheduler.is_runner()

    # -- faults ------------------------------------------------------------------------------------------------------
    def look(self, *, now: datetime) -> None:
        """Tell the administrator of faults that are new today, and of those that are over."""
        if not self.settings["ADMIN_MAIL"]:
            return
        labels, today = {job.name: job.label for job in jobs.JOBS}, clock.day_of(now)
        try:
            with connection.connection_context():
                inside = None if self._damaged else faults.in_database(labels, now=now)
                self._told.tell(self._outside(now), inside, partial(self._put, now=now), today=today)
        except database.UNREADABLE as error:  # it can't even be asked
            self.note(error)
            log.warning("the database could not be asked for faults: %s", engine.words(error))
            self._told.tell(self._outside(now), None, partial(_send, self.settings), today=today)

    def _outside(self, now: datetime) -> list[faults.Fault]:
        return faults.without_database(self.settings, is_damaged=self._damaged, now=now)

    def _put(self, fault: faults.Fault, is_over: bool, *, now: datetime) -> bool:
        """Queue the mail; where that can't be written, or the library moves in, send it past the outbox."""
        if before_opening.is_on(today=clock.day_of(now)):
            return _send(self.settings, fault, is_over)
        try:
            with database.writing():
                facts = _facts(fault, is_over)
                key = f"admin:{facts['what']}:{fault.about}:{now.isoformat()}"
                outbox.put("admin", key, address=self.settings["ADMIN_MAIL"], now=now, facts=facts)
        except database.ENGINE_ERRORS as error:
            self.note(error)
            return _send(self.settings, fault, is_over)
        return True


def tell_of_damage(settings: jobs.Settings, *, now: datetime) -> None:
    """Tell the administrator, once a day, that the server does not start for a damaged database."""
    if settings["ADMIN_MAIL"]:
        told = faults.Told(settings["INSTANCE"])
        told.tell_one(faults.Fault("damage"), partial(_send, settings), today=clock.day_of(now))


def _send(settings: jobs.Settings, fault: faults.Fault, is_over: bool) -> bool:
    return mailer.tell_admin(settings, _facts(fault, is_over))


def _facts(fault: faults.Fault, is_over: bool) -> dict[str, str]:
    return {"what": f"{'well' if is_over else 'fault'}_{fault.what}", "text": fault.about}
