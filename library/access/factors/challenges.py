"""Challenges: random values for a device to sign, each good once, for a few minutes, in one browser."""

import secrets
from datetime import datetime, timedelta

from peewee import Expression, ModelDelete

from library.access import sessions
from library.store import database
from models import Challenge, Patron, Staff

KEPT = timedelta(minutes=5)
MOST = 20  # of one person for one purpose, in several browsers; the oldest go first


def ask(person: Patron | Staff, purpose: str, browser: str, *, now: datetime) -> str:
    """Return a new challenge for this browser. It replaces an earlier one for the same purpose."""
    value = secrets.token_urlsafe(32)
    with database.writing():
        _of(person, purpose, browser).execute()
        owner = {"patron": person} if isinstance(person, Patron) else {"staff": person}
        Challenge.create(
            value=value, purpose=purpose, browser=sessions.hash_token(browser), expires_at=now + KEPT, **owner
        )
        delete_oldest(person, purpose)
    return value


def delete_oldest(person: Patron | Staff, purpose: str) -> None:
    """Delete the challenges of a person for one purpose but the newest MOST, in the caller's transaction."""
    mine = of_account(person) & (Challenge.purpose == purpose)
    newest = Challenge.select(Challenge.id).where(mine).order_by(Challenge.id.desc()).limit(MOST)
    Challenge.delete().where(mine, Challenge.id.not_in(newest)).execute()


def take(person: Patron | Staff, purpose: str, browser: str, value: str, *, now: datetime) -> bool:
    """Use up a challenge. Return False where it was not made for this browser, is over, or was used before."""
    with database.writing():
        live = _of(person, purpose, browser).where(Challenge.value == value, Challenge.expires_at > now)
        return bool(live.execute())


def use_once(patron: Patron, value: str, *, until: datetime) -> bool:
    """Record the challenge of a sign-in as used, in the caller's transaction. Return False where it was used before.

    Before its use it is stored in the browser's cookie alone, so that asking again and again fills no table.
    """
    if Challenge.select().where(Challenge.value == value).exists():
        return False
    Challenge.create(value=value, purpose="sign_in", patron=patron, browser="", expires_at=until)
    return True


def of_account(person: Patron | Staff) -> Expression:
    """Return the SQL condition for the challenges of this person."""
    return Challenge.patron == person.id if isinstance(person, Patron) else Challenge.staff == person.id


def _of(person: Patron | Staff, purpose: str, browser: str) -> ModelDelete:
    return Challenge.delete().where(
        of_account(person), Challenge.purpose == purpose, Challenge.browser == sessions.hash_token(browser)
    )
