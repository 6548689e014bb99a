"""Several processes that serve one library on a server, from the same socket: one that dies is replaced, and all end
together.
"""

import contextlib
import http.client
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from models import database as connection
from settings import config
from tests import factories, invariants
from tests.factories import PASSWORD
from tests.faults.kills import runs
from tests.faults.lending_desk import LendingDesk, settle
from tests.faults.sending import wait_until
from tests.server import ROOT, START_WITHIN, Visitor, environment, refusal, running


@pytest.fixture
def serving(db, tmp_path):
    """``with serving(PROCESSES=3) as server`` serves the library of the test; two processes where no
    number is given.
    """

    def start(**settings):
        folder = tmp_path / "served" / "instance"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return running(folder, **{"DATABASE_URL": db.database, "PROCESSES": 2, "JOBS": 0} | settings)

    return start


def children(server):
    """The process ids of those who serve, the oldest first."""
    pid = server.process.pid
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def serving_processes(server, number=2):
    """The process ids of those who serve, the oldest first, once so many do: the address is printed before they are
    started, and each reads the program first.
    """
    wait_until(lambda: sum(map(is_serving, children(server))) == number, seconds=START_WITHIN)
    return children(server)


def replaced(server, *killed):
    """The process ids of those who serve when others are in the place of these."""
    wait_until(lambda: not set(killed) & set(children(server)))
    return serving_processes(server)


def status(pid):
    """Return the status line of a process; nothing when there is none."""
    with contextlib.suppress(ProcessLookupError, FileNotFoundError):
        return Path(f"/proc/{pid}/status").read_text()
    return ""


def is_alive(pid):
    return "State:" in status(pid) and "State:\tZ" not in status(pid)


def is_serving(pid):
    """Tell whether a process has begun the threads that answer."""
    threads = re.search(r"Threads:\t(\d+)", status(pid))
    return bool(threads) and int(threads[1]) > config.SETTINGS["THREADS"].default


def test_a_file_is_not_served_by_several_processes(tmp_path):
    said = refusal(tmp_path / "instance", PROCESSES=2, DATABASE_URL="")
    assert said == (
        "madoguchi: 環境変数 MADOGUCHI_PROCESSES が 2 ですが、データベースは SQLite です。1 にするか、PostgreSQL をお使いください（DATABASE_URL）。"
    )


@pytest.mark.parametrize("number", [0, 65, "two"])
def test_a_number_of_processes_that_can_not_be_is_named(tmp_path, number):
    assert "PROCESSES" in refusal(tmp_path / "instance", PROCESSES=number)


@pytest.mark.postgresql
def test_several_serve_and_end_together_when_asked(serving):
    with serving(PROCESSES=3) as server:
        three = serving_processes(server, 3)
        assert Visitor(server).get("/")[0] == 200
        began = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - began < 10
        assert not any(is_alive(pid) for pid in three)


@pytest.mark.postgresql
def test_one_that_dies_is_replaced_while_another_serves(serving):
    patron = factories.patron()
    with serving() as server:
        first, second = serving_processes(server)
        visitor = Visitor(server)
        visitor.sign_in(patron.card_number, PASSWORD)
        os.kill(first, signal.SIGKILL)
        assert visitor.get("/my/")[0] == 200
        assert second in replaced(server, first)
        assert server.stop() == 0


@pytest.mark.postgresql
def test_none_goes_on_without_its_parent(serving):
    with serving() as server:
        two = serving_processes(server)
        Visitor(server).get("/")
        server.kill()
        wait_until(lambda: not any(is_alive(pid) for pid in two))


@pytest.mark.postgresql
def test_the_code_for_the_first_account_is_the_same_in_each(serving, tmp_path):
    with serving() as server:
        log = tmp_path / "served" / "stderr.log"
        wait_until(lambda: "コード: " in log.read_text() and log.read_text().endswith("\n"))
        code = log.read_text().split("コード: ")[1].split()[0]
        two = serving_processes(server)
        for pid in two:
            os.kill(pid, signal.SIGKILL)
        replaced(server, *two)  # whoever takes their places has it, too
        fields = {"code": code, "login": "kanri", "new_password": PASSWORD * 2, "new_password_again": PASSWORD * 2}
        assert Visitor(server).post("/desk/setup", fields)[0] == 303


@pytest.mark.postgresql
def test_the_numbers_of_all_are_added_up(serving):
    with serving() as server:
        serving_processes(server)
        visitor = Visitor(server)
        for _ in range(20):
            assert visitor.get("/")[0] == 200
        for _ in range(5):  # whoever answers
            counted = [
                line for line in visitor.get("/metrics")[1].splitlines() if 'rule_seconds_count{rule="/"}' in line
            ]
            assert [line.split()[1] for line in counted] == ["20.0"]


@pytest.mark.postgresql
def test_a_database_is_not_upgraded_while_any_serves(serving, tmp_path):
    with serving() as server:
        serving_processes(server)
        folder = tmp_path / "served" / "instance"
        done = subprocess.run(
            [sys.executable, "-m", "flask", "db", "upgrade"],
            cwd=ROOT, env=environment(folder, DATABASE_URL=connection.obj.database), capture_output=True, text=True,
            timeout=60,
        )  # fmt: skip
        assert (done.returncode, "サーバーが動いています。止めてから実行してください。" in done.stderr) == (1, True)


@pytest.mark.postgresql
@pytest.mark.parametrize("kills", runs(2, 25))
def test_no_loan_that_a_desk_was_told_of_is_lost_however_often_a_process_is_killed(serving, kills):
    pairs = [(factories.patron(), factories.item()) for _ in range(7)]
    with serving() as server:
        two = serving_processes(server)
        desk = LendingDesk(server, pairs)
        for number in range(kills):
            before, victim = desk.done, two[number % 2]
            killer = threading.Timer(0.05 + 0.4 * number / kills, os.kill, (victim, signal.SIGKILL))
            stop = threading.Timer(1.0, desk.__setattr__, ("is_over", True))
            desk.is_over = False
            killer.start()
            stop.start()
            while not desk.is_over:
                work_until_over(desk)
                settle(desk)
            killer.join()
            stop.join()
            assert desk.done > before
            two = replaced(server, victim)
        assert server.stop() == 0
    invariants.check_lending()


def work_until_over(desk):
    """Lend and take back until the line goes dead, or the time is over."""
    with contextlib.suppress(OSError, http.client.HTTPException):
        while not desk.is_over:
            desk.turn()
