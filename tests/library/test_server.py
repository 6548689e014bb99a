"""A library on PostgreSQL, as its operator sees it. Left out where the tests run on SQLite."""

import re

import peewee
import pytest

import models
from library.store import database, engine, server, versions
from models import HistoryEntry, database as connection
from settings import instances
from tests import factories, postgres, versions_to_come

SCHEMA = """
SELECT 'column', table_name, column_name, data_type || coalesce(' ' || collation_name, '') || ' ' || is_nullable || coalesce(' ' || column_default, '')
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
"""


@pytest.fixture
def new_one(db):
    """An empty library of the test's own."""
    name = f"{db.database.partition('?')[0].rpartition('/')[2]}_other"
    opened = database.open_database(postgres.new(name))
    with opened.connection_context():
        database.migrate()
        yield opened
    opened.close_all()
    postgres.drop(name)


def schema(opened):
    return {tuple(row) for row in opened.execute_sql(SCHEMA.replace("%", "%%")).fetchall()}


def test_an_error_of_damaged_files_means_damage_and_one_of_a_full_disk_does_not():
    class Raised(Exception):
        sqlstate = "XX001"

    class Full(Exception):
        sqlstate = "53100"

    assert engine.is_damage(peewee.InternalError(Raised(), "invalid page in block 7 of relation base/1/2"))
    assert not engine.is_damage(peewee.OperationalError(Full(), "could not extend file"))


def test_a_message_of_a_damaged_server_names_no_password(tmp_path):
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
def test_text_that_a_migration_adds_is_in_the_order_of_code_points(new_one, tmp_path, monkeypatch):
    monkeypatch.setattr(versions, "MIGRATIONS", versions_to_come.migrations(tmp_path / "migrations"))
    assert database.migrate() == ["9001_made_up"]
    added = {row for row in schema(new_one) if "motto_1" in row[1:3] and row[0] == "column"}
    assert ("column", "motto_1", "words", "text C NO") in added
    assert ("column", "branch", "motto_1", "text C NO ''::text") in added


@pytest.mark.postgresql
def test_the_migrations_make_what_the_tables_say_on_a_server_too(new_one):
    wanted = schema(new_one)
    new_one.execute_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    with new_one.atomic():
        for table in server.in_order(models.ALL):
            create(table)
        server.order_by_code_points(new_one)
    made = {plainly(row) for row in schema(new_one)}
    assert {plainly(row) for row in wanted if row[1] not in WITHOUT_MODEL and row[0] != "trigger"} == made


WITHOUT_MODEL = ("schema_migration", "search", "search_state", "lease")


def plainly(row):
    """Return a line of a schema without the kinds that PostgreSQL writes beside its values."""
    return (*row[:3], re.sub(r"[()]|::(character varying|text)(\[\])?", "", row[3]))


def create(table):
    kept, table._meta.without_rowid = table._meta.without_rowid, False  # which only SQLite knows
    try:
        table.create_table(safe=False)
    finally:
        table._meta.without_rowid = kept
