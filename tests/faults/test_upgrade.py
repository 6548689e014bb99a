"""Killed in an upgrade, in a copy, in a restore: the library is as before or as after, never half; a copy is whole or
none.
"""

import os
import time
from pathlib import Path

import pytest

from library.store import backup, database, engine, versions
from models import Patron
from tests import factories, forks, libraries, versions_to_come
from tests.faults import keeper
from tests.faults.kills import share


def killed(after, what, *arguments):
    """Start the keeper, kill it so many seconds after it began; True if it was still at work."""
    process = forks.Process(keeper.main, what, *arguments, env=os.environ)
    assert process.stdout.readline() == "ready\n", process.communicate()
    time.sleep(after)
    process.kill()
    said, _ = process.communicate()
    return "done" not in said


def whole(what, *arguments):
    """Let the keeper finish; return the seconds of its work."""
    process = forks.Process(keeper.main, what, *arguments, env=os.environ)
    assert process.stdout.readline() == "ready\n"
    begun = time.monotonic()
    assert process.communicate()[0] == "done\n" and process.returncode == 0
    return time.monotonic() - begun


STEPS = 5


@pytest.fixture
def library(tmp_path, migrated):
    """``library(name)`` makes a library of this version in a folder of its own, and returns its address."""

    def make(name):
        folder = tmp_path / str(name)
        folder.mkdir()
        libraries.fill(folder, migrated)
        return libraries.address(folder)

    return make


def looked_at(address):
    """Return the migrations that a library has had, and its schema."""
    opened = database.open_database(address)
    try:
        with opened.connection_context():
            asked = SCHEMA_ON_SERVER if engine.is_server() else SCHEMA_ON_FILE
            return frozenset(versions.applied(opened)), sorted(opened.execute_sql(asked).fetchall())
    finally:
        opened.close_all()


SCHEMA_ON_FILE = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
SCHEMA_ON_SERVER = """
SELECT table_name, column_name, data_type || coalesce(collation_name, '') FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
"""


@pytest.fixture
def schemas(library, tmp_path, monkeypatch):
    """The schema after each step from this version to one that is STEPS migrations further, by what it has had."""
    monkeypatch.setattr(versions, "MIGRATIONS", versions_to_come.migrations(tmp_path / "migrations", STEPS))
    address = library("steps")
    opened = database.open_database(address)
    found = dict([looked_at(address)])
    with opened.connection_context():
        steps = versions.pending(opened)
    for step in steps:
        with opened.connection_context():
            assert versions.migrate(opened, to=step) == [step]
        had, there = looked_at(address)
        found[had] = there
    opened.close_all()
    return found


@pytest.mark.parametrize("kills", [2, pytest.param(share(30), marks=pytest.mark.long)])
def test_an_upgrade_that_is_killed_stands_at_a_step_and_goes_on_from_there(library, schemas, kills):
    newest, interrupted = schemas[max(schemas, key=len)], 0
    took = whole("upgrade", library("whole"), versions.MIGRATIONS)
    for number in range(kills):
        address = library(number)
        interrupted += killed(took * number / kills, "upgrade", address, versions.MIGRATIONS)
        had, there = looked_at(address)
        assert there == schemas[had] or engine.is_server()  # where texts are put in order after the last step
        whole("upgrade", address, versions.MIGRATIONS)
        assert looked_at(address) == (max(schemas, key=len), newest)
        if not engine.is_server():
            assert backup.problems_of(Path(address)) == []
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
    assert {path.name for path in copy.parent.iterdir()} == {copy.name, backup.checksum_file(copy).name}
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
