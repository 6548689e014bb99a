"""Browsers in which the second factor was given: it is asked once in twelve hours in each."""

import secrets
from datetime import datetime, timedelta

from library.access import sessions
from models import ProvedBrowser, Staff

KEPT = timedelta(hours=12)


def remember(staff: Staff, *, now: datetime) -> str:
    """Return the token that marks this browser, in the caller's transaction."""
    token = secrets.token_urlsafe(32)
    ProvedBrowser.create(staff=staff, token_hash=sessions.hash_token(token), proved_at=now)
    return token


def knows(staff: Staff, token: str | None, *, now: datetime) -> bool:
    """Tell if the second factor was given in this browser lately."""
    mark = (ProvedBrowser.staff == staff.id) & (ProvedBrowser.token_hash == sessions.hash_token(token or ""))
    return ProvedBrowser.select().where(mark, ProvedBrowser.proved_at > now - KEPT).exists()


def forget(staff: Staff) -> None:
    """Have it asked in every browser again, in the caller's transaction."""
    ProvedBrowser.delete().where(ProvedBrowser.staff == staff.id).execute()
