"""SMTP: the only module that knows Flask-Mail, which sends in the context of the application alone. The texts are made
in ``mail_texts``.

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
from email.charset import BASE64, Charset
from email.header import Header
from email.utils import formataddr, formatdate
from typing import Any

import flask_mail

from library import demonstration
from library.mail import answers, mail_files
from library.site import branding
from sending import certificates, mail_templates, mail_texts

SECONDS_AFTER_TEXT = 120  # a server may need that long to store a mail; giving up earlier only makes doubles
ADDRESS = re.compile(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
    r"@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*\Z"
)
Settings = Mapping[str, Any]

mail = flask_mail.Mail()
log = logging.getLogger(__name__)
_FOLD = "\r\n"
_AS_MADE = email.policy.compat32.clone(linesep=_FOLD, max_line_length=0)
_utf8 = Charset("utf-8")
_utf8.body_encoding = BASE64  # Flask-Mail would send 8bit, whatever the server can take


def tell_admin(settings: Settings, facts: Mapping[str, str]) -> bool:
    """Send a mail to ADMIN_MAIL at once, without the database, and tell whether it went out."""
    letter = mail_texts.letter_to_admin(settings, facts, uuid.uuid4().hex)
    with contextlib.closing(Mailer(settings, server=settings["MAIL_SERVER"])) as mailer:
        try:
            mailer.send(letter)
        except answers.NotDelivered as problem:
            log.warning("the administrator could not be told: %s", problem)
            return False
    return True


def send_test(settings: Settings, address: str) -> str:
    """Send a test mail to this address at once; return its server and port, or the folder of its file. Raises:
    NotDelivered.
    """
    letter = mail_texts.letter_at_once(settings, "test", address, {"name": ""}, uuid.uuid4().hex)
    server = server_of(settings)
    with contextlib.closing(Mailer(settings, server=server)) as mailer:
        mailer.send(letter)
    return f"{server}:{settings['MAIL_PORT']}" if server else str(mail_files.folder(settings))


def server_of(settings: Settings) -> str:
    """Return the mail server; empty where mails are written to files. A demonstration sends to this machine alone."""
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
    """Sends letters over one connection, opened when first needed."""

    def __init__(
        self, settings: Settings, *, seconds_after_text: float = SECONDS_AFTER_TEXT, server: str | None = None
    ):
        """``server``: the mail server, given where the database must not be asked; then there are no texts of queued
        mails.
        """
        self.settings = settings
        self.sender = settings["MAIL_SENDER"]
        self._seconds_after_text = max(seconds_after_text, settings["MAIL_TIMEOUT"])
        self._server = server_of(settings) if server is None else server
        self._library = branding.name(settings) if server is None else settings["LIBRARY_NAME"]
        self._connection: flask_mail.Connection | None = None
        if server is None:
            self.texts = mail_texts.Texts(settings)

    def send(self, letter: mail_texts.Letter) -> None:
        """Send a letter and wait until the server has taken it (or it is in its file). Raises: NotDelivered."""
        if not ADDRESS.match(letter.address):
            raise answers.AddressRefused("not an address")
        message = self._message(letter)
        if self._server:
            self._hand_over(message)
        else:
            mail_files.write(self.settings, letter.row_id, letter.message_id[1:].partition("@")[0], message.as_bytes())

    def close(self) -> None:
        """Say goodbye to the server, if it was spoken to."""
        if self._connection is not None and self._connection.host:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._connection.host.quit()
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

    def _connect(self) -> flask_mail.Connection:
        connection = mail.connect()
        try:
            connection.host = self._open()  # Flask-Mail's own waits for ever and looks at no certificate
        except ssl.SSLCertVerificationError as error:
            where = {"at_once": self.settings["MAIL_USE_SSL"], "seconds": self.settings["MAIL_TIMEOUT"]}
            reason = certificates.refusal(error, self._server, self.settings["MAIL_PORT"], **where)
            raise answers.ServerUnavailable(reason) from error
        except (smtplib.SMTPException, OSError) as error:
            raise answers.ServerUnavailable(_words(error)) from error
        return connection

    def _open(self) -> "_Patient":
        """Return a line to the server with time limits, checked certificates and our login."""
        settings, trusted = self.settings, certificates.context(self.settings["MAIL_CA_FILE"])
        limits = {"timeout": settings["MAIL_TIMEOUT"], "local_hostname": socket.getfqdn()}
        if settings["MAIL_USE_SSL"]:
            smtp = _PatientSSL(self._server, settings["MAIL_PORT"], context=trusted, **limits)
        else:
            smtp = _Patient(self._server, settings["MAIL_PORT"], **limits)
        smtp.seconds_after_text = self._seconds_after_text
        try:
            if settings["MAIL_USE_TLS"]:
                smtp.starttls(context=trusted)
            smtp.ehlo_or_helo_if_needed()
            if settings["MAIL_USERNAME"] and settings["MAIL_PASSWORD"]:
                smtp.login(settings["MAIL_USERNAME"], settings["MAIL_PASSWORD"])
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _judged(self, error: Exception) -> answers.NotDelivered:
        """Return the meaning of a server's error for this mail; a connection that is of no more use is closed."""
        reason = _words(error)
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            code, reply = next(iter(error.recipients.values()))
            reason = _words(smtplib.SMTPResponseException(code, reply))
            # a refusal for policy (5.7.x: relaying denied, we are blocked) is not about the mailbox
            kind = answers.AddressRefused if code >= 500 and not reply.startswith(b"5.7.") else answers.TryLater
        elif isinstance(error, smtplib.SMTPSenderRefused):
            code, kind = error.smtp_code, answers.ServerUnavailable
        elif isinstance(error, smtplib.SMTPDataError):
            code = error.smtp_code
            kind = answers.MessageRefused if code >= 500 else answers.TryLater
        else:
            code, kind = 0, answers.ConnectionDropped
        if code < 400 or code == 421:  # the connection is gone, or what comes over it is noise
            kind = answers.ConnectionDropped
        if kind in (answers.ConnectionDropped, answers.ServerUnavailable):
            self._drop()
        return kind(reason)

    def _drop(self) -> None:
        if self._connection is not None and self._connection.host:
            self._connection.host.close()
        self._connection = None


def quoted(address: str) -> str:
    """Return the address as mail servers want it: a local part like ``a..b`` or ``a.`` (old mobile phones) stands in
    quotes.
    """
    local, _, domain = address.rpartition("@")
    return f'"{local}"@{domain}' if "" in local.split(".") else address


def _words(error: Exception) -> str:
    """Return the server's words, on one line; never ours to it."""
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
        """Return the message as it is sent."""
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
    """Return a header's text in lines (RFC 2047). 75, as the email package forgets the space that a continued line
    begins with.
    """
    return Header(text, maxlinelen=75, header_name=header).encode(linesep=_FOLD)


class _Patient(smtplib.SMTP):
    """Waits longer for the answer to a mail's text than for any other."""

    seconds_after_text: float = SECONDS_AFTER_TEXT

    def send(self, s):
        """Send a command (str), or a text (bytes), after which the answer is waited for longer."""
        super().send(s)
        if isinstance(s, bytes) and self.sock:  # a text; commands are str
            self.sock.settimeout(self.seconds_after_text)

    def data(self, msg):
        """Send a text and return the answer; later ones are waited for as before."""
        try:
            return super().data(msg)
        finally:
            if self.sock is not None:
                self.sock.settimeout(self.timeout)


class _PatientSSL(_Patient, smtplib.SMTP_SSL):
    """The same, in TLS from the first byte."""
