"""Browsers in which a member of staff gave the second factor: each asks for it again after twelve hours."""

import secrets
from datetime import datetime, timedelta

from library.access import sessions
from models import ProvedBrowser, Staff

KEPT = timedelta(hours=12)


def remember(staff: Staff, *, now: datetime) -> str:
    """Return the token of a new mark for this browser, in the caller's transaction."""
    token = secrets.token_urlsafe(32)
    ProvedBrowser.create(staff=staff, token_hash=sessions.hash_token(token), proved_at=now)
    return token


def knows(staff: Staff, token: str | None, *, now: datetime) -> bool:
    """Tell whether this member of staff gave the second factor in this browser within the last twelve hours."""
    mark = (ProvedBrowser.staff == staff.id) & (ProvedBrowser.token_hash == sessions.hash_token(token or ""))
    return ProvedBrowser.select().where(mark, ProvedBrowser.proved_at > now - KEPT).exists()


def forget(staff: Staff) -> None:
    """Have the second factor of a member of staff asked for in every browser again, in the caller's transaction."""
    ProvedBrowser.delete().where(ProvedBrowser.staff == staff.id).execute()
