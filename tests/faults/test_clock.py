"""Off at the hour, off for days, a clock that is set, another zone: each notice goes once, none when it is of no more
use.
"""

from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from library import clock
from library.mail import outbox
from library.store import database
from tests import factories, programs, smtp_server
from tests.conftest import NOW
from tests.faults import clocks, sender, sending
from tests.long import in_the_long_run
from tests.server import Visitor, free_port, running

pytestmark = programs.need("faketime")
TODAY = clock.day_of(NOW)  # 2026-11-25
TOKYO = {"TZ": "Asia/Tokyo"}


def day(after):
    return TODAY + timedelta(days=after)


@contextmanager
def jobs(library, server, tmp_path, **environment):
    """The process that does all jobs, with another idea of the time."""
    process = sending.start("jobs", library, server, tmp_path / "pid", **environment)
    try:
        assert process.stdout.readline() == "started\n"
        yield
    finally:
        process.kill()
        assert "Traceback" not in process.communicate()[1]


def at(moment):
    return TOKYO | clocks.standing_at(moment)


def counts(server):
    """Return the number of mails that each address got."""
    return Counter(mail["to"][0] for mail in server.accepted())


def test_a_process_that_was_off_at_the_hour_sends_the_days_notices(library, tmp_path):
    sending.lend([1], due_on=day(1))
    with smtp_server.running(tmp_path) as server:
        with jobs(library, server, tmp_path, **at(f"{TODAY} 22:05:00")):
            sending.wait_until(lambda: sending.states() == {"sent": 1})
        assert counts(server) == {"p1@example.jp": 1}


def test_after_three_days_off_each_notice_goes_once_and_none_past_its_use(library, tmp_path):
    sending.lend([1], due_on=day(1))
    sending.lend([2], due_on=day(4))
    sending.lend([3], due_on=day(6), due_days=5)
    with smtp_server.running(tmp_path) as server:
        for _ in range(2):
            with jobs(library, server, tmp_path, **at(f"{day(3)} 08:05:00")):
                sending.wait_until(lambda: sending.states() == {"sent": 2})
        assert counts(server) == {"p2@example.jp": 1, "p3@example.jp": 1}


def test_a_mail_server_that_was_away_for_two_days_gets_what_is_still_of_use(library, tmp_path):
    sending.lend([1], due_on=day(1))
    sending.lend([2], due_on=day(6), due_days=7)
    nobody = SimpleNamespace(port=free_port())
    with jobs(library, nobody, tmp_path, **at(f"{TODAY} 08:05:00")):
        sending.wait_until(lambda: sending.states() == {"queued": 2})
    with smtp_server.running(tmp_path) as server:
        with jobs(library, server, tmp_path, **at(f"{day(2)} 10:00:00")):
            sending.wait_until(lambda: sending.states() == {"sent": 1, "cancelled": 1})
        assert counts(server) == {"p2@example.jp": 1}


@pytest.mark.long
def test_a_clock_that_is_set_a_day_on_and_two_hours_back_stops_nothing_and_doubles_nothing(library, tmp_path):
    hand = clocks.MovedClock(tmp_path, NOW)
    sending.lend([1], due_on=day(1))
    sending.lend([2], due_on=day(2))
    with smtp_server.running(tmp_path) as server:
        # each turn of the day that is left out is looked at: of half a second each they would take a minute
        with jobs(library, server, tmp_path, **{sender.TICK: "5"}, **hand.environment()):
            sending.wait_until(lambda: sending.states() == {"sent": 1})
            hand.move_to(NOW + timedelta(days=1))
            sending.wait_until(lambda: sending.states() == {"sent": 2}, seconds=60)
            hand.move_to(NOW - timedelta(hours=2))
            with database.writing():
                outbox.put("test", "late", address="abc@example.jp", now=clock.now() - timedelta(hours=3))
            sending.wait_until(lambda: sending.states() == {"sent": 3}, seconds=60)
        assert counts(server) == {"p1@example.jp": 1, "p2@example.jp": 1, "abc@example.jp": 1}


ELSEWHERE = "America/New_York"  # the day begins half a day later there; nearer zones are the long run's


@pytest.mark.parametrize("zone", [ELSEWHERE, *in_the_long_run("UTC", "Asia/Tokyo")])
def test_a_machine_in_another_zone_writes_the_days_of_the_library(library, tmp_path, zone):
    sending.lend([1], due_on=day(1))
    moment = clock.at(TODAY, 8, 5).astimezone(ZoneInfo(zone))
    with smtp_server.running(tmp_path) as server:
        with jobs(library, server, tmp_path, TZ=zone, **clocks.standing_at(f"{moment:%F %T}")):
            sending.wait_until(lambda: sending.states() == {"sent": 1})
        (mail,) = server.accepted()
    assert "11月26日(木)" in mail["subject"] + mail["text"]


@pytest.mark.parametrize("zone", [ELSEWHERE, *in_the_long_run("UTC")])
def test_pages_of_a_machine_in_another_zone_begin_the_day_with_the_library(instance, rows, zone):
    """Half past midnight in Tokyo is the day before elsewhere."""
    patron = factories.patron()
    factories.loan(patron, day(0))
    moment = clock.at(TODAY, 0, 30).astimezone(ZoneInfo(zone))
    around = {"TZ": zone} | clocks.standing_at(f"{moment:%F %T}")
    with running(instance, around=around, JOBS=0) as server:
        visitor = Visitor(server)
        visitor.sign_in(patron.card_number, factories.PASSWORD)
        assert "今日まで" in visitor.get("/my/loans")[1]
