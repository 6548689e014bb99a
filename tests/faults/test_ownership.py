"""A library whose service has a user of its own, and root, who runs commands on it."""

import os
import pwd
import shutil
import tempfile
from pathlib import Path

import pytest

from tests import forks, programs
from tests.faults import as_another
from tests.long import in_the_long_run
from tests.server import environment, free_port

pytestmark = [
    programs.need("root"),
    programs.need("a checkout open to all"),
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
    return forks.run(as_another.main, folder, *words, env=environment(instance, PORT=free_port(), JOBS=0))


def as_service(folder, *words):
    return as_owner_of(folder, *words, instance=folder)


def as_root(*words, etc, instance=""):
    """Run ``madoguchi`` as root, on a machine that has its files of settings in ``etc``."""
    settings = environment(instance, JOBS=0) | {"MADOGUCHI_ETC": str(etc)}
    return forks.run(as_another.main, "/", "madoguchi", *words, env=settings)


def last_line(done):
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == 1
    return done.stderr.splitlines()[-1]


def test_an_act_of_root_is_done_as_the_owner_of_the_library(folder):
    path, copy = folder / "madoguchi.sqlite3", folder / "copy.sqlite3"
    path.chmod(0o640)
    for words in (["backup", copy], ["restore", copy, "--yes"]):
        done = as_root("--instance", folder, "db", *words, etc=folder.parent / "etc")
        assert done.returncode == 0, done.stderr
        assert done.stderr.splitlines()[0] == f"図書館: 図書館（{folder}）"
    assert (path.owner(), path.stat().st_mode & 0o777) == (SERVICE.pw_name, 0o640)
    assert {each.owner() for each in folder.rglob("*")} == {SERVICE.pw_name}


def test_a_file_that_the_owner_may_not_read_is_asked_for_in_the_inbox(folder):
    file = folder.parent / "branches.csv"
    file.write_text("code,name\n01,本館\n", encoding="utf-8")
    file.chmod(0o600)
    said = last_line(as_root("--instance", folder, "branches", "import", file, etc=folder.parent / "etc"))
    assert f"{file} を読み書きする権限がありません（所有者は root、いまの利用者は {SERVICE.pw_name}）" in said
    assert f"{folder / 'inbox'} に置けます" in said


def test_root_makes_a_library_of_a_name_for_the_service(folder):
    etc, made = folder.parent / "etc", folder.parent / "lib" / "suzukake"
    words = ("init", "suzukake", "--folder", made, "--user", SERVICE.pw_name)
    done = as_root(*words, etc=etc)
    assert done.returncode == 0, done.stderr
    assert done.stderr == f"図書館: 図書館（{made}）\n" and "移行を始めました" in done.stdout
    file = etc / "suzukake.toml"
    assert (file.owner(), file.stat().st_gid, file.stat().st_mode & 0o777) == ("root", SERVICE.pw_gid, 0o640)
    assert {each.owner() for each in (made, *made.iterdir())} == {SERVICE.pw_name}
    assert (made / "inbox").is_dir() and made.stat().st_mode & 0o777 == 0o700
    again = as_root(*words, etc=etc)
    assert last_line(again) == "データベースはもうあります。何も変更していません。"


def test_a_library_of_before_is_given_a_name_and_its_settings_move_with_it(folder):
    etc = folder.parent / "etc"
    (folder / "secret-key").write_text("key")
    (folder / "config.toml").write_text('LIBRARY_NAME = "すずかけ図書館"\n', encoding="utf-8")
    give(SERVICE, folder / "secret-key", folder / "config.toml")
    done = as_root("adopt", "suzukake", folder, etc=etc)
    assert done.returncode == 0, done.stderr
    assert done.stderr == f"図書館: すずかけ図書館（{folder}）\n"
    assert (etc / "suzukake.toml").read_text(encoding="utf-8") == (
        f'INSTANCE = "{folder}"\nLIBRARY_NAME = "すずかけ図書館"\n'
    )
    assert (folder / "config.toml.adopted").exists() and not (folder / "config.toml").exists()


@pytest.mark.parametrize("mode", [0o600, *in_the_long_run(0o644)])
@pytest.mark.parametrize("program", ["app.py", "flask db check"])
def test_a_database_that_root_left_there_is_called_that_and_not_damaged(folder, mode, program):
    path = folder / "madoguchi.sqlite3"
    give(pwd.getpwuid(0), path)
    path.chmod(mode)
    said = last_line(as_service(folder, *program.split()))
    assert f"{path} を読み書きする権限がありません（所有者は root、いまの利用者は {SERVICE.pw_name}）" in said
    assert f"sudo chown -R {SERVICE.pw_name}: {folder}" in said
    assert "壊れて" not in said


@pytest.mark.parametrize("name", ["secret-key", *in_the_long_run("server.lock", "config.toml")])
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


def test_a_user_who_is_not_the_service_is_told_to_take_its_place(folder):
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
