"""いまの状態: jobs, mails and the records of what was done."""

from flask import current_app, request
from peewee import fn

from blueprints import access, htmx
from blueprints.desk import bp
from blueprints.links import url_for
from library import clock, dates, wording
from models import Audit, OutboxMail, Patron

SIZE = 50


@bp.get("/status")
@access.staff_required
def status():
    """Whether everything runs: the jobs with their last run, and the mails by state."""
    counts = dict(OutboxMail.select(OutboxMail.state, fn.count(OutboxMail.id)).group_by(OutboxMail.state).tuples())
    return htmx.page(
        "desk/status.html",
        now=dates.moment(clock.now()),
        mails=[{"label": label, "count": counts.get(state, 0)} for state, label in wording.MAIL_STATES.items()],
        jobs=[_job(line) for line in current_app.extensions["jobs"](current_app.config, now=clock.now())],
        runs_here=bool(current_app.config["JOBS"]),
    )


def _job(line):
    return {
        "label": line["label"],
        "when": line["when"],
        "last": dates.moment(line["last_run"]) if line["last_run"] else "",
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
        "at": dates.moment(row.at),
        "actor": wording.actor(row.actor),
        "action": wording.action(row.action),
        "patron": row.patron.card_number if row.patron else "",
        "details": wording.details(row.details),
    }
