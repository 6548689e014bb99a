"""Killed in an upgrade, in a copy, in a restore: the library is as before or as after, never half; a copy is whole or none."""

import os
import shutil
import time

import pytest
from playhouse.migrations import Runner

from library.store import backup, database
from models import Patron
from tests import factories, forks
from tests.faults import keeper
from tests.faults.kills import share

pytestmark = pytest.mark.faults
FIRST_VERSION = "0004_lending"


def killed(after, what, *arguments):
    """Start the keeper, kill it so many seconds after it began; True if it was still at work."""
    process = forks.Process(keeper.main, what, *arguments, env=os.environ)
    assert process.stdout.readline() == "ready\n", process.communicate()
    time.sleep(after)
    process.kill()
    said, _ = process.communicate()
    return "done" not in said


def whole(what, *arguments):
    """Let the keeper finish; return how long its work took."""
    process = forks.Process(keeper.main, what, *arguments, env=os.environ)
    assert process.stdout.readline() == "ready\n"
    begun = time.monotonic()
    assert process.communicate()[0] == "done\n" and process.returncode == 0
    return time.monotonic() - begun


def schema(path):
    opened = database.sqlite3.connect(path)
    try:
        return sorted(opened.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall())
    finally:
        opened.close()


def applied(path):
    opened = database.sqlite3.connect(path)
    try:
        return [row[0] for row in opened.execute("SELECT name FROM schema_migration ORDER BY name")]
    finally:
        opened.close()


@pytest.fixture
def older(tmp_path):
    """The library of a first version, and the schema after each step from it to today's."""
    folder = tmp_path / "older"
    folder.mkdir()
    path = folder / "madoguchi.sqlite3"
    opened = database.open_database(str(path))
    with opened.connection_context():
        Runner(opened, str(database.MIGRATIONS)).up(target=FIRST_VERSION)
        opened.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    opened.close_all()
    schemas, steps = {}, tmp_path / "steps.sqlite3"
    shutil.copy(path, steps)
    opened = database.open_database(str(steps))
    with opened.connection_context():
        for step in Runner(opened, str(database.MIGRATIONS)).status():
            Runner(opened, str(database.MIGRATIONS)).up(target=step.name)
            schemas[tuple(applied(steps))] = schema(steps)
    opened.close_all()
    return path, schemas


@pytest.mark.parametrize("kills", [2, pytest.param(share(30), marks=pytest.mark.long)])
def test_an_upgrade_that_is_killed_stands_at_a_step_and_goes_on_from_there(older, tmp_path, kills):
    path, schemas = older
    instance = tmp_path / "instance"
    instance.mkdir()
    target, interrupted = instance / path.name, 0
    shutil.copy(path, target)
    took = whole("upgrade", instance)
    for number in range(kills):
        for left in instance.iterdir():
            left.unlink()
        shutil.copy(path, target)
        interrupted += killed(took * number / kills, "upgrade", instance)
        assert schema(target) == schemas[tuple(applied(target))]
        whole("upgrade", instance)
        assert schema(target) == schemas[max(schemas, key=len)]
        assert backup.problems_of(target) == []
    assert interrupted


@pytest.mark.sqlite("one file in place of another")
@pytest.mark.parametrize("kills", [2, pytest.param(share(20), marks=pytest.mark.long)])
def test_a_copy_that_is_killed_is_the_old_one_or_the_new_one(instance, rows, tmp_path, kills):
    copy = tmp_path / "copies" / "copy.sqlite3"
    copy.parent.mkdir()
    first = factories.patron()
    took = whole("backup", instance, copy)
    interrupted = 0
    for number in range(kills):
        Patron.update(name=f"花子{number}").where(Patron.id == first.id).execute()
        before = copy.read_bytes()
        interrupted += killed(took * number / kills, "backup", instance, copy)
        assert backup.problems_of(copy) == []
        assert copy.read_bytes() == before or names(copy) == [f"花子{number}"]
    whole("backup", instance, copy)
    assert {path.name for path in copy.parent.iterdir()} == {copy.name, backup.sum_of(copy).name}
    assert interrupted


def names(path):
    opened = database.sqlite3.connect(path)
    try:
        return [row[0] for row in opened.execute("SELECT name FROM patron")]
    finally:
        opened.close()


@pytest.mark.sqlite("one file in place of another")
@pytest.mark.parametrize("kills", [2, pytest.param(share(20), marks=pytest.mark.long)])
def test_a_restore_that_is_killed_leaves_the_library_of_before_or_that_of_the_copy(instance, rows, tmp_path, kills):
    copy, file = tmp_path / "copy.sqlite3", instance / "madoguchi.sqlite3"
    patron = factories.patron(name="控えのとき")
    backup.write(copy)
    Patron.update(name="いま").where(Patron.id == patron.id).execute()
    rows.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    rows.close_all()
    now = file.read_bytes()
    took = whole("restore", instance, copy)
    seen = set()
    for number in range(kills):
        for left in instance.iterdir():
            left.unlink()
        file.write_bytes(now)
        killed(took * number / kills, "restore", instance, copy)
        assert backup.problems_of(file) == []
        (name,) = names(file)
        seen.add(name)
        kept = list(instance.glob("*.before-restore-*"))
        assert name == "いま" or names(kept[0]) == ["いま"]
        whole("restore", instance, copy)
        assert names(file) == ["控えのとき"]
    assert "いま" in seen
    rows.connect()
