"""Notices: 5,000 due loans as mails at a server, beside a bare smtplib loop; the saved searches (SDI) of 1,000 patrons.

    .venv/bin/python benchmarks/notices.py [--loans 5000] [--titles 100000] [--new 5000] [--patrons 1000]

Both send to the same sink (a process of its own on loopback) over one connection each, one after the other, three times
in turns; the best of each is compared, which other work on the machine disturbs least. The bare loop builds the same
messages from texts that are ready, keeps no record and forgets everything on a crash. Then each patron's three searches
are asked of a catalogue with new titles: words, authors, subjects, 詳細検索 of two rows, classes, facets; and again a week
later, when nothing is new.
"""

import argparse
import email.message
import email.policy
import random
import smtplib
import socketserver
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import _catalogue
import _server
import _town
from promises import Promise, parser, report

from app import create_app
from library import clock
from library.catalog.query.query import Query, Row
from library.catalog.search import snapshot
from library.lending import notices
from library.mail import delivery, installation
from library.reading import sdi_mails
from library.store import database
from models import (
    Branch,
    Creator,
    Item,
    Loan,
    LoanNotice,
    MailPreference,
    OutboxMail,
    Patron,
    PatronAddress,
    SdiCondition,
    Title,
    database as connection,
)
from sending import mailer

TODAY = date(2026, 11, 25)
ROUNDS = 3
LEAST = 0.4  # of a bare smtplib loop
EACH, MOST_SECONDS = 3, 60  # searches of a patron; for those of all


# -- due notices -----------------------------------------------------------------------------------------------------


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
    """Make one patron per loan, due tomorrow, in a library with three branches."""
    with database.writing():
        branches = [Branch.create(code=str(n), name=f"分館{n}", closed_weekdays="0") for n in range(3)]
        titles = [Title.create(title=f"吾輩は猫である {n}", author="夏目漱石") for n in range(50)]
    born, due, ids = date(1980, 1, 1), TODAY + timedelta(1), range(1, number + 1)
    _town.put(Patron, ({"card_number": f"{n:013}", "name": f"図書 花子{n}", "birth_date": born} for n in ids))
    _town.put(
        PatronAddress, ({"patron": n, "position": 1, "address": f"patron{n}@example.jp", "kind": "pc"} for n in ids)
    )
    _town.put(MailPreference, ({"patron": n, "kind": "due", "to_pc": True, "active": True} for n in ids))
    _town.put(Item, ({"title": titles[n % 50], "barcode": f"{n:010}", "branch": branches[n % 3]} for n in ids))
    _town.put(Loan, (
        {"item": n, "patron": n, "branch": branches[n % 3], "lent_on": TODAY, "due_on": due} for n in ids
    ))  # fmt: skip


def forget():
    """Take back all that was announced."""
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
    """Return the seconds that it takes, and its result."""
    begun = time.perf_counter()
    result = work(*arguments, **named)
    return time.perf_counter() - begun, result


def measure(number, settings, port):
    now = clock.at(TODAY, 8)
    fill(number)
    queueing, sending, bare = [], [], []
    for _ in range(ROUNDS):
        forget()
        seconds, counts = timed(notices.queue_due, now=now)
        assert counts["mails"] == number, counts
        queueing.append(seconds)
        seconds, counts = timed(delivery.deliver, mailer.Mailer, settings, now=now)
        assert counts == {"sent": number}, counts
        sending.append(seconds)
        columns = OutboxMail.address, OutboxMail.subject, OutboxMail.text, OutboxMail.message_id
        bare.append(timed(send_bare, list(OutboxMail.select(*columns).tuples()), port)[0])
    return [min(seconds) for seconds in (queueing, sending, bare)]


def delivered(number, port) -> Promise:
    """Print the time of each part; return the promised ratio."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "installation-id").write_text("benchmark")
        app = create_app(
            INSTANCE=folder, MAIL_SERVER="127.0.0.1", MAIL_PORT=port, MAIL_SENDER="library@example.jp",
            LIBRARY_NAME="すずかけ市立図書館", PUBLIC_URL="https://library.example.jp",
        )  # fmt: skip
        with app.app_context(), connection.connection_context():
            database.migrate()
            installation.bind("benchmark")
            queueing, sending, bare = measure(number, app.config, port)
    print(f"{number} due loans, best of {ROUNDS}")
    print(f"queueing      {queueing:7.2f} s  {number / queueing:7.0f} loans/s")
    print(f"delivery      {sending:7.2f} s  {number / sending:7.0f} mails/s")
    print(f"bare smtplib  {bare:7.2f} s  {number / bare:7.0f} mails/s")
    print(f"queueing and delivery / bare   {bare / (queueing + sending):.2f}")
    print(f"peak memory   {_server.peak_memory():.0f} MB", flush=True)
    return Promise("delivery of notices, of bare smtplib", bare / sending, LEAST, "", least=True)


# -- saved searches --------------------------------------------------------------------------------------------------
def announced(given) -> Promise:
    """Print the time of the searches, and again a week later; return the promise of the first run."""
    some_have_none = given.patrons * 10 // 9 + 1  # closed cards
    with tempfile.TemporaryDirectory() as folder:
        _town.build(folder, patrons=some_have_none, titles=given.titles + given.new, searchable=True)
        with connection.connection_context():
            now = clock.now()
            cards = [n + 1 for n in range(some_have_none) if not _town.is_closed(n)][: given.patrons]
            save_searches(cards, given.titles, now)
            snapshot.current()
            seconds, counts = timed(sdi_mails.queue, now=now)
            print(f"{len(cards)} patrons x {EACH} searches, {given.new} new titles: {counts} in {seconds:.1f} s")
            seconds_later, later = timed(sdi_mails.queue, now=now + timedelta(days=7))
            assert later["mails"] == 0, later
            print(f"a week later, nothing new: {seconds_later:.1f} s")
    return Promise(f"saved searches of {len(cards)} patrons", seconds, MOST_SECONDS, "s")


def save_searches(patrons, titles, now):
    """Have the titles after so many come today, and the patrons search for EACH kinds of them since a week."""
    with database.writing():
        old, today = clock.day_of(now) - timedelta(days=400), clock.day_of(now)
        Title.update(accession_date=old).execute()
        Title.update(accession_date=today).where(Title.id > titles).execute()
        connection.execute_sql("UPDATE search_state SET version = version + 1")
    _town.put(MailPreference, ({"patron": patron, "kind": "sdi", "to_pc": True} for patron in patrons))
    _town.put(SdiCondition, conditions(patrons, now))


def conditions(patrons, now):
    """Yield EACH searches of each patron, made a week ago."""
    chance = random.Random("sdi")
    words = _catalogue.Unequal(_catalogue.words())
    authors = [name for (name,) in Creator.select(Creator.name).order_by(Creator.id).limit(20_000).tuples()]
    made = (lambda: Query(q=words.take(chance)),
            lambda: Query(q=f"{words.take(chance)} {words.take(chance)[:2]}"),
            lambda: Query(q=_catalogue.reading(words.take(chance))),
            lambda: Query(rows=(Row(chance.choice(authors), "author"),)),
            lambda: Query(rows=(Row(words.take(chance), "subject"),
            Row(words.take(chance), "title", "contains", "not"))),
            lambda: Query(rows=(Row(words.take(chance), "title"), Row(words.take(chance), "series", "contains", "or"))),
            lambda: Query(ndc=str(chance.randint(0, 999)).zfill(3), audience=("児童",)),
            lambda: Query(q=words.take(chance), branch=(str(chance.randint(0, 5)),), year_from=2000))  # fmt: skip
    for patron in patrons:
        for number in range(EACH):
            yield {"patron": patron, "name": f"条件{number}", "query": chance.choice(made)().address(),
                   "active": True, "created_at": now - timedelta(days=7)}  # fmt: skip


def main():
    options = parser(__doc__)
    options.add_argument("--sink", action="store_true", help=argparse.SUPPRESS)
    for name, number in (("loans", 5_000), ("titles", 100_000), ("new", 5_000), ("patrons", 1_000)):
        options.add_argument(f"--{name}", type=int, default=number)
    given = options.parse_args()
    if given.sink:
        sys.exit(sink())
    process = subprocess.Popen([sys.executable, __file__, "--sink"], stdout=subprocess.PIPE, text=True)
    try:
        due = delivered(given.loans, int(process.stdout.readline()))
    finally:
        process.kill()
    return report([due, announced(given)])


if __name__ == "__main__":
    sys.exit(main())
