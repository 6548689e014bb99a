"""The database server, killed again and again under a library that lends and mails. It is the test's own, as safe as in
service.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections import Counter
from pathlib import Path

import pytest

from library import clock
from library.mail import installation, outbox
from library.store import database
from tests import factories, invariants, smtp_server
from tests.faults import sending
from tests.faults.kills import runs
from tests.faults.lending_desk import LendingDesk, settle
from tests.faults.sending import wait_until
from tests.server import running

pytestmark = pytest.mark.postgresql

MAILS = 3  # a kill


class Server:
    """PostgreSQL with its data and its socket in one folder. It doesn't run as root."""

    def __init__(self, folder):
        self.folder, self.programs = Path(folder), Path(os.environ["TEST_SERVER_PROGRAMS"])
        is_root = os.geteuid() == 0
        self.as_user = ["runuser", "-u", "postgres", "--"] if is_root else []
        self.address = f"postgresql:///postgres?host={folder}"
        if is_root:
            shutil.chown(folder, "postgres")
            self.address += "&user=postgres"
        self._run("initdb", "-E", "UTF8", "--locale", "C", "--auth", "trust", "--no-sync")

    def _run(self, program, *words):
        command = [*self.as_user, self.programs / program, "-D", self.folder / "data", *words]
        return subprocess.run(command, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode

    def start(self):
        """Start it, as soon as the last of those who were killed has let go of its memory."""
        options = f"-k {self.folder} -c listen_addresses="
        wait_until(lambda: self._run("pg_ctl", "-w", "-l", self.folder / "log", "-o", options, "start") == 0)

    def kill(self):
        """Kill all its processes at one blow, as a power cut does."""
        first = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        for pid in (first, *map(int, children)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue


class Desk(LendingDesk):
    """A desk that stops at the first page that says that the database can't be reached."""

    def ask(self, path, **form):
        answer = super().ask(path, **form)
        if answer[0] == 503:
            raise ConnectionError
        return answer


@pytest.fixture
def server():
    with tempfile.TemporaryDirectory() as folder:
        made = Server(folder)
        made.start()
        yield made
        made.kill()


@pytest.fixture
def rows(server):
    """An empty library on it, which may send."""
    opened = database.open_database(server.address)
    opened.connect()
    database.migrate()
    installation.bind("here")
    clock.set_source(None)
    yield opened
    opened.close_all()


@pytest.fixture
def instance(tmp_path):
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o700)
    (folder / "installation-id").write_text("here")
    return folder


@pytest.mark.parametrize("kills", runs(2, 25))
def test_nothing_acknowledged_is_lost_however_often_the_database_server_is_killed(
    server, rows, instance, tmp_path, kills
):
    pairs, mails = [(factories.patron(), factories.item()) for _ in range(7)], set()
    with (
        smtp_server.running(tmp_path) as mail_server,
        running(instance, JOBS=0, DATABASE_URL=server.address) as served,
    ):
        library, log = {"INSTANCE": str(instance)}, tmp_path / "jobs.log"
        sender = sending.start("jobs", library, mail_server, tmp_path / "pid", log)
        try:
            desk = Desk(served, pairs)
            for number in range(kills):
                mails |= queue(number)
                desk.turn()
                killer = threading.Timer(0.02 + 0.4 * number / kills, server.kill)
                killer.start()
                desk.work()
                killer.join()
                server.start()
                rows.close_all()
                rows.connect()
                wait_until(lambda: desk.visitor.get("/desk/checkout")[0] == 200)
                settle(desk)
            wait_until(
                lambda: sending.states() == {"sent": len(mails)}, seconds=150
            )  # one that the mail server did not take is tried again after a minute
        finally:
            sender.kill()
            sender.communicate()
        sent = Counter(mail["message_id"] for mail in mail_server.accepted())
    assert sent.keys() == mails
    assert sent.total() <= len(mails) + kills
    assert database.damage_and_orphans() == []
    invariants.check_lending()


def queue(number):
    """Queue a few mails; return their Message-IDs."""
    with database.writing():
        rows = [
            outbox.put("test", f"{number} {place}", address="abc@example.jp", now=clock.now()) for place in range(MAILS)
        ]
    return {f"<{row.message_id}@example.jp>" for row in rows}
