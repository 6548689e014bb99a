"""deploy/keep.py: copies go where the service can't reach them, and nothing that the service puts in their place harms
those.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from datetime import timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from library.store import backup
from scripts.check_tree import ROOT
from tests import programs
from tests.conftest import NOW

spec = importlib.util.spec_from_file_location("keep", ROOT / "deploy" / "keep.py")
keep = importlib.util.module_from_spec(spec)
spec.loader.exec_module(keep)

TODAY = NOW.astimezone(ZoneInfo(keep.ZONE)).date()
CONTENT = b"SQLite format 3\0" + b"page" * 5000


def name(days):
    """The name of the copy that was made so many days ago."""
    return f"madoguchi-{TODAY - timedelta(days=days)}.sqlite3"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """``run()`` on a scratch tree: the status and the complaints; ``run.made(days)`` makes a copy, as each night."""
    run_settings = tmp_path / "etc"
    run_settings.mkdir()
    monkeypatch.setattr(keep, "SETTINGS", run_settings)
    monkeypatch.setattr(keep, "datetime", SimpleNamespace(now=NOW.astimezone))  # midnight may come while the tests run
    instance = tmp_path / "var" / "suzukake"
    (instance / "backup").mkdir(parents=True)
    (run_settings / "suzukake.toml").write_text(f'INSTANCE = "{instance}"\n')

    def run(*more):
        status = keep.main(["suzukake", "--to", str(tmp_path / "copies"), *more])
        return SimpleNamespace(status=status, complaint=capsys.readouterr().err)

    def made(days, content=CONTENT):
        path = instance / "backup" / name(days)
        path.write_bytes(content)
        return path

    run.made, run.source, run.target = made, instance / "backup", tmp_path / "copies" / "suzukake"
    return run


def stored(run):
    return sorted(path.name for path in run.target.iterdir())


def test_each_nights_copy_is_there_once_for_root_alone_with_its_sum(run):
    run.made(1)
    path = run.made(0)
    assert (run().status, run().complaint) == (0, "")
    assert stored(run) == sorted(f"{name(days)}{end}" for days in (0, 1) for end in ("", ".sha256"))
    assert (run.target / name(0)).read_bytes() == CONTENT
    assert {oct(each.stat().st_mode & 0o777) for each in run.target.iterdir()} == {"0o600"}
    assert [oct(each.stat().st_mode & 0o777) for each in (run.target, run.target.parent)] == ["0o700"] * 2
    subprocess.run(["sha256sum", "--check", "--strict", f"{name(0)}.sha256"], cwd=run.target, check=True)
    assert path.exists()


def test_thirty_days_stay_and_none_longer_also_when_no_new_one_comes(run):
    assert keep.KEPT_DAYS == backup.KEPT_DAYS
    run.target.mkdir(parents=True)
    for days in (2, 29, 30, 400):
        for end in ("", ".sha256"):
            (run.target / f"{name(days)}{end}").touch()
    (run.target / ".madoguchi-x.part").touch()
    run.made(31)
    done = run()
    assert (done.status, "増えていません" in done.complaint) == (1, True)
    assert stored(run) == sorted(f"{name(days)}{end}" for days in (2, 29) for end in ("", ".sha256"))
    shutil.rmtree(run.source)
    assert run().status == 1 and len(stored(run)) == 4


def test_a_backup_copied_once_is_never_replaced(run):
    run.made(0)
    run()
    run.made(0, CONTENT + b"changed by who broke in")
    assert run().status == 0
    assert (run.target / name(0)).read_bytes() == CONTENT


def link(path, secret):
    path.unlink()
    path.symlink_to(secret)


def hard_link(path, secret):
    path.unlink()
    os.link(secret, path)


def pipe(path, _):
    path.unlink()
    os.mkfifo(path)


def cut(path, _):
    backup.checksum_file(path).write_text("0" * 64)


def nothing(path, _):
    path.write_bytes(b"")


def another_file(path, _):
    path.write_bytes(b"-----BEGIN PRIVATE KEY-----")


def folder(path, _):
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("trick", [link, hard_link, pipe, cut, nothing, another_file, folder])
def test_a_file_that_is_no_backup_is_left_and_complained_of_and_the_others_are_copied(run, tmp_path, trick):
    secret = tmp_path / "secret"
    secret.write_bytes(CONTENT)
    run.made(1)
    trick(run.made(0), secret)
    done = run()
    assert done.status == 1 and done.complaint.startswith(f"{name(0)} を写せません。")
    assert stored(run) == [name(1), f"{name(1)}.sha256"]


def test_a_folder_that_is_a_link_is_not_followed(run, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    run.made(0)
    run.source.rename(elsewhere)
    run.source.symlink_to(elsewhere)
    assert run().status == 1
    assert stored(run) == []


def test_a_day_to_come_is_not_copied_and_the_disk_is_not_filled(run, monkeypatch):
    run.made(-1)
    run.made(0)
    monkeypatch.setattr(keep, "LEFT_FREE", shutil.disk_usage(run.source).free * 2)
    done = run()
    assert (done.status, "空きが足りません" in done.complaint) == (1, True)
    monkeypatch.undo()
    assert stored(run) == []


def test_a_place_that_another_could_change_is_refused(run, monkeypatch):
    run.made(0)
    monkeypatch.setattr(keep.os, "geteuid", lambda: os.getuid() + 1)
    done = run()
    assert (done.status, "sudo chown root:" in done.complaint) == (1, True)


def test_the_library_is_found_by_its_name_or_by_its_folder(run, tmp_path):
    run.made(0)
    for words, said in ((["../suzukake"], "図書館の名前ではありません"), (["other"], "--instance で指定してください")):
        complaint = keep.main([*words, "--to", str(tmp_path / "copies")])
        assert complaint == 1, said
    assert keep.main(["other", "--instance", str(run.source.parent), "--to", str(tmp_path / "copies")]) == 0
    assert (tmp_path / "copies" / "other" / name(0)).exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('INSTANCE = "/var', "を読めません"),
        (b"\xff", "を読めません"),
        ('TIMEZONE = "Nowhere/At"', "TIMEZONE"),
        ('TIMEZONE = "../etc/passwd"', "TIMEZONE"),
        ("TIMEZONE = 9", "TIMEZONE"),
        ("INSTANCE = 9", "INSTANCE がありません"),
    ],
)
def test_settings_that_can_not_be_read_are_told_in_a_sentence(run, text, said):
    (keep.SETTINGS / "suzukake.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    done = run()
    assert (done.status, done.complaint.count("\n"), said in done.complaint) == (1, 1, True)


# -- the units
# -----------------------------------------------------------------------------------------------------------
@programs.need("systemd-analyze")
def test_its_service_is_closed_in(tmp_path):
    unit = tmp_path / "madoguchi-keep@suzukake.service"
    shutil.copy(ROOT / "deploy" / "keep@.service", unit)
    judge = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(unit)]
    done = subprocess.run(judge, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-500:]


def test_the_timer_runs_after_the_copy_of_the_night_and_the_guide_installs_it():
    timer = (ROOT / "deploy" / "keep@.timer").read_text(encoding="utf-8")
    assert re.search(r"^OnCalendar=\*-\*-\* 03:30$", timer, re.M) and "Persistent=true" in timer
