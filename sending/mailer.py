"""SMTP: the only module that knows Flask-Mail. What mails say is made in ``mail_texts``.

Nothing that a person wrote reaches a header unchecked.
"""

import contextlib
import email.message
import email.policy
import ipaddress
import logging
import re
import smtplib
import socket
import ssl
import time
import uuid
from collections.abc import Mapping
from datetime import datetime
from email.charset import BASE64, Charset
from email.header import Header
from email.utils import formataddr, formatdate
from functools import cache, cached_property
from pathlib import Path
from threading import Event
from typing import Any

import flask_mail
from flask import Flask

from library import demonstration
from library.mail import delivery, installation, mail_files
from library.site import branding
from library.store import locks
from sending import certificates, mail_templates, mail_texts

SECONDS_AFTER_TEXT = 120  # a server may need that long to store a mail; giving up earlier only makes doubles
ADDRESS = re.compile(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
    r"@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*\Z"
)
Settings = Mapping[str, Any]

log = logging.getLogger(__name__)
_FOLD = "\r\n"
_AS_MADE = email.policy.compat32.clone(linesep=_FOLD, max_line_length=0)
_utf8 = Charset("utf-8")
_utf8.body_encoding = BASE64  # Flask-Mail would send 8bit, whatever the server can take


def deliver(settings: Settings, *, now: datetime, wait: float = 60, stop: Event | None = None) -> dict[str, int]:
    """Send what is due and return the counts of ``delivery.deliver``; wait so many seconds while another process delivers."""
    if not (number := delivery.sendable(now=now)):
        return {}
    if installation.is_held(installation.identity(settings)):
        _say_held()
        return {"held": number}
    mailer, texts, until = Mailer(settings), mail_texts.Texts(settings), time.monotonic() + wait
    lock = locks.lease("outbox", Path(settings["INSTANCE"]))
    with contextlib.closing(mailer):
        while True:
            counts = delivery.deliver(mailer.send, texts.letter, now=now, lock=lock, stop=stop)
            if "busy" not in counts or time.monotonic() >= until:
                return counts | texts.counts
            time.sleep(0.2)


def tell_admin(settings: Settings, facts: Mapping[str, str], *, now: datetime) -> bool:
    """Send a mail to ADMIN_MAIL at once, without the database; False where it can't be sent now."""
    letter = mail_texts.letter_to_admin(settings, facts, uuid.uuid4().hex)
    with contextlib.closing(Mailer(settings, server=settings["MAIL_SERVER"])) as mailer:
        try:
            mailer.send(letter)
        except delivery.NotDelivered as problem:
            log.warning("the administrator could not be told: %s", problem)
            return False
    return True


def send_test(settings: Settings, address: str) -> str:
    """Send a mail to try the settings to this address at once, and return where it went. Raises: NotDelivered."""
    letter = mail_texts.letter_at_once(settings, "test", address, {"name": ""}, uuid.uuid4().hex)
    server = server_of(settings)
    with contextlib.closing(Mailer(settings, server=server)) as mailer:
        mailer.send(letter)
    return f"{server}:{settings['MAIL_PORT']}" if server else str(mail_files.folder(settings))


@cache
def _say_held() -> None:
    """Log it once per process."""
    log.error(
        "this database belongs to another installation (restored or copied?): no mail is sent until it is released"
    )


def server_of(settings: Settings) -> str:
    """Return the server that mails are handed to; empty: they are written to files. A demonstration sends to this machine alone."""
    server = settings["MAIL_SERVER"]
    if server and demonstration.is_loaded() and not _is_loopback(server):
        return ""
    return server


def _is_loopback(server: str) -> bool:
    if server == "localhost":
        return True
    try:
        return ipaddress.ip_address(server).is_loopback
    except ValueError:
        return False


class Mailer:
    """Sends the letters of one delivery run over one connection, opened when first needed."""

    def __init__(
        self, settings: Settings, *, seconds_after_text: float = SECONDS_AFTER_TEXT, server: str | None = None
    ):
        """``server``: where mails are handed to, if the database must not be asked."""
        self.settings = settings
        self.sender = settings["MAIL_SENDER"]
        self._seconds_after_text = max(seconds_after_text, settings["MAIL_TIMEOUT"])
        self._server = server_of(settings) if server is None else server
        self._library = branding.name(settings) if server is None else settings["LIBRARY_NAME"]
        self._connection: _Connection | None = None

    def send(self, letter: mail_texts.Letter) -> None:
        """Return when the server has taken the letter (or it is in its file). Raises NotDelivered otherwise."""
        if not ADDRESS.match(letter.address):
            raise delivery.AddressRefused("not an address")
        with self._app.app_context():
            message = self._message(letter)
            if self._server:
                self._hand_over(message)
            else:
                self._write_file(letter, message)

    def close(self) -> None:
        """Take leave of the server."""
        if self._connection is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._connection.smtp.quit()
            self._drop()

    def _message(self, letter: mail_texts.Letter) -> "_Message":
        message = _Message(
            _folded(letter.subject, "Subject"),
            recipients=[quoted(letter.address)],
            body=letter.text,
            sender=self.sender,
            reply_to=self.settings["MAIL_REPLY_TO"] or None,
            date=time.time(),
            extra_headers=letter.headers,
        )
        message.sender = (mail_templates.one_line(self._library), self.sender)
        message.msgId = letter.message_id
        if any("\r" in value or "\n" in value for value in (message.msgId, *letter.headers.values())):
            raise flask_mail.BadHeaderError  # Flask-Mail itself checks the other headers only
        return message

    def _hand_over(self, message: flask_mail.Message) -> None:
        connection = self._connection = self._connection or self._connect()
        try:
            connection.send(message, envelope_from=self.sender)
        except (smtplib.SMTPException, OSError) as error:
            raise self._judged(error) from error

    def _connect(self) -> "_Connection":
        try:
            seconds, trusted = self.settings["MAIL_TIMEOUT"], certificates.context(self.settings["MAIL_CA_FILE"])
            return _Connection(self._mail, seconds, self._seconds_after_text, trusted)
        except ssl.SSLCertVerificationError as error:
            where = {"at_once": self.settings["MAIL_USE_SSL"], "seconds": self.settings["MAIL_TIMEOUT"]}
            reason = certificates.refusal(error, self._server, self.settings["MAIL_PORT"], **where)
            raise delivery.ServerUnavailable(reason) from error
        except (smtplib.SMTPException, OSError) as error:
            raise delivery.ServerUnavailable(_words(error)) from error

    def _judged(self, error: Exception) -> delivery.NotDelivered:
        """Return what an error of the server means for this mail; let the connection go where it is of no more use."""
        reason = _words(error)
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            code, reply = next(iter(error.recipients.values()))
            reason = _words(smtplib.SMTPResponseException(code, reply))
            # a refusal for policy (5.7.x: relaying denied, we are blocked) is not about the mailbox
            kind = delivery.AddressRefused if code >= 500 and not reply.startswith(b"5.7.") else delivery.TryLater
        elif isinstance(error, smtplib.SMTPSenderRefused):
            code, kind = error.smtp_code, delivery.ServerUnavailable
        elif isinstance(error, smtplib.SMTPDataError):
            code = error.smtp_code
            kind = delivery.MessageRefused if code >= 500 else delivery.TryLater
        else:
            code, kind = 0, delivery.ConnectionDropped
        if code < 400 or code == 421:  # the connection is gone, or what comes over it is noise
            kind = delivery.ConnectionDropped
        if kind in (delivery.ConnectionDropped, delivery.ServerUnavailable):
            self._drop()
        return kind(reason)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.smtp.close()
        self._connection = None

    def _write_file(self, letter: mail_texts.Letter, message: flask_mail.Message) -> None:
        try:
            mail_files.write(self.settings, letter.row_id, letter.message_id[1:].partition("@")[0], message.as_bytes())
        except OSError as error:  # no mail will fare better
            raise delivery.ServerUnavailable(_words(error)) from error

    @cached_property
    def _app(self) -> Flask:
        """Flask-Mail works inside a Flask application only; this one has nothing but the mail settings."""
        app = Flask("mailer", static_folder=None, template_folder=None)
        names = ("SERVER", "PORT", "USE_TLS", "USE_SSL", "USERNAME", "PASSWORD")
        app.config |= {f"MAIL_{name}": self.settings[f"MAIL_{name}"] for name in names}
        self._mail = flask_mail.Mail(app)
        return app


def quoted(address: str) -> str:
    """Return the address as mail servers want it: a local part like ``a..b`` or ``a.`` (old mobile phones) stands in quotes."""
    local, _, domain = address.rpartition("@")
    return f'"{local}"@{domain}' if "" in local.split(".") else address


def _words(error: Exception) -> str:
    """Return what the server said, on one line; never what we said to it."""
    if isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error
        return mail_templates.one_line(
            f"{error.smtp_code} {reply.decode('utf-8', 'replace') if isinstance(reply, bytes) else reply}"
        )
    return mail_templates.one_line(f"{type(error).__name__}: {error}")


class _Message(flask_mail.Message):
    """Flask-Mail's message with a body in base64, lines that no server has to rewrite, and headers as we made them.

    The email package would take a long List-Unsubscribe apart into encoded words.
    """

    def as_bytes(self) -> bytes:
        made = email.message.Message(policy=_AS_MADE)
        made.set_payload((self.body or "").replace("\n", "\r\n"), _utf8)
        headers = {
            "Subject": self.subject,
            "From": _from(*self.sender),
            "To": ", ".join(str(one) for one in self.recipients),
            "Date": formatdate(self.date, localtime=True),
            "Message-ID": self.msgId,
            **({"Reply-To": flask_mail.sanitize_address(self.reply_to)} if self.reply_to else {}),
            **(self.extra_headers or {}),
        }
        for name, value in headers.items():
            made[name] = value
        return made.as_bytes()


def _from(name: str, address: str) -> str:
    """Return a sender with a name, no line longer than 76 columns as far as can be."""
    if name.isascii():
        return formataddr((name, address))
    return f"{_folded(name, 'From')}{_FOLD} <{address}>"


def _folded(text: str, header: str) -> str:
    """Return a header's text in lines (RFC 2047). 75, as the email package forgets the space that a continued line begins with."""
    return Header(text, maxlinelen=75, header_name=header).encode(linesep=_FOLD)


class _Connection(flask_mail.Connection):
    """Flask-Mail's connection with time limits and checked certificates, open from the start."""

    def __init__(self, mail: flask_mail.Mail, seconds: float, seconds_after_text: float, trusted: ssl.SSLContext):
        super().__init__(mail)
        self.host = self.smtp = _open(mail, seconds, seconds_after_text, trusted)


def _open(mail: flask_mail.Mail, seconds: float, seconds_after_text: float, trusted: ssl.SSLContext) -> "_Patient":
    arguments = {"timeout": seconds, "local_hostname": _own_name()}
    if mail.use_ssl:
        smtp = _PatientSSL(mail.server, mail.port, context=trusted, **arguments)
    else:
        smtp = _Patient(mail.server, mail.port, **arguments)
    smtp.seconds_after_text = seconds_after_text
    try:
        if mail.use_tls:
            smtp.starttls(context=trusted)
        smtp.ehlo_or_helo_if_needed()
        if mail.username and mail.password:
            smtp.login(mail.username, mail.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


class _Patient(smtplib.SMTP):
    """Waits longer for the answer to a text than for any other."""

    seconds_after_text: float = SECONDS_AFTER_TEXT

    def send(self, s):
        super().send(s)
        if isinstance(s, bytes) and self.sock:  # a text; commands are str
            self.sock.settimeout(self.seconds_after_text)

    def data(self, msg):
        try:
            return super().data(msg)
        finally:
            if self.sock is not None:
                self.sock.settimeout(self.timeout)


class _PatientSSL(_Patient, smtplib.SMTP_SSL):
    """The same, in TLS from the first byte."""


@cache
def _own_name() -> str:
    return socket.getfqdn()
