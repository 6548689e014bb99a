"""システムの状態: jobs, mails and the records of what was done."""

from flask import abort, current_app, redirect, request
from flask_login import current_user
from peewee import fn

from blueprints.desk import bp
from library import clock, dates, wording
from library.account import retention
from models import Audit, OutboxMail, Patron
from web import access, htmx
from web.links import url_for

SIZE = 50


@bp.get("/status")
@access.staff_required
def status():
    """Whether everything runs: the jobs with their last run and their next, and the mails by state."""
    counts = dict(OutboxMail.select(OutboxMail.state, fn.count(OutboxMail.id)).group_by(OutboxMail.state).tuples())
    return htmx.page(
        "desk/status.html",
        now=clock.now(),
        mails=[{"label": label, "count": counts.get(state, 0)} for state, label in wording.MAIL_STATES.items()],
        erased_soon=_erased_soon(),
        jobs=[_job(line) for line in _jobs()],
        runs_here=bool(current_app.config["JOBS"]),
        may_run=current_user.staff.role == "admin",
    )


def _erased_soon():
    count, first = retention.cards_soon(now=clock.now())
    return {"count": f"{count:,}", "first": dates.with_weekday(first)} if count else None


def _jobs():
    return current_app.extensions["jobs"].overview(current_app.config, now=clock.now())


@bp.post("/status/<name>")
@access.staff_required(role="admin")
def run_job(name):
    """いま動かす: one job, whether it is due or not; how it ended is told in its row."""
    if name not in {line["name"] for line in _jobs()}:
        abort(404)
    current_app.extensions["jobs"].run_now(name, current_app.config, now=clock.now())
    return redirect(url_for("desk.status"), 303)


def _job(line):
    return {
        "label": line["label"],
        "when": line["when"],
        "name": line["name"],
        "last": line["last_run"],
        "took": f"{line['seconds']:.1f}秒" if line["seconds"] is not None else "",
        "counts": [f"{wording.COUNTED.get(name, name)} {count:,}" for name, count in line["counts"].items() if count],
        "next": None if line["due"] else line["next_run"],
        "error": line["last_error"],
    }


@bp.get("/audit")
@access.staff_required(role="admin")
def audit():
    """操作の記録: who did what, the latest first; never what was read."""
    before = request.args.get("before", "")
    rows = Audit.select(Audit, Patron.card_number).left_outer_join(Patron).order_by(Audit.id.desc()).limit(SIZE + 1)
    if before.isascii() and before.isdigit() and len(before) < 16:
        rows = rows.where(Audit.id < int(before))
    shown = list(rows)
    older = url_for("desk.audit", before=shown[SIZE - 1].id) if len(shown) > SIZE else None
    return htmx.page("desk/audit.html", rows=[_operation(row) for row in shown[:SIZE]], older_url=older)


def _operation(row):
    return {
        "at": row.at,
        "actor": wording.actor(row.actor),
        "action": wording.action(row.action),
        "patron": row.patron.card_number if row.patron else "",
        "details": wording.details(row.details),
    }
