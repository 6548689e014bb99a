"""The newest copy, encrypted: made once, anew for another copy or key, and gone with its copy."""

import hashlib
import os
from datetime import timedelta

import pytest

from library import clock, errors
from library.backups import latest
from library.files import age
from library.store import backup
from library.store.lock import FileLock
from server import jobs
from tests.conftest import NOW


@pytest.fixture
def folder(settings, patron):
    folder = backup.folder(settings["INSTANCE"])
    backup.nightly(folder, now=NOW)
    return folder


@pytest.fixture(scope="module")
def key():
    return age.new_key()


def sealed(folder):
    return sorted(folder.glob("*.age"))


def test_it_is_made_once_and_opened_by_its_key(folder, key, tmp_path):
    found = latest.ready(folder, key.recipient, now=NOW)
    assert (found.name, found.day) == ("madoguchi-2026-11-25.sqlite3.age", clock.day_of(NOW))
    assert hashlib.sha256(found.file.read_bytes()).hexdigest() == found.sha256
    assert oct(found.file.stat().st_mode & 0o777) == "0o600"
    assert latest.ready(folder, key.recipient, now=NOW) == found
    age.decrypt(found.file, tmp_path / "clear", key.secret)
    assert (tmp_path / "clear").read_bytes() == backup.newest(folder).read_bytes()


def test_a_newer_copy_one_made_anew_and_another_key_take_its_place(folder, key):
    found = [latest.ready(folder, key.recipient, now=NOW)]
    os.utime(backup.newest(folder), (1, 1))
    found.append(latest.ready(folder, key.recipient, now=NOW))
    found.append(latest.ready(folder, age.new_key().recipient, now=NOW))
    backup.nightly(folder, now=NOW + timedelta(days=1))
    found.append(latest.ready(folder, key.recipient, now=NOW + timedelta(days=1)))
    assert len({each.sha256 for each in found}) == 4
    assert sealed(folder) == [found[-1].file]
    assert found[-1].name == "madoguchi-2026-11-26.sqlite3.age"


def test_the_job_has_it_ready_and_without_a_key_none_stays(settings, folder, key):
    settings |= {"BACKUP_RECIPIENT": key.recipient}
    assert jobs.run("backup", now=NOW, settings=settings)["encrypted"] == 1
    assert len(sealed(folder)) == 1
    assert jobs.run("backup", now=NOW, settings=settings)["encrypted"] == 0
    jobs.run("backup", now=NOW, settings=settings | {"BACKUP_RECIPIENT": ""})
    assert sealed(folder) == []


def test_it_is_gone_when_the_days_of_its_copy_are_over_although_no_newer_one_can_be_made(
    settings, folder, key, monkeypatch
):
    settings |= {"BACKUP_RECIPIENT": key.recipient}
    jobs.run("backup", now=NOW, settings=settings)
    replaced = folder.parent / "madoguchi.sqlite3.before-restore-20261125-091000"
    replaced.touch()
    monkeypatch.setattr(backup, "write", lambda target: 1 / 0)
    for days, left in ((29, True), (30, False)):
        with pytest.raises(ZeroDivisionError):
            jobs.run("backup", now=NOW + timedelta(days=days), settings=settings)
        assert bool(sealed(folder)) == left
        assert replaced.exists() == left


def test_a_copy_of_a_day_to_come_that_a_wrong_clock_made_is_not_the_newest(folder, key):
    backup.nightly(folder, now=NOW + timedelta(days=400))
    backup.nightly(folder, now=NOW)
    assert latest.ready(folder, key.recipient, now=NOW).name == "madoguchi-2026-11-25.sqlite3.age"


def test_a_broken_copy_never_leaves(folder, key):
    backup.nightly(folder, now=NOW + timedelta(days=1))
    newest = backup.newest(folder)
    newest.write_bytes(newest.read_bytes()[:-100])
    assert latest.ready(folder, key.recipient, now=NOW).name == "madoguchi-2026-11-25.sqlite3.age"
    for copy in folder.glob("*.sqlite3"):
        copy.write_bytes(b"")
    assert latest.ready(folder, age.new_key().recipient, now=NOW) is None


def test_files_of_other_names_are_left_alone(folder, key):
    for name in ("madoguchi-before-the-move.sqlite3", "mine.age", "madoguchi-2026-11-25.sqlite3.x.age"):
        (folder / name).write_bytes(b"mine")
    latest.keep_ready(folder, key.recipient, now=NOW)
    latest.keep_ready(folder, "", now=NOW)
    assert sorted(path.name for path in folder.glob("*.age")) == ["madoguchi-2026-11-25.sqlite3.x.age", "mine.age"]


def test_it_is_made_by_one_at_a_time_and_one_that_can_not_be_made_leaves_nothing(folder, key):
    with FileLock(folder / "leaving.lock"), pytest.raises(errors.CopyBusy):
        latest.ready(folder, key.recipient, now=NOW)
    with pytest.raises(errors.AgeRecipientUnknown):
        latest.ready(folder, "age1nobody", now=NOW)
    assert sealed(folder) == [] and not list(folder.glob(".*"))


def test_without_a_copy_there_is_none(tmp_path, key):
    assert latest.ready(tmp_path, key.recipient, now=NOW) is None
