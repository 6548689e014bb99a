"""保護中の記録: opening sealed records with a key, or deleting them unopened."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from library import audit
from library.access import one_time_links, passwords, seals, unsealing
from library.ebooks import lending
from library.patrons import additions, patrons, signing_in
from library.store import database
from models import EbookHold, EbookLoan, Patron, Session

DELETED_AFTER = timedelta(days=14)  # until then it can be cancelled


class Opening(NamedTuple):
    """The form that opens sealed records: the link's token, the new password twice, keys of the additions to ``keep``,
    session and browser.
    """

    token: str
    new: str
    again: str
    keep: Collection[str]
    session: Session
    browser: str | None


def open_by_link(asked: Opening, patron: Patron, *, now: datetime) -> None:
    """Open sealed records by a link, which is used up, and set a new password, as others may know the old one.

    Additions since the sealing end, except those to keep, and every other session. Raises: LinkDead; RefusedTogether by
    field.
    """
    link = seals.opening_link(asked.token, patron, now=now)
    signing_in.require_good(asked.new, asked.again, patron)
    hashed = passwords.hash_password(asked.new)
    with database.writing():
        one_time_links.use_up(link, now=now)
        if since := patron.unproved_since:
            additions.end(patron, since, keep=asked.keep, browser=asked.browser, now=now)
        Session.delete().where(Session.patron == patron.id, Session.id != asked.session.id).execute()
        seals.lift(patron)
        Patron.update(password_hash=hashed).where(Patron.id == patron.id).execute()
        patrons.forget_old_password(patron)
        cause = audit.record("seal.opened", actor="patron", now=now, patron=patron, fields=["password"], via="site")
        patrons.tell_of_change(patron, "password", ["password"], cause=cause, now=now)


# -- deleting ----------------------------------------------------------------------------------------------------------
def ask_deletion(patron: Patron, *, now: datetime) -> None:
    """Have all sealed records deleted in 14 days; older addresses get a mail. Nothing happens where it was asked before
    or nothing is sealed.
    """
    with database.writing():
        patron = Patron.get_by_id(patron.id)
        if patron.sealed_until or not seals.is_sealed(patron):
            return
        Patron.update(sealed_until=now + DELETED_AFTER).where(Patron.id == patron.id).execute()
        cause = audit.record("seal.deletion_asked", actor="patron", now=now, patron=patron)
        patrons.tell_of_new_password(patron, "deletion", cause=cause, now=now)


def take_back_deletion(patron: Patron, *, now: datetime) -> None:
    """Cancel the deletion of sealed records."""
    with database.writing():
        asked = (Patron.id == patron.id) & Patron.sealed_until.is_null(False)
        if Patron.update(sealed_until=None).where(asked).execute():
            audit.record("seal.deletion_taken_back", actor="patron", now=now, patron=patron)


def delete(patron: Patron, *, now: datetime) -> None:
    """Delete all sealed records for good, in the caller's transaction; newer records stay. Sealed e-books are returned,
    and the age of addresses that were no keys counts from now.
    """
    for loan in list(EbookLoan.select().where(EbookLoan.sealed_for == patron.id)):
        lending.give_back(loan, now=now)
    in_line = EbookHold.state.in_(lending.IN_LINE)
    for hold in list(EbookHold.select().where(EbookHold.sealed_for == patron.id, in_line)):
        lending.leave(hold, now=now)
    for model in seals.MOVED:
        model.delete().where(model.sealed_for == patron.id).execute()
    for model in reversed(unsealing.MARKED):
        model.delete().where(model.patron == patron.id, model.sealed).execute()
    seals.restart_address_ages(patron, now=now)
    Patron.update(sealed_until=None).where(Patron.id == patron.id).execute()
    audit.record("seal.deleted", actor="system", now=now, patron=patron)
