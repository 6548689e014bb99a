"""Two processes on one library: one does the jobs, each mail goes once, and the other goes on when it dies."""

import os
import signal
from collections import Counter
from contextlib import contextmanager

import pytest

from library import clock
from library.mail import outbox
from library.store import database, lease
from tests import smtp_server
from tests.faults import sending
from tests.faults.kills import runs


@contextmanager
def two_runners(library, server, tmp_path):
    """A list of two processes with jobs on, the one that does them first; whoever is in it at the end is killed."""
    runners = []
    try:
        for number in (1, 2):
            runners.append(sending.start("jobs", library, server, tmp_path / f"pid{number}"))
            assert runners[-1].stdout.readline() == "started\n"
            sending.wait_until(lambda: sending.states().keys() <= {"sent"})
        yield runners
    finally:
        for process in runners:
            end(process)


def end(process):
    process.kill()
    assert "Traceback" not in process.communicate()[1]


def queue(number):
    """Queue a mail; return its Message-ID."""
    with database.writing():
        late = outbox.put("test", f"late {number}", address="abc@example.jp", now=clock.now())
    return f"<{late.message_id}@example.jp>"


@pytest.mark.parametrize("kills", runs(1, 25))
def test_of_two_processes_one_sends_and_the_other_replaces_it_when_it_is_killed(library, tmp_path, kills):
    clock.set_source(None)
    expected = dict.fromkeys(sending.lend_and_queue(100), 1)
    with smtp_server.running(tmp_path) as server, two_runners(library, server, tmp_path) as runners:
        for number in range(kills):
            end(runners.pop(0))
            expected[queue(number)] = 1
            sending.wait_until(lambda: sending.states() == {"sent": len(expected)}, seconds=60)
            runners.append(sending.start("jobs", library, server, tmp_path / "pid"))
            assert runners[-1].stdout.readline() == "started\n"
        assert Counter(mail["message_id"] for mail in server.accepted()) == expected
        assert max(server.connections()) == 1


@pytest.mark.long
@pytest.mark.postgresql
def test_one_that_stands_still_is_replaced_when_its_term_is_over_and_sends_nothing_twice(library, tmp_path):
    clock.set_source(None)
    expected = sending.lend_and_queue(20)
    with smtp_server.running(tmp_path) as server, two_runners(library, server, tmp_path) as runners:
        sending.wait_until(lambda: sending.states() == {"sent": 20})
        os.kill(runners[0].pid, signal.SIGSTOP)
        expected.add(queue(1))
        sending.wait_until(lambda: sending.states() == {"sent": 21}, seconds=lease.TERM + 5)
        os.kill(runners[0].pid, signal.SIGCONT)
        expected.add(queue(2))
        sending.wait_until(lambda: sending.states() == {"sent": 22})
        assert Counter(mail["message_id"] for mail in server.accepted()) == dict.fromkeys(expected, 1)
