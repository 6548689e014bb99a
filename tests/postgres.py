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
;
"""  # ten times quicker than a copy of a database that was made ready
_SCHEMA = """
SELECT md5(concat(
  (SELECT string_agg(relname || attname, ',' ORDER BY attrelid, attnum) FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid
   WHERE relnamespace = 'public'::regnamespace AND attnum > 0),
  (SELECT string_agg(tgname, ',' ORDER BY tgname) FROM pg_trigger WHERE NOT tgisinternal),
  (SELECT string_agg(name, ',' ORDER BY name) FROM schema_migration)))
"""
_schemas = {}


def address(name):
    return SERVER.format(name)


def run(sql, database="postgres"):
    """Run statements; return the one value that the last of them asks for."""
    import psycopg

    with psycopg.connect(address(database), autocommit=True) as there:
        there = there.execute(sql)
        while there.nextset():
            pass
        return there.fetchone()[0] if there.description else None


def new(name, template="template0"):
    """Make a database anew and return its address. ``template``: what is copied; nobody may be connected to it."""
    drop(name)
    run(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8' LOCALE 'C' STRATEGY FILE_COPY")
    return address(name)


def drop(name):
    run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def template(name):
    """Return the database that this one was copied from, which stays as it was made."""
    return f"{name}_empty"


def empty(name):
    """Take all rows out of a database that was made ready, and end whoever is connected to it. Where a test changed a
    table it is made anew.
    """
    made = run(_EMPTY + _SCHEMA, name)
    if name not in _schemas:
        _schemas[name] = run(_SCHEMA, template(name))
    if made != _schemas[name]:
        new(name, template(name))
