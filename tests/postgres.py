"""The tests on PostgreSQL (``make test-postgres``): a database for each worker, emptied before each test."""

import os

SERVER = os.environ.get(
    "TEST_SERVER", ""
)  # the address of a server with {} for the database; empty: the tests run on SQLite
_EMPTY = """
DO $$ DECLARE each text; BEGIN
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
  SET LOCAL session_replication_role = replica;
  FOR each IN SELECT tablename FROM pg_tables
    WHERE schemaname = 'public' AND tablename NOT IN ('schema_migration', 'search_state')
  LOOP EXECUTE format('DELETE FROM %I', each); END LOOP;
  FOR each IN SELECT sequencename FROM pg_sequences
    WHERE last_value IS NOT NULL AND schemaname = 'public' AND sequencename <> 'schema_migration_id_seq'
  LOOP EXECUTE format('ALTER SEQUENCE %I RESTART', each); END LOOP;
  UPDATE search_state SET version = 1, indexed_to = -1;
END $$
"""  # ten times quicker than a copy of a database that was made ready


def address(name):
    return SERVER.format(name)


def run(sql, database="postgres"):
    import psycopg

    with psycopg.connect(address(database), autocommit=True) as there:
        there.execute(sql)


def new(name, template="template0"):
    """Make a database anew and return its address."""
    run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    run(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8' LOCALE 'C'")
    return address(name)


def empty(name):
    """Take all rows out of a database that was made ready, and end whoever is connected to it."""
    run(_EMPTY, name)
