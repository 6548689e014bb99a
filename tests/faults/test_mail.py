"""Real processes, a real mail server that misbehaves: no mail is lost, and at most the one in flight comes twice."""

import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

import mailer
from library import clock
from library.lending import notices
from library.mail import delivery, installation, outbox
from library.store import database
from models import Branch, Item, Loan, MailPreference, OutboxMail, Patron, PatronAddress
from tests import factories, smtp_server

pytestmark = pytest.mark.faults
SENDER = Path(__file__).with_name("sender.py")


@pytest.fixture
def library(db, tmp_path):
    """A library that may send, with nothing to say yet."""
    (tmp_path / "installation-id").write_text("here")
    installation.adopt("here")
    return {
        "INSTANCE": str(tmp_path), "MAIL_SERVER": "127.0.0.1", "MAIL_PORT": 0, "MAIL_USE_TLS": False, "MAIL_USE_SSL": False,
        "MAIL_USERNAME": "", "MAIL_PASSWORD": "", "MAIL_SENDER": "library@example.jp", "MAIL_REPLY_TO": "", "MAIL_TIMEOUT": 1,
        "LIBRARY_NAME": "すずかけ市立図書館", "PUBLIC_URL": "https://library.example.jp", "SECRET_KEY": "key",
    }  # fmt: skip


def lend_and_queue(number):
    """So many patrons with a loan due tomorrow each; their notices are queued."""
    branch, title = factories.branch("本館"), factories.title()
    day, ids = clock.today(), range(1, number + 1)
    for first in range(0, number, 500):
        part = ids[first : first + 500]
        with database.writing():
            Patron.insert_many(
                [{"id": n, "card_number": f"{n:013}", "name": "図書 花子", "birth_date": day} for n in part]
            ).execute()
            PatronAddress.insert_many(
                [{"patron": n, "position": 1, "address": f"p{n}@example.jp", "kind": "pc"} for n in part]
            ).execute()
            MailPreference.insert_many(
                [{"patron": n, "kind": "due", "to_pc": True, "active": True} for n in part]
            ).execute()
            Item.insert_many([{"id": n, "title": title, "barcode": f"X{n}", "branch": branch} for n in part]).execute()
            Loan.insert_many(
                [
                    {
                        "id": n,
                        "item": n,
                        "patron": n,
                        "branch": branch,
                        "lent_on": day,
                        "due_on": day + timedelta(days=1),
                    }
                    for n in part
                ]
            ).execute()
    assert Branch.select().count() == 1
    assert notices.queue_due(now=clock.now())["mails"] == number
    return {f"<{row.message_id}@example.jp>" for row in OutboxMail.select()}


def sender(what, library, server, pidfile):
    arguments = [what, library["INSTANCE"], str(server.port), str(pidfile)]
    return subprocess.Popen(
        [sys.executable, str(SENDER), *arguments, *([clock.now().isoformat()] if what == "deliver" else [])],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def deliver_until_done(library, moved_clock, port):
    """Deliver as the scheduler would over hours, until nothing is left to send."""
    for _ in range(100):
        mailer.deliver(library | {"MAIL_PORT": port}, now=clock.now(), wait=0)
        if not OutboxMail.select().where(OutboxMail.state.in_(("queued", "sending"))).exists():
            return
        moved_clock.now += timedelta(minutes=5)
    raise AssertionError("some were never sent")


def states():
    return dict(Counter(row.state for row in OutboxMail.select(OutboxMail.state)))


def wait_until(true, seconds=30):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen"
        threading.Event().wait(0.05)


@pytest.mark.parametrize(
    ("mode", "number", "every"),
    [
        ("kill", 300, 60),
        ("kill-before", 300, 60),
        pytest.param("kill", 5000, 100, marks=pytest.mark.long),
    ],
)
def test_a_sender_that_is_killed_again_and_again_loses_nothing(library, tmp_path, mode, number, every):
    queued, pidfile, kills = lend_and_queue(number), tmp_path / "pid", 0
    with smtp_server.running(tmp_path, mode, every=every, pidfile=pidfile) as server:
        while delivery.sendable(now=clock.now()):
            process = sender("deliver", library, server, pidfile)
            _, errors = process.communicate(timeout=120)
            assert process.returncode in (0, -signal.SIGKILL), errors
            kills += process.returncode != 0
        times = Counter(mail["message_id"] for mail in server.accepted())
    assert kills >= number // every - 1
    assert set(times) == queued
    assert sum(times.values()) - number <= kills
    assert max(times.values()) <= 2
    assert max(server.connections()) == 1
    assert states() == {"sent": number}


@pytest.mark.parametrize(
    ("mode", "every", "doubles"),
    [("later", 3, False), ("greylist", 1, False), ("drop", 5, True)],
)
def test_a_server_in_a_bad_mood_gets_all_in_the_end(library, moved_clock, tmp_path, mode, every, doubles):
    queued = lend_and_queue(60)
    with smtp_server.running(tmp_path, mode, every=every) as server:
        deliver_until_done(library, moved_clock, server.port)
        times = Counter(mail["message_id"] for mail in server.accepted())
    assert set(times) == queued
    assert (max(times.values()) > 1) == doubles
    assert max(server.connections()) == 1
    assert states() == {"sent": 60}


@pytest.mark.parametrize("mode", ["hang", "closed", "noise", "sender"])
def test_a_server_that_comes_to_its_senses_gets_all_once(library, moved_clock, tmp_path, mode):
    queued = lend_and_queue(30)
    with smtp_server.running(tmp_path, mode) as server:
        for _ in range(3):
            assert mailer.deliver(library | {"MAIL_PORT": server.port}, now=clock.now(), wait=0)["unavailable"] == 1
        assert max(server.connections()) == 1
    with smtp_server.running(tmp_path, port=server.port) as server:
        deliver_until_done(library, moved_clock, server.port)
        times = Counter(mail["message_id"] for mail in server.accepted())
    assert times == dict.fromkeys(queued, 1)


def test_two_processes_with_jobs_on_send_each_once_and_one_replaces_the_other(library, tmp_path):
    clock.set_source(None)
    queued = lend_and_queue(100)
    with smtp_server.running(tmp_path) as server:
        both = [sender("jobs", library, server, tmp_path / f"pid{number}") for number in (1, 2)]
        try:
            wait_until(lambda: states() == {"sent": 100})
            both[0].kill()
            with database.writing():
                late = outbox.put("test", "late", address="abc@example.jp", now=clock.now())
            wait_until(lambda: states() == {"sent": 101})
            times = Counter(mail["message_id"] for mail in server.accepted())
            assert times == dict.fromkeys(queued | {f"<{late.message_id}@example.jp>"}, 1)
            assert max(server.connections()) == 1
        finally:
            for process in both:
                process.kill()
                said = process.communicate()[1]
            assert "Traceback" not in said
