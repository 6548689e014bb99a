"""Locks of a library on a server: one does the jobs at a time, and what a former one wakes up to do is not written."""

import contextlib
import threading
import time

import pytest

from library import clock
from library.mail import delivery, outbox
from library.store import database, lease, locks, server
from models import JobRun, OutboxMail, Setting, database as connection
from server import jobs
from tests import offices, postgres

pytestmark = pytest.mark.postgresql


@pytest.fixture
def take(db, tmp_path):
    """``take(name)`` returns a new lease as another process would have it; all are released at the end."""
    with contextlib.ExitStack() as taken:

        def another(name="scheduler"):
            made = locks.lease(name, tmp_path)
            taken.callback(made.release)
            return made

        yield another


def run_out():
    """Let the terms of all leases be over."""
    connection.execute_sql("UPDATE lease SET until = now() - interval '1 second'")


def break_off(db):
    """End every other session at the server."""
    db.execute_sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )


def test_one_holds_a_lease_and_the_next_takes_it_when_it_is_released(take):
    first, second = take(), take()
    assert first.acquire() and first.acquire()
    assert not second.acquire() and not second.is_taken
    first.release()
    assert second.acquire() and second.is_taken and not first.is_taken


def test_leases_of_different_work_are_held_side_by_side(take):
    assert take("scheduler").acquire() and take("outbox").acquire()


def test_a_holder_whose_session_ended_has_lost_the_lease(take, db):
    first, second = take(), take()
    assert first.acquire()
    break_off(db)
    assert not first.is_taken
    assert second.acquire()
    assert not first.acquire()


def test_a_holder_that_stands_still_keeps_its_lease_for_a_term(take, monkeypatch):
    first, second = take(), take()
    assert first.acquire()
    run_out()
    assert not second.acquire()  # its session is younger than a term
    monkeypatch.setattr(
        lease, "_END_LATE_HOLDER", lease._END_LATE_HOLDER.replace(f"'{lease.TERM} seconds'", "'0 seconds'")
    )
    assert second.acquire()
    assert not first.is_taken


def test_nobody_is_ended_whose_term_lasts(take, monkeypatch):
    monkeypatch.setattr(
        lease, "_END_LATE_HOLDER", lease._END_LATE_HOLDER.replace(f"'{lease.TERM} seconds'", "'0 seconds'")
    )
    first, second = take(), take()
    assert first.acquire()
    assert not second.acquire() and first.is_taken


def test_a_term_is_renewed_as_long_as_its_holder_lives(take, monkeypatch):
    monkeypatch.setattr(lease, "RENEW_EVERY", 0.05)
    assert take().acquire()
    run_out()
    until = time.monotonic() + 10
    while connection.execute_sql("SELECT until < now() FROM lease").fetchone()[0]:
        assert time.monotonic() < until, "it was not renewed"
        threading.Event().wait(0.02)


def test_a_job_of_an_older_term_commits_nothing(take, db):
    first, second = take(), take()
    assert first.acquire()
    with first.term():
        with database.writing():
            Setting.create(name="before", value=1)
        break_off(db)
        assert second.acquire()
        with pytest.raises(database.TermOver), database.writing():
            Setting.create(name="after", value=1)
    with database.writing():  # who has no term, as a page, goes on
        Setting.create(name="page", value=1)
    assert {row.name for row in Setting.select()} == {"before", "page"}


def test_a_lease_taken_again_by_the_same_process_does_not_revive_its_old_job(take, db):
    only = take()
    assert only.acquire()
    with only.term():
        break_off(db)
        assert only.acquire()
        with pytest.raises(database.TermOver), database.writing():
            pass
    with only.term(), database.writing():
        Setting.create(name="new term", value=1)


def test_an_older_delivery_sends_no_further_mail_and_marks_none(take, db, settings):
    for key in ("a", "b"):
        with database.writing():
            outbox.put("test", key, address="a@example.jp", now=clock.now())
    sent = []

    def send(letter):
        sent.append(letter)
        break_off(db)
        with take("outbox") as mine:
            assert mine

    with pytest.raises(database.TermOver):
        delivery.deliver(lambda _: offices.Office(send), settings, now=clock.now())
    assert len(sent) == 1
    assert {row.state for row in OutboxMail.select()} == {"sending"}  # for who has taken over


def test_a_job_that_another_took_over_is_not_noted(take, db, settings):
    first, second = take(), take()
    assert first.acquire()
    with first.term():
        break_off(db)
        assert second.acquire()
        jobs.attempt(jobs.by_name("hold_queue"), settings, now=clock.now())
    assert not JobRun.select().exists()


def test_many_serve_at_once_and_keep_away_who_wants_the_library_alone(db, tmp_path):
    with locks.serving_lock(tmp_path, serving=True) as one, locks.serving_lock(tmp_path, serving=True) as two:
        assert one and two
        with locks.serving_lock(tmp_path) as alone:
            assert not alone
    with locks.serving_lock(tmp_path) as alone:
        assert alone
        with locks.serving_lock(tmp_path, serving=True) as serves:
            assert not serves


def test_a_lock_whose_session_broke_is_taken_anew(db, tmp_path):
    with locks.serving_lock(tmp_path, serving=True):
        lock = locks.serving_lock(tmp_path, serving=True)
        lock.acquire()
        break_off(db)
        assert not lock.is_taken and lock.acquire() and lock.is_taken
        lock.release()


# -- pools
# ---------------------------------------------------------------------------------------------------------------
class Pool:
    """A pool of transactions before the server: each statement or transaction goes through the session that is free."""

    def __init__(self, db, monkeypatch):
        self.free = [db.session_of_its_own(), db.session_of_its_own()]
        monkeypatch.setattr(db, "session_of_its_own", lambda: Client(self))

    def close(self):
        for session in self.free:
            session.close()


class Client:
    def __init__(self, pool):
        self.pool, self.mine = pool, None

    def execute(self, sql):
        if self.mine:
            return self.mine.execute(sql)
        with self.transaction():
            return self.mine.execute(sql)

    @contextlib.contextmanager
    def transaction(self):
        self.mine = self.pool.free.pop()
        try:
            yield
        finally:
            self.pool.free.append(self.mine)
            self.mine = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


def test_a_pool_of_transactions_is_refused(db, monkeypatch):
    database.require_sessions()
    with (
        contextlib.closing(Pool(connection.obj, monkeypatch)),
        pytest.raises(database.Unusable, match="pool_mode = session"),
    ):
        database.require_sessions()


def test_a_server_that_is_not_there_is_told_of(db, tmp_path):
    opened = database.open_database(postgres.SERVER.format("nowhere"))
    assert not locks.lease("scheduler", tmp_path).acquire()
    with pytest.raises(database.Unusable, match="つながりません"), database.reached():
        locks.serving_lock(tmp_path).acquire()
    assert isinstance(opened, server.Server)
