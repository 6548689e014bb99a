"""Speak to each engine in its own words, for tests that tamper with the database or look at its plans."""

import re
from contextlib import contextmanager

from library.store import engine, server, writer_queue
from models import database

TAKEN = re.compile(r"USING (?:COVERING )?(?:INDEX (\w+)|INTEGER PRIMARY KEY)")
SEARCHED = "search"  # the full text index
_REFUSE = """
CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION '%%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


@contextmanager
def unwritable():
    """Let this connection write nothing."""
    off, on = (
        ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off")
        if engine.is_server()
        else ("PRAGMA query_only = 1", "PRAGMA query_only = 0")
    )
    database.execute_sql(off)
    try:
        yield
    finally:
        database.execute_sql(on)


@contextmanager
def inserts_refused(table, message="full"):
    """Let nothing be added to this table: IntegrityError."""
    if engine.is_server():
        database.execute_sql(_REFUSE)
        database.execute_sql(
            f"CREATE TRIGGER refused BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse('{message}')"
        )
    else:
        database.execute_sql(
            f"CREATE TRIGGER refused BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
    try:
        yield
    finally:
        database.execute_sql(f"DROP TRIGGER refused ON {table}" if engine.is_server() else "DROP TRIGGER refused")


@contextmanager
def written_by_another(url):
    """Another program has begun to write and does not come to an end. This connection waits for a moment only."""
    on_server = engine.is_server()
    database.execute_sql("SET lock_timeout = '50ms'" if on_server else "PRAGMA busy_timeout = 50")
    other = type(database.obj)(url) if on_server else type(database.obj)(url, autoconnect=False, timeout=1)
    other.connect()
    other.execute_sql("BEGIN" if on_server else "BEGIN IMMEDIATE")
    if on_server:
        other.execute_sql("SELECT pg_advisory_xact_lock(%s)", (server.WRITING,))
    try:
        yield
    finally:
        other.execute_sql("ROLLBACK")
        other.close()
        other.close_all()


def transactions_open():
    """Return the number of connections in a transaction: on SQLite this one alone can be asked."""
    if engine.is_server():
        sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%%'"
        return database.execute_sql(sql).fetchone()[0]
    return int(database.connection().in_transaction)


def waiting_writers():
    """Return the number of connections that wait until they may write, while another writes."""
    if engine.is_server():
        waiting = (  # the locks of all databases of the server stand there, those of other workers too
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database "
            "WHERE locktype = 'advisory' AND objid = ? AND NOT granted AND datname = current_database()"
        )
        return engine.run(waiting, (server.WRITING,)).fetchone()[0]
    return max(0, len(writer_queue._line) - 1)


def reads(sql, values=()):
    """Return the plan of a query, each step as (how, where): by "index" and its name, "key" and "",
    "whole" and the table, or "sort" and "". A server is asked as if its tables were long.
    """
    return _reads_of_server(sql, values) if engine.is_server() else _reads_of_file(sql, values)


def _reads_of_file(sql, values):
    names, steps = {alias: table for table, alias in re.findall(r'"(\w+)" AS "(t\d+)"', sql)}, []
    for *_, step in database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", values).fetchall():
        if taken := TAKEN.search(step):
            steps.append(("index", taken[1]) if taken[1] else ("key", ""))
        elif "VIRTUAL TABLE INDEX" in step:
            steps.append(("index", SEARCHED))
        elif (whole := re.match(r"SCAN (\w+)", step)) and not step.endswith(("ROW", "ROWS")):
            steps.append(("whole", names.get(whole[1], whole[1])))
        elif "TEMP B-TREE" in step:
            steps.append(("sort", ""))
    return steps


def _reads_of_server(sql, values):
    for way in ("seqscan", "sort"):
        database.execute_sql(f"SET enable_{way} = off")
    plan = database.execute_sql(f"EXPLAIN (FORMAT JSON) {sql}", values).fetchone()[0]
    for way in ("seqscan", "sort"):
        database.execute_sql(f"RESET enable_{way}")
    return list(_steps(plan[0]["Plan"]))


def _steps(node):
    if name := node.get("Index Name"):
        yield ("key", "") if name.endswith("_pkey") else ("index", SEARCHED if name.startswith(SEARCHED) else name)
    elif node["Node Type"] == "Seq Scan":
        yield "whole", node["Relation Name"]
    elif (
        node["Node Type"] == "Sort"
    ):  # what an index gives nearly in order is sorted a few rows at a time: "Incremental Sort"
        yield "sort", ""
    for part in node.get("Plans", ()):
        yield from _steps(part)
