"""元に戻す: for some minutes (``undo_minutes``) a patron can take back a renewal, or what was taken out of the cart or off a shelf.

Rows are written beside what they undo, in its transaction, and erased when their time is over: by the next one, and by the job.
"""

from datetime import datetime, timedelta
from typing import Any

from library import policy
from models import Patron, Undo


def remember(patron: Patron | int, kind: str, facts: dict[str, Any], *, now: datetime) -> Undo:
    """Write down how it was, in the caller's transaction."""
    Undo.delete().where(Undo.until <= now).execute()
    until = now + timedelta(minutes=policy.get("undo_minutes"))
    return Undo.create(patron=patron, kind=kind, facts=facts, until=until)


def of_patron(patron: Patron, kind: str, *, now: datetime) -> list[Undo]:
    """Return what the patron can still take back, the latest first."""
    rows = Undo.select().where(Undo.patron == patron.id, Undo.kind == kind, Undo.until > now)
    return list(rows.order_by(Undo.id.desc()))


def forget(patron: Patron) -> None:
    """Erase all that a patron could take back, in the caller's transaction."""
    Undo.delete().where(Undo.patron == patron.id).execute()
