"""訓練: a copy is put back aside and opened; one that can't be is found and named."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from library import clock, errors
from library.backups import drill, figures
from library.store import backup, database
from library.store.lock import FileLock
from models import JobRun, OutboxMail
from server import jobs
from tests import factories
from tests.conftest import NOW


@pytest.fixture
def copy(settings):
    """The copy of tonight, of a library with a loan and a hold."""
    title = factories.catalogued("こころ", copies=2)
    factories.loan(factories.patron(), item=title.items[0])
    factories.hold(factories.patron(), title)
    jobs.run("backup", now=clock.now(), settings=settings)
    return backup.newest(backup.folder(settings["INSTANCE"]))


def left(settings):
    """The names of what a drill may have left beside the library."""
    folder = backup.folder(settings["INSTANCE"]).parent
    return sorted(path.name for path in folder.iterdir() if path.name.startswith(("drill", ".madoguchi")))


# -- one that is good --------------------------------------------------------------------------------------------------
def test_the_job_puts_the_copy_of_tonight_back_counts_it_and_opens_it_and_sends_nothing(copy, settings):
    factories.patron()  # since the copy
    counts = jobs.run("drill", now=clock.now(), settings=settings)
    assert counts == {"patrons": 2, "records": 1, "items": 2, "loans": 1, "holds": 1}
    assert figures.of_library().counts == counts | {"patrons": 3}
    assert left(settings) == ["drill.lock"]
    assert not OutboxMail.select().exists()
    last = drill.last()
    assert (last.error, last.counts, last.is_bad(now=clock.now())) == ("", counts, False)


def test_the_newest_loan_and_the_name_are_told_of_a_file(copy, settings):
    found = figures.of_file(copy)
    assert (found.newest_loan, found.name) == (figures.of_library().newest_loan, "")


# -- one that is not ---------------------------------------------------------------------------------------------------
def change_a_letter(copy):
    """Change one byte of somebody's name, which SQLite alone does not notice."""
    content, name = bytearray(copy.read_bytes()), "図書 花子".encode()
    content[content.index(name)] ^= 1
    copy.write_bytes(content)


def cut(copy):
    copy.write_bytes(copy.read_bytes()[:-5000])


def make_newer(copy):
    opened = database.sqlite3.connect(copy)
    with opened:
        opened.execute("INSERT INTO schema_migration (name, applied) VALUES ('9999_future', '2030-01-01')")
    opened.close()
    backup.checksum_file(copy).unlink()


def empty(copy):
    copy.write_bytes(b"")


def replace(copy):
    copy.write_bytes(b"nonsense" * 999)
    backup.checksum_file(copy).unlink()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (change_a_letter, "作ったときと中身が違います"),
        (cut, "作ったときと中身が違います"),
        (make_newer, "新しい版の Madoguchi の控えです（9999_future）"),
        (replace, "Madoguchi の控えではありません"),
        (empty, "空のファイルです"),
    ],
)
def test_a_copy_that_can_not_be_restored_is_named_and_remembered(copy, settings, damage, words):
    damage(copy)
    with pytest.raises(backup.NoBackup, match=f"{re.escape(str(copy))}.*{words}"):
        jobs.run("drill", now=clock.now(), settings=settings)
    assert words in drill.last().error and drill.last().is_bad(now=clock.now())
    assert left(settings) == ["drill.lock"]


def test_without_its_sum_a_cut_copy_is_found_by_sqlite(copy, settings):
    backup.checksum_file(copy).unlink()
    cut(copy)
    with pytest.raises(backup.NoBackup):
        drill.try_newest(settings, now=NOW)


def test_without_a_copy_there_is_nothing_to_try(settings):
    with pytest.raises(backup.NoBackup, match="控えがありません"):
        drill.try_newest(settings, now=NOW)


def test_a_library_that_does_not_open_is_said_with_the_words_of_the_child(copy, settings):
    with pytest.raises(backup.NoBackup, match=r"画面が開きません（.*TIMEZONE"):
        drill.try_backup(copy, settings | {"TIMEZONE": "Nowhere/Land"})


def test_two_drills_do_not_meet_and_one_that_was_killed_leaves_nothing_for_long(copy, settings):
    folder = backup.folder(settings["INSTANCE"]).parent
    (folder / drill.ASIDE).mkdir()
    (folder / drill.ASIDE / "madoguchi.sqlite3").write_text("a library")
    with FileLock(folder / "drill.lock"):
        with pytest.raises(errors.DrillRuns):
            drill.try_backup(copy, settings)
        drill.remove_leftovers(folder)
        assert (folder / drill.ASIDE).exists()
    jobs.run("backup", now=clock.now(), settings=settings)
    assert left(settings) == ["drill.lock"]


def test_the_drill_of_the_month_waits_for_one_that_somebody_began(copy, settings):
    job = jobs.by_name("drill")
    with FileLock(Path(settings["INSTANCE"]) / "drill.lock"):
        jobs.attempt(job, settings, now=NOW)
        assert JobRun.get_or_none(JobRun.name == "drill") is None and not drill.last().error
    jobs.attempt(job, settings, now=NOW + timedelta(seconds=30))
    assert drill.last().succeeded_at


# -- when --------------------------------------------------------------------------------------------------------------
def is_due(settings, days=0, hours=0):
    moment = NOW + timedelta(days=days, hours=hours)
    return jobs.by_name("drill").when.is_due(JobRun.get_or_none(JobRun.name == "drill"), settings, moment)


def ran(name, *, day=NOW, failed=None):
    """Write down that a job ran for a day."""
    JobRun.delete().where(JobRun.name == name).execute()
    JobRun.create(name=name, day=day and clock.day_of(day), started_at=NOW, succeeded_at=day, failed_at=failed)


def test_it_waits_for_the_copy_of_the_day_and_for_its_hour(settings):
    assert not is_due(settings)
    ran("backup")
    assert is_due(settings)
    assert not is_due(settings, hours=-6)  # 4:42
    assert not is_due(settings, days=1)


def test_it_is_due_again_after_30_days_and_the_day_after_a_failure(settings):
    ran("drill")
    for days, due in ((0, False), (29, False), (30, True), (45, True)):
        ran("backup", day=NOW + timedelta(days=days))
        assert is_due(settings, days=days) == due
    ran("drill", failed=NOW + timedelta(days=30))
    for days, due in ((30, False), (31, True)):
        ran("backup", day=NOW + timedelta(days=days))
        assert is_due(settings, days=days) == due


def test_a_clock_that_was_wrong_does_not_stop_it(settings):
    ran("drill", day=NOW + timedelta(days=400))
    ran("backup")
    assert is_due(settings)


def test_it_is_red_after_40_days_and_a_new_library_is_not(db):
    assert not drill.last().is_bad(now=NOW)
    ran("drill")
    assert not drill.last().is_bad(now=NOW + timedelta(days=40))
    assert drill.last().is_bad(now=NOW + timedelta(days=40, seconds=1))
