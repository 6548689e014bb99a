"""Connections outlive their request: none may keep a reading open, or the next request would see the past."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from peewee import sqlite3

from library.store import database
from models import Patron
from tests import engines, factories


@pytest.fixture
def addresses(app):
    return sorted(rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and not rule.arguments)


def log_is_free(url):
    """Tell if a writer's log can be taken over into the file, which any open reading of old data would hinder; on a
    server, if no transaction is open.
    """
    path = database.file_of(url)
    if path is None:
        return engines.transactions_open() == 0
    other = sqlite3.connect(path, timeout=0)
    try:
        other.execute("UPDATE patron SET name_kana = name_kana || 'ア'")
        other.commit()
        busy, _, _ = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
    finally:
        other.close()


def test_no_page_keeps_a_reading_open(app, signed_in, patron, addresses):
    factories.address(patron)
    factories.loan(patron)
    for address in addresses:
        signed_in.client.get(address).close()
        assert log_is_free(app.config["DATABASE_URL"]), address


@pytest.mark.sqlite("a server sends all rows at once")
def test_an_open_reading_would_be_noticed(app, patron):
    factories.patron()
    rows = Patron.select().iterator()
    next(rows)
    assert not log_is_free(app.config["DATABASE_URL"])
    rows.close()


def test_a_connection_serves_one_thread_after_the_other(db):
    def count():
        with db.connection_context():
            return Patron.select().count()

    factories.patron()
    db.close()
    for _ in range(2):
        with ThreadPoolExecutor(1) as thread:
            assert thread.submit(count).result() == 1
    assert len(db._connections) == 1


@pytest.fixture
def served(app, monkeypatch):
    """Have each request put its connection back, as in the server."""
    monkeypatch.setattr(app, "testing", False)


@pytest.mark.parametrize("begin", [lambda db: db.execute_sql("BEGIN"), lambda db: db.atomic().__enter__()])
def test_a_page_that_leaves_a_transaction_open_takes_nothing_with_it(app, db, served, patron, monkeypatch, begin):
    def leaves_it_open():
        begin(db)
        db.connection().execute("UPDATE patron SET name_kana = 'ア'")
        return "done"

    leaves_it_open.access = "public"
    monkeypatch.setitem(app.view_functions, "health.healthz", leaves_it_open)
    for _ in range(2):
        assert app.test_client().get("/healthz").data == b"done"
        assert db.is_closed()
    with db.connection_context():
        assert Patron.get_by_id(patron.id).name_kana != "ア"
        assert engines.transactions_open() == 0
    db.connect()


def test_a_connection_comes_home_without_a_transaction(db):
    db.begin()
    Patron.update(name_kana="ア").execute()
    db.close()
    db.connect()
    assert not db.in_transaction()
    factories.patron()
