"""Forms that could not be carried out at once: held for who sent them, in the browser that sent them; of the staff for half an hour,
what システムメンテナンス stopped until after its end, a visitor's for the browser alone.

Nothing of one is applied. Secrets and files are never held.
"""

import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from peewee import Expression

from library.access import sessions
from library.store import database
from models import HeldForm, Patron, Staff

KEPT = timedelta(minutes=30)
LARGEST = 64 * 1024  # bytes of names and values
MOST_OF_ONE = 5  # of one person, in several browsers
MOST_OF_VISITORS = 200  # of all of them, so that nobody fills the table
MOST_OF_NETWORK = 20  # of those in one neighbourhood, so that nobody fills what there is for visitors
PROOF = "again_"  # begins the fields by which somebody proves it again
Owner = Staff | Patron | None
SECRETS = ("csrf_token", "check", "code", "credential")
_PASSWORD = re.compile(r"(?:\w+_)?password(?:_again)?")


def hold(
    owner: Owner,
    address: str,
    page: str,
    fields: Iterable[tuple[str, str]],
    *,
    until: datetime | None = None,
    earlier: str = "",
    network: str = "",
    now: datetime,
) -> tuple[str, HeldForm] | None:
    """Hold a form in place of an ``earlier`` one of this browser; return its token and the form. None for one that is too large or
    empty, and for one more visitor where as many as there may be wait, in all or from one ``network`` (hashed).
    """
    entered = [[name, value] for name, value in fields if not is_secret(name)]
    if sum(len(name.encode()) + len(value.encode()) for name, value in entered) > LARGEST:
        return None
    token, held_until = secrets.token_urlsafe(32), until or now + KEPT
    with database.writing():
        HeldForm.delete().where(HeldForm.token_hash == sessions.hashed(earlier)).execute()
        if not _make_room(owner, network):
            return None
        form = HeldForm.create(
            token_hash=sessions.hashed(token),
            staff=owner if isinstance(owner, Staff) else None,
            patron=owner if isinstance(owner, Patron) else None,
            address=address,
            page=page,
            entered=entered,
            network=network,
            held_until=held_until,
        )
    return token, form


def _make_room(owner: Owner, network: str) -> bool:
    """Delete the oldest forms of a person beyond so many; tell if there is room for one more of a visitor."""
    if owner is None:
        held = HeldForm.select().where(*_of(None))
        return held.count() < MOST_OF_VISITORS and held.where(HeldForm.network == network).count() < MOST_OF_NETWORK
    newest = HeldForm.select(HeldForm.id).where(*_of(owner)).order_by(HeldForm.id.desc()).limit(MOST_OF_ONE - 1)
    HeldForm.delete().where(*_of(owner), HeldForm.id.not_in(newest)).execute()
    return True


def _of(owner: Owner) -> tuple[Expression, ...]:
    """Return the conditions for the forms of a person, or of visitors."""
    if isinstance(owner, Staff):
        return (HeldForm.staff == owner.id,)
    if isinstance(owner, Patron):
        return (HeldForm.patron == owner.id,)
    return HeldForm.staff.is_null(), HeldForm.patron.is_null()


def find(owner: Owner, token: str, *, now: datetime) -> HeldForm | None:
    """Return the form that this browser sent for who sits there, as long as it is held."""
    return HeldForm.get_or_none(HeldForm.token_hash == sessions.hashed(token), HeldForm.held_until > now, *_of(owner))


def drop(owner: Owner, token: str, address: str) -> None:
    """Delete the held form of a browser when what it holds is sent again to its address."""
    mine = (HeldForm.token_hash == sessions.hashed(token), HeldForm.address == address, *_of(owner))
    with database.writing():
        HeldForm.delete().where(*mine).execute()


def is_secret(name: str) -> bool:
    """Tell if a field of this name holds what is typed for this once: a password, a code, a proof."""
    return name in SECRETS or name.startswith(PROOF) or bool(_PASSWORD.fullmatch(name))
