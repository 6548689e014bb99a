"""The migrations and the tables say the same."""

import re
from datetime import UTC, datetime

import pytest
from peewee import IntegrityError

import models
from library import audit
from library.store import database
from models import Audit


def schema(opened):
    rows = opened.execute_sql(
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'index') "
        # derived: docs/adr/0052-search.md
        "AND sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search%'"
    )
    return {(kind, name): normalised(sql) for kind, name, sql in rows}


def normalised(sql):
    return re.sub(r"\s*([(),])\s*|\s+", lambda found: found[1] or " ", sql.replace("IF NOT EXISTS ", "")).strip()


@pytest.mark.sqlite("what a server has of them is compared in tests/library/test_server.py")
def test_the_migrations_make_what_the_tables_say(db, tmp_path):
    migrated = schema(db)
    db.close()
    plain = database.open_database(str(tmp_path / "models.sqlite3"))
    with plain.connection_context():
        models.database.create_tables(models.ALL)
        wanted = schema(plain)
    assert {key: sql for key, sql in migrated.items() if not key[1].startswith("schema_migration")} == wanted


def test_a_second_migration_does_nothing(db):
    assert database.migrate() == []
    assert database.pending() == []


def test_all_lists_every_table():
    tables = {
        value
        for value in vars(models).values()
        if isinstance(value, type) and issubclass(value, models.Table) and value is not models.Table
    }
    assert set(models.ALL) == tables


def test_the_record_of_operations_can_only_grow(db):
    row = audit.record("test", actor="command", now=datetime.now(UTC))  # the trigger goes by the database's own clock
    with pytest.raises(IntegrityError, match="never changed"):
        Audit.update(action="other").execute()
    with pytest.raises(IntegrityError, match="kept two years"):
        Audit.delete().where(Audit.id == row.id).execute()
