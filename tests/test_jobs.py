import re
import threading
import time
from datetime import date, timedelta

import pytest

from library import clock, policy, wording
from library.lending import loans
from library.mail import outbox
from library.store import database, locks
from models import JobRun, Loan, OutboxMail, database as connection
from server import jobs, scheduler as scheduling
from tests import factories, smtp_server

TODAY = date(2026, 11, 25)
MISSING = "no such table|does not exist"  # in each engine's words


@pytest.fixture
def scheduler(app, settings):
    """``scheduler()`` starts one that ticks ten times a second; all are over at the end. No drill is due: that is a
    process of its own.
    """
    started, others = [], set(threading.enumerate())
    JobRun.create(name="drill", day=clock.today(), started_at=clock.now(), succeeded_at=clock.now())

    def start(**more):
        app.config.update(settings | more)
        started.append(scheduling.start(app, seconds=0.1))
        return started[-1]

    yield start
    for one in started:
        one.stop()
    wait_until(lambda: others.issuperset(threading.enumerate()), seconds=60)
    jobs.stopping.clear()  # the server did not end with it


def wait_until(true, seconds=10):
    """The schedulers are threads and have their own time; nothing here depends on how long it takes."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen"
        threading.Event().wait(0.02)


def put(key="a"):
    with database.writing():
        outbox.put("test", key, address="abc@example.jp", now=clock.now())


def due_tomorrow():
    patron = factories.patron()
    factories.address(patron)
    factories.preference(patron, to_pc=True, active=True)
    return factories.loan(patron, TODAY + timedelta(days=1))


def tick(settings, hour=10, minute=0, day=TODAY):
    jobs.tick(settings, now=clock.at(day, hour, minute))


def last(name):
    return JobRun.get_or_none(JobRun.name == name)


# -- what is due -----------------------------------------------------------------------------------------------------
def test_the_days_notices_are_queued_from_the_hour_of_the_setting(settings):
    due_tomorrow()
    tick(settings, 7, 59)
    assert OutboxMail.select().count() == 0
    tick(settings, 8)
    assert OutboxMail.select().count() == 1
    tick(settings, 8, 1)
    assert OutboxMail.select().count() == 1


def test_a_process_that_starts_late_does_what_was_missed(settings):
    due_tomorrow()
    tick(settings, 22)
    assert last("due_notices").counts == {"patrons": 1, "mails": 1, "loans": 1}


def test_returned_loans_are_unlinked_once_the_day_is_over(settings):
    loan = due_tomorrow()
    tick(settings)
    loans.give_back(loan, today=TODAY)
    tick(settings, 23, 59)
    assert Loan.get().patron is not None
    tick(settings, 0, 0, TODAY + timedelta(days=1))
    assert Loan.get().patron is None


def test_a_daily_job_runs_once_a_day_also_when_the_clock_was_wrong(settings):
    for day in (TODAY, TODAY + timedelta(days=400), TODAY):
        tick(settings, day=day)
        assert last("unlink").day == day


def test_a_clock_set_back_stops_no_job(settings):
    tick(settings, 12)
    tick(settings, 8)
    assert last("clean_up").started_at == clock.at(TODAY, 8)


def test_a_job_that_fails_is_recorded_and_keeps_no_other_from_running(settings, caplog):
    due_tomorrow()
    connection.execute_sql("ALTER TABLE draft RENAME TO elsewhere")
    tick(settings)
    failed = last("clean_up")
    assert re.search(MISSING, failed.last_error)
    assert failed.failed_at == clock.at(TODAY, 10)
    assert last("mail_files").last_error == ""
    assert last("rankings").last_error == ""
    assert "job clean_up failed" in caplog.text


def test_a_failed_job_is_tried_again_after_ten_minutes_and_its_error_goes(settings):
    connection.execute_sql("ALTER TABLE draft RENAME TO elsewhere")
    tick(settings)
    connection.execute_sql("ALTER TABLE elsewhere RENAME TO draft")
    tick(settings, 10, 9)
    assert last("clean_up").last_error
    tick(settings, 10, 10)
    assert (last("clean_up").last_error, last("clean_up").failed_at) == ("", None)


def test_a_run_with_nothing_to_do_is_noted_every_ten_minutes(settings):
    tick(settings, 10, 0)
    tick(settings, 10, 9)
    assert last("due_notices").started_at == clock.at(TODAY, 10, 0)
    tick(settings, 10, 10)
    assert last("due_notices").started_at == clock.at(TODAY, 10, 10)


def test_every_job_can_be_run_by_hand_and_there_are_words_for_what_it_counts(settings):
    due_tomorrow()
    for job in jobs.JOBS:
        assert jobs.run(job.name, settings=settings, now=clock.at(TODAY, 3)).keys() <= wording.COUNTED.keys(), job.name
    assert OutboxMail.get().state == "sent"
    with pytest.raises(KeyError):
        jobs.run("nothing", settings=settings, now=clock.now())


def test_a_job_that_fails_by_hand_says_so(settings):
    connection.execute_sql("ALTER TABLE draft RENAME TO elsewhere")
    with pytest.raises(Exception, match=MISSING):
        jobs.run("clean_up", settings=settings, now=clock.now())
    assert last("clean_up").last_error


def test_the_overview_tells_of_every_job(settings):
    assert {line["last_run"] for line in jobs.overview(settings, now=clock.now())} == {None}
    tick(settings)
    lines = {line["name"]: line for line in jobs.overview(settings, now=clock.at(TODAY, 10))}
    assert list(lines) == [job.name for job in jobs.JOBS]
    assert lines["due_notices"]["when"] == "30秒ごと（8時から）"
    assert lines["unlink"] | {"seconds": 0} == {
        "name": "unlink", "label": "返却済み貸出の匿名化", "when": "毎日", "due": False, "last_run": clock.at(TODAY, 10),
        "seconds": 0, "counts": {"loans": 0}, "last_error": "", "failed_at": None,
        "next_run": clock.at(TODAY + timedelta(days=1)),
    }  # fmt: skip


def test_the_overview_tells_when_each_job_is_next(settings):
    def next_runs(now):
        return {line["name"]: line["next_run"] for line in jobs.overview(settings, now=now)}

    settings["NOTICE_HOUR"] = 8
    early, later = clock.at(TODAY, 5), clock.at(TODAY, 9)
    assert (next_runs(early)["overdue"], next_runs(early)["hold_queue"]) == (clock.at(TODAY, 8), early)
    jobs.tick(settings, now=later)
    told = next_runs(later)
    tomorrow = TODAY + timedelta(days=1)
    assert (told["overdue"], told["hold_queue"]) == (clock.at(tomorrow, 8), clock.at(tomorrow))
    assert (told["clean_up"], told["hold_clocks"]) == (later + timedelta(minutes=10), later)


# -- what makes them run ---------------------------------------------------------------------------------------------
def test_a_scheduler_starts_at_once_and_goes_on(settings, scheduler):
    put("a")
    running = scheduler()
    wait_until(lambda: OutboxMail.select().where(OutboxMail.state == "sent").count() == 1)
    put("b")
    wait_until(lambda: OutboxMail.select().where(OutboxMail.state == "sent").count() == 2)
    assert running.last_tick() < 5


def test_only_one_of_two_does_the_jobs_and_the_other_takes_over(settings, scheduler):
    first = scheduler()
    wait_until(lambda: first._lock.is_taken)
    second = scheduler()
    wait_until(lambda: second.last_tick() < 0.1)
    assert not second.is_runner()
    first.stop()
    wait_until(lambda: second._lock.is_taken)


def test_a_clock_set_back_stops_the_tick_for_a_moment_only(settings, scheduler, caplog):
    running = scheduler()
    wait_until(lambda: last("outbox") and last("backup"))  # the first turns are over
    for job in running._scheduler.get_jobs():  # as it is for APScheduler when the clock goes back by two hours
        running._scheduler.modify_job(job.id, next_run_time=job.next_run_time + timedelta(hours=2))
    put()
    wait_until(lambda: OutboxMail.get().state == "sent")
    assert "the clock was set back" in caplog.text


def test_a_mail_server_that_hangs_stops_neither_the_tick_nor_the_end(settings, scheduler, tmp_path, monkeypatch):
    monkeypatch.setattr(scheduling, "STOP_SECONDS", 0.3)
    put()
    with smtp_server.running(tmp_path, "hang") as server:
        running = scheduler(MAIL_SERVER="127.0.0.1", MAIL_PORT=server.port, MAIL_TIMEOUT=600)
        wait_until(server.connections)
        due_tomorrow()
        wait_until(lambda: OutboxMail.select().where(OutboxMail.kind == "due").exists())
        assert running.last_tick() < 5
        began = time.monotonic()
        running.stop()
        assert time.monotonic() - began < 5
    assert server.connections() == [1]


def test_stopping_waits_for_the_mail_in_flight(settings, scheduler, tmp_path):
    for number in range(50):
        put(number)
    with smtp_server.running(tmp_path) as server:
        running = scheduler(MAIL_SERVER="127.0.0.1", MAIL_PORT=server.port)
        wait_until(server.accepted)
        running.stop()
        sent = OutboxMail.select().where(OutboxMail.state == "sent").count()
        assert len(server.accepted()) == sent
        assert OutboxMail.select().where(OutboxMail.state == "sending").count() == 0


def test_stopping_leaves_no_turn_waiting_and_no_lock_taken(settings, scheduler, monkeypatch):
    """One that had just begun would else keep the process from ending, or another from taking over."""
    asked, answer = threading.Event(), threading.Event()
    monkeypatch.setattr(scheduling, "STOP_SECONDS", 0.1)
    running = scheduler()
    wait_until(running.is_runner)
    take = running._lock.acquire
    monkeypatch.setattr(running._lock, "acquire", lambda: asked.set() or (answer.wait(30) and take()))
    wait_until(asked.is_set)
    stopper = threading.Thread(target=running.stop)
    stopper.start()
    stopper.join(0.5)
    answer.set()
    stopper.join(10)
    assert not running.is_runner()  # and that no thread stays, the fixture's end tells


def test_the_command_waits_for_a_server_that_delivers(settings, run, tmp_path):
    put()
    lock = locks.lease("outbox", tmp_path)
    assert lock.acquire()
    assert jobs.run("outbox", settings=settings, now=clock.now()) == {"busy": 1}
    threading.Timer(0.3, lock.release).start()
    assert "送信 1" in run("outbox", "deliver").stdout


# -- once a week -----------------------------------------------------------------------------------------------------
def new_title_for_somebody():
    patron = factories.patron()
    factories.address(patron)
    factories.preference(patron, "sdi", to_pc=True)
    factories.condition(patron)
    factories.catalogued("猫の町", accession_date=TODAY)


FRIDAY = date(2026, 11, 27)
WEEK = timedelta(days=7)


def queued_a_mail(settings, hour, day):
    """Tell if a tick at that hour of that day queued a mail about a new title."""
    before = OutboxMail.select().count()
    factories.catalogued("猫の町", accession_date=day)
    tick(settings, hour, day=day)
    return OutboxMail.select().count() > before


def test_new_titles_are_told_on_the_day_and_from_the_hour_that_the_library_set(settings, moved_clock):
    moved_clock.now = clock.at(TODAY)
    new_title_for_somebody()
    assert [queued_a_mail(settings, 23, FRIDAY - timedelta(days=1)), queued_a_mail(settings, 6, FRIDAY)] == [
        False,
        False,
    ]
    assert [queued_a_mail(settings, 7, FRIDAY), queued_a_mail(settings, 8, FRIDAY)] == [True, False]
    assert [queued_a_mail(settings, 8, FRIDAY + timedelta(days=day)) for day in range(1, 8)] == [False] * 6 + [True]
    policy.put("sdi_day", "火")
    policy.put("sdi_hour", 21)
    tuesday = FRIDAY + WEEK + timedelta(days=4)
    assert [queued_a_mail(settings, 20, tuesday), queued_a_mail(settings, 21, tuesday)] == [False, True]


def test_a_week_that_was_missed_is_caught_up_on_the_next_day_and_once(settings, moved_clock):
    moved_clock.now = clock.at(TODAY)
    new_title_for_somebody()
    assert queued_a_mail(settings, 7, FRIDAY)
    sunday = FRIDAY + WEEK + timedelta(days=2)
    assert [queued_a_mail(settings, 3, sunday), queued_a_mail(settings, 9, sunday + timedelta(days=1))] == [True, False]
    assert queued_a_mail(settings, 7, FRIDAY + 2 * WEEK)


def test_a_week_that_failed_is_tried_again_soon(settings, moved_clock):
    moved_clock.now = clock.at(TODAY)
    new_title_for_somebody()
    connection.execute_sql("ALTER TABLE sdi_title RENAME TO away")
    tick(settings, 7, day=FRIDAY)
    assert last("sdi").last_error
    connection.execute_sql("ALTER TABLE away RENAME TO sdi_title")
    tick(settings, 7, 5, day=FRIDAY)
    assert OutboxMail.select().count() == 0
    assert line(settings, "sdi", clock.at(FRIDAY, 7, 5))["next_run"] == clock.at(FRIDAY, 7, 10)
    tick(settings, 7, 10, day=FRIDAY)
    assert OutboxMail.select().count() == 1
    assert line(settings, "sdi", clock.at(FRIDAY, 8))["next_run"] == clock.at(FRIDAY + WEEK, 7)
    assert line(settings, "sdi", clock.at(FRIDAY, 8))["when"] == "毎週金曜日（7時から）"


def line(settings, name, now):
    return next(job for job in jobs.overview(settings, now=now) if job["name"] == name)
