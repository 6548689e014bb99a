"""システムの状態: jobs and mails."""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, redirect, url_for
from flask_login import current_user
from peewee import fn

from library import clock, dates, errors, wording
from library.account import retention
from library.backups import drill, kept
from library.catalog.fulltext import progress
from library.discovery.covers import pictures, rounds as cover_rounds, source as cover_source
from library.health import state
from library.store import queries as stored
from models import OutboxMail
from web import access, htmx

bp = Blueprint("status", __name__)


@bp.get("")
@access.staff_required
def index() -> access.Reply:
    """Show the jobs with their last run and their next, and the mails by state."""
    return _page()


def _page(status: int = 200, refused: str = "") -> access.Reply:
    counts = dict(
        stored.tuples(OutboxMail.select(OutboxMail.state, fn.count(OutboxMail.id)).group_by(OutboxMail.state))
    )
    return htmx.page(
        "desk/status/index.html",
        status,
        refused=refused,
        now=clock.now(),
        mails=[{"label": label, "count": counts.get(state, 0)} for state, label in wording.MAIL_STATES.items()],
        copies=_copies(),
        covers=_covers(),
        erased_soon=_erased_soon(),
        indexing=progress.outlook(now=clock.now()),
        jobs=[_job(line) for line in _jobs()],
        runs_here=bool(current_app.config["JOBS"]),
        may_run=current_user.staff.role == "admin",
    )


def _erased_soon() -> dict | None:
    count, first = retention.cards_soon(now=clock.now())
    return {"count": f"{count:,}", "first": dates.with_weekday(first)} if first else None


def _copies() -> dict:
    """Return the newest nightly copy, the last drill, and the copies out of reach."""
    now = clock.now()
    age, tried = state.backup_age(current_app.config, now=now), drill.last()
    return {
        "made_at": None if age is None else now - timedelta(seconds=age),
        "is_late": age is None or age > state.BACKUP_WARNS.total_seconds(),
        "tried_at": tried.succeeded_at,
        "failed": bool(tried.error),
        "is_bad": tried.is_bad(now=now),
        "red_after": drill.RED_AFTER.days,
        "kept": [(each.name, each.at, each.is_late(now=now)) for each in kept.every(current_app.config["INSTANCE"])],
    }


def _covers() -> dict | None:
    """Return the numbers of cover pictures and the state of their source; None where covers are drawn."""
    if not current_app.config["COVERS_URL"]:
        return None
    source, (pictured, size, absent) = cover_source.read(), pictures.counts()
    return {
        "host": urlsplit(current_app.config["COVERS_URL"]).hostname,
        "pictured": pictured,
        "megabytes": round(size / 1_000_000),
        "most": pictures.MOST // 1_000_000,
        "is_full": pictures.is_full(size),
        "absent": absent,
        "left": source.left,
        "hours": source.left // (cover_rounds.ROUND * 60),
        "fault": source.fault,
        "rests_until": source.resting_until(clock.now()),
    }


def _jobs() -> list[dict]:
    return current_app.extensions["jobs"].overview(current_app.config, now=clock.now())


@bp.post("/<name>")
@access.staff_required(role="admin")
def run_job(name: str) -> access.Reply:
    """いま動かす: run one job, due or not; its row tells its end."""
    if name not in {line["name"] for line in _jobs()}:
        abort(404)
    try:
        current_app.extensions["jobs"].run_now(name, current_app.config, now=clock.now())
    except errors.MovingIn as refusal:
        return _page(422, refusal.sentence)
    return redirect(url_for("desk.status.index"), 303)


def _job(line: dict) -> dict:
    return {
        "label": line["label"],
        "when": line["when"],
        "name": line["name"],
        "last": line["last_run"],
        "seconds": line["seconds"],
        "counts": [f"{wording.COUNTED.get(name, name)} {count:,}" for name, count in line["counts"].items() if count],
        "next": None if line["due"] else line["next_run"],
        "error": line["last_error"],
    }
