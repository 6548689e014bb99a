"""The watcher: what an administrator is told of, once a day, and again when all is well; with and without a database to
write to.
"""

import email
import json
import os
import threading
import time
from datetime import timedelta

import pytest

from library import clock
from library.health import faults, state
from library.mail import outbox
from library.store import backup, database
from models import Guess, JobRun, OutboxMail, database as connection
from server import jobs, watcher as watching
from tests import engines

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def news(app, settings, moved_clock, monkeypatch):
    """``news()`` looks once and returns the mails that were queued for the administrator since the look before."""
    app.config.update(settings, ADMIN_MAIL="admin@example.jp")
    folder = backup.folder(settings["INSTANCE"])
    monkeypatch.setattr(state.shutil, "disk_usage", lambda _: type("Usage", (), {"free": look.free}))
    seen = set()

    def copy():
        for old in folder.glob("*"):
            old.unlink()
        backup.nightly(folder, now=clock.now())
        os.utime(backup.newest(folder), (clock.now().timestamp(),) * 2)

    def look():
        watching.Watcher(app).look(now=clock.now())
        connection.connect(reuse_if_open=True)
        queued = OutboxMail.select().where(OutboxMail.kind == "admin").order_by(OutboxMail.id)
        new = [row for row in queued if row.id not in seen]
        seen.update(row.id for row in new)
        OutboxMail.update(state="sent").where(OutboxMail.kind == "admin").execute()
        assert {row.address for row in new} <= {"admin@example.jp"}
        return [row.facts["what"] for row in new]

    look.copy, look.app, look.settings, look.clock, look.free = copy, app, app.config, moved_clock, 10**10
    copy()
    return look


def test_of_a_library_where_all_is_well_nothing_is_told(news):
    assert news() == []


def test_nothing_is_told_without_an_address(news):
    news.clock.now += 3 * DAY
    news.settings["ADMIN_MAIL"] = ""
    watching.Watcher(news.app).look(now=clock.now())
    connection.connect(reuse_if_open=True)
    assert OutboxMail.select().count() == 0


def test_a_missing_copy_is_told_once_a_day_and_when_it_is_there_again(news):
    news.clock.now += timedelta(hours=37)
    assert news() == ["fault_backup"]
    news.clock.now += timedelta(minutes=10)
    assert news() == []
    news.clock.now += DAY
    assert news() == ["fault_backup"]
    news.copy()
    assert news() == ["well_backup"]
    assert news() == []


def test_a_job_that_failed_three_times_is_told_by_its_name(news, monkeypatch):
    monkeypatch.setattr(database, "empty_log", lambda: 1 / 0)

    def fail():
        with pytest.raises(ZeroDivisionError):
            jobs.run("unlink", now=clock.now(), settings=news.settings)

    fail()
    fail()
    assert news() == []
    fail()
    assert news() == ["fault_job"]
    assert OutboxMail.get().facts["text"] == jobs.by_name("unlink").label
    monkeypatch.undo()
    news.clock.now += HOUR
    jobs.run("unlink", now=clock.now(), settings=news.settings)
    assert JobRun.get(JobRun.name == "unlink").failures == 0
    news.copy()
    assert "well_job" in news()


def test_a_drill_that_fails_is_told_at_once_and_one_that_stays_away_after_40_days(news):
    for copy in backup.folder(news.settings["INSTANCE"]).glob("*.sqlite3"):
        copy.write_bytes(b"nonsense" * 999)
    with pytest.raises(backup.NoBackup):
        jobs.run("drill", now=clock.now(), settings=news.settings)
    assert news() == ["fault_drill"]
    JobRun.update(last_error="", failed_at=None, failures=0, succeeded_at=clock.now()).execute()
    assert news() == ["well_drill"]
    news.clock.now += 40 * DAY + HOUR
    news.copy()
    assert news() == ["fault_drill"]


def test_a_mail_that_waits_for_six_hours_is_told(news):
    with database.writing():
        outbox.put("test", "a", address="a@example.jp", now=clock.now())
    news.clock.now += 6 * HOUR
    assert news() == []
    news.clock.now += timedelta(seconds=1)
    assert news() == ["fault_mail"]
    OutboxMail.update(state="sent").execute()
    assert news() == ["well_mail"]


def test_twenty_failed_mails_are_told(news):
    fail_mails(20)
    OutboxMail.update(state="sent").where(OutboxMail.key == "0").execute()
    assert news() == []
    OutboxMail.update(state="failed").execute()
    assert news() == ["fault_mails_failed"]


@pytest.mark.parametrize("kind", ["all_strangers", "all_initial"])
def test_care_that_is_taken_with_all_is_told(news, kind):
    Guess.create(kind="strangers", who="card 1", since=clock.now(), until=clock.now() + HOUR)
    assert news() == []
    Guess.create(kind=kind, since=clock.now(), until=clock.now() + HOUR)
    assert news() == [f"fault_{kind}"]
    news.clock.now += HOUR
    assert news() == [f"well_{kind}"]


def test_a_disk_that_fills_up_is_told(news):
    news.free = state.DISK_WARNS - 1
    assert news() == ["fault_disk"]
    news.free = state.DISK_WARNS
    assert news() == ["well_disk"]


def test_a_fault_that_comes_and_goes_is_told_once_a_day_and_so_is_its_end(news):
    def swing():
        told = []
        for free in (state.DISK_WARNS - 1, state.DISK_WARNS) * 3:
            news.free = free
            told += news()
            news.clock.now += timedelta(minutes=1)
        return told

    assert swing() == ["fault_disk", "well_disk"]
    news.clock.now += DAY
    assert swing() == ["fault_disk", "well_disk"]


def test_a_fault_that_came_back_and_lasts_is_told_the_next_day(news):
    for news.free in (0, state.DISK_WARNS, 0):
        news()
    news.clock.now += DAY
    assert news() == ["fault_disk"]
    news.free = state.DISK_WARNS
    assert news() == ["well_disk"]


def test_one_fault_of_mails_does_not_make_the_other_well(news):
    fail_mails(20)
    assert news() == ["fault_mails_failed"]
    with database.writing():
        outbox.put("test", "late", address="a@example.jp", now=clock.now())
    news.clock.now += 7 * HOUR
    assert news() == ["fault_mail"]
    OutboxMail.update(state="sent").where(OutboxMail.key == "late").execute()
    assert news() == ["well_mail"]


def fail_mails(number):
    with database.writing():
        for key in range(number):
            outbox.put("test", str(key), address="a@example.jp", now=clock.now())
    OutboxMail.update(state="failed").execute()


def test_a_library_that_can_not_write_tells_past_the_outbox(news, db):
    with engines.inserts_refused("outbox_mail"):
        news.free = 0
        assert news() == []
        assert len(letters(news.settings)) == 1
        assert news() == []
        assert len(letters(news.settings)) == 1
    news.free = state.DISK_WARNS
    assert news() == ["well_disk"]


def letters(settings):
    """The texts of mails that were written as files."""
    found = (backup.folder(settings["INSTANCE"]).parent / "mail").glob("*.eml")
    return [email.message_from_bytes(path.read_bytes()).get_payload(decode=True).decode() for path in found]


def test_a_damaged_database_is_told_past_the_outbox_once_a_day(news):
    watching.tell_of_damage(news.settings, now=clock.now())
    watching.tell_of_damage(news.settings, now=clock.now())
    assert [("データベースが壊れています。" in text) for text in letters(news.settings)] == [True]
    news.clock.now += DAY
    watching.tell_of_damage(news.settings, now=clock.now())
    assert len(letters(news.settings)) == 2
    news.copy()
    assert news() == ["well_damage"]


def test_an_error_that_means_damage_is_told(news):
    watcher = watching.Watcher(news.app)
    watcher.note(database.sqlite3.OperationalError("database is locked"))
    watcher.look(now=clock.now())
    connection.connect(reuse_if_open=True)
    assert OutboxMail.select().count() == 0
    watcher.note(database.sqlite3.DatabaseError("database disk image is malformed"))
    watcher.look(now=clock.now())
    connection.connect(reuse_if_open=True)
    assert OutboxMail.get().facts["what"] == "fault_damage"


def test_nothing_is_well_that_a_damaged_database_alone_can_tell(news):
    fail_mails(20)
    assert news() == ["fault_mails_failed"]
    watcher = watching.Watcher(news.app)
    watcher.note(database.sqlite3.DatabaseError("database disk image is malformed"))
    watcher.look(now=clock.now())
    connection.connect(reuse_if_open=True)
    assert news() == ["fault_damage", "well_damage"]
    OutboxMail.update(state="sent").execute()
    assert news() == ["well_mails_failed"]


def test_where_the_database_can_not_be_asked_the_disk_is_told_all_the_same(news, db):
    fail_mails(20)
    assert news() == ["fault_mails_failed"]
    db.execute_sql("ALTER TABLE job_run RENAME TO elsewhere")
    news.free = 0
    assert news() == []
    assert [("500MBより少なく" in text) for text in letters(news.settings)] == [True]


def test_a_fault_that_can_not_be_written_down_is_told_all_the_same(news):
    (backup.folder(news.settings["INSTANCE"]).parent / faults.FILE).with_suffix(".part").mkdir()
    news.free = 0
    assert news() == ["fault_disk"]


def test_a_fault_that_was_told_outlives_the_process_and_the_database(news):
    news.clock.now += timedelta(hours=37)
    assert news() == ["fault_backup"]
    stored = json.loads((backup.folder(news.settings["INSTANCE"]).parent / faults.FILE).read_text())
    assert stored == {"backup": {"day": "2026-11-26", "what": "backup", "about": ""}}
    OutboxMail.delete().execute()
    assert news() == []


def test_the_two_threads_look_and_end(app):
    watcher = watching.Watcher(app)
    watcher.start()
    until = time.monotonic() + 10
    while watcher.write() is None:
        assert time.monotonic() < until, "nothing was written"
        threading.Event().wait(0.02)
    watcher.stop()
