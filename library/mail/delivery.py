"""メールと通知の送信: mails that wait in the outbox are handed to the mail server, pushes to the push services, one after the
other.

A mail is claimed in a transaction, handed over outside of any, and marked right after the server's reply. A crash at
any point loses no mail; the one in flight may be sent twice, with the same Message-ID.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from threading import Event
from typing import Any, Protocol

from peewee import Expression

from library import clock, metrics
from library.calendar import before_opening
from library.mail import answers, installation, outbox, push
from library.store import database, locks
from library.store.queries import tuples
from models import HoldNotice, LoanNotice, OutboxMail, Patron, PatronAddress, SdiTitle, database as connection

BULK = ("due", "overdue", "closure", "sdi")  # nobody waits for these
GIVE_UP_AFTER = {outbox.MAIL: timedelta(days=3), outbox.PUSH: timedelta(hours=24)}
DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 16, 32, 60))
REFUSALS_UNTIL_UNDELIVERABLE = 3
# mails that are claimed and read together: what is returned or switched off before the next batch is not said there
BATCH = 10
DROPS_IN_A_ROW = 3  # after which the server is left alone until the next run
LEASES = {outbox.MAIL: "outbox", outbox.PUSH: "push"}  # one process at a time delivers a channel
Settings = Mapping[str, Any]

log = logging.getLogger(__name__)


class Letter(Protocol):
    """A mail or push as it goes out, in a language (its code); ``stored_text`` is its text as it may be stored."""

    @property
    def subject(self) -> str: ...
    @property
    def stored_text(self) -> str: ...
    @property
    def language(self) -> str: ...


class Texts(Protocol):
    """Makes the letters of one run. ``counts``: faults met on the way, by name."""

    @property
    def counts(self) -> Mapping[str, int]: ...
    def read_together(self, rows: Sequence[OutboxMail], *, now: datetime) -> Any:
        """Return the facts that these mails share, for ``letter``."""

    def letter(self, row: OutboxMail, together: Any = None, *, now: datetime) -> Letter | None:
        """Return the letter of a mail; None when there is nothing left to say. Without ``together`` its facts are read
        alone.
        """


class Sender(Protocol):
    """Hands letters over, one after the other, in one run."""

    @property
    def texts(self) -> Texts: ...
    def send(self, letter: Any) -> None:
        """Hand over the letter and wait until it is taken. Raises: NotDelivered."""

    def close(self) -> None: ...


def sendable(channel: str = outbox.MAIL, *, now: datetime) -> int:
    """Count the mails of a channel that could be sent at this moment, those of a dead process included."""
    waits = _due(now) | (OutboxMail.state == "sending")
    return OutboxMail.select().where(OutboxMail.channel == channel, waits).count()


def deliver(
    open_sender: Callable[[Settings], Sender],
    settings: Settings,
    *,
    now: datetime,
    stop: Event | None = None,
    channel: str = outbox.MAIL,
) -> dict[str, int]:
    """Send all mails of a channel that are due and return their number by outcome: nothing when none is due, ``{"busy":
    1}`` while another process delivers, ``{"held": number}`` where the database is a copy. No further mail is sent once
    ``stop`` is set.
    """
    if not (number := sendable(channel, now=now)):
        return {}
    if installation.is_copied(installation.identity(settings)):
        _log_no_mail()
        return {"held": number}
    lease = locks.lease(LEASES[channel], Path(settings["INSTANCE"]))
    with lease as mine:
        if not mine:
            return {"busy": 1}
        with lease.term(), closing(open_sender(settings)) as sender:
            counts = dict(_Run(sender, now, lambda: _is_over(lease, stop), channel).finish())
    counter = metrics.pushes if channel == outbox.PUSH else metrics.mails
    for outcome, number in counts.items():
        counter.labels(outcome).inc(number)
    return counts | dict(sender.texts.counts)


@cache
def _log_no_mail() -> None:
    """Log, once a process, that nothing is sent."""
    log.error(
        "this database belongs to another installation (restored or copied?): no mail is sent until it is released"
    )


def _is_over(lease: locks.Lock, stop: Event | None) -> bool:
    """Tell, before each mail, whether no further one may be sent."""
    return (stop is not None and stop.is_set()) or not lease.is_taken


class _Run:
    """One delivery run: one connection, one mail after the other."""

    def __init__(self, sender: Sender, now: datetime, is_over: Callable[[], bool], channel: str):
        self.sender, self.is_over, self.channel = sender, is_over, channel
        self.began, self.began_at = now, time.monotonic()
        self.counts: Counter[str] = Counter()
        self.blamed: set[tuple[int | None, str]] = set()
        self.drops = 0

    def now(self) -> datetime:
        """Return the current moment: the run's begin and the time since, by the clock that is never set."""
        return self.began + timedelta(seconds=time.monotonic() - self.began_at)

    def finish(self) -> Counter[str]:
        """Send batch after batch until none is due or the run is over; return the number of mails by outcome."""
        with database.writing():  # what a dead process had claimed: who holds the lock knows that all others are dead
            claimed = (OutboxMail.state == "sending") & (OutboxMail.channel == self.channel)
            OutboxMail.update(state="queued").where(claimed).execute()
        while not self.is_over() and (rows := _claim(self.channel, self.now())):
            if self.channel == outbox.MAIL:
                self.blamed |= _blamed(rows)
            if not self._go_through(rows):
                break
        return self.counts

    def _go_through(self, rows: list[OutboxMail]) -> bool:
        """Deliver these; return False when the rest has to wait for another run."""
        together = self._read_together(rows)
        for position, row in enumerate(rows):
            if self.is_over():
                _put_back(rows[position:])
                return False
            try:
                self._deliver(row, together)
            except answers.ServerUnavailable as problem:
                log.warning("mail server not available: %s", _masked(problem))
                self.counts["unavailable"] += 1
                self.counts["failed"] += _put_back(rows[position:], error=str(problem), now=self.now())
                return False
            if self.drops >= DROPS_IN_A_ROW:
                log.warning("mail server dropped the line %s times in a row", self.drops)
                _put_back(rows[position + 1 :])
                return False
        return True

    def _read_together(self, rows: list[OutboxMail]) -> Any:
        """Return the facts that these mails share; None where one of them can't be read, so that it keeps no other from
        going out.
        """
        try:
            return self.sender.texts.read_together(rows, now=self.now())
        except Exception:
            if not connection.is_connection_usable():
                raise  # no fault of a mail
            log.exception("mails could not be read together")
            return None

    def _deliver(self, row: OutboxMail, together: Any) -> None:
        try:
            letter = self.sender.texts.letter(row, together, now=self.now())
            if letter is None:
                self._cancel(row)
                return
            self.sender.send(letter)
        except answers.ServerUnavailable:
            raise
        except answers.AddressRefused as problem:
            self._fail(row, problem, blame=True)
        except answers.MessageRefused as problem:
            self._fail(row, problem)
        except answers.DeviceEnded as problem:
            log.info("push %s (%s) went nowhere: %s", row.id, row.kind, _masked(problem))
            self._cancel(row, gone=True)
        except answers.TryLater as problem:
            self._postpone(row, problem)
        except Exception as problem:  # one mail that can't be made must not keep the others from going out
            if not connection.is_connection_usable():
                raise  # no fault of the mail
            log.exception("mail %s (%s) could not be made", row.id, row.kind)
            self._postpone(row, problem)
        else:
            self._mark_sent(row, letter)

    def _mark_sent(self, row: OutboxMail, letter: Letter) -> None:
        with database.writing():
            written = {"subject": letter.subject, "text": letter.stored_text, "language": letter.language}
            _settle(row, "sent", sent_at=self.now(), error="", **written)
            if (row.patron_id, row.address) in self.blamed:  # the server took a mail: earlier refusals are forgotten
                PatronAddress.update(failures=0, undeliverable_at=None).where(_has_address(row)).execute()
        self.drops = 0
        self.counts["sent"] += 1

    def _cancel(self, row: OutboxMail, *, gone: bool = False) -> None:
        with database.writing():
            if gone:
                push.drop(row)
            _settle(row, "cancelled")
            _forget_notices(row)
        self.counts["cancelled"] += 1

    def _fail(self, row: OutboxMail, problem: Exception, *, blame: bool = False) -> None:
        with database.writing():
            _settle(row, "failed", error=_words(problem))
            if blame:
                _blame(row, now=self.now())
                self.blamed.add((row.patron_id, row.address))
        log.warning("mail %s (%s) failed: %s", row.id, row.kind, _masked(problem))
        self.counts["failed"] += 1

    def _postpone(self, row: OutboxMail, problem: Exception) -> None:
        self.drops = self.drops + 1 if isinstance(problem, answers.ConnectionDropped) else 0
        now = self.now()
        if now - row.created_at >= GIVE_UP_AFTER[row.channel]:
            self._fail(row, problem)
            return
        asked = problem.after if isinstance(problem, answers.TryLater) else timedelta(0)
        delay = max(DELAYS[min(row.tries, len(DELAYS) - 1)], asked)
        with database.writing():
            _change(row, state="queued", tries=row.tries + 1, next_try_at=now + delay, error=_words(problem))
        self.counts["later"] += 1


def _due(now: datetime) -> Expression:
    """Return the condition for mails to be sent now: 移行中 those to the administrator alone."""
    due = (OutboxMail.state == "queued") & (OutboxMail.next_try_at <= now)
    return due & (OutboxMail.kind == outbox.TO_ADMIN) if before_opening.is_on(today=clock.day_of(now)) else due


def _claim(channel: str, now: datetime) -> list[OutboxMail]:
    """Claim and return the next mails: first those that someone waits for, then the daily notices."""
    with database.writing():
        rows = list(
            OutboxMail.select(OutboxMail, Patron)  # whose language is that of the mail
            .left_outer_join(Patron)
            .where(_due(now), OutboxMail.channel == channel)
            .order_by(OutboxMail.kind.in_(BULK), OutboxMail.next_try_at, OutboxMail.id)
            .limit(BATCH)
        )
        ids = [row.id for row in rows]
        OutboxMail.update(state="sending").where(OutboxMail.id.in_(ids)).execute()
    return rows


def _put_back(rows: Sequence[OutboxMail], *, error: str = "", now: datetime | None = None) -> int:
    """Queue claimed mails untried and return the number of those given up, because they were tried before and are too
    old.
    """
    failed = [row for row in rows if now and error and row.error and now - row.created_at >= GIVE_UP_AFTER[row.channel]]
    with database.writing():
        for row in failed:
            _settle(row, "failed", error=_words(error))
        ids = [row.id for row in rows if row not in failed]
        changes = {"state": "queued"} | ({"error": _words(error)} if error else {})
        OutboxMail.update(changes).where(OutboxMail.id.in_(ids), OutboxMail.state == "sending").execute()
    return len(failed)


def _settle(row: OutboxMail, state: str, **columns: Any) -> None:
    """Write the final state of a mail. A one-time link must not be readable from here afterwards."""
    if row.kind in outbox.WITH_SECRET:
        columns["facts"] = {}
    _change(row, state=state, tries=row.tries + (state != "cancelled"), **columns)


def _change(row: OutboxMail, **columns: Any) -> None:
    OutboxMail.update(columns).where(OutboxMail.id == row.id, OutboxMail.state == "sending").execute()


def _forget_notices(row: OutboxMail) -> None:
    """Delete the records of loans or titles announced by a notice that was not sent, unless the patron's other address
    was told too.
    """
    HoldNotice.delete().where(HoldNotice.mail == row.id).execute()
    notices = {"due": LoanNotice, "overdue": LoanNotice, "sdi": SdiTitle}.get(row.kind)
    if notices is None:
        return
    other = OutboxMail.get_or_none(
        OutboxMail.patron == row.patron_id,
        OutboxMail.kind == row.kind,
        OutboxMail.created_at == row.created_at,
        OutboxMail.state != "cancelled",
    )
    announced = notices.mail == row.id
    if other is None:
        notices.delete().where(announced).execute()
    else:
        notices.update(mail=other).where(announced).execute()


def _has_address(row: OutboxMail) -> Expression:
    return (PatronAddress.patron == row.patron_id) & (PatronAddress.address == row.address)


def _blamed(rows: list[OutboxMail]) -> set[tuple[int | None, str]]:
    """Return (patron, address) pairs that a server refused before: a few at most, so that most sent mails need one
    statement.
    """
    refused = (PatronAddress.failures > 0) | PatronAddress.undeliverable_at.is_null(False)
    patrons = [row.patron_id for row in rows if row.patron_id is not None]
    found = PatronAddress.select(PatronAddress.patron, PatronAddress.address).where(
        PatronAddress.patron.in_(patrons), refused
    )
    return set(tuples(found))


def _blame(row: OutboxMail, *, now: datetime) -> None:
    """配信不能: count a final refusal of an address; after so many in a row nothing more is sent there until the patron
    does something.
    """
    if row.patron_id is None:
        return
    PatronAddress.update(failures=PatronAddress.failures + 1).where(_has_address(row)).execute()
    PatronAddress.update(undeliverable_at=now).where(
        _has_address(row),
        PatronAddress.failures >= REFUSALS_UNTIL_UNDELIVERABLE,
        PatronAddress.undeliverable_at.is_null(),
    ).execute()


def _masked(problem: Exception) -> str:
    return outbox.masked(_words(problem))


def _words(problem: Exception | str) -> str:
    return (str(problem) or type(problem).__name__)[:250]
