"""Parked forms: what staff sent and could not be carried out at once, stored for half an hour for the browser that sent
it.

Nothing of a parked form is applied. Secrets and files are never stored.
"""

import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from library.access import sessions
from library.store import database
from models import ParkedForm, Staff

KEPT = timedelta(minutes=30)
LARGEST = 64 * 1024  # bytes of names and values
PROOF = "again_"  # begins the names of fields that hold a proof
SECRETS = ("csrf_token", "check", "code", "credential")
_PASSWORD = re.compile(r"(?:\w+_)?password(?:_again)?")


def park(
    staff: Staff, address: str, page: str, fields: Iterable[tuple[str, str]], *, earlier: str = "", now: datetime
) -> tuple[str, ParkedForm] | None:
    """Park a form in place of an ``earlier`` one of this browser; return its token and the form. None where it is too
    large.
    """
    entered = [[name, value] for name, value in fields if not is_secret(name)]
    if sum(len(name.encode()) + len(value.encode()) for name, value in entered) > LARGEST:
        return None
    token = secrets.token_urlsafe(32)
    with database.writing():
        ParkedForm.delete().where(ParkedForm.token_hash == sessions.hash_token(earlier)).execute()
        form = ParkedForm.create(
            token_hash=sessions.hash_token(token), staff=staff, address=address, page=page, entered=entered, held_at=now
        )
    return token, form


def find(staff: Staff, token: str, *, now: datetime) -> ParkedForm | None:
    """Return the parked form that this browser sent for this member of staff; None where there is none any more."""
    return ParkedForm.get_or_none(
        ParkedForm.token_hash == sessions.hash_token(token),
        ParkedForm.staff == staff.id,
        ParkedForm.held_at > now - KEPT,
    )


def drop(staff: Staff, token: str, address: str) -> None:
    """Delete the parked form of a browser when it is sent again to its address."""
    mine = (
        ParkedForm.token_hash == sessions.hash_token(token),
        ParkedForm.address == address,
        ParkedForm.staff == staff.id,
    )
    with database.writing():
        ParkedForm.delete().where(*mine).execute()


def is_secret(name: str) -> bool:
    """Tell whether a field of this name is never stored: a password, a code or a proof."""
    return name in SECRETS or name.startswith(PROOF) or bool(_PASSWORD.fullmatch(name))
