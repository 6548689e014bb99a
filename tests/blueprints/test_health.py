"""For programs that watch the server: /healthz, /readyz and /metrics, who may read the numbers, and that no person is
in them.
"""

import contextlib
import os
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import request

from library import clock
from library.health import state
from library.lending import loans
from library.mail import outbox
from library.store import backup, database
from models import Branch, JobRun, OutboxMail, database as connection
from server import jobs, watcher as watching
from tests import engines, factories

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


class Ticking:
    """A scheduler that last ticked so many seconds ago."""

    def __init__(self, seconds, *, runner=True):
        self.seconds, self.runner = seconds, runner

    def last_tick(self):
        return self.seconds

    def is_runner(self):
        return self.runner


@pytest.fixture
def watcher(app, db, moved_clock):
    """The watcher of a library where all is well: a write came through, jobs were looked at, there is a
    copy of today.
    """
    app.extensions["watcher"] = watcher = watching.Watcher(app, Ticking(12))
    backup.nightly(backup.folder(app.config["INSTANCE"]), now=clock.now())
    write(watcher)
    return watcher


def write(watcher):
    """Try to write, as the thread does, which gives its connection back."""
    watcher.try_to_write(now=clock.now())
    connection.connect(reuse_if_open=True)


@pytest.fixture
def room(monkeypatch):
    """``room(bytes)``: so much is free on every disk."""

    def leave(free):
        monkeypatch.setattr(state.shutil, "disk_usage", lambda _: type("Usage", (), {"free": free}))

    leave(10_000_000_000)
    return leave


def ready(browse, **more):
    answer = browse.get("/readyz", **more)
    return answer.status_code, answer.json


# -- live ------------------------------------------------------------------------------------------------------------
def test_it_lives_while_the_database_is_read(browse, db):
    answer = browse.get("/healthz")
    assert answer.status_code == 200
    assert answer.json["database"] == "ok"


def test_it_is_503_after_three_minutes_without_a_tick(app, browse, watcher):
    assert browse.get("/healthz").status_code == 200
    app.extensions["watcher"] = watching.Watcher(app, Ticking(181))
    assert browse.get("/healthz").status_code == 503


# -- ready -----------------------------------------------------------------------------------------------------------
def test_a_library_where_all_is_well_is_ok(browse, watcher, room):
    status, fields = ready(browse)
    assert (status, fields["status"]) == (200, "ok")
    assert fields["tick_age"] == 12
    assert fields["runner"] is True
    assert fields["outbox_age"] is None
    assert 0 <= fields["write"] < state.WRITE_WITHIN
    assert set(fields) == {"status", "write", "disk_free", "outbox_age", "job_age", "backup_age", "drill_age",
        "tick_age", "runner", "version"}  # fmt: skip


def test_it_fails_before_the_first_write_and_where_writes_fail(app, browse, watcher, room, db):
    app.extensions["watcher"] = fresh = watching.Watcher(app, Ticking(1))
    assert ready(browse)[0] == 503
    with engines.inserts_refused("setting", "disk is full"):
        write(fresh)
        assert ready(browse)[1]["status"] == "fail"
    write(fresh)
    assert ready(browse)[0] == 200


def test_a_write_that_hangs_fails_before_it_is_over(watcher, moved_clock, monkeypatch):
    entered = []

    @contextlib.contextmanager
    def late():
        entered.append(watcher.write())
        yield

    now = iter([0.0, 2.5, 2.6, 9.0])
    monkeypatch.setattr(watching, "time", SimpleNamespace(monotonic=lambda: next(now)))
    monkeypatch.setattr(watching.database, "writing", late)
    write(watcher)
    assert entered == [None]


@pytest.mark.parametrize(
    ("free", "status", "word"),
    [(49_999_999, 503, "fail"), (50_000_000, 200, "warn"), (499_999_999, 200, "warn"), (500_000_000, 200, "ok")],
)
def test_it_goes_by_the_room_that_is_left(browse, watcher, room, free, status, word):
    room(free)
    assert ready(browse) == (status, ready(browse)[1])
    assert ready(browse)[1]["status"] == word


def test_it_fails_without_a_tick_where_jobs_run(app, browse, watcher, room):
    app.extensions["watcher"] = late = watching.Watcher(app, Ticking(181))
    write(late)
    assert ready(browse)[0] == 503
    app.extensions["watcher"] = elsewhere = watching.Watcher(app)
    write(elsewhere)
    assert ready(browse)[0] == 200
    assert ready(browse)[1]["tick_age"] is None


def test_another_process_tells_of_the_one_that_runs_the_jobs(app, browse, watcher, room, moved_clock):
    app.extensions["watcher"] = other = watching.Watcher(app, Ticking(3, runner=False))
    write(other)
    fields = ready(browse)[1]
    assert (fields["runner"], fields["tick_age"], fields["status"]) == (True, 12, "ok")
    moved_clock.now += timedelta(seconds=169)
    fields = ready(browse)[1]
    assert (fields["runner"], fields["tick_age"], fields["status"]) == (False, 181, "fail")


def test_a_mail_that_is_due_for_an_hour_warns(browse, watcher, room, moved_clock):
    with database.writing():
        outbox.put("test", "a", address="a@example.jp", now=clock.now())
    moved_clock.now += timedelta(hours=1)
    assert ready(browse)[1]["status"] == "ok"
    moved_clock.now += timedelta(seconds=1)
    assert ready(browse)[1]["status"] == "warn"
    OutboxMail.update(state="sent").execute()
    assert ready(browse)[1]["status"] == "ok"


def test_a_daily_job_that_last_succeeded_26_hours_ago_warns(app, browse, watcher, room, moved_clock):
    jobs.run("unlink", now=clock.now(), settings=app.config)
    moved_clock.now += timedelta(hours=26)
    assert ready(browse)[1]["status"] == "ok"
    moved_clock.now += timedelta(minutes=1)
    assert ready(browse)[1]["status"] == "warn"
    assert ready(browse)[1]["job_age"] == pytest.approx(26 * 3600 + 60, abs=5)


def test_a_copy_of_36_hours_warns_and_so_does_none(app, browse, watcher, room, moved_clock):
    copy = backup.newest(backup.folder(app.config["INSTANCE"]))
    made_at = clock.now().timestamp()
    os.utime(copy, (made_at, made_at))
    moved_clock.now += timedelta(hours=36)
    assert ready(browse)[1]["status"] == "ok"
    moved_clock.now += timedelta(seconds=1)
    assert ready(browse)[1]["status"] == "warn"
    copy.unlink()
    assert ready(browse)[1]["status"] == "warn"
    assert ready(browse)[1]["backup_age"] is None


# -- who may read ----------------------------------------------------------------------------------------------------
def test_others_see_the_status_alone_and_no_metrics(browse, watcher, room):
    assert ready(browse, environ_overrides=ELSEWHERE) == (200, {"status": "ok"})
    assert browse.get("/metrics", environ_overrides=ELSEWHERE).status_code == 404


def test_a_network_and_a_token_open_the_numbers(app, browse, watcher, room):
    app.config["METRICS_ALLOW"] = "203.0.113.0/24"
    assert "write" in ready(browse, environ_overrides=ELSEWHERE)[1]
    app.config["METRICS_ALLOW"] = ""
    assert "write" not in ready(browse)[1]
    for token, wanted in (("", 404), ("secret", 200)):
        app.config["METRICS_TOKEN"] = token
        answer = browse.get("/metrics", headers={"Authorization": f"Bearer {token}"}, environ_overrides=ELSEWHERE)
        assert answer.status_code == wanted
    for wrong in ("Bearer", "Bearer ", "Bearer secre", "Basic secret", "secret", "Bearer ひみつ"):
        headers = {"Authorization": wrong.encode().decode("latin-1")}
        assert browse.get("/metrics", headers=headers, environ_overrides=ELSEWHERE).status_code == 404


# -- metrics ---------------------------------------------------------------------------------------------------------
def numbers(browse):
    """{sample: value}."""
    lines = browse.get("/metrics").text.splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}


def test_the_names_are_those_of_the_guide(app, browse, watcher, room):
    jobs.run("unlink", now=clock.now(), settings=app.config)
    names = set(re.findall(r"^# TYPE (\w+) ", browse.get("/metrics").text, re.M))
    assert names == {
        f"madoguchi_{name}"
        for name in (
            "request_seconds", "rule_seconds", "sign_ins_total", "mails_total", "pushes_total", "outbox_oldest_seconds",
            "job_success_timestamp", "job_failures_total",
            "backup_age_seconds", "drill_age_seconds", "disk_free_bytes", "circulation_total",
        )
    }  # fmt: skip


def test_the_numbers_stay_small_when_every_rule_was_answered_with_every_status(app, browse, watcher, room):
    with app.test_request_context("/"):
        for rule in app.url_map.iter_rules():
            for status in (200, 302, 303, 401, 403, 404, 405, 409, 422, 500, 503):
                request.url_rule = rule
                app.process_response(app.response_class(status=status))
    assert len(browse.get("/metrics").data) <= 200_000


def test_requests_are_counted(app, browse, watcher, room, patron):
    branch = factories.branch()
    item = factories.item(branch=branch)

    def grown(sample, act):
        before = numbers(browse).get(sample, 0)
        act()
        return numbers(browse).get(sample, 0) - before

    sign_in = {"card": patron.card_number, "password": "wrong password"}
    browse.get("/login")
    failed = 'madoguchi_sign_ins_total{outcome="refused",who="patron"}'
    assert grown(failed, lambda: browse.post("/login", sign_in)) == 1
    lend = lambda: loans.check_out(patron, item, branch=Branch.get_by_id(branch.id), now=clock.now(), by="staff:a")  # noqa: E731
    assert grown('madoguchi_circulation_total{what="loan"}', lend) == 1
    assert grown('madoguchi_circulation_total{what="loan"}', lend) == 0
    assert grown('madoguchi_rule_seconds_count{rule="/search"}', lambda: browse.get("/search")) == 1
    assert (
        grown('madoguchi_request_seconds_count{status="200"}', lambda: browse.get("/search")) == 2
    )  # and the look itself
    assert numbers(browse)["madoguchi_disk_free_bytes"] == 10_000_000_000


def test_a_failed_job_is_counted_and_the_last_success_stays(app, browse, watcher, room, monkeypatch):
    jobs.run("unlink", now=clock.now(), settings=app.config)
    success = numbers(browse)['madoguchi_job_success_timestamp{job="unlink"}']
    assert success == pytest.approx(clock.now().timestamp(), abs=60)
    before = numbers(browse).get('madoguchi_job_failures_total{job="unlink"}', 0)
    monkeypatch.setattr(database, "empty_log", lambda: 1 / 0)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            jobs.run("unlink", now=clock.now(), settings=app.config)
    assert JobRun.get(JobRun.name == "unlink").failures == 2
    assert numbers(browse)['madoguchi_job_failures_total{job="unlink"}'] == before + 2
    assert numbers(browse)['madoguchi_job_success_timestamp{job="unlink"}'] == success


def test_no_label_names_a_person_a_title_or_an_address(browse, watcher, room, signed_in, patron):
    title = factories.title(title="ひみつの本")
    for address in (
        f"/titles/{title.id}",
        "/search?q=ひみつ",
        "/my/",
        f"/nothing/{patron.card_number}",
        "/login/reset/token123",
    ):
        browse.get(address)
    text = browse.get("/metrics").text
    assert "/titles/<row_id:title_id>" in text
    for secret in (patron.card_number, patron.name, "ひみつ", "token123", f"/titles/{title.id}"):
        assert secret not in text
