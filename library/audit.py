"""操作の記録: who did what to whom, and when. Rows are only added; none has a secret, or a patron together with a title."""

from datetime import datetime
from typing import Any

from peewee import Select, Value, fn

from models import Audit, Patron

KEPT_DAYS = 730


def record(action: str, *, actor: str, now: datetime, patron: Patron | int | None = None, **details: Any) -> Audit:
    """Add and return a row, in the transaction of its change. ``actor``: patron, staff:<login>, command, job …"""
    return Audit.create(action=action, actor=actor, at=now, patron=patron, details=details)


def record_unless_since(
    moment: datetime, action: str, *, actor: str, now: datetime, patron: Patron | None = None, **details: Any
) -> None:
    """Add a row, unless this actor did the same to the same patron (or nobody) since ``moment``; one statement."""
    again = Audit.select(Audit.id).where(
        Audit.patron == patron, Audit.action == action, Audit.actor == actor, Audit.at > moment
    )
    values = {
        Audit.at: now,
        Audit.actor: actor,
        Audit.action: action,
        Audit.patron: patron and patron.id,
        Audit.details: details,
    }
    row = [Value(value, converter=field.db_value) for field, value in values.items()]
    Audit.insert_from(Select(columns=row).where(~fn.EXISTS(again)), list(values)).execute()


def since(moment: datetime, action: str, patron: Patron) -> list[Audit]:
    """Return the rows of an action on a patron from a moment on, first one first."""
    rows = Audit.select().where(Audit.patron == patron, Audit.action == action, Audit.at >= moment)
    return list(rows.order_by(Audit.id))


def last(action: str, patron: Patron) -> Audit | None:
    """Return the latest row of an action on a patron; None if there is none."""
    rows = Audit.select().where(Audit.patron == patron, Audit.action == action)
    return rows.order_by(Audit.id.desc()).first()
