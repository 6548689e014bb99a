"""Something asked once, for a few minutes, of one browser."""

import secrets
from datetime import datetime, timedelta

from library.access import sessions
from library.store import database
from models import Challenge, Staff

KEPT = timedelta(minutes=5)
MOST = 20  # of one person for one purpose, in several browsers; the oldest give way


def ask(staff: Staff, purpose: str, browser: str, *, now: datetime) -> str:
    """Return a new challenge for this browser, in place of an earlier one for the same purpose."""
    value = secrets.token_urlsafe(32)
    with database.writing():
        _of(staff, purpose, browser).execute()
        Challenge.create(
            value=value, purpose=purpose, staff=staff, browser=sessions.hashed(browser), expires_at=now + KEPT
        )
        bound(staff, purpose)
    return value


def bound(staff: Staff, purpose: str) -> None:
    """Delete the oldest challenges of a person beyond MOST, in the caller's transaction."""
    mine = (Challenge.staff == staff.id) & (Challenge.purpose == purpose)
    newest = Challenge.select(Challenge.id).where(mine).order_by(Challenge.id.desc()).limit(MOST)
    Challenge.delete().where(mine, Challenge.id.not_in(newest)).execute()


def take(staff: Staff, purpose: str, browser: str, value: str, *, now: datetime) -> bool:
    """Use up a challenge, whatever comes of it; False for one that was never asked here, is over, or was used."""
    with database.writing():
        live = _of(staff, purpose, browser).where(Challenge.value == value, Challenge.expires_at > now)
        return bool(live.execute())


def _of(staff: Staff, purpose: str, browser: str):
    return Challenge.delete().where(
        Challenge.staff == staff.id, Challenge.purpose == purpose, Challenge.browser == sessions.hashed(browser)
    )
