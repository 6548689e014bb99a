"""操作の記録: who did what to whom, when. Append-only; never a secret, never a patron together with a title."""

from models import Audit

KEPT_DAYS = 730


def record(action: str, *, actor: str, now, patron=None, **details):
    """Write one row, in the transaction of the change that it tells of. ``actor``: patron, staff:<login>, command, job."""
    return Audit.create(action=action, actor=actor, at=now, patron=patron, details=details)


def since(moment, action: str, patron) -> list[Audit]:
    """Return the rows of this action about this patron from a moment on, the first one first."""
    rows = Audit.select().where(Audit.patron == patron, Audit.action == action, Audit.at >= moment)
    return list(rows.order_by(Audit.id))


def last(action: str, patron) -> Audit | None:
    """The latest row of this action about this patron."""
    rows = Audit.select().where(Audit.patron == patron, Audit.action == action)
    return rows.order_by(Audit.id.desc()).first()
