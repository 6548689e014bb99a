"""``deploy/keep`` with restic itself: what goes in, when it is gone, and that a library comes back on an empty
machine.
"""

import os
import re
import shutil
import subprocess
import sys
from datetime import date, timedelta

import pytest

from library.store import backup
from scripts.check_tree import ROOT
from tests import programs

pytestmark = [programs.need("restic"), pytest.mark.sqlite("commands of their own, on a file")]
KEEP = ROOT / "deploy" / "keep"
TODAY = date(2026, 12, 2)
PASSWORD = "suzukake no 'michi"
# the commands that the script finds on the PATH of a server: the program, and the day that it is
PROGRAMS = {
    "madoguchi": f'exec "{sys.executable}" "{ROOT}/madoguchi.py" "$@"',
    "date": f'case $1 in +%F*) echo "{TODAY} 00:03:30" ;; *) exec /bin/date "$@" ;; esac',
}


class Server:
    """A machine with a library, and with a repository at hand."""

    def __init__(self, root, password=PASSWORD):
        self.root, self.etc = root, root / "etc"
        self.folder, self.repository = root / "suzukake", root / "repository"
        for folder in (self.etc, root / "bin"):
            folder.mkdir(parents=True)
        for name, text in PROGRAMS.items():
            (root / "bin" / name).write_text(f"#!/bin/sh\n{text}\n")
            (root / "bin" / name).chmod(0o755)
        (self.etc / "suzukake.toml").write_text(f'INSTANCE = "{self.folder}"\n')
        self.write(password)
        clean = {name: value for name, value in os.environ.items() if not name.startswith("MADOGUCHI_")}
        self.environment = clean | {
            "PATH": f"{root / 'bin'}:{os.environ['PATH']}",
            "MADOGUCHI_ETC": str(self.etc),
            "RESTIC_CACHE_DIR": str(root / "cache"),
        }

    def write(self, password, *more):
        lines = [f"RESTIC_REPOSITORY='{self.repository}'", f'RESTIC_PASSWORD="{password}"', *more]
        (self.etc / "suzukake.restic").write_text("\n".join(lines) + "\n")

    def run(self, *words):
        done = subprocess.run(words, env=self.environment, capture_output=True, text=True, timeout=120, check=False)
        return done.returncode, done.stdout, done.stderr

    def must(self, *words):
        status, out, err = self.run(*words)
        assert status == 0, err
        return out

    def files(self, snapshot="latest"):
        """The files of a snapshot, by their names."""
        listed = self.must(KEEP, "suzukake", "ls", "--long", snapshot)
        return set(re.findall(r"^-.*/(.+)$", listed, re.M))

    def days(self):
        return re.findall(r"^\w{8}  (\S+) ", self.must(KEEP, "suzukake", "snapshots"), re.M)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A server with a library, and all that may lie in its folder."""
    server = Server(tmp_path_factory.mktemp("made"))
    server.must("madoguchi", "--instance", "suzukake", "init")
    for path in ("vapid.pem", "ebooks/1.epub", "covers/9784000000000.jpg", "inbox/patrons.csv", "imports/file.csv"):
        (server.folder / path).parent.mkdir(exist_ok=True)
        (server.folder / path).write_text(path)
    server.must(KEEP, "suzukake", "init")
    return server


@pytest.fixture
def server(made, tmp_path):
    """The same anew for each test."""
    for name in ("suzukake", "repository"):
        shutil.copytree(made.root / name, tmp_path / "machine" / name)
    return Server(tmp_path / "machine")


def test_the_copy_of_today_goes_in_with_the_keys_and_the_books_and_nothing_else(server):
    other = server.folder / "backup" / "madoguchi-2099-12-01.sqlite3"
    other.parent.mkdir()
    other.write_text("of a clock that was wrong")
    os.utime(other, (0, 0))
    server.must(KEEP, "suzukake")
    [today] = {*server.folder.glob("backup/*.sqlite3")} - {other}
    wanted = {today.name, f"{today.name}.sha256", "secret-key", "vapid.pem", "1.epub", "suzukake.toml"}
    assert server.files() == wanted
    assert (server.folder / "kept" / "suzukake").exists()
    assert not [path for path in server.repository.rglob("*") if path.stat().st_mode & 0o077]


def test_a_day_is_gone_on_the_thirtieth_day_after_it(server):
    for days in (29, 30, 31):
        day = TODAY - timedelta(days=days)
        server.must(KEEP, "suzukake", "backup", "--time", f"{day} 00:00:00", server.folder / "secret-key")
    server.must(KEEP, "suzukake")
    assert server.days() == [str(TODAY - timedelta(days=backup.KEPT_DAYS - 1)), str(TODAY)]


def test_without_a_copy_of_today_the_rest_goes_in_and_the_old_goes_out_and_it_is_told(server):
    (server.root / "bin" / "find").write_text("#!/bin/sh\n")
    (server.root / "bin" / "find").chmod(0o755)
    server.must(KEEP, "suzukake", "backup", "--time", "2026-11-02 00:00:00", server.folder / "secret-key")
    status, _, complaint = server.run(KEEP, "suzukake")
    assert status == 1 and "今日の控えがありません" in complaint
    assert server.days() == [str(TODAY)] and "secret-key" in server.files()
    assert not (server.folder / "kept").exists()


def test_a_nas_that_keeps_what_a_repository_held_is_given_a_shorter_time(server):
    server.write(PASSWORD, "KEEP_WITHIN=15d12h")
    for days in (15, 16):
        day = TODAY - timedelta(days=days)
        server.must(KEEP, "suzukake", "backup", "--time", f"{day} 00:00:00", server.folder / "secret-key")
    server.must(KEEP, "suzukake")
    assert server.days() == [str(TODAY - timedelta(days=15)), str(TODAY)]


def test_an_append_only_repository_is_left_to_the_machine_that_has_it(server):
    server.write(PASSWORD, "KEEP_WITHIN=")
    server.must(KEEP, "suzukake", "backup", "--time", "2026-10-01 00:00:00", server.folder / "secret-key")
    server.must(KEEP, "suzukake")
    assert server.days() == ["2026-10-01", str(TODAY)]


@pytest.mark.parametrize("harm", ["wrong password", "no repository", "damaged"])
def test_a_night_that_fails_is_told_and_no_time_is_noted(server, harm):
    server.must(KEEP, "suzukake")
    shutil.rmtree(server.folder / "kept")
    if harm == "wrong password":
        server.write("another")
    elif harm == "no repository":
        shutil.rmtree(server.repository)
    else:
        for path in (server.repository / "index").iterdir():
            path.chmod(0o600)
            path.write_bytes(path.read_bytes()[:-20])
        shutil.rmtree(server.root / "cache")
    status, _, complaint = server.run(KEEP, "suzukake")
    assert status and complaint
    assert not (server.folder / "kept").exists()


def test_one_that_was_killed_halfway_does_not_stop_the_next(server):
    large = server.folder / "ebooks" / "large.epub"
    large.write_bytes(os.urandom(30_000_000))
    with subprocess.Popen(
        [KEEP, "suzukake", "backup", "--limit-upload", "20000", large], env=server.environment
    ) as begun:
        while not any((server.repository / "data").rglob("*/?*")) and begun.poll() is None:
            pass
        begun.kill()
    large.unlink()
    assert list((server.repository / "locks").iterdir())
    server.must(KEEP, "suzukake")
    assert server.days() == [str(TODAY)]
    assert not list((server.repository / "locks").iterdir())


def test_a_library_comes_back_on_an_empty_machine_by_the_password_alone(server, tmp_path):
    key = (server.folder / "secret-key").read_text()
    server.must("madoguchi", "--instance", "suzukake", "staff", "add", "sato", "--role", "admin")
    shutil.rmtree(server.folder / "backup", ignore_errors=True)
    server.must(KEEP, "suzukake")
    shutil.rmtree(server.folder)
    empty = Server(tmp_path / "empty")
    shutil.move(server.repository, empty.repository)
    empty.must(KEEP, "suzukake", "restore", "latest", "--target", tmp_path / "back")
    there = tmp_path / "back" / server.folder.relative_to("/")
    shutil.copytree(there, empty.folder)
    [copy] = empty.folder.glob("backup/*.sqlite3")
    said = empty.must("madoguchi", "--instance", "suzukake", "db", "restore", copy, "--yes")
    assert "控えから戻しました" in said
    assert (empty.folder / "secret-key").read_text() == key
    assert (empty.folder / "ebooks" / "1.epub").exists()
    assert "sato" in empty.run("madoguchi", "--instance", "suzukake", "staff", "add", "sato", "--role", "desk")[2]
