"""Web Push (RFC 8030, 8291, 8292): the only module that knows http-ece. What a push says is made in ``push_texts``.

The service of a browser's maker carries what only the device can read. It learns of an address, a time and a size, which is always the same.
"""

import contextlib
import json
import logging
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec

from library import clock, demonstration, errors, outgoing
from library.mail import delivery, installation, mail_files, outbox, push, vapid
from library.store import locks
from sending import push_texts

SECONDS = 10  # for one push; nobody waits for it but the next one
LARGEST = 20_000  # bytes of an answer, which nobody reads
SIZE = 600  # bytes of each push, so that its length tells nothing
MOST_LATER = timedelta(hours=24)  # that a service can ask to wait
_GONE, _OVERLOADED = (404, 410), (429, 503)  # answers
Settings = Mapping[str, Any]

log = logging.getLogger(__name__)


def deliver(
    settings: Settings, *, now: datetime, wait: float = 0, stop: Event | None = None, loopback: bool = False
) -> dict[str, int]:
    """Send what is due and return the counts of ``delivery.deliver``; wait so many seconds while another process delivers. ``loopback``:
    to services of this machine, for trials.
    """
    if not (number := delivery.sendable(outbox.PUSH, now=now)):
        return {}
    if installation.is_held(installation.identity(settings)):
        _say_held()
        return {"held": number}
    pusher, texts, until = Pusher(settings, loopback=loopback), push_texts.Texts(settings), time.monotonic() + wait
    lock = locks.lease("push", Path(settings["INSTANCE"]))
    while True:
        counts = delivery.deliver(pusher.send, texts.push, now=now, lock=lock, stop=stop, channel=outbox.PUSH)
        if "busy" not in counts or time.monotonic() >= until:
            return counts
        time.sleep(0.2)


@cache
def _say_held() -> None:
    """Log it once per process."""
    log.error("this database belongs to another installation: no push is sent until it is released")


class _Overloaded(delivery.TryLater):
    """A service asks for time, or gives no answer: whatever else goes there has to wait as well."""


class Pusher:
    """Sends the pushes of one delivery. A service that asks for time, or can't be reached, is left alone until the next."""

    def __init__(self, settings: Settings, *, loopback: bool = False):
        self.settings = settings
        self._hosts, self._loopback = push.hosts(settings["PUSH_HOSTS"]), loopback
        self._key = vapid.key(Path(settings["INSTANCE"]))
        self._resting: dict[str, delivery.TryLater] = {}  # host → what it said
        self._to_files = demonstration.is_loaded() and not loopback  # nothing of a demonstration leaves this machine

    def send(self, message: push_texts.Push) -> None:
        """Return when the service has taken the push (or it is in its file). Raises NotDelivered otherwise."""
        if self._to_files:
            self._write_file(message)
            return
        if not self._loopback and not push.is_allowed(message.endpoint, self._hosts):
            raise delivery.MessageRefused("its host is not one of PUSH_HOSTS")
        host = urlsplit(message.endpoint).netloc
        if host in self._resting:
            raise self._resting[host]
        try:
            self._hand_over(message)
        except _Overloaded as problem:
            self._resting[host] = problem
            raise

    def _hand_over(self, message: push_texts.Push) -> None:
        now = clock.now()
        headers = {
            "Authorization": vapid.authorization(self._key, message.endpoint, self._contact(), now=now),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(seconds_left(now)),
            "Topic": message.message_id,  # a second one takes the place of the first while the device is out of reach
        }
        try:
            receipt = outgoing.post(
                message.endpoint,
                encrypted(content_of(message), message.p256dh, message.auth),
                seconds=SECONDS,
                largest=LARGEST,
                headers=headers,
                loopback=self._loopback,
            )
        except errors.PushKeysRefused as problem:
            raise delivery.MessageRefused("the keys of the device can't be read") from problem
        except ValueError as problem:  # an address of no open network, or an answer without end
            raise delivery.MessageRefused(f"{type(problem).__name__}: {problem}") from problem
        except outgoing.FAULTS as problem:
            raise _Overloaded(f"{type(problem).__name__}: {problem}") from problem
        self._judge(receipt, now)

    def _judge(self, receipt: outgoing.Receipt, now: datetime) -> None:
        """Raise what an answer means, if it is not that the push was taken. A redirect is followed by nobody: it is a refusal."""
        status = receipt.status
        if 200 <= status < 300:
            return
        if status in _GONE:
            raise delivery.DeviceGone(f"HTTP {status}")
        if status in _OVERLOADED:
            raise _Overloaded(f"HTTP {status}", after=_wait_asked(receipt.retry_after, now))
        if status >= 500:
            raise delivery.TryLater(f"HTTP {status}", after=_wait_asked(receipt.retry_after, now))
        raise delivery.MessageRefused(f"HTTP {status}")

    def _contact(self) -> str:
        """Return whom a service can tell of trouble: services refuse a push without one."""
        if self.settings["ADMIN_MAIL"]:
            return f"mailto:{self.settings['ADMIN_MAIL']}"
        public = self.settings["PUBLIC_URL"]
        return public if public.startswith("https://") else f"mailto:{self.settings['MAIL_SENDER']}"

    def _write_file(self, message: push_texts.Push) -> None:
        content = f"{message.title}\n{message.text}\n{message.path}\n"
        try:
            mail_files.write(self.settings, message.row_id, message.message_id, content.encode())
        except OSError as error:  # no push will fare better
            raise delivery.ServerUnavailable(f"{type(error).__name__}: {error}") from error


def content_of(message: push_texts.Push) -> bytes:
    """Return what ``/sw.js`` reads: JSON, filled up to one length with spaces."""
    told = {"title": message.title, "body": message.text, "path": message.path, "tag": message.message_id}
    return json.dumps(told, ensure_ascii=False).encode().ljust(SIZE)


def encrypted(
    content: bytes,
    p256dh: str,
    auth: str,
    *,
    sender: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """Return a content that only a device can read (RFC 8291). ``sender``, ``salt``: those of a vector, else new ones. Raises: PushKeysRefused."""
    return http_ece.encrypt(
        content,
        salt=salt,
        private_key=sender or ec.generate_private_key(ec.SECP256R1()),
        dh=push.public_key_of(p256dh),
        auth_secret=push.secret_of(auth),
        version="aes128gcm",
    )


def seconds_left(now: datetime) -> int:
    """Return the seconds until the day is over, after which a service throws a push away that the device did not fetch."""
    return max(1, int((clock.at(clock.day_of(now) + timedelta(days=1)) - now).total_seconds()))


def _wait_asked(retry_after: str, now: datetime) -> timedelta:
    """Return for how long a service asks to be left alone: seconds or a moment (RFC 9110), a day at most; none where it can't be read."""
    wait = timedelta(0)
    if retry_after.strip().isascii() and retry_after.strip().isdecimal():
        wait = timedelta(seconds=min(int(retry_after.strip()[:6]), 86_400))
    elif retry_after:
        with contextlib.suppress(ValueError, TypeError):
            wait = parsedate_to_datetime(retry_after) - now
    return min(max(wait, timedelta(0)), MOST_LATER)
