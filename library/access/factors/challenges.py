"""Something asked once, for a few minutes, of one browser."""

import secrets
from datetime import datetime, timedelta

from library.access import sessions
from library.store import database
from models import Challenge, Staff

KEPT = timedelta(minutes=5)


def ask(staff: Staff, purpose: str, browser: str, *, now: datetime) -> str:
    """Return a new challenge for this browser, in place of an earlier one for the same purpose."""
    value = secrets.token_urlsafe(32)
    with database.writing():
        _of(staff, purpose, browser).execute()
        Challenge.create(
            value=value, purpose=purpose, staff=staff, browser=sessions.hashed(browser), expires_at=now + KEPT
        )
    return value


def take(staff: Staff, purpose: str, browser: str, value: str, *, now: datetime) -> bool:
    """Use up a challenge, whatever comes of it; False for one that was never asked here, is over, or was used."""
    with database.writing():
        live = _of(staff, purpose, browser).where(Challenge.value == value, Challenge.expires_at > now)
        return bool(live.execute())


def _of(staff: Staff, purpose: str, browser: str):
    return Challenge.delete().where(
        Challenge.staff == staff.id, Challenge.purpose == purpose, Challenge.browser == sessions.hashed(browser)
    )
