"""Patrons with loans that fall due, the process that mails them (``sender.py``), and what became of the mails."""

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta

from library import clock
from library.lending import notices
from library.store import database
from models import Branch, Item, Loan, MailPreference, OutboxMail, Patron, PatronAddress, database as connection
from tests import factories, forks
from tests.faults import sender


def lend(ids, *, due_on, due_days=1):
    """One loan each to patrons with these numbers, who asked to be told so many days before."""
    branch, title = factories.branch("本館"), factories.title()
    for first in range(0, len(ids), 500):
        part = ids[first : first + 500]
        with database.writing():
            Patron.insert_many(
                [{"id": n, "card_number": f"{n:013}", "name": "図書 花子", "birth_date": clock.today()} for n in part]
            ).execute()
            PatronAddress.insert_many(
                [{"patron": n, "position": 1, "address": f"p{n}@example.jp", "kind": "pc"} for n in part]
            ).execute()
            MailPreference.insert_many(
                [{"patron": n, "kind": "due", "to_pc": True, "active": True, "days_before": due_days} for n in part]
            ).execute()
            Item.insert_many([{"id": n, "title": title, "barcode": f"X{n}", "branch": branch} for n in part]).execute()
            lent = {"branch": branch, "lent_on": due_on - timedelta(days=14), "due_on": due_on}
            Loan.insert_many([{"id": n, "item": n, "patron": n, **lent} for n in part]).execute()
    assert Branch.select().count() == 1


def lend_and_queue(number, service=None):
    """So many patrons with a loan due tomorrow each; their notices are queued, to phones at a push ``service`` or as
    mails. Return the Message-IDs.
    """
    lend(range(1, number + 1), due_on=clock.today() + timedelta(days=1))
    if service:
        MailPreference.update(active=False).execute()
        for patron in Patron.select():
            factories.phone(patron, endpoint=service.address(patron.id), due=True)
    assert notices.queue_due(now=clock.now())["mails"] == number
    return {f"<{row.message_id}@example.jp>" for row in OutboxMail.select()}


def start(what, library, server, pidfile, log=None, **environment):
    """Start the process that sends what waits once (``deliver`` mails, ``push``), or does all jobs until it is killed
    (``jobs``). ``log``: the file of its errors.
    """
    words = [what, library["INSTANCE"], server.port, pidfile, *([clock.now().isoformat()] if what != "jobs" else [])]
    env = os.environ | {"MADOGUCHI_DATABASE_URL": str(connection.obj.database)} | environment
    if "LD_PRELOAD" not in environment:
        return forks.Process(sender.main, *words, env=env, log=log)
    command = [sys.executable, "-m", sender.__name__, *map(str, words)]
    return subprocess.Popen(command, cwd=forks.ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def states():
    return dict(Counter(row.state for row in OutboxMail.select(OutboxMail.state)))


def wait_until(true, seconds=30):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen"
        threading.Event().wait(0.05)
