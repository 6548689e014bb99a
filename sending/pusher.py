"""Web Push (RFC 8030, 8291, 8292): the only module that knows http-ece. The texts of pushes are made in ``push_texts``.

The service of a browser's maker carries a content that only the device can read. It learns an address, a time and a
size, which is always the same.
"""

import contextlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec

from library import clock, demonstration, errors, outgoing
from library.mail import answers, mail_files, push, vapid
from sending import push_texts

SECONDS = 10  # for one push; nobody waits for it but the next one
LARGEST = 20_000  # bytes of an answer, which nobody reads
SIZE = 600  # bytes of each push, so that its length tells nothing
MOST_LATER = timedelta(hours=24)  # that a service can ask to wait
_GONE, _OVERLOADED = (404, 410), (429, 503)  # answers
Settings = Mapping[str, Any]


class _Overloaded(answers.TryLater):
    """A service asks for time, or gives no answer: all other pushes to it wait as well."""


class Pusher:
    """Sends pushes in one delivery run. A service that asks for time, or can't be reached, is left alone until the next
    run.
    """

    def __init__(self, settings: Settings, *, loopback: bool = False):
        """``loopback``: send to services of this machine, for trials."""
        self.settings, self.texts = settings, push_texts.Texts(settings)
        self._hosts, self._loopback = push.hosts(settings["PUSH_HOSTS"]), loopback
        self._key = vapid.key(Path(settings["INSTANCE"]))
        self._resting: dict[str, answers.TryLater] = {}  # host → what it said
        self._to_files = demonstration.is_loaded() and not loopback  # nothing of a demonstration leaves this machine

    def send(self, letter: push_texts.Push) -> None:
        """Send a push and wait until the service has taken it (or it is in its file). Raises: NotDelivered."""
        if self._to_files:
            content = f"{letter.title}\n{letter.text}\n{letter.path}\n"
            mail_files.write(self.settings, letter.row_id, letter.message_id, content.encode())
            return
        if not self._loopback and not push.is_allowed(letter.endpoint, self._hosts):
            raise answers.MessageRefused("its host is not one of PUSH_HOSTS")
        host = urlsplit(letter.endpoint).netloc
        if host in self._resting:
            raise self._resting[host]
        try:
            self._hand_over(letter)
        except _Overloaded as problem:
            self._resting[host] = problem
            raise

    def close(self) -> None:
        """Do nothing: each push has a connection of its own."""

    def _hand_over(self, letter: push_texts.Push) -> None:
        now = clock.now()
        headers = {
            "Authorization": vapid.authorization(self._key, letter.endpoint, self._contact(), now=now),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(seconds_left(now)),
            "Topic": letter.message_id,  # a second one takes the place of the first while the device is out of reach
        }
        try:
            receipt = outgoing.post(
                letter.endpoint,
                encrypted(content_of(letter), letter.p256dh, letter.auth),
                seconds=SECONDS,
                largest=LARGEST,
                headers=headers,
                loopback=self._loopback,
            )
        except errors.PushKeysRefused as problem:
            raise answers.MessageRefused("the keys of the device can't be read") from problem
        except ValueError as problem:  # an address of no open network, or an answer without end
            raise answers.MessageRefused(f"{type(problem).__name__}: {problem}") from problem
        except outgoing.FAULTS as problem:
            raise _Overloaded(f"{type(problem).__name__}: {problem}") from problem
        self._judge(receipt, now)

    def _judge(self, receipt: outgoing.Receipt, now: datetime) -> None:
        """Raise NotDelivered for every answer but success. A redirect is not followed: it is a refusal."""
        status = receipt.status
        if 200 <= status < 300:
            return
        if status in _GONE:
            raise answers.DeviceEnded(f"HTTP {status}")
        if status in _OVERLOADED:
            raise _Overloaded(f"HTTP {status}", after=_wait_asked(receipt.retry_after, now))
        if status >= 500:
            raise answers.TryLater(f"HTTP {status}", after=_wait_asked(receipt.retry_after, now))
        raise answers.MessageRefused(f"HTTP {status}")

    def _contact(self) -> str:
        """Return the address to which a service can report trouble: services refuse a push without one."""
        if self.settings["ADMIN_MAIL"]:
            return f"mailto:{self.settings['ADMIN_MAIL']}"
        public = self.settings["PUBLIC_URL"]
        return public if public.startswith("https://") else f"mailto:{self.settings['MAIL_SENDER']}"


def content_of(message: push_texts.Push) -> bytes:
    """Return the content for ``/sw.js``: JSON, filled up to SIZE with spaces."""
    told = {
        "title": message.title,
        "body": message.text,
        "path": message.path,
        "tag": message.message_id,
        "lang": message.language,
    }
    return json.dumps(told, ensure_ascii=False).encode().ljust(SIZE)


def encrypted(
    content: bytes,
    p256dh: str,
    auth: str,
    *,
    sender: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """Return the content encrypted for one device (RFC 8291). ``sender``, ``salt``: given in tests, else new. Raises:
    PushKeysRefused.
    """
    return http_ece.encrypt(
        content,
        salt=salt,
        private_key=sender or ec.generate_private_key(ec.SECP256R1()),
        dh=push.public_key_of(p256dh),
        auth_secret=push.secret_of(auth),
        version="aes128gcm",
    )


def seconds_left(now: datetime) -> int:
    """Return the seconds until the day is over, after which a service throws a push away that the
    device did not fetch.
    """
    return max(1, int((clock.at(clock.day_of(now) + timedelta(days=1)) - now).total_seconds()))


def _wait_asked(retry_after: str, now: datetime) -> timedelta:
    """Return the time that a service asks for, in seconds or until a moment (RFC 9110): a day at most, zero where it
    can't be read.
    """
    wait = timedelta(0)
    if retry_after.strip().isascii() and retry_after.strip().isdecimal():
        wait = timedelta(seconds=min(int(retry_after.strip()[:6]), 86_400))
    elif retry_after:
        with contextlib.suppress(ValueError, TypeError):
            wait = parsedate_to_datetime(retry_after) - now
    return min(max(wait, timedelta(0)), MOST_LATER)
