"""A library on PostgreSQL, as its operator sees it. Left out where the tests run on SQLite."""

import peewee
import pytest

import config
from library.store import database
from models import HistoryEntry, database as connection
from tests import factories


def test_an_error_of_damaged_files_means_damage_and_one_of_a_full_disk_does_not():
    class Raised(Exception):
        sqlstate = "XX001"

    class Full(Exception):
        sqlstate = "53100"

    assert database.is_damage(peewee.InternalError(Raised(), "invalid page in block 7 of relation base/1/2"))
    assert not database.is_damage(peewee.OperationalError(Full(), "could not extend file"))


def test_what_is_said_of_a_damaged_server_names_no_password(tmp_path):
    settings = {"INSTANCE": str(tmp_path), "DATABASE_URL": "postgresql://library:secret@localhost/library"}
    said = config.of_damage(settings)
    assert said.startswith("データベースが壊れています。PostgreSQL の記録")
    assert "secret" not in said


@pytest.mark.postgresql
def test_the_room_of_what_was_erased_is_free_after_the_night(db):
    factories.history(factories.patron(), "ひみつの題名")
    size = "SELECT pg_relation_size('history_entry')"
    assert db.execute_sql(size).fetchone()[0]
    HistoryEntry.delete().execute()
    database.empty_log()
    assert not db.execute_sql(size).fetchone()[0]


@pytest.mark.postgresql
def test_numbers_that_would_come_again_are_found(db):
    branch = factories.branch()
    assert database.damage_and_orphans() == []
    connection.execute_sql("SELECT setval('branch_id_seq', %s)", (branch.id + 1,))
    assert database.damage_and_orphans() == []
    connection.execute_sql("ALTER SEQUENCE branch_id_seq RESTART")
    assert database.damage_and_orphans() == ["branch: 次の番号が、もう使われています。"]
