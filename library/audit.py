"""操作の記録: who did what to whom, when. Append-only; never a secret, never a patron together with a title."""

from datetime import datetime
from typing import Any

from peewee import Select, Value, fn

from models import Audit, Patron

KEPT_DAYS = 730


def record(action: str, *, actor: str, now: datetime, patron: Patron | int | None = None, **details: Any) -> Audit:
    """Write one row, in the transaction of the change that it tells of. ``actor``: patron, staff:<login>, command, job."""
    return Audit.create(action=action, actor=actor, at=now, patron=patron, details=details)


def record_unless_since(
    moment: datetime, action: str, *, actor: str, now: datetime, patron: Patron | None = None, **details: Any
) -> None:
    """Write one row as ``record`` does, unless the same actor did the same, to the same patron or to nobody, since a moment. One statement."""
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
    """Return the rows of this action about this patron from a moment on, the first one first."""
    rows = Audit.select().where(Audit.patron == patron, Audit.action == action, Audit.at >= moment)
    return list(rows.order_by(Audit.id))


def last(action: str, patron: Patron) -> Audit | None:
    """Return the latest row of this action about this patron."""
    rows = Audit.select().where(Audit.patron == patron, Audit.action == action)
    return rows.order_by(Audit.id.desc()).first()
