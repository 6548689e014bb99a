"""5,000 due loans become mails at a server: what the library takes, against a bare smtplib loop that sends the same.

    .venv/bin/python benchmarks/notices.py [--loans 5000]

Both send to the same sink (a process of its own on loopback) over one connection each, one after the other, three times in
turns; the best of each is compared, which other work on the machine disturbs least. The bare loop builds the same messages
from texts that are ready, keeps no record and forgets everything on a crash.
"""

import argparse
import email.message
import email.policy
import resource
import smtplib
import socketserver
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import _server  # noqa: F401 (finds the library)
from _promises import Promise, parser, report

from library import clock
from library.lending import notices
from library.mail import installation
from library.store import database
from models import Branch, Item, Loan, LoanNotice, MailPreference, OutboxMail, Patron, PatronAddress, Title
from sending import mailer
from settings import config

TODAY = date(2026, 11, 25)
ROUNDS = 3
LEAST = 0.4  # of a bare smtplib loop


class Sink(socketserver.StreamRequestHandler):
    """The least that smtplib takes for a mail server: says yes to everything and keeps nothing."""

    def handle(self):
        self.say(b"220 sink")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.say(b"354 go on")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
                self.say(b"250 kept")
            elif verb == b"QUIT":
                return self.say(b"221 bye")
            else:
                self.say(b"250 OK")
        return None

    def say(self, words):
        self.wfile.write(words + b"\r\n")


def sink():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Sink) as server:
        server.daemon_threads = True
        print(server.server_address[1], flush=True)
        server.serve_forever()


def fill(number):
    """One patron per loan, due tomorrow, in a library with three branches."""
    with database.writing():
        branches = [Branch.create(code=str(n), name=f"分館{n}", closed_weekdays="0") for n in range(3)]
        titles = [Title.create(title=f"吾輩は猫である {n}", author="夏目漱石") for n in range(50)]
    for first in range(0, number, 500):
        rows = range(first, min(first + 500, number))
        with database.writing():
            born = date(1980, 1, 1)
            Patron.insert_many(
                [{"card_number": f"{n:013}", "name": f"図書 花子{n}", "birth_date": born} for n in rows]
            ).execute()
            PatronAddress.insert_many(
                [{"patron": n + 1, "position": 1, "address": f"patron{n}@example.jp", "kind": "pc"} for n in rows]
            ).execute()
            MailPreference.insert_many(
                [{"patron": n + 1, "kind": "due", "to_pc": True, "active": True} for n in rows]
            ).execute()
            Item.insert_many(
                [{"title": titles[n % 50], "barcode": f"{n:010}", "branch": branches[n % 3]} for n in rows]
            ).execute()
            Loan.insert_many(
                [
                    {
                        "item": n + 1,
                        "patron": n + 1,
                        "branch": branches[n % 3],
                        "lent_on": TODAY,
                        "due_on": TODAY + timedelta(1),
                    }
                    for n in rows
                ]
            ).execute()


def forget():
    """As if nothing had been announced."""
    with database.writing():
        LoanNotice.delete().execute()
        OutboxMail.delete().execute()


def send_bare(texts, port):
    """Send as one would write it in ten lines: the same messages, one connection, no record."""
    with smtplib.SMTP("127.0.0.1", port) as host:
        for address, subject, text, message_id in texts:
            message = email.message.EmailMessage(policy=email.policy.SMTP)
            message["Subject"], message["From"], message["To"] = (
                subject,
                "すずかけ市立図書館 <library@example.jp>",
                address,
            )
            message["Date"], message["Message-ID"] = email.utils.localtime(), f"<{message_id}@example.jp>"
            message["Auto-Submitted"] = "auto-generated"
            message["List-Unsubscribe"] = "<https://library.example.jp/mail/stop/due-1.C6-9O-P4ZH571f64tH6uaA>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
            message.set_content(text, cte="base64")
            host.sendmail("library@example.jp", [address], message.as_bytes())


def timed(work, *arguments, **named):
    begun = time.perf_counter()
    result = work(*arguments, **named)
    return time.perf_counter() - begun, result


def measure(number, settings, port):
    now = clock.at(TODAY, 8)
    fill(number)
    queueing, delivery, bare = [], [], []
    for _ in range(ROUNDS):
        forget()
        seconds, counts = timed(notices.queue_due, now=now)
        assert counts["mails"] == number, counts
        queueing.append(seconds)
        seconds, counts = timed(mailer.deliver, settings, now=now)
        assert counts == {"sent": number}, counts
        delivery.append(seconds)
        columns = OutboxMail.address, OutboxMail.subject, OutboxMail.text, OutboxMail.message_id
        bare.append(timed(send_bare, list(OutboxMail.select(*columns).tuples()), port)[0])
    return [min(seconds) for seconds in (queueing, delivery, bare)]


def main():
    options = parser(__doc__)
    options.add_argument("--loans", type=int, default=5000)
    options.add_argument("--sink", action="store_true", help=argparse.SUPPRESS)
    arguments = options.parse_args()
    if arguments.sink:
        sys.exit(sink())
    process = subprocess.Popen([sys.executable, __file__, "--sink"], stdout=subprocess.PIPE, text=True)
    try:
        return report([measured(arguments.loans, int(process.stdout.readline()))])
    finally:
        process.kill()


def measured(number, port) -> Promise:
    """Print what each part takes; return the promised ratio."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "installation-id").write_text("benchmark")
        settings = config.load(
            INSTANCE=folder, MAIL_SERVER="127.0.0.1", MAIL_PORT=port, MAIL_SENDER="library@example.jp",
            LIBRARY_NAME="すずかけ市立図書館", PUBLIC_URL="https://library.example.jp", SECRET_KEY="benchmark",
        )  # fmt: skip
        opened = database.open_database(settings["DATABASE_URL"])
        with opened.connection_context():
            database.migrate()
            installation.adopt("benchmark")
            queueing, delivery, bare = measure(number, settings, port)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{number} due loans, best of {ROUNDS}")
    print(f"queueing      {queueing:7.2f} s  {number / queueing:7.0f} loans/s")
    print(f"delivery      {delivery:7.2f} s  {number / delivery:7.0f} mails/s")
    print(f"bare smtplib  {bare:7.2f} s  {number / bare:7.0f} mails/s")
    print(f"queueing and delivery / bare   {bare / (queueing + delivery):.2f}")
    print(f"peak memory   {peak:.0f} MB")
    return Promise("delivery of notices, of bare smtplib", bare / delivery, LEAST, "", least=True)


if __name__ == "__main__":
    sys.exit(main())
