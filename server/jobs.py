"""The jobs of the library, on one screen: when each is due, and what it runs.

``scheduler`` only asks, every 30 seconds; the database says what is due. So a job is never lost because the process
started late, slept, or had its clock set; and nothing is done twice, because each rule does "all that is due and not
yet done".
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from library import clock, errors, metrics
from library.account import retention
from library.backups import drill
from library.calendar import before_opening
from library.counting.figures import months
from library.discovery import rankings
from library.discovery.covers import rounds as cover_rounds
from library.discovery.exchange import self_check
from library.ebooks import lending as ebook_lending, stock
from library.facts import use_facts
from library.importing import arrivals
from library.lending import notices, overdue
from library.lending.holds import cancelling, hold_shelf
from library.mail import delivery, mail_files, outbox
from library.offline import list as offline_list
from library.patrons import reset_requests
from library.patrons.family import ages
from library.reading import sdi_mails
from library.requests import arriving
from library.site import questions
from library.store import backup, database
from models import JobRun
from sending import mailer, pusher
from server.due_times import Monthly, Settings, Weekly, When

NOTED_AT_LEAST_EVERY = timedelta(minutes=10)

stopping = threading.Event()  # the server ends: no further mail is sent

log = logging.getLogger(__name__)


# -- the table -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Job:
    """A rule and when it is due. ``run(settings, now)`` counts what it did; without ``in_tick`` it has a thread of its
    own, as mail is slow.
    """

    name: str
    label: str
    when: When | Weekly | Monthly
    run: Callable[[Settings, datetime], dict[str, int]]
    in_tick: bool = True


JOBS = (
    Job("due_notices", "返却期限通知の用意", When(hour="NOTICE_HOUR"), lambda settings, now: notices.queue_due(now=now)),
    Job("overdue", "督促の用意", When(daily=True, hour="NOTICE_HOUR"), lambda settings, now: overdue.queue(now=now)),
    Job("hold_expiry", "取り置きの期限切れ", When(daily=True), lambda settings, now: hold_shelf.expire(now=now)),
    Job("hold_queue", "予約の順番の見直し", When(daily=True), lambda settings, now: hold_shelf.advance_all(now=now)),
    Job("hold_cancellations", "取り消した予約の終了", When(), lambda settings, now: cancelling.finish(now=now)),
    Job("hold_clocks", "取り置きの期限の開始", When(), lambda settings, now: hold_shelf.start_clocks(now=now)),
    Job("requests", "発注した資料の到着", When(every=timedelta(minutes=10)), lambda settings, now: arriving.catch_up(now=now)),
    Job("hold_deadlines", "受取期限のお知らせの用意", When(hour="NOTICE_HOUR"), lambda settings, now: hold_shelf.remind(now=now)),
    Job("family", "家族の年齢ごとのお知らせと終了", When(daily=True, hour="NOTICE_HOUR"), lambda settings, now: ages.run(now=now)),
    Job("sdi", "新着資料のお知らせの用意", Weekly(), lambda settings, now: sdi_mails.queue(now=now)),
    Job("resets", "パスワードの再設定のメールの用意", When(), lambda settings, now: reset_requests.mail_links(now=now)),
    Job("outbox", "メールの送信", When(), lambda settings, now: delivery.deliver(mailer.Mailer, settings, now=now,
        stop=stopping), in_tick=False),
    Job("push", "スマートフォンへの通知の送信", When(), lambda settings, now: delivery.deliver(pusher.Pusher, settings, now=now,
        stop=stopping, channel=outbox.PUSH), in_tick=False),
    Job("ebooks", "電子書籍の自動返却", When(daily=True), lambda settings, now: _return_ebooks(settings, now)),
    Job("rankings", "貸出ベストと予約ベストの用意", When(daily=True), lambda settings, now: rankings.prepare(now=now)),
    Job("discovery", "外部連携の点検", When(daily=True), lambda settings, now: self_check.run(settings, now=now),
        in_tick=False),
    Job("covers", "表紙の画像の取り寄せ", When(every=timedelta(minutes=1)),
        lambda settings, now: cover_rounds.run(settings, now=now, stop=stopping), in_tick=False),
    Job("offline_list", "非常用の一覧の用意", When(daily=True),
        lambda settings, now: offline_list.make(Path(settings["INSTANCE"]), now=now)),
    # before what erases: after a pause, the figures of its months are counted first
    Job("month_figures", "月の数字の確定", When(daily=True), lambda settings, now: months.keep(now=now)),
    Job("unlink", "返却済み貸出の匿名化", When(daily=True), lambda settings, now: _unlink(now)),
    Job("facts", "統計の記録の、古い時刻と日の消去", When(daily=True), lambda settings, now: _tend_facts(now)),
    Job("questions", "終わったレファレンスの質問の消去", When(daily=True), lambda settings, now: questions.erase_old(now=now)),
    Job("clean_up", "期限の過ぎた記録の消去", When(every=timedelta(minutes=10)),
        lambda settings, now: retention.clean_up(now=now)),
    Job("mail_files", "期限の過ぎたメールのファイルの消去", When(every=timedelta(minutes=10)),
        lambda settings, now: {"files": mail_files.sweep(settings, outbox.erased_mails)}),
    Job("import_files", "期限の過ぎた取り込みのファイルの消去", When(every=timedelta(minutes=10)),
        lambda settings, now: {"files": arrivals.sweep(Path(settings["INSTANCE"]))}),
    Job("backup", "データベースの控え", When(daily=True), lambda settings, now: _back_up(settings, now)),
    Job(drill.JOB, "控えから戻す訓練", Monthly(after="backup", hour=5),
        lambda settings, now: drill.try_newest(settings, now=now).counts, in_tick=False),
)  # fmt: skip


def _return_ebooks(settings: Settings, now: datetime) -> dict[str, int]:
    folder = Path(settings["INSTANCE"]) / stock.FOLDER
    return ebook_lending.end_all_over(now=now) | stock.sweep(folder) | stock.reread_accessibility(folder)


def _back_up(settings: Settings, now: datetime) -> dict[str, int]:
    """Remove all copies whose time is over; then make that of the day, which may fail."""
    drill.remove_leftovers(Path(settings["INSTANCE"]))
    replaced = backup.remove_replaced(database.file_of(settings["DATABASE_URL"]), now=now)
    counts = backup.nightly(backup.folder(settings["INSTANCE"]), now=now)
    return counts | {"removed": counts["removed"] + replaced}


def _unlink(now: datetime) -> dict[str, int]:
    """Unlink returned loans; after it, not even the bytes of the database's files tell who borrowed what."""
    counts = retention.unlink_returned(now=now)
    database.empty_log()
    return counts


def _tend_facts(now: datetime) -> dict[str, int]:
    """Coarsen what is old; a library that counts nothing yet counts from its first day on."""
    with database.writing():
        use_facts.begin(clock.day_of(now))
    return use_facts.coarsen(now=now)


# those whose rules queue mails, of which the first after an opening are worked out
QUEUEING = "due_notices overdue hold_expiry hold_queue hold_cancellations hold_clocks hold_deadlines family sdi".split()


def rehearse(settings: Settings, *, now: datetime) -> None:
    """Queue the mails of the jobs that are due at a moment, without noting that they ran: in a transaction that is
    taken back.
    """
    runs = {row.name: row for row in JobRun.select()}
    for job in JOBS:
        if job.name in QUEUEING and job.when.is_due(runs.get(job.name), settings, now):
            job.run(settings, now)


# -- running them ----------------------------------------------------------------------------------------------------
def run(name: str, *, now: datetime, settings: Settings) -> dict[str, int]:
    """Run one job now, whether due or not, and return its counts. KeyError for a name that does not exist; an error is
    recorded and raised. Raises: MovingIn.
    """
    job = by_name(name)
    _require_open(job, now)
    return _run(job, settings, now)


def _require_open(job: Job, now: datetime) -> None:
    """Refuse while the library moves in (移行) what waits for the opening. Raises: MovingIn."""
    if job.name not in before_opening.JOBS_THAT_GO_ON:
        before_opening.require_open(now=now)


def tick(settings: Settings, *, now: datetime) -> None:
    """Run every job that is due. One that fails is recorded and does not keep the others."""
    for job in JOBS:
        if job.in_tick:
            attempt(job, settings, now=now)


def attempt(job: Job, settings: Settings, *, now: datetime, asked: bool = False) -> None:
    """Run the job if it is due, or was asked for; an error is logged and recorded, not raised. What another process has
    taken over is left to it.
    """
    try:
        if asked or job.when.is_due(JobRun.get_or_none(JobRun.name == job.name), settings, now):
            _require_open(job, now)
            _run(job, settings, now)
    except (errors.MovingIn, errors.DrillRuns):
        pass  # it is done when the library opens, or the drill that somebody began is over: at one of the next ticks
    except database.TermOver as over:
        log.warning("job %s: %s", job.name, over)
    except Exception:  # whatever went wrong in one job, the scheduler goes on
        log.exception("job %s failed", job.name)


def run_now(name: str, settings: Settings, *, now: datetime) -> None:
    """Run one job to its end because somebody asked; an error of it is written down, not raised. Raises: MovingIn;
    KeyError for a name that does not exist.
    """
    job = by_name(name)
    _require_open(job, now)
    attempt(job, settings, now=now, asked=True)


def overview(settings: Settings, *, now: datetime) -> list[dict[str, Any]]:
    """Return every job with its last run, for people: when, how long, what, the last error, and whether it is due."""
    runs = {row.name: row for row in JobRun.select()}
    return [_line(job, runs.get(job.name), settings, now) for job in JOBS]


def daily() -> list[str]:
    """Return the names of the jobs that are done once a day."""
    return [job.name for job in JOBS if isinstance(job.when, When) and job.when.daily]


def by_name(name: str) -> Job:
    return {job.name: job for job in JOBS}[name]


def _run(job: Job, settings: Settings, now: datetime) -> dict[str, int]:
    begun = time.monotonic()
    try:
        counts = job.run(settings, now)
    except (database.TermOver, errors.DrillRuns):
        raise  # nothing of it was done, and nothing failed
    except Exception as error:
        words = f"{type(error).__name__}: {error}"[:250]
        metrics.job_failures.labels(job.name).inc()
        failed = {"finished_at": None, "last_error": words, "failed_at": now, "failures": JobRun.failures + 1}
        _note(job, {"started_at": now} | failed)
        raise
    took = timedelta(seconds=time.monotonic() - begun)
    _note_run(job, counts, now, took)
    return counts


def _note_run(job: Job, counts: dict[str, int], now: datetime, took: timedelta) -> None:
    last = JobRun.get_or_none(JobRun.name == job.name)
    done = {name: number for name, number in counts.items() if number}
    if not done and _noted_lately(job, last, now):
        return
    columns = {"day": clock.day_of(now), "started_at": now, "finished_at": now + took, "counts": counts}
    _note(job, columns | {"last_error": "", "failed_at": None, "succeeded_at": now + took, "failures": 0})
    if done and (last is None or counts != last.counts):
        log.info("job %s %s", job.name, " ".join(f"{name}={number}" for name, number in done.items()))


def _noted_lately(job: Job, last: JobRun | None, now: datetime) -> bool:
    """Tell whether a run that had nothing to do was noted minutes ago: it spares the disk a write each 30 seconds."""
    if job.when.is_rare or last is None or last.last_error:
        return False
    return abs(now - last.started_at) < NOTED_AT_LEAST_EVERY


def _note(job: Job, columns: dict[str, Any]) -> None:
    with database.writing():
        if not JobRun.update(columns).where(JobRun.name == job.name).execute():
            JobRun.create(
                name=job.name,
                **columns | {"failures": int("failed_at" in columns and columns["failed_at"] is not None)},
            )


def _line(job: Job, last: JobRun | None, settings: Settings, now: datetime) -> dict[str, Any]:
    return {
        "name": job.name,
        "label": job.label,
        "when": job.when.words(settings),
        "due": job.when.is_due(last, settings, now),
        "next_run": job.when.next_at(last, settings, now),
        "last_run": last and last.started_at,
        "seconds": last and last.finished_at and (last.finished_at - last.started_at).total_seconds(),
        "counts": last.counts if last else {},
        "last_error": last.last_error if last else "",
        "failed_at": last and last.failed_at,
    }
