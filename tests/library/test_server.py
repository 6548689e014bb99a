"""A library on PostgreSQL, as its operator sees it. Left out where the tests run on SQLite."""

from pathlib import Path

import peewee
import pytest

import instances
from library.store import damage, database, server
from models import HistoryEntry, database as connection
from tests import factories, postgres

OLDER = Path(__file__).with_name("postgresql_0040.sql")
SCHEMA = """
SELECT 'column', table_name, column_name, data_type || coalesce(' ' || collation_name, '') || ' ' || is_nullable || coalesce(' ' || column_default, '')
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
"""


@pytest.fixture
def older(db):
    """A library as it was founded at 0040."""
    name = f"{db.database.partition('?')[0].rpartition('/')[2]}_other"
    address = postgres.new(name)
    postgres.run(OLDER.read_text(encoding="utf-8"), name)
    older = database.open_database(address)
    yield older
    older.close_all()
    postgres.drop(name)


def schema(opened):
    return {tuple(row) for row in opened.execute_sql(SCHEMA.replace("%", "%%")).fetchall()}


def test_an_error_of_damaged_files_means_damage_and_one_of_a_full_disk_does_not():
    class Raised(Exception):
        sqlstate = "XX001"

    class Full(Exception):
        sqlstate = "53100"

    assert damage.is_damage(peewee.InternalError(Raised(), "invalid page in block 7 of relation base/1/2"))
    assert not damage.is_damage(peewee.OperationalError(Full(), "could not extend file"))


def test_what_is_said_of_a_damaged_server_names_no_password(tmp_path):
    settings = {"INSTANCE": str(tmp_path), "DATABASE_URL": "postgresql://library:secret@localhost/library"}
    said = instances.of_damage(settings)
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


# -- upgrades --------------------------------------------------------------------------------------------------------
@pytest.mark.postgresql
def test_a_library_of_before_gets_the_schema_of_a_new_one(db, older):
    wanted, done = schema(db), [path.stem for path in database.MIGRATIONS.glob("*.py") if path.stem < "0041"]
    with older.connection_context():
        names = ", ".join(f"('{name}', now())" for name in done)
        older.execute_sql(f"INSERT INTO schema_migration (name, applied) VALUES {names}")
        older.execute_sql("INSERT INTO search_state VALUES (1, -1)")
        database.migrate()
        assert schema(older) == wanted


@pytest.mark.postgresql
def test_text_that_a_migration_adds_is_in_the_order_of_code_points(db, tmp_path):
    for path in database.MIGRATIONS.glob("*.py"):
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / "9999_later.py").write_text(
        "def up(migrator, db):\n    db.execute_sql('CREATE TABLE later (word text)')\n"
    )
    assert server.found(tmp_path) == ["9999_later"]
    assert ("column", "later", "word", "text C YES") in schema(db)
