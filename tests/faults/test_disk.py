"""F17, F18: the disk is full, went read-only, or fails in the middle of a write. Nothing that was acknowledged is lost,
reading and signing out go on, and it heals by itself. Real processes; where the machine refuses ``mount`` or
``ptrace``, ``fiu-run`` lets the calls fail.
"""

import contextlib
import errno
import re
import shutil
import subprocess
import threading
import time

import pytest

from library.store import database
from models import Patron
from tests import factories, programs
from tests.factories import PASSWORD
from tests.server import SOURCE, Visitor, running

pytestmark = pytest.mark.sqlite("a disk that fails under the file; a server's is its operator's")
ROOM = 120  # megabytes: above what is asked for before a file is taken, and soon filled
PROBED_WITHIN = 15  # seconds


class Tmpfs:
    """A small disk of its own."""

    program = SOURCE

    def __init__(self, folder):
        self._filler = folder / "filler"

    def fill(self, _):
        with self._filler.open("wb", buffering=0) as file:
            for size in (1 << 20, 4096):
                with contextlib.suppress(OSError):
                    while True:
                        file.write(b"\0" * size)

    def heal(self, _):
        self._filler.unlink()


class Failing:
    """A disk on which writes fail while it is said so, by libfiu.

    With EROFS it went read-only under its open files: after a fault the system does that by itself, and ``mount``
    refuses to.
    """

    def __init__(self, folder, point="posix/io/rw/pwrite", error=errno.ENOSPC):
        self._control = str(folder / "fiu")
        self._point, self._error = point, error
        self.program = ("fiu-run", "-x", "-f", self._control, *SOURCE)

    def fill(self, process):
        self._tell(process, f"enable name={self._point},failinfo={self._error}")

    def heal(self, process):
        self._tell(process, f"disable name={self._point}")

    def _tell(self, process, command):
        subprocess.run(["fiu-ctrl", "-f", self._control, "-c", command, str(process.pid)], check=True)


@pytest.fixture(params=["full", pytest.param("read-only", marks=pytest.mark.long)])
def disk(tmp_path, request):
    """A disk that can be filled or goes read-only, and the folder on it."""
    wall = tmp_path / "small"
    wall.mkdir()
    if request.param == "read-only":
        programs.require("fiu-utils")
        yield Failing(tmp_path, error=errno.EROFS), wall
        return
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}m", "none", str(wall)]
    if subprocess.run(mount, capture_output=True).returncode:
        programs.require("fiu-utils")
        yield Failing(tmp_path), wall
        return
    try:
        yield Tmpfs(wall), wall
    finally:
        subprocess.run(["umount", "-l", str(wall)], check=True)


def wait_for(true):
    until = time.monotonic() + PROBED_WITHIN
    while not true():
        assert time.monotonic() < until, "it did not happen"
        threading.Event().wait(0.2)


def write_address(visitor):
    """Press 更新 on the edit step with something large to keep; the status and the page."""
    _, page, _ = visitor.get("/my/profile")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    branch = re.search(r'id="pickup_branch".*?value="(\d+)"', page, re.S)[1]
    fields = {"csrf_token": token, "current_password": "", "new_password": "", "new_password_again": "",
              "email1": f"{'x' * 60}@example.jp", "email1_kind": "pc", "email2": "", "email2_kind": "pc",
              "registration_active": "off", "due_active": "off", "due_days": "1", "pickup_branch": branch,
              "contact_method": "none", "contact_phone": "mobile"}  # fmt: skip
    return visitor.ask("POST", "/my/profile", fields)[:2]


def test_a_disk_that_takes_nothing_answers_503_and_reading_and_signing_out_go_on_and_it_heals(instance, rows, disk):
    patron, clerk, item = factories.patron(), factories.staff(), factories.item()
    lend = {"card": patron.card_number, "item": item.barcode, "request": "once"}
    rows.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    rows.close()
    disk, wall = disk
    small = wall / "instance"
    shutil.copytree(instance, small)
    with running(small, JOBS=0, program=disk.program) as server:
        visitor = Visitor(server)
        assert visitor.sign_in(patron.card_number, PASSWORD)[0] == 303
        desk = Visitor(server)
        assert desk.post("/desk/login", {"login": clerk.login, "password": PASSWORD})[0] == 303
        wait_for(lambda: visitor.get("/readyz")[0] == 200)
        disk.fill(server.process)
        status, page = desk.post("/desk/checkout", lend)[:2]
        assert status == 503
        assert "ただいま保存できません" in page and item.barcode in page
        status, page = desk.get(f"/desk/patrons/{patron.id}")[:2]
        assert status == 200 and item.title.title not in page
        status, page = write_address(visitor)
        assert status == 503
        assert "ただいま保存できません" in page
        assert f'value="{"x" * 60}@example.jp"' in page
        assert "もう一度送信する" in page
        wait_for(lambda: visitor.get("/readyz")[0] == 503)
        assert visitor.get("/my/")[0] == 200
        assert visitor.get("/")[0] == 200
        assert visitor.get("/healthz")[0] == 200
        cookies = dict(visitor.cookies)
        status, _, headers = visitor.post("/logout", {}, page="/my/")
        assert status == 303
        assert headers["Clear-Site-Data"] == '"cache"'
        visitor.cookies = cookies
        assert visitor.get("/my/")[0] == 303
        disk.heal(server.process)
        wait_for(lambda: visitor.get("/readyz")[0] == 200)
        visitor.cookies = {}
        assert visitor.sign_in(patron.card_number, PASSWORD)[0] == 303
        assert write_address(visitor)[0] == 303
        assert desk.post("/desk/checkout", lend)[0] in (200, 303)
        assert item.title.title in desk.get(f"/desk/patrons/{patron.id}")[1]
    rows.connect()


# -- a call that fails -----------------------------------------------------------------------------------------------
SIZES = ("s", "m", "l")
FAILURES = [
    ("pwrite64", errno.ENOSPC, 1), ("pwrite64", errno.ENOSPC, 3), ("pwrite64", errno.EIO, 2),
     ("pwrite64", errno.EIO, 5),
    ("pwrite64", errno.EROFS, 1),
    ("fsync", errno.EIO, 1), ("fsync", errno.EIO, 3), ("fsync", errno.ENOSPC, 2),
]  # fmt: skip
OF_EACH_SORT = (FAILURES[0], FAILURES[3], FAILURES[5])  # at every run; all in the long one
OF_FIU = {"pwrite64": "posix/io/rw/pwrite", "fsync": "posix/io/sync/fsync"}


@contextlib.contextmanager
def failing(process, call, error, first):
    """Let six calls of each thread fail, from its ``first`` one on."""
    name = errno.errorcode[error]
    inject = f"inject={call}:error={name}:when={first}..{first + 5}"
    command = ["strace", "-f", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject, "-p", str(process.pid)]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert "attached" in tracer.stderr.readline()
        yield
    finally:
        tracer.terminate()
        tracer.wait()
        tracer.stderr.close()


def may_trace():
    probe = ["strace", "-o", "/dev/null", "true"]
    return shutil.which("strace") is not None and subprocess.run(probe, capture_output=True).returncode == 0


@pytest.mark.parametrize(
    ("call", "error", "first"),
    [pytest.param(*each, marks=() if each in OF_EACH_SORT else pytest.mark.long) for each in FAILURES],
)
def test_no_write_is_acknowledged_that_was_lost(instance, rows, tmp_path, call, error, first):
    patron = factories.patron()
    rows.close()
    if not (traced := may_trace()):
        programs.require("fiu-utils")
    fiu = None if traced else Failing(tmp_path, OF_FIU[call], error)
    with running(instance, JOBS=0, program=fiu.program if fiu else SOURCE) as server:
        visitor = Visitor(server)
        assert visitor.sign_in(patron.card_number, PASSWORD)[0] == 303
        possible, statuses = {patron.text_size}, []

        def write(size):
            status, _, _ = visitor.ask("POST", "/text-size", {"size": size}, {"Sec-Fetch-Site": "same-origin"})
            statuses.append(status)
            if status == 303:
                possible.clear()
            possible.add(size)

        with failing(server.process, call, error, first) if not fiu else contextlib.nullcontext():
            for turn in range(10):
                if fiu and turn in (first % 5, first % 5 + 3):
                    (fiu.fill if turn == first % 5 else fiu.heal)(server.process)
                write(SIZES[turn % 3])
        assert 503 in statuses
        assert set(statuses) <= {303, 503}, statuses
        write("l")
        assert statuses[-1] == 303
        server.kill()
    rows.connect()
    assert Patron.get_by_id(patron.id).text_size in possible
    assert database.damage_and_orphans() == []
