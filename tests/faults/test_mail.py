"""Real processes, a real mail server that misbehaves: no mail is lost, and at most the one in flight comes twice."""

import signal
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest

from library import clock
from library.mail import delivery, installation, outbox
from library.store import database
from models import OutboxMail
from sending import mailer
from tests import factories, push_service, smtp_server
from tests.faults import sending
from tests.faults.kills import share
from tests.server import Visitor, free_port, running


def deliver_until_done(library, moved_clock, port):
    """Deliver as the scheduler would over hours, until nothing is left to send."""
    for _ in range(100):
        delivery.deliver(mailer.Mailer, library | {"MAIL_PORT": port}, now=clock.now())
        if not OutboxMail.select().where(OutboxMail.state.in_(("queued", "sending"))).exists():
            return
        moved_clock.now += timedelta(minutes=5)
    raise AssertionError("some were never sent")


@contextmanager
def receiving(channel, folder, mode, **given):
    """Yield a mail server or a push service that kills who sends."""
    if channel == "mail":
        with smtp_server.running(folder, mode, **given) as server:
            yield server
    else:
        with push_service.running() as service:
            service.kill, service.before = tuple(given.values()), mode == "kill-before"
            yield service


@pytest.mark.parametrize(
    ("channel", "mode", "number", "every"),
    [
        ("mail", "kill", 300, 60),
        ("push", "kill", 30, 15),
        pytest.param("mail", "kill-before", 300, 60, marks=pytest.mark.long),
        pytest.param("mail", "kill", 50 * share(100), 50, marks=pytest.mark.long),
        pytest.param("mail", "kill-before", 10 * share(100), 10, marks=pytest.mark.long),
        pytest.param("push", "kill", 20 * share(50), 20, marks=pytest.mark.long),
        pytest.param("push", "kill-before", 10 * share(50), 10, marks=pytest.mark.long),
    ],
)
def test_a_sender_that_is_killed_again_and_again_loses_nothing(library, tmp_path, channel, mode, number, every):
    pidfile, kills = tmp_path / "pid", 0
    with receiving(channel, tmp_path, mode, every=every, pidfile=pidfile) as server:
        queued = sending.lend_and_queue(number, server if channel == "push" else None)
        while delivery.sendable(channel, now=clock.now()):
            process = sending.start("push" if channel == "push" else "deliver", library, server, pidfile)
            _, errors = process.communicate(timeout=120)
            assert process.returncode in (0, -signal.SIGKILL), errors
            kills += process.returncode != 0
        times = Counter(mail["message_id"] for mail in server.accepted())
    assert kills >= number // every - 1
    assert set(times) == queued
    assert sum(times.values()) - number <= kills
    assert max(times.values()) <= 2
    assert max(server.connections()) == 1
    assert sending.states() == {"sent": number}


@pytest.mark.parametrize(
    ("mode", "every", "doubles"),
    [("later", 3, False), ("greylist", 1, False), ("cut", 5, False), ("drop", 5, True)],
)
def test_a_server_in_a_bad_mood_gets_all_in_the_end(library, moved_clock, tmp_path, mode, every, doubles):
    queued = sending.lend_and_queue(60)
    with smtp_server.running(tmp_path, mode, every=every) as server:
        deliver_until_done(library, moved_clock, server.port)
        times = Counter(mail["message_id"] for mail in server.accepted())
    assert set(times) == queued
    assert (max(times.values()) > 1) == doubles
    assert max(server.connections()) == 1
    assert sending.states() == {"sent": 60}


@pytest.mark.parametrize("mode", ["unknown", "unwanted"])
def test_a_mail_that_a_server_takes_never_has_failed_and_is_not_tried_again(library, moved_clock, tmp_path, mode):
    sending.lend_and_queue(60)
    with smtp_server.running(tmp_path, mode) as server:
        assert delivery.deliver(mailer.Mailer, library | {"MAIL_PORT": server.port}, now=clock.now()) == {"failed": 60}
        connections = len(server.connections())
        for _ in range(3):
            moved_clock.now += timedelta(days=1)
            assert delivery.deliver(mailer.Mailer, library | {"MAIL_PORT": server.port}, now=clock.now()) == {}
        assert len(server.connections()) == connections
        assert server.accepted() == []
    assert sending.states() == {"failed": 60}


@pytest.mark.parametrize("mode", ["hang", "closed", "noise", "sender"])
def test_a_server_that_comes_to_its_senses_gets_all_once(library, moved_clock, tmp_path, mode):
    queued, port = sending.lend_and_queue(30), free_port()  # below those of which a connection may get one meanwhile
    with smtp_server.running(tmp_path, mode, port=port) as server:
        waits = {"MAIL_PORT": server.port, "MAIL_TIMEOUT": 1 if mode == "hang" else 30}
        for _ in range(3):
            assert delivery.deliver(mailer.Mailer, library | waits, now=clock.now())["unavailable"] == 1
        assert max(server.connections()) == 1
    with smtp_server.running(tmp_path, port=port) as server:
        deliver_until_done(library, moved_clock, server.port)
        times = Counter(mail["message_id"] for mail in server.accepted())
    assert times == dict.fromkeys(queued, 1)


PAGE_WITHIN = 0.3  # seconds


def test_pages_come_at_once_while_a_mail_server_hangs(instance, rows, tmp_path):
    (instance / "installation-id").write_text("here")
    installation.bind("here")
    patron = factories.patron()
    with database.writing():
        outbox.put("test", "a", address="abc@example.jp", now=clock.now())
    with smtp_server.running(tmp_path, "hang") as hanging:
        mail = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": hanging.port, "MAIL_TIMEOUT": 600}
        with running(instance, **mail) as server:
            visitor = Visitor(server)
            assert visitor.sign_in(patron.card_number, factories.PASSWORD)[0] == 303
            sending.wait_until(hanging.connections)
            for path in ("/", "/search?q=%E6%9C%AC", "/my/", "/my/loans"):
                assert min(seconds_to_get(visitor, path) for _ in range(5)) < PAGE_WITHIN, path
            assert hanging.connections() == [1]
        assert sending.states().keys() <= {"queued", "sending"}


def seconds_to_get(visitor, path):
    """Return the seconds that a page takes, by the clock: a machine that does much else adds to some times, a wait for
    the mail server to each.
    """
    begun = time.monotonic()
    assert visitor.get(path)[0] == 200
    return time.monotonic() - begun
