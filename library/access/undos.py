"""元に戻す: for some minutes (``undo_minutes``) a patron can undo a renewal, a removal from the cart or a shelf, or holds.

Rows are written beside what they undo, in its transaction, and deleted when their time is over, by the next one and by
the job.
"""

from datetime import datetime, timedelta
from typing import Any

from library import policy
from library.store.queries import Models, blank
from models import Patron, Undo


def remember(patron: Patron | int, kind: str, facts: dict[str, Any], *, now: datetime) -> Undo:
    """Store what an undo needs, in the caller's transaction. ``facts``: as the rule of this kind reads them
    (``undoing``).
    """
    Undo.delete().where(Undo.until <= now).execute()
    until = now + timedelta(minutes=policy.get("undo_minutes"))
    return Undo.create(patron=patron, kind=kind, facts=facts, until=until)


def of_patron(patron: Patron, *kinds: str, now: datetime) -> list[Undo]:
    """Return the undos of these kinds that a patron still has, the latest first."""
    rows = _OF_PATRON.rows(patron=patron.id, now=Undo.until.db_value(now))
    return [row for row in rows if row.kind in kinds]


_OF_PATRON = Models(
    Undo,
    {},
    lambda rows: rows.where(Undo.patron == blank("patron"), Undo.until > blank("now")).order_by(Undo.id.desc()),
)


def forget(patron: Patron) -> None:
    """Delete all undos of a patron, in the caller's transaction."""
    Undo.delete().where(Undo.patron == patron.id).execute()
