import contextlib
import os
import subprocess
from datetime import timedelta

import pytest

from library import clock
from library.access import parked_forms, sessions
from library.access.factors import browsers, second_factor
from library.access.guessing import check_numbers
from library.mail import installation
from library.patrons import drafts, lookups, reset_requests
from library.store import backup, database
from models import (
    Challenge,
    CheckNumber,
    DeskLookup,
    Draft,
    HistoryEntry,
    OneTimeLink,
    ParkedForm,
    Patron,
    ProvedBrowser,
    ResetRequest,
    Session,
    database as connection,
)
from tests import factories
from tests.conftest import NOW

SHORT_LIVED = (
    Session, OneTimeLink, Draft, DeskLookup, ParkedForm, ResetRequest, CheckNumber, Challenge, ProvedBrowser,
)  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "backup"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_copy_holds_what_is_in_the_log_and_is_for_its_owner_alone(patron, tmp_path):
    copy = backup.write(tmp_path / "copy.sqlite3")
    assert backup.problems_of(copy) == []
    assert oct(copy.stat().st_mode & 0o777) == "0o600"
    opened = database.sqlite3.connect(copy)
    assert opened.execute("SELECT card_number FROM patron").fetchall() == [(patron.card_number,)]
    opened.close()


def test_one_copy_a_night_and_thirty_days_of_them(patron, folder):
    for day in range(33):
        assert backup.nightly(folder, now=NOW + timedelta(days=day))["copies"] == 1
        assert backup.nightly(folder, now=NOW + timedelta(days=day))["copies"] == 0
    copies = [name for name in names(folder) if name.endswith(".sqlite3")]
    assert (len(copies), copies[0], copies[-1]) == (30, "madoguchi-2026-11-28.sqlite3", "madoguchi-2026-12-27.sqlite3")
    assert names(folder) == sorted(copies + [f"{name}.sha256" for name in copies])


def test_a_copy_is_gone_when_its_days_are_over_although_no_newer_one_can_be_made(patron, folder, monkeypatch):
    backup.nightly(folder, now=NOW)
    monkeypatch.setattr(backup, "write", lambda target: 1 / 0)
    for days, left in ((29, 2), (30, 0)):
        with pytest.raises(ZeroDivisionError):
            backup.nightly(folder, now=NOW + timedelta(days=days))
        assert len(names(folder)) == left


def test_a_link_that_leads_nowhere_is_no_copy(patron, folder):
    folder.mkdir()
    (folder / "madoguchi-2026-11-24.sqlite3").symlink_to(folder / "gone")
    assert backup.newest(folder) is None
    backup.nightly(folder, now=NOW)
    assert backup.newest(folder).name == "madoguchi-2026-11-25.sqlite3"


def test_a_copy_of_a_day_to_come_is_not_the_newest(patron, folder):
    backup.nightly(folder, now=NOW + timedelta(days=400))
    assert backup.newest(folder, today=clock.day_of(NOW)) is None
    backup.nightly(folder, now=NOW)
    os.utime(folder / "madoguchi-2026-11-25.sqlite3", (1, 1))
    assert backup.newest(folder, today=clock.day_of(NOW)).name == "madoguchi-2026-11-25.sqlite3"


def test_a_copy_that_was_made_by_hand_is_gone_with_the_others_of_its_day(folder, patron):
    backup.nightly(folder, now=NOW)
    for name in ("madoguchi-2026-11-25-0910.sqlite3", "madoguchi-mine.sqlite3"):
        backup.write(folder / name)
    backup.nightly(folder, now=NOW + timedelta(days=30))
    copies = [name for name in names(folder) if name.endswith(".sqlite3")]
    assert copies == ["madoguchi-2026-12-25.sqlite3", "madoguchi-mine.sqlite3"]


def test_the_sum_of_a_copy_is_as_others_check_it(patron, tmp_path):
    copy = backup.write(tmp_path / "copy.sqlite3")
    subprocess.run(["sha256sum", "--check", "--strict", "copy.sqlite3.sha256"], cwd=tmp_path, check=True)
    assert oct(backup.checksum_file(copy).stat().st_mode & 0o777) == "0o600"
    backup.write(copy)
    assert backup.problems_of(copy) == []


def test_a_library_moved_aside_by_a_restore_is_gone_with_the_backups_of_its_day(tmp_path):
    file = tmp_path / "madoguchi.sqlite3"
    ours = [f"{file.name}.before-restore-20261125-{end}" for end in ("104200", "104200-2", "104200-wal")]
    others = [
        file.name,
        f"{file.name}.before-restore-20261199-104200",
        f"{file.name}.before-restore-mine",
        f".{file.name}.new",
    ]
    for name in (*ours, *others):
        (tmp_path / name).touch()
    os.utime(tmp_path / f".{file.name}.new", (0, 0))  # left by who was killed long ago
    assert backup.remove_replaced(file, now=NOW + timedelta(days=29)) == 1
    assert backup.remove_replaced(file, now=NOW + timedelta(days=30)) == 3
    assert names(tmp_path) == sorted(others[:3])


def test_a_deleted_record_is_in_no_later_backup(patron, folder, tmp_path):
    factories.history(patron, "ひみつの題名")
    HistoryEntry.delete().execute()
    copy = backup.write(tmp_path / "copy.sqlite3")
    assert "ひみつの題名".encode() not in copy.read_bytes()


@pytest.mark.sqlite("one file in place of another; test_copying restores to a server")
def test_a_restored_copy_is_whole_and_holds_its_mails(patron, tmp_path, db):
    installation.bind("here")
    copy = backup.write(tmp_path / "copy.sqlite3")
    Patron.update(name="あと").execute()
    path = tmp_path / "madoguchi.sqlite3"
    db.close_all()
    kept = backup.restore(copy, path)
    assert kept.exists()
    opened = database.open_database(str(path))
    with opened.connection_context():
        assert Patron.get().name == "図書 花子"
        assert database.damage_and_orphans() == []
        assert installation.is_copied("here")
        installation.release("here")
        assert not installation.is_copied("here")
    opened.close_all()


@pytest.mark.parametrize("content", [b"", b"nonsense" * 999])
def test_a_file_that_is_no_copy_is_refused_and_nothing_is_touched(patron, tmp_path, content):
    bad = tmp_path / "bad.sqlite3"
    bad.write_bytes(content)
    with pytest.raises(backup.NoBackup):
        backup.restore(bad, tmp_path / "madoguchi.sqlite3")
    assert Patron.select().count() == 1


@pytest.mark.parametrize(
    ("name", "added"),
    [
        ("spy", "CREATE TRIGGER spy AFTER UPDATE ON patron BEGIN DELETE FROM audit; END"),
        ("search_data", "CREATE TRIGGER search_data AFTER UPDATE ON patron BEGIN DELETE FROM session; END"),
        ("peep", "CREATE VIEW peep AS SELECT * FROM patron"),
        ("extra", "CREATE TABLE extra (id INTEGER PRIMARY KEY)"),
        ("audit_is_kept", "DROP TRIGGER audit_is_kept"),
    ],
)
def test_a_copy_with_more_or_less_than_its_version_made_is_not_restored(patron, tmp_path, name, added):
    copy = backup.write(tmp_path / "copy.sqlite3")
    backup.checksum_file(copy).unlink()
    with contextlib.closing(database.sqlite3.connect(copy)) as opened:
        opened.execute(added)
    with pytest.raises(backup.NoBackup, match=name):
        backup.restore(copy, tmp_path / "madoguchi.sqlite3")
    with pytest.raises(backup.NoBackup, match=name), backup.of_this_version(copy, tmp_path):
        pass


@pytest.mark.sqlite("the index lies in the file of the library")
def test_a_copy_of_the_time_between_two_indexes_is_restored(patron, tmp_path, db):
    db.execute_sql("ALTER TABLE search RENAME TO search_before")
    db.execute_sql("CREATE VIRTUAL TABLE search USING fts5(title)")
    db.execute_sql("ANALYZE")
    copy = backup.write(tmp_path / "copy.sqlite3")
    assert backup.restore(copy, tmp_path / "restored.sqlite3") is None


@pytest.mark.sqlite("the copy of a server's library has the schema of this program")
def test_a_copy_of_a_newer_version_is_refused(patron, tmp_path):
    connection.execute_sql("INSERT INTO schema_migration (name, applied) VALUES ('9999_future', '2030-01-01')")
    copy = tmp_path / "copy.sqlite3"
    with pytest.raises(backup.NoBackup, match="新しい版"):
        backup.write(copy)
    assert not copy.exists()


@pytest.mark.sqlite("the copy of a server's library has the schema of this program")
def test_a_copy_that_fails_leaves_nothing_and_the_older_one_stays(patron, tmp_path):
    copy = backup.write(tmp_path / "copy.sqlite3")
    before = copy.read_bytes()
    connection.execute_sql("INSERT INTO schema_migration (name, applied) VALUES ('9999_future', '2030-01-01')")
    with pytest.raises(backup.NoBackup):
        backup.write(copy)
    assert copy.read_bytes() == before
    assert not list(tmp_path.glob(".*.part"))


def test_a_restored_copy_signs_nobody_in_and_nothing_of_it_is_good_that_is_used_once_or_soon_over(patron, tmp_path, db):
    clerk = factories.staff()
    sessions.begin(patron, now=NOW)
    lookups.keep(Session.get(), "patron", "としょ", now=NOW)
    drafts.store(patron, {}, now=NOW)
    parked_forms.park(clerk, "/desk/x", "/desk/x", [("name", "佐藤")], now=NOW)
    factories.address(patron, "hanako@example.jp", verified_at=NOW)
    factories.ask_reset(patron.card_number, "hanako@example.jp", now=NOW)
    reset_requests.ask(patron.card_number, "hanako@example.jp", now=NOW)
    second_factor.begin(clerk, now=NOW)
    with database.writing():
        browsers.remember(clerk, now=NOW)
        check_numbers.issue(patron, "key", now=NOW)
    assert [table.select().count() for table in SHORT_LIVED] == [1] * len(SHORT_LIVED)
    copy = backup.write(tmp_path / "copy.sqlite3")
    path = tmp_path / "madoguchi.sqlite3"
    db.close_all()
    backup.restore(copy, path)
    opened = database.open_database(str(path))
    with opened.connection_context():
        assert not [table for table in SHORT_LIVED if table.select().exists()]
        assert Patron.get().password_hash == patron.password_hash
    opened.close_all()
