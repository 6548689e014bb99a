"""Words that staff typed to find a patron: stored here, so that the address of the page holds a token and nobody's name
or number.

Searches, opened patrons and lists of patrons are recorded here too, without the typed words.
"""

import logging
import secrets
from datetime import datetime, timedelta
from typing import Any

from library import audit
from library.store import database
from library.store.queries import tuples
from models import DeskLookup, Patron, Session

STORED = timedelta(minutes=30)
MOST = 20  # of a session; the oldest goes first
VIEWED_AGAIN = timedelta(hours=1)  # until another look at the same by the same account is recorded
HOLDS_LISTED = {
    "shelf": "holds.shelf_listed",
    "contact": "holds.contact_listed",
}  # the lists of holds that name patrons
log = logging.getLogger("madoguchi.searches")


def keep(session: Session, kind: str, words: str, *, now: datetime) -> str:
    """Store typed words; return the token of their page."""
    token = secrets.token_urlsafe(12)
    with database.writing():
        DeskLookup.create(session=session.id, token=token, kind=kind, words=words, at=now)
        stored = DeskLookup.select(DeskLookup.id).where(DeskLookup.session == session.id)
        old = [row_id for (row_id,) in tuples(stored.order_by(DeskLookup.id.desc()).offset(MOST))]
        DeskLookup.delete().where(DeskLookup.id.in_(old)).execute()
    return token


def words_of(session: Session, kind: str, token: str, *, now: datetime) -> str | None:
    """Return the typed words; None for a token of another session, or one whose time is over."""
    row = DeskLookup.get_or_none(DeskLookup.token == token, DeskLookup.session == session.id, DeskLookup.kind == kind)
    return row.words if row is not None and now - row.at < STORED else None


def note_search(kind: str, hits: int, *, by: str, now: datetime) -> None:
    """Record a search for patrons: its kind of words and the number found."""
    with database.writing():
        audit.record("patron.searched", actor=by, now=now, kind=kind, hits=hits)


def note_view(patron: Patron, *, by: str, now: datetime) -> None:
    """Record that the page of a patron was opened, once an hour for each account."""
    _note_look("patron.viewed", by, now, patron=patron)


def note_holds(which: str, patrons: int, *, by: str, now: datetime) -> None:
    """Record that a list of holds (``which``: a key of HOLDS_LISTED) was opened and the number of patrons on it, once
    an hour for each account, as each scan draws it again.
    """
    if patrons:
        _note_look(HOLDS_LISTED[which], by, now, count=patrons)


def _note_look(action: str, by: str, now: datetime, **given: Any) -> None:
    """Record a look at patrons. While nothing can be written, their pages are shown all the same."""
    try:
        with database.writing():
            audit.record_unless_since(now - VIEWED_AGAIN, action, actor=by, now=now, **given)
    except database.NOT_NOW as error:
        log.warning("that the desk looked at people could not be written: %s", error)
