"""送信箱: mails that are to be sent, and were.

A rule puts a row in its own transaction, so a mail exists exactly if its cause does. Delivery is a separate step: claim in
a transaction, hand to the mail server outside of any, mark right after its answer. A crash at any point loses no mail; the
one in flight may be sent twice, with the same Message-ID.
"""

import logging
import re
import time
import uuid
from collections import Counter
from datetime import timedelta

from library import audit, errors
from library.store import database
from library.store.lock import FileLock
from models import HoldNotice, LoanNotice, OutboxMail, PatronAddress, SdiTitle
from models import database as connection

KINDS = {
    "acknowledgement": "申請確認",
    "registered": "登録完了",
    "security": "変更のお知らせ",
    "verify": "アドレス確認",
    "due": "返却期限",
    "hold_ready": "予約受取可",
    "hold_deadline": "受取期限",
    "hold_ended": "予約取消・期限切れ",
    "ebook_ready": "電子書籍の順番",
    "overdue": "督促",
    "closure": "休館変更",
    "sdi": "新着資料（SDI）",
    "reference_receipt": "レファレンス受付",
    "reference_answer": "回答",
    "test": "テストメール",
    "reset": "パスワード再設定",
    "admin": "管理者へのお知らせ",
}
WITH_SECRET = ("verify", "reset")  # their facts hold a one-time token, wiped as soon as the row is settled
BULK = ("due", "overdue", "closure", "sdi")  # nobody waits for these
# these have nothing to say without their facts
ABOUT_READING = ("due", "overdue", "closure", "hold_ready", "hold_deadline", "hold_ended", "sdi", "reference_answer")
GIVE_UP_AFTER = timedelta(days=3)
DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 16, 32, 60))
REFUSALS_UNTIL_UNDELIVERABLE = 3
BATCH = 100
DROPS_IN_A_ROW = 3  # after which the server is left alone until the next run

log = logging.getLogger(__name__)


class NotDelivered(Exception):
    """The mail server did not take a mail. The message says what it answered."""


class TryLater(NotDelivered):
    """It may take this mail later."""


class ConnectionDropped(TryLater):
    """The line broke; the mail may have been taken."""


class AddressRefused(NotDelivered):
    """It knows of no such mailbox: never again for this mail."""


class MessageRefused(NotDelivered):
    """It does not want this text: never again for this mail, and no fault of the address."""


class ServerUnavailable(NotDelivered):
    """It can't be reached, or talks to us not at all: nothing can be sent in this run."""


def put(kind, key, *, address, address_kind="pc", now, patron=None, facts=None, cause=None) -> OutboxMail | None:
    """Queue one mail in the caller's transaction. None when a mail with this key exists already."""
    if not connection.in_transaction():
        raise RuntimeError("a mail is put in the transaction of the change that causes it")
    row = new_row(
        kind, key, address=address, address_kind=address_kind, now=now, patron=patron, facts=facts, cause=cause
    )
    OutboxMail.insert(row).on_conflict_ignore().execute()
    return OutboxMail.get_or_none(OutboxMail.message_id == row["message_id"])


def new_row(kind, key, *, address, address_kind, now, patron, facts=None, cause=None) -> dict:
    """The columns of a queued mail, for those who insert many at once."""
    return {
        "kind": kind,
        "key": key,
        "patron": patron,
        "address": address,
        "address_kind": address_kind,
        "facts": facts or {},
        "message_id": uuid.uuid4().hex,
        "created_at": now,
        "next_try_at": now,
        "cause": cause,
    }


# -- once more -------------------------------------------------------------------------------------------------------
def repeat_refusals(row) -> list:
    """Why a mail can't be sent again: it did not fail, or what it was to say is erased."""
    if row.state != "failed":
        return [errors.MailNotFailed()]
    return [errors.MailErased()] if row.kind in WITH_SECRET or (row.kind in ABOUT_READING and not row.facts) else []


def send_again(row, *, by: str, now):
    """送り直す: a mail that failed is queued as if it were new, and its address gets another chance. Refused with the reason."""
    with database.writing():
        row = OutboxMail.get_by_id(row.id)
        if reasons := repeat_refusals(row):
            raise reasons[0]
        facts = row.facts if row.kind in ABOUT_READING else {"at": row.created_at.isoformat()} | row.facts
        OutboxMail.update(state="queued", tries=0, error="", facts=facts, created_at=now, next_try_at=now).where(
            OutboxMail.id == row.id
        ).execute()
        PatronAddress.update(undeliverable_at=None).where(_address_of(row)).execute()
        audit.record("mail.sent_again", actor=by, now=now, patron=row.patron_id, mail=KINDS[row.kind])


# -- delivery --------------------------------------------------------------------------------------------------------
def sendable(*, now) -> int:
    """How many mails could be sent at this moment, those of a dead process included."""
    return OutboxMail.select().where(_due(now) | (OutboxMail.state == "sending")).count()


def deliver(send, render, *, now, lock_path, stop=None) -> dict:
    """Send all that is due; how many mails met which fate. ``{"busy": 1}`` when another process delivers.

    ``render(row, ahead, now=)`` gives the letter (``subject``, ``text``, and ``stored_text``: the text as it may be stored), or None
    when there is nothing left to say; ``ahead``: this row and those that come next. ``send(letter)`` returns when the server
    has taken it, or raises NotDelivered.
    """
    lock = FileLock(lock_path)
    with lock as mine:
        return dict(_Run(send, render, now, stop).finish()) if mine else {"busy": 1}


class _Run:
    """One delivery: one connection, one mail after the other."""

    def __init__(self, send, render, now, stop):
        self.send, self.render, self.stop = send, render, stop
        self.began, self.began_at = now, time.monotonic()
        self.counts = Counter()
        self.blamed = set()
        self.drops = 0

    def now(self):
        """The moment it is meanwhile, by the clock that is never set."""
        return self.began + timedelta(seconds=time.monotonic() - self.began_at)

    def finish(self):
        _take_over()
        while not self._stopped() and (rows := _claim(self.now())):
            self.blamed |= _blamed(rows)
            if not self._go_through(rows):
                break
        return self.counts

    def _stopped(self):
        return self.stop is not None and self.stop.is_set()

    def _go_through(self, rows) -> bool:
        """Deliver these; False when the rest has to wait for another run."""
        for position, row in enumerate(rows):
            if self._stopped():
                _put_back(rows[position:])
                return False
            try:
                self._deliver(row, rows[position:])
            except ServerUnavailable as problem:
                log.warning("mail server not available: %s", _masked(problem))
                self.counts["unavailable"] += 1
                self.counts["failed"] += _put_back(rows[position:], error=str(problem), now=self.now())
                return False
            if self.drops >= DROPS_IN_A_ROW:
                log.warning("mail server dropped the line %s times in a row", self.drops)
                _put_back(rows[position + 1 :])
                return False
        return True

    def _deliver(self, row, ahead):
        try:
            letter = self.render(row, ahead, now=self.now())
            if letter is None:
                self._cancel(row)
                return
            self.send(letter)
        except ServerUnavailable:
            raise
        except AddressRefused as problem:
            self._fail(row, problem, blame=True)
        except MessageRefused as problem:
            self._fail(row, problem)
        except TryLater as problem:
            self._postpone(row, problem)
        except Exception as problem:  # one mail that can't be made must not keep the others from going out
            log.exception("mail %s (%s) could not be made", row.id, row.kind)
            self._postpone(row, problem)
        else:
            self._mark_sent(row, letter)

    def _mark_sent(self, row, letter):
        with database.writing():
            _settle(row, "sent", sent_at=self.now(), subject=letter.subject, text=letter.stored_text, error="")
            if (row.patron_id, row.address) in self.blamed:
                _absolve(row)
        self.drops = 0
        self.counts["sent"] += 1

    def _cancel(self, row):
        with database.writing():
            _settle(row, "cancelled")
            _forget_notices(row)
        self.counts["cancelled"] += 1

    def _fail(self, row, problem, *, blame=False):
        with database.writing():
            _settle(row, "failed", error=_words(problem))
            if blame:
                _blame(row, now=self.now())
                self.blamed.add((row.patron_id, row.address))
        log.warning("mail %s (%s) failed: %s", row.id, row.kind, _masked(problem))
        self.counts["failed"] += 1

    def _postpone(self, row, problem):
        self.drops = self.drops + 1 if isinstance(problem, ConnectionDropped) else 0
        now = self.now()
        if now - row.created_at >= GIVE_UP_AFTER:
            self._fail(row, problem)
            return
        delay = DELAYS[min(row.tries, len(DELAYS) - 1)]
        with database.writing():
            _change(row, state="queued", tries=row.tries + 1, next_try_at=now + delay, error=_words(problem))
        self.counts["later"] += 1


def _due(now):
    return (OutboxMail.state == "queued") & (OutboxMail.next_try_at <= now)


def _take_over():
    """Who holds the lock knows that every process that had claimed something is dead."""
    with database.writing():
        OutboxMail.update(state="queued").where(OutboxMail.state == "sending").execute()


def _claim(now) -> list[OutboxMail]:
    """The next mails, those that someone waits for before the daily notices."""
    with database.writing():
        rows = list(
            OutboxMail.select()
            .where(_due(now))
            .order_by(OutboxMail.kind.in_(BULK), OutboxMail.next_try_at, OutboxMail.id)
            .limit(BATCH)
        )
        ids = [row.id for row in rows]
        OutboxMail.update(state="sending").where(OutboxMail.id.in_(ids)).execute()
    return rows


def _put_back(rows, *, error="", now=None) -> int:
    """Return claimed mails untried; the number of those given up, because they were tried before and are too old."""
    failed = [row for row in rows if error and row.error and now - row.created_at >= GIVE_UP_AFTER]
    with database.writing():
        for row in failed:
            _settle(row, "failed", error=_words(error))
        ids = [row.id for row in rows if row not in failed]
        changes = {"state": "queued"} | ({"error": _words(error)} if error else {})
        OutboxMail.update(changes).where(OutboxMail.id.in_(ids), OutboxMail.state == "sending").execute()
    return len(failed)


def _settle(row, state, **columns):
    """The last word on a mail. A one-time link must not be readable from here afterwards."""
    if row.kind in WITH_SECRET:
        columns["facts"] = {}
    _change(row, state=state, tries=row.tries + (state != "cancelled"), **columns)


def _change(row, **columns):
    OutboxMail.update(columns).where(OutboxMail.id == row.id, OutboxMail.state == "sending").execute()


def _forget_notices(row):
    """A notice that was not sent announced nothing, unless the patron's other address was told at the same time."""
    HoldNotice.delete().where(HoldNotice.mail == row.id).execute()
    told = {"due": LoanNotice, "overdue": LoanNotice, "sdi": SdiTitle}.get(row.kind)
    if told is None:
        return
    other = OutboxMail.get_or_none(
        OutboxMail.patron == row.patron_id,
        OutboxMail.kind == row.kind,
        OutboxMail.created_at == row.created_at,
        OutboxMail.state != "cancelled",
    )
    announced = told.mail == row.id
    if other is None:
        told.delete().where(announced).execute()
    else:
        told.update(mail=other).where(announced).execute()


def _address_of(row):
    return (PatronAddress.patron == row.patron_id) & (PatronAddress.address == row.address)


def _blamed(rows) -> set:
    """(patron, address) of those that the server refused before: a few at most, so that most marks need one statement."""
    refused = (PatronAddress.failures > 0) | PatronAddress.undeliverable_at.is_null(False)
    patrons = [row.patron_id for row in rows if row.patron_id is not None]
    found = PatronAddress.select(PatronAddress.patron, PatronAddress.address).where(
        PatronAddress.patron.in_(patrons), refused
    )
    return set(found.tuples())


def _absolve(row):
    """The server took a mail for this address: earlier refusals count no more."""
    PatronAddress.update(failures=0, undeliverable_at=None).where(_address_of(row)).execute()


def _blame(row, *, now):
    """配信不能: after so many final refusals in a row nothing more is sent there until the patron does something."""
    if row.patron_id is None:
        return
    PatronAddress.update(failures=PatronAddress.failures + 1).where(_address_of(row)).execute()
    PatronAddress.update(undeliverable_at=now).where(
        _address_of(row),
        PatronAddress.failures >= REFUSALS_UNTIL_UNDELIVERABLE,
        PatronAddress.undeliverable_at.is_null(),
    ).execute()


def shortened(address: str) -> str:
    """Of an address what one who knows it knows it by: ``a…@example.jp``."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"


def masked(text: str) -> str:
    """For the log and the desk, which name nobody: servers like to repeat the address."""
    return re.sub(r"\S+@\S+", "…", text)


def _masked(problem) -> str:
    return masked(_words(problem))


def _words(problem) -> str:
    return (str(problem) or type(problem).__name__)[:250]
