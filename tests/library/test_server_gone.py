"""A database server that is gone, comes back, or is kept busy: who is told what, who waits, and for how long."""

import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import peewee
import pytest

from library.mail import delivery, outbox
from library.store import database, server
from models import OutboxMail, Setting, database as connection
from tests import offices

NOWHERE = "postgresql:///library?host=/nowhere"


@pytest.fixture
def gone(app, db, signed_in, monkeypatch):
    """Somebody signed in; then the server is gone. ``gone()`` brings it back."""
    monkeypatch.setattr(app, "testing", False)
    signed_in.token = re.search(r'name="csrf_token" value="([^"]+)"', signed_in.client.get("/my/profile").text)[1]
    database.open_database(NOWHERE)

    def back():
        connection.initialize(db)

    yield back
    back()
    connection.connect(reuse_if_open=True)


# -- what people see -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("address", ["/", "/login", "/search?q=a", "/my/", "/desk/", "/titles/1", "/api/nothing"])
def test_every_page_says_that_it_can_not_be_used_now_and_works_when_the_server_is_back(gone, signed_in, address):
    answer = signed_in.client.get(address)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "ただいまご利用いただけません" in answer.text and "nowhere" not in answer.text
    gone()
    assert signed_in.client.get("/my/").status_code == 200


def test_a_form_comes_back_filled_to_be_sent_again(gone, signed_in):
    fields = {"csrf_token": signed_in.token, "email1": "hanako@example.jp", "new_password": "geheim"}
    answer = signed_in.client.post("/my/profile", data=fields)
    assert answer.status_code == 503
    assert "もう一度送信する" in answer.text
    assert 'value="hanako@example.jp"' in answer.text and "geheim" not in answer.text


def test_a_patron_who_signs_out_is_signed_out_and_the_session_is_refused_when_the_server_is_back(app, gone, signed_in):
    thief = app.test_client()
    thief.set_cookie("session", signed_in.client.get_cookie("session").value)
    answer = signed_in.client.post("/logout", data={"csrf_token": signed_in.token})
    assert answer.status_code == 303
    assert "cache" in answer.headers["Clear-Site-Data"]
    gone()
    assert signed_in.client.get("/my/").status_code == 303
    assert thief.get("/my/").status_code == 303


def test_watching_programs_are_told(gone, signed_in):
    for address in ("/healthz", "/readyz", "/metrics"):
        assert signed_in.client.get(address).status_code == 503, address


# -- who waits -------------------------------------------------------------------------------------------------------
def test_all_who_wait_for_a_server_that_does_not_answer_are_told_at_once(db):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        asked = server.opened(f"postgresql://it@127.0.0.1:{silent.getsockname()[1]}/it?connect_timeout=2")

        def ask(_):
            with pytest.raises(peewee.OperationalError):
                asked.connect()

        began = time.monotonic()
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(ask, range(8)))
        assert time.monotonic() - began < 6  # one after the other: 16


def test_a_transaction_that_was_left_open_takes_no_connection_of_others_with_it(db):
    def look():
        with db.connection_context():
            return Setting.select().count()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(look).result()
    db.atomic().__enter__()
    database.put_back()
    assert db.is_closed() and not db.in_transaction()
    assert len(db._connections) == 1
    db.connect()


@pytest.fixture
def other(db):
    """Another connection to the same server."""
    import psycopg

    with psycopg.connect(db.database, autocommit=True) as there:
        yield there


def end_all(other):
    """End all connections but this one, as a restart does."""
    other.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


@pytest.mark.postgresql
def test_after_a_restart_the_first_who_asks_is_answered(db, other):
    db.close()
    end_all(other)
    with db.connection_context():
        assert Setting.select().count() == 0


@pytest.mark.postgresql
def test_a_commit_that_broke_is_in_doubt_and_a_statement_that_broke_is_not(db, other):
    with pytest.raises(server.InDoubt), database.writing():
        Setting.create(name="a", value="1")
        end_all(other)
    database.put_back()
    db.connect()
    with pytest.raises(peewee.OperationalError) as broken, database.writing():
        end_all(other)
        Setting.create(name="a", value="1")
    assert not isinstance(broken.value, server.InDoubt)
    database.put_back()
    db.connect()
    assert Setting.select().count() == 0


@pytest.mark.postgresql
def test_a_mail_that_was_being_made_when_the_server_went_away_is_not_put_off(db, other, moved_clock, settings):
    with database.writing():
        outbox.put("test", "a", address="abc@example.jp", now=moved_clock.now)

    def letter(row):
        end_all(other)
        return Setting.select().count()

    with pytest.raises(peewee.OperationalError):
        delivery.deliver(lambda _: offices.Office(letter=letter), settings, now=moved_clock.now)
    database.put_back()
    db.connect()
    assert OutboxMail.get().next_try_at == moved_clock.now


@pytest.mark.postgresql
def test_a_writer_waits_for_the_turn_and_counters_do_not(db, other):
    db.execute_sql("SET lock_timeout = '100ms'")
    with other.transaction():
        other.execute("SELECT pg_advisory_xact_lock(%s)", (server.WRITING,))
        with database.writing_counters():
            Setting.create(name="a", value="1")
        with database.one_statement():
            Setting.update(value="2").where(Setting.name == "a").execute()
        with pytest.raises(peewee.OperationalError), database.writing():
            pass
    with database.writing(), database.writing_counters():
        Setting.create(name="b", value="1")
    with other.transaction():
        other.execute("SELECT pg_advisory_xact_lock(%s)", (server.COUNTING,))
        with pytest.raises(peewee.OperationalError), database.writing_counters():
            pass
    assert Setting.get(Setting.name == "a").value == "2"


@pytest.mark.postgresql
def test_a_writer_who_stands_still_in_a_transaction_loses_it_and_keeps_nobody_out(db, other):
    assert db.execute_sql("SHOW idle_in_transaction_session_timeout").fetchone() == ("1min",)
    assert db.execute_sql("SHOW lock_timeout").fetchone() == ("10s",)
    db.execute_sql("SET idle_in_transaction_session_timeout = '200ms'")
    other.execute("SET lock_timeout = '10s'")
    with pytest.raises(database.NOT_NOW), database.writing():
        Setting.create(name="a", value="1")
        other.execute("SELECT pg_advisory_lock(%s)", (server.WRITING,))  # waits until it is free
    database.put_back()
    db.connect()
    assert Setting.select().count() == 0
