"""For programs that watch the server: is it alive, is it ready, its metrics."""

import hmac
from typing import Any

from flask import Blueprint, abort, current_app, jsonify, request
from prometheus_client import CONTENT_TYPE_PLAIN_1_0_0

from library import clock, metrics, networks
from library.health import state
from library.store import database
from models import JobRun, Setting
from web import access

bp = Blueprint("health", __name__)
FRESH = {"Cache-Control": "no-store"}


@bp.get("/healthz")
@access.public
def healthz() -> access.Reply:
    """Answer 200 while the database is read and, where jobs run, the last tick is no older than 3 minutes."""
    tick = _watcher().tick_age() if _watcher() else None
    found = {"process": "ok", "scheduler_age": tick, "database": "ok"}
    try:
        Setting.select().limit(1).execute()
    except database.UNREADABLE:
        found["database"] = "unreachable"
    ill = found["database"] != "ok" or state.is_late(tick)
    return jsonify(found), 503 if ill else 200, FRESH


@bp.get("/readyz")
@access.public
def readyz() -> access.Reply:
    """Answer whether the library can be relied on: 503 for fail, 200 for warn or ok; figures for readers alone."""
    found = _state()
    fields = {"status": found.status}
    if _is_reader():
        fields |= found.fields() | {"version": current_app.config["VERSION"]}
    return jsonify(fields), 503 if found.status == "fail" else 200, FRESH


@bp.get("/metrics")
@access.public
def numbers() -> access.Reply:
    """Answer the metrics since the start, in the text format of Prometheus; 404 to strangers."""
    if not _is_reader():
        abort(404)
    found = _state()
    if not found.readable:
        abort(503)
    metrics.outbox_oldest.set(found.outbox_age or 0)
    metrics.backup_age.set(found.backup_age if found.backup_age is not None else float("nan"))
    metrics.drill_age.set(found.drill_age if found.drill_age is not None else float("nan"))
    metrics.disk_free.set(found.disk_free)
    for run in JobRun.select(JobRun.name, JobRun.succeeded_at):
        if run.succeeded_at:
            metrics.job_success.labels(run.name).set(run.succeeded_at.timestamp())
    return metrics.prometheus_text(), 200, {"Content-Type": CONTENT_TYPE_PLAIN_1_0_0} | FRESH


def _watcher() -> Any:
    return current_app.extensions.get("watcher")


def _state() -> state.State:
    watcher = _watcher()
    return state.read(
        current_app.config,
        daily=current_app.extensions["jobs"].daily(),
        write=watcher.write() if watcher else None,
        tick_age=watcher.tick_age() if watcher else None,
        runner=bool(watcher and watcher.is_runner()),
        now=clock.now(),
    )


def _is_reader() -> bool:
    """Tell whether the numbers are for whoever asks: a machine of METRICS_ALLOW, or one that knows METRICS_TOKEN."""
    token = current_app.config["METRICS_TOKEN"]
    shown = request.headers.get("Authorization", "").encode()
    knows = bool(token) and hmac.compare_digest(shown, f"Bearer {token}".encode())
    return knows or networks.includes(networks.parse(current_app.config["METRICS_ALLOW"]), request.remote_addr or "")
