"""A library whose service has a user of its own, and root, who runs commands on it."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.server import ROOT, environment, free_port

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(os.geteuid() != 0, reason="needs the right to be two users"),
    pytest.mark.sqlite("who owns the file"),
]
SERVICE, OTHER = pwd.getpwnam("nobody"), pwd.getpwnam("daemon")


@pytest.fixture
def folder(migrated):
    """The instance folder of the service, with an empty library; pytest's own folders are closed to it."""
    outside = Path(tempfile.mkdtemp())
    outside.chmod(0o755)
    instance = outside / "instance"
    instance.mkdir(mode=0o700)
    shutil.copy(migrated, instance / "madoguchi.sqlite3")
    (instance / "madoguchi.sqlite3").chmod(0o600)
    give(SERVICE, instance, instance / "madoguchi.sqlite3")
    yield instance
    shutil.rmtree(outside)


def give(user, *paths):
    for path in paths:
        os.chown(path, user.pw_uid, user.pw_gid)


def as_owner_of(folder, *words, instance):
    command = [sys.executable, "-m", "tests.faults.as_another", str(folder), *words]
    settings = environment(instance, PORT=free_port(), JOBS=0)
    return subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, timeout=120)


def as_service(folder, *words):
    return as_owner_of(folder, *words, instance=folder)


def as_root(folder, *words):
    command = [sys.executable, "-m", "flask", *words]
    done = subprocess.run(command, cwd=ROOT, env=environment(folder), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done


def last_line(done):
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == 1
    return done.stderr.splitlines()[-1]


def test_what_root_restores_belongs_to_the_service_as_before(folder):
    path, copy = folder / "madoguchi.sqlite3", folder.parent / "copy.sqlite3"
    path.chmod(0o640)
    as_root(folder, "db", "backup", str(copy))
    as_root(folder, "db", "restore", str(copy))
    assert (path.owner(), path.stat().st_mode & 0o777) == (SERVICE.pw_name, 0o640)
    path.unlink()
    as_root(folder, "db", "restore", str(copy))
    assert (path.owner(), path.stat().st_mode & 0o777) == (SERVICE.pw_name, 0o600)


@pytest.mark.parametrize("mode", [0o600, 0o644])
@pytest.mark.parametrize("program", ["app.py", "flask db check"])
def test_a_database_that_root_left_there_is_called_that_and_not_damaged(folder, mode, program):
    path = folder / "madoguchi.sqlite3"
    give(pwd.getpwuid(0), path)
    path.chmod(mode)
    said = last_line(as_service(folder, *program.split()))
    assert f"{path} を読み書きする権限がありません（所有者は root、いまの利用者は {SERVICE.pw_name}）" in said
    assert f"sudo chown -R {SERVICE.pw_name}: {folder}" in said
    assert "壊れて" not in said


@pytest.mark.parametrize("name", ["secret-key", "server.lock", "config.toml"])
def test_any_file_that_root_left_there_is_named_with_the_command_that_mends_it(folder, name):
    path = folder / name
    path.write_text("made by root")
    path.chmod(0o600)
    said = last_line(as_service(folder, "app.py"))
    assert f"{path} を読み書きする権限がありません" in said
    assert f"sudo chown -R {SERVICE.pw_name}: {folder}" in said


def test_a_folder_that_root_made_for_the_service_is_handed_over(folder):
    give(pwd.getpwuid(0), folder)
    elsewhere = folder.parent / "of-the-service"
    elsewhere.mkdir()
    give(SERVICE, elsewhere)
    said = last_line(as_owner_of(elsewhere, "app.py", instance=folder))
    assert f"{folder} を読み書きする権限がありません（所有者は root、" in said
    assert f"sudo chown {SERVICE.pw_name}: {folder}" in said


def test_who_is_not_the_service_is_told_to_take_its_place(folder):
    home = folder.parent / "home"
    home.mkdir()
    give(OTHER, home)
    said = last_line(as_owner_of(home, "flask", "db", "check", instance=folder))
    assert f"所有者は {SERVICE.pw_name}、いまの利用者は {OTHER.pw_name}" in said
    assert f"「sudo -u {SERVICE.pw_name}」を付けて実行してください" in said


def test_a_file_that_may_not_be_read_names_its_owner(folder):
    path = folder.parent / "branches.csv"
    path.write_text("code,name\n01,本館\n", encoding="utf-8")
    path.chmod(0o600)
    said = last_line(as_service(folder, "flask", "branches", "import", str(path)))
    assert f"{path} を読み書きする権限がありません（所有者は root、いまの利用者は {SERVICE.pw_name}）" in said
