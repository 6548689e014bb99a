"""Links in mails that work once: GET shows a button, POST uses the link up. Only a hash of the token is stored."""

import secrets
from datetime import datetime

from library import errors
from library.access import sessions
from models import OneTimeLink, Patron


def make(patron: Patron, address: str, purpose: str, expires_at: datetime) -> str:
    """Return the token of a new link, in the caller's transaction. It is written in the mail and nowhere else."""
    token = secrets.token_urlsafe(32)
    OneTimeLink.create(
        token_hash=sessions.hash_token(token),
        purpose=purpose,
        patron=patron,
        address=address,
        expires_at=expires_at,
    )
    return token


def live(token: str, purpose: str, *, now: datetime) -> OneTimeLink:
    """Return the link behind a token while it can be used. Raises: LinkDead."""
    link = OneTimeLink.get_or_none(OneTimeLink.token_hash == sessions.hash_token(token), OneTimeLink.purpose == purpose)
    if link is None or link.used_at is not None or link.expires_at <= now or link.patron.state == "closed":
        raise errors.LinkDead()
    return link


def use_up(link: OneTimeLink, *, now: datetime) -> None:
    """Use up a link, in the caller's transaction. Raises: LinkDead where another request used it up."""
    fresh = OneTimeLink.update(used_at=now).where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_null())
    if not fresh.execute():
        raise errors.LinkDead()
