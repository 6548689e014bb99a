"""Mails as messages: the only module that knows Flask-Mail. What they say is made in ``mail_texts``.

``Mailer`` is handed to ``library.mail.outbox`` for one delivery. Nothing that a person wrote reaches a header unchecked.
"""

import contextlib
import email.policy
import ipaddress
import logging
import os
import re
import smtplib
import socket
import ssl
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from email.charset import BASE64, Charset
from email.header import Header
from email.mime.text import MIMEText
from email.utils import formataddr
from functools import cache, cached_property
from itertools import groupby
from pathlib import Path

import flask_mail
from flask import Flask

import mail_texts
from library import clock, dates, demonstration, wording
from library.calendar import opening
from library.lending import closures, due_mails, notices, overdue
from library.lending.holds import hold_mails
from library.mail import outbox
from library.reading import sdi_mails
from library.site import questions
from models import Branch

SECONDS_AFTER_TEXT = 120  # a server may need that long to store a mail; giving up earlier only makes doubles
LINK_LIFETIMES = {"verify": timedelta(hours=24), "reset": timedelta(hours=1)}
DAYS_AFTER_DUE = 4  # closed days are told up to here
LOOK_AHEAD = 50  # due notices read together
LETTERS = {
    "hold_ready": hold_mails.letter,
    "hold_deadline": hold_mails.letter,
    "hold_ended": hold_mails.letter,
    "overdue": overdue.letter,
    "closure": closures.letter,
}
SECONDS_TRUE = 0.5  # what was read is read again after this
ADDRESS = re.compile(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
    r"@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*\Z"
)

log = logging.getLogger(__name__)
_FOLD = "\r\n"
_AS_MADE = email.policy.compat32.clone(linesep=_FOLD, max_line_length=0)
_utf8 = Charset("utf-8")
_utf8.body_encoding = BASE64  # Flask-Mail would send 8bit, whatever the server can take


@dataclass(frozen=True)
class Letter:
    """One mail as it goes out. ``kept`` is its text as it may be stored: without a one-time link, and without one that stops mails."""

    row_id: int
    address: str
    message_id: str
    subject: str
    text: str
    kept: str
    headers: dict = field(default_factory=dict)


def deliver(settings, *, now, wait=60, stop=None) -> dict:
    """Send what is due; the counts of ``outbox.deliver``. Waits so many seconds while another process delivers."""
    instance = Path(settings["INSTANCE"])
    if not (number := outbox.sendable(now=now)):
        return {}
    if outbox.is_held(installation_id(instance)):
        _say_held()
        return {"held": number}
    mailer, until = Mailer(settings), time.monotonic() + wait
    with contextlib.closing(mailer):
        while True:
            counts = outbox.deliver(mailer.send, mailer.render, now=now, lock_path=instance / "outbox.lock", stop=stop)
            if "busy" not in counts or time.monotonic() >= until:
                return counts | mailer.counts
            time.sleep(0.2)


def installation_id(instance: Path) -> str:
    """What tells this installation from a copy of its database; empty where there is none."""
    try:
        return (Path(instance) / "installation-id").read_text().strip()
    except FileNotFoundError:
        return ""


@cache
def _say_held():
    """Once per process."""
    log.error(
        "this database belongs to another installation (restored or copied?): no mail is sent until it is released"
    )


def server_of(settings) -> str:
    """The server that mails are handed to; empty: they are written to files. A demonstration sends to this machine alone."""
    server = settings["MAIL_SERVER"]
    if server and demonstration.is_loaded() and not _is_loopback(server):
        return ""
    return server


def _is_loopback(server) -> bool:
    if server == "localhost":
        return True
    try:
        return ipaddress.ip_address(server).is_loopback
    except ValueError:
        return False


def mail_folder(settings) -> Path:
    """Where mails go as files when no server is set."""
    return Path(settings["INSTANCE"]) / "mail"


def sweep_files(settings, erased) -> int:
    """Remove the mail files whose text is erased. ``erased(message_ids)`` picks them; the number removed."""
    files = {path.stem.rpartition("-")[2]: path for path in mail_folder(settings).glob("*.eml")}
    gone = erased(list(files))
    for message_id in gone:
        files[message_id].unlink(missing_ok=True)
    return len(gone)


class Mailer:
    """Renders and sends for one delivery run, over one connection that is opened when first needed."""

    def __init__(self, settings, *, seconds_after_text=SECONDS_AFTER_TEXT):
        self.settings = settings
        self.sender = settings["MAIL_SENDER"]
        self.counts = Counter()
        self._seconds_after_text = max(seconds_after_text, settings["MAIL_TIMEOUT"])
        self._server = server_of(settings)
        self._line = None
        self._closed_days = {}
        self._said, self._said_at = {}, 0.0

    # -- rendering ---------------------------------------------------------------------------------------------------
    def render(self, row, ahead=(), *, now) -> Letter | None:
        """The letter of a queued mail, true at this moment; None when there is nothing left to say.

        ``ahead``: the mails that come next, to be read together with it.
        """
        facts = self._facts(row, ahead, now)
        if facts is None:
            return None
        subject, text = self._texts.render(row.kind, facts, self.counts)
        return Letter(
            row_id=row.id,
            address=row.address,
            message_id=f"<{row.message_id}@{self.sender.rpartition('@')[2]}>",
            subject=subject,
            text=text,
            kept=_without_links_that_act(text, facts),
            headers=self._headers(facts),
        )

    def _facts(self, row, ahead, now):
        if row.kind == "due":
            return self._due_facts(row, ahead, clock.day_of(now))
        if row.kind == "sdi":
            return self._sdi_facts(row, clock.day_of(now))
        if row.kind in (questions.RECEIPT, questions.ANSWER):
            return self._reference_facts(row)
        if row.kind in LETTERS:
            return _letter_facts(row, clock.day_of(now))
        if row.kind in LINK_LIFETIMES and now >= row.created_at + LINK_LIFETIMES[row.kind]:
            return None
        return {
            "mobile": row.address_kind == "mobile",
            "name": row.patron.name if row.patron_id else "",
            "at": dates.moment(clock.parse(row.facts["at"]) if "at" in row.facts else row.created_at),
            "fields": [wording.FIELDS.get(name, name) for name in row.facts.get("fields", [])],
            "what": row.facts.get("what", ""),
            "message": row.facts.get("text", ""),
            "token": row.facts.get("token", ""),
        }

    def _due_facts(self, row, ahead, today):
        notice = self._due_notice(row, ahead, today)
        if notice is None:
            return None
        groups = groupby(notice.loans, key=lambda loan: (loan.due_on, loan.branch_name))
        return {
            "mobile": row.address_kind == "mobile",
            "name": notice.name,
            "count": len(notice.loans),
            "renewable": sum(loan.renewable for loan in notice.loans),
            "groups": [_group(list(loans), notice.with_titles, today) for _, loans in groups],
            "closed": self._closed_near(notice.loans, today),
            "stop_url": self._stop_url(notice.patron, "due"),
        }

    def _stop_url(self, patron, kind):
        token = notices.stop_token(patron, kind, self.settings["SECRET_KEY"])
        return f"{self.settings['PUBLIC_URL']}/mail/stop/{token}"

    def _sdi_facts(self, row, today):
        """Whoever wants no titles in mails wants no searches there, either."""
        letter = sdi_mails.letter(row, today=today)
        if letter is None:
            return None
        return {
            "mobile": row.address_kind == "mobile",
            "name": letter.name,
            "count": letter.count,
            "conditions": [self._condition(found) for found in letter.found] if letter.with_titles else [],
            "stop_url": self._stop_url(row.patron_id, "sdi"),
        }

    def _reference_facts(self, row):
        letter = questions.letter(row, base=self.settings["PUBLIC_URL"])
        if letter is None:
            return None
        page = f"{self.settings['PUBLIC_URL']}/my/questions/{letter.number}" if letter.is_patron else ""
        facts = {"mobile": row.address_kind == "mobile", "asked_on": dates.with_weekday(letter.asked_on), "page": page}
        return letter._asdict() | facts

    def _condition(self, found):
        return {
            "name": mail_texts.one_line(found.condition.name),
            "count": found.count,
            "titles": [_named(title) for title in found.titles],
            "more": found.count - len(found.titles),
            "url": f"{self.settings['PUBLIC_URL']}/my/sdi/{found.condition.id}",
        }

    def _due_notice(self, row, ahead, today):
        if (row.id, today) not in self._said or time.monotonic() - self._said_at > SECONDS_TRUE:
            due = [row, *(other for other in ahead[:LOOK_AHEAD] if other.kind == "due" and other.id != row.id)]
            found, self._said_at = due_mails.due_notices(due, today=today), time.monotonic()
            self._said = {(mail.id, today): found.get(mail.id) for mail in due}
        return self._said[row.id, today]

    def _closed_near(self, loans, today):
        last = max(loan.due_on for loan in loans) + timedelta(days=DAYS_AFTER_DUE)
        branches = {loan.branch: loan.branch_name for loan in loans}
        told = [{"name": name, "days": self._closed(branch, today, last)} for branch, name in branches.items()]
        return [branch for branch in told if branch["days"]]

    def _closed(self, branch, first, last):
        """Asked once per run for each branch and span: thousands of mails share a few."""
        if (branch, first, last) not in self._closed_days:
            days = opening.closed_days_between(Branch.get_by_id(branch), first, last)
            self._closed_days[branch, first, last] = [dates.with_weekday(day, year=False) for day in days]
        return self._closed_days[branch, first, last]

    def _headers(self, facts):
        headers = {"Auto-Submitted": "auto-generated"}
        if stop_url := facts.get("stop_url"):
            headers["List-Unsubscribe"] = f"<{stop_url}>"
            if stop_url.startswith("https://"):  # RFC 8058: the one-click POST goes to an HTTPS address only
                headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return headers

    @cached_property
    def _texts(self):
        return mail_texts.Texts(self.settings)

    # -- sending -----------------------------------------------------------------------------------------------------
    def send(self, letter: Letter):
        """Return when the server has taken the letter (or it is in its file); NotDelivered otherwise."""
        if not ADDRESS.match(letter.address):
            raise outbox.AddressRefused("not an address")
        with self._app.app_context():
            message = self._message(letter)
            if self._server:
                self._hand_over(message)
            else:
                self._write_down(letter, message)

    def close(self):
        """Say goodbye to the server."""
        if self._line is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._line.host.quit()
            self._drop()

    def _message(self, letter):
        message = _Message(
            _folded(letter.subject, "Subject"),
            recipients=[quoted(letter.address)],
            body=letter.text,
            sender=self.sender,
            reply_to=self.settings["MAIL_REPLY_TO"] or None,
            date=time.time(),
            extra_headers=letter.headers,
        )
        message.sender = (mail_texts.one_line(self.settings["LIBRARY_NAME"]), self.sender)
        message.msgId = letter.message_id
        if any("\r" in value or "\n" in value for value in (message.msgId, *letter.headers.values())):
            raise flask_mail.BadHeaderError  # Flask-Mail itself checks the other headers only
        return message

    def _hand_over(self, message):
        line = self._line = self._line or self._connect()
        try:
            line.send(message, envelope_from=self.sender)
        except (smtplib.SMTPException, OSError) as error:
            raise self._judged(error) from error

    def _connect(self):
        try:
            line = _Line(self._mail.state, self.settings["MAIL_TIMEOUT"], self._seconds_after_text)
            line.host = line.configure_host()
        except (smtplib.SMTPException, OSError) as error:
            raise outbox.ServerUnavailable(_answer(error)) from error
        return line

    def _judged(self, error):
        """What an error of the server means for this mail."""
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            code, reply = next(iter(error.recipients.values()))
            error, permanent = smtplib.SMTPResponseException(code, reply), _blames_address(code, reply)
            kind = outbox.AddressRefused if permanent else outbox.TryLater
        elif isinstance(error, smtplib.SMTPSenderRefused):
            code, kind = error.smtp_code, outbox.ServerUnavailable
        elif isinstance(error, smtplib.SMTPDataError):
            code = error.smtp_code
            kind = outbox.MessageRefused if code >= 500 else outbox.TryLater
        else:
            code, kind = None, outbox.ConnectionDropped
        if code is None or code < 400 or code == 421:  # the line is gone, or what comes over it is noise
            self._drop()
            kind = outbox.ConnectionDropped
        elif kind is outbox.ServerUnavailable:
            self._drop()
        return kind(_answer(error))

    def _drop(self):
        self._line.host.close()
        self._line = None

    def _write_down(self, letter, message):
        try:
            self._write(letter, message.as_bytes())
        except OSError as error:  # a full disk, a folder of somebody else: no mail will fare better
            raise outbox.ServerUnavailable(_answer(error)) from error

    def _write(self, letter, content):
        folder = mail_folder(self.settings)
        folder.mkdir(mode=0o700, exist_ok=True)
        path = folder / f"{letter.row_id:08}-{letter.message_id[1:].partition('@')[0]}.eml"
        part = path.with_suffix(".part")
        with open(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)

    @cached_property
    def _app(self):
        """Flask-Mail works inside a Flask application only; this one has nothing but the mail settings."""
        app = Flask("mailer", static_folder=None, template_folder=None)
        names = ("SERVER", "PORT", "USE_TLS", "USE_SSL", "USERNAME", "PASSWORD")
        app.config |= {f"MAIL_{name}": self.settings[f"MAIL_{name}"] for name in names}
        self._mail = flask_mail.Mail(app)
        return app


def _named(title):
    name = mail_texts.one_line(f"{title.title} {title.volume}")
    return {"title": name, "author": mail_texts.one_line(title.author)}


def _without_links_that_act(text, facts):
    """Whoever reads a stored text can do nothing with it."""
    for key in (facts.get("token"), facts.get("stop_url", "").rpartition("/")[2]):
        if key:
            text = text.replace(key, "（リンクは保存していません）")
    return text


def _letter_facts(row, today):
    """Of mails about loans and holds that are asked for one by one: late ones, moved ones, what is on the shelf or was."""
    letter = LETTERS[row.kind](row, today=today)
    if letter is None:
        return None
    loans, holds = getattr(letter, "loans", []), getattr(letter, "holds", [])
    return {
        "mobile": row.address_kind == "mobile",
        "name": letter.name,
        "count": len(loans) + len(holds),
        "loans": [_loan(loan, letter.with_titles, today) for loan in loans],
        "holds": [_hold(hold, letter.with_titles) for hold in holds],
    }


def _loan(loan, with_title, today):
    title = loan.item.title
    return {
        "title": mail_texts.one_line(f"{title.title} {title.volume}") if with_title else "",
        "branch": loan.branch.name,
        "due": dates.with_weekday(loan.due_on),
        "days_left": dates.days_left(loan.due_on, today),
    }


def _hold(hold, with_title):
    of = hold if isinstance(hold, hold_mails.Held) else hold.title
    return {
        "title": mail_texts.one_line(f"{of.title} {of.volume}") if with_title else "",
        "branch": hold.branch if of is hold else hold.pickup_branch.name,
        "pickup_by": dates.with_weekday(hold.pickup_by) if hold.pickup_by else "",
        "reason": hold.reason if of is hold else "",
    }


def _group(loans, with_titles, today):
    first = loans[0]
    return {
        "due": dates.with_weekday(first.due_on, year=False),
        "due_with_year": dates.with_weekday(first.due_on),
        "days_left": dates.days_left(first.due_on, today),
        "branch": first.branch_name,
        "count": len(loans),
        "titles": [mail_texts.one_line(f"{loan.title} {loan.volume}") for loan in loans] if with_titles else [],
    }


def quoted(address: str) -> str:
    """The address as mail servers want it: a local part like ``a..b`` or ``a.`` (old mobile phones) stands in quotes."""
    local, _, domain = address.rpartition("@")
    return f'"{local}"@{domain}' if "" in local.split(".") else address


def _blames_address(code, reply) -> bool:
    """A refusal for policy (5.7.x: relaying denied, we are blocked) says nothing about the mailbox."""
    return code >= 500 and not reply.startswith(b"5.7.")


def _answer(error) -> str:
    """What the server said, on one line; never what we said to it."""
    if isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error
        return mail_texts.one_line(
            f"{error.smtp_code} {reply.decode('utf-8', 'replace') if isinstance(reply, bytes) else reply}"
        )
    return mail_texts.one_line(f"{type(error).__name__}: {error}")


class _Message(flask_mail.Message):
    """Flask-Mail's message with a body in base64: lines that no server has to rewrite."""

    def _mimetext(self, text, subtype="plain"):
        return MIMEText(text.replace("\n", "\r\n"), subtype, _utf8)

    def _message(self):
        """Headers as we made them: the email package would take a long List-Unsubscribe apart into encoded words."""
        made = super()._message()
        made.policy = _AS_MADE
        made.replace_header("From", _from(*self.sender))
        return made


def _from(name, address) -> str:
    """A sender with a name, no line longer than 76 columns as far as can be."""
    if name.isascii():
        return formataddr((name, address))
    return f"{_folded(name, 'From')}{_FOLD} <{address}>"


def _folded(text, header) -> str:
    """RFC 2047. 75, as the email package forgets the space that a continued line begins with."""
    return Header(text, maxlinelen=75, header_name=header).encode(linesep=_FOLD)


class _Line(flask_mail.Connection):
    """Flask-Mail's connection with time limits and checked certificates."""

    def __init__(self, mail, seconds, seconds_after_text):
        super().__init__(mail)
        self.seconds, self.seconds_after_text = seconds, seconds_after_text

    def configure_host(self):
        arguments = {"timeout": self.seconds, "local_hostname": _own_name()}
        if self.mail.use_ssl:
            host = _PatientSSL(self.mail.server, self.mail.port, context=ssl.create_default_context(), **arguments)
        else:
            host = _Patient(self.mail.server, self.mail.port, **arguments)
        host.seconds_after_text = self.seconds_after_text
        try:
            if self.mail.use_tls:
                host.starttls(context=ssl.create_default_context())
            host.ehlo_or_helo_if_needed()
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
        except BaseException:
            host.close()
            raise
        return host


class _Patient(smtplib.SMTP):
    """Waits longer for the answer to a text than for any other."""

    seconds_after_text = SECONDS_AFTER_TEXT

    def send(self, s):
        super().send(s)
        if isinstance(s, bytes):  # a text; commands are str
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
def _own_name():
    return socket.getfqdn()
