"""Sessions: a row here, a random token in the browser. Deleting the row ends the session in every copy
of the cookie.
"""

import hashlib
import logging
import secrets
from datetime import datetime, timedelta
from typing import Any

from peewee import fn

from library.store import database, queries
from models import CartRow, Patron, PushSubscription, Session, Staff

IDLE = timedelta(minutes=30)
IDLE_AT_TERMINAL = timedelta(minutes=3)
IDLE_AT_DESK = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)
SEEN_PRECISION = timedelta(minutes=1)  # a page view within it writes nothing
PRECISION_AT_TERMINAL = timedelta(seconds=10)
RECENT_SIGN_IN = timedelta(minutes=10)
DEVICE_KEPT = timedelta(days=365)
log = logging.getLogger(__name__)
_ended: set[str] = set()  # token hashes of ended sessions whose rows could not be deleted yet


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def begin(patron: Patron, *, scope: str = "full", client: str = "", terminal: bool = False, now: datetime) -> str:
    """Begin a session of a patron; return its token, which is for the cookie and stored nowhere else."""
    return _begin(patron=patron, scope=scope, client=client, terminal=terminal, now=now)


def begin_at_desk(staff: Staff, *, scope: str, client: str = "", now: datetime) -> str:
    """Begin a session of a member of staff; return its token."""
    return _begin(staff=staff, scope=scope, client=client, now=now)


def _begin(*, now: datetime, **whose: Any) -> str:
    token = secrets.token_urlsafe(32)
    Session.create(token_hash=hash_token(token), created_at=now, seen_at=now, authenticated_at=now, **whose)
    return token


def find(token: str, *, now: datetime) -> Session | None:
    """Return the live session of a token; None where there is none. It is noted as seen, at most once a minute (at a
    terminal, ten seconds).
    """
    session = _by_token(token)
    if session is None or not is_live(session, now=now):
        return None
    if session.patron is not None and session.patron.state == "closed":
        return None
    if session.staff is not None and session.staff.disabled_at is not None:
        return None
    if now - session.seen_at >= (PRECISION_AT_TERMINAL if session.terminal else SEEN_PRECISION):
        try:
            with database.one_statement():
                Session.update(seen_at=now).where(Session.id == session.id).execute()
        except database.NOT_NOW as error:
            # the page is shown all the same
            log.warning("that a session was seen could not be written: %s", error)
    return session


def is_live(session: Session, *, now: datetime) -> bool:
    idle = IDLE_AT_DESK if session.staff_id else IDLE_AT_TERMINAL if session.terminal else IDLE
    return now - session.seen_at < idle and now - session.created_at < ABSOLUTE


def lately_lapsed(token: str, *, now: datetime) -> Session | None:
    """Return the session of a token that idled out less than twelve hours after it began; else None."""
    session = _by_token(token)
    if session is None or is_live(session, now=now) or now - session.created_at >= ABSOLUTE:
        return None
    return session


def of_patron(patron: Patron, *, now: datetime) -> list[Session]:
    """Return the live sessions of a patron, the latest seen first."""
    rows = Session.select().where(Session.patron == patron, Session.scope == "full").order_by(Session.seen_at.desc())
    return [row for row in rows if row.token_hash not in _ended and is_live(row, now=now)]


def end(session: Session) -> None:
    """End a session. While the database can't be written, it is ended in memory."""
    _end(session.token_hash)


def end_unread(token: str) -> None:
    """End the session of a token without reading its row."""
    _end(hash_token(token))


def _end(token_hash: str) -> None:
    _ended.add(token_hash)
    try:
        erase_ended()
    except database.NOT_NOW as error:
        log.warning("a session was ended in memory alone: %s", error)


def erase_ended() -> None:
    """Delete the rows of sessions that were ended in memory."""
    if gone := set(_ended):
        with database.writing():
            Session.delete().where(Session.token_hash.in_(gone)).execute()
        _ended.difference_update(gone)


def end_others(person: Patron | Staff, except_for: Session | None = None) -> None:
    """End every session of a person but ``except_for``, and all pushes to a patron, in the caller's transaction."""
    whose = Session.patron == person if isinstance(person, Patron) else Session.staff == person
    ended = Session.delete().where(whose)
    (ended.where(Session.id != except_for.id) if except_for else ended).execute()
    if isinstance(person, Patron):
        PushSubscription.delete().where(PushSubscription.patron == person.id).execute()


def renew(session: Session, *, now: datetime) -> str:
    """Note a new proof of the person who is signed in; return the session's new token. The old one is dead."""
    token = secrets.token_urlsafe(32)
    this = (Session.id == session.id) & (Session.token_hash == session.token_hash)
    with database.writing():
        Session.update(token_hash=hash_token(token), authenticated_at=now, wrong_proofs=0).where(this).execute()
    return token


def is_fresh(session: Session, *, now: datetime) -> bool:
    """Tell whether the last proof, at sign-in or since, is recent enough for an act that harms or gives away."""
    return now - session.authenticated_at <= RECENT_SIGN_IN


def count_wrong_proof(session: Session) -> int:
    """Count a wrong proof; return the number since the last right one."""
    this = (Session.id == session.id) & (Session.token_hash == session.token_hash)
    with database.one_statement():
        counted = Session.update(wrong_proofs=Session.wrong_proofs + 1).where(this).returning(Session.wrong_proofs)
        found = list(counted.execute())
    return found[0].wrong_proofs if found else 0


def _by_token(token: str) -> Session | None:
    token_hash = hash_token(token)
    return None if token_hash in _ended else _SIGNED_IN.first(token=token_hash)


_IN_CART = CartRow.select(fn.COUNT(CartRow.id)).where(CartRow.patron == Session.patron)
_SIGNED_IN = queries.Models(  # with the facts in the header of every page
    Session,
    {"patron": Patron, "staff": Staff},
    lambda rows: (
        rows.left_outer_join(Patron)
        .switch(Session)
        .left_outer_join(Staff)
        .where(Session.token_hash == queries.blank("token"))
    ),
    in_cart=_IN_CART,
)
