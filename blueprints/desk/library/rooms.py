"""システム, 職員とログイン, 取り込みと書き出し: pages of links to what is seldom opened, each with its state in a line."""

from datetime import timedelta
from pathlib import Path

from flask import Blueprint, current_app, request
from flask_login import current_user

from library import clock, policy
from library.access import terminals as listed
from library.access.guessing import sign_in_waits
from library.calendar import before_opening
from library.discovery.exchange import self_check
from library.health import state
from library.importing import arrivals
from library.offline import entries
from library.patrons import staff
from models import Audit, JobRun
from web import access, htmx, terminals

bp = Blueprint("rooms", __name__)


@bp.get("/system")
@access.staff_required
def system() -> access.Reply:
    now, report = clock.now(), self_check.last()
    age = state.backup_age(current_app.config, now=now)
    return htmx.page(
        "desk/rooms/system.html",
        copied_at=None if age is None else now - timedelta(seconds=age),
        failing=JobRun.select().where(JobRun.failures > 0).count(),
        report=report,
        found={grade: report.count(grade) for grade in (self_check.CARE, self_check.BAD)} if report else {},
        is_terminal=bool(terminals.name()) or listed.is_listed(request.remote_addr or ""),
        conflicts=entries.conflicts(),
        noted_at=Audit.select(Audit.at).order_by(Audit.id.desc()).limit(1).scalar(),
    )


@bp.get("/colleagues")
@access.staff_required(role="admin")
def colleagues() -> access.Reply:
    accounts, now = staff.accounts(), clock.now()
    return htmx.page(
        "desk/rooms/colleagues.html",
        active=sum(row.disabled_at is None for row in accounts),
        alone=sum(row.disabled_at is None and row.second_factor_at is None for row in accounts),
        waiting=len(sign_in_waits.waits(now=now)),
        careful=len(sign_in_waits.care(now=now)),
        networks=len(policy.get("desk_networks")),
        has_second_factor=current_user.staff.second_factor_at is not None,
    )


@bp.get("/files")
@access.staff_required(role="admin")
def files() -> access.Reply:
    runs = arrivals.every(Path(current_app.instance_path))
    return htmx.page(
        "desk/rooms/files.html",
        runs=len(runs),
        last=runs[0] if runs else None,
        is_moving=before_opening.is_on(today=clock.today()),
    )
