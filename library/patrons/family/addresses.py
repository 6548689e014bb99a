"""Addresses that a child has in common with a viewer of the card. Mails there name no titles while titles are hidden
from the viewer.
"""

from collections.abc import Collection
from datetime import datetime

from library import addresses, audit
from library.store import database
from models import FamilyTie, PatronAddress


def hide_titles(child: int | None, viewer: int) -> None:
    """Name no titles in mails to addresses that child and viewer have in common, in the caller's transaction."""
    _turn_off(_of(child), _mailboxes(_of(viewer)))


def hide_titles_at_new(patron: int, filed: Collection[str]) -> None:
    """Hide titles at addresses in common that this patron, child or viewer, has just ``filed``, in the caller's
    transaction.
    """
    hidden = FamilyTie.select().where(FamilyTie.titles_hidden)
    for tie in hidden.where((FamilyTie.viewer == patron) | (FamilyTie.child == patron)) if filed else ():
        child, viewer = _of(tie.child_id), _of(tie.viewer_id)
        for rows in (child, viewer):  # an older address that was confirmed stays so
            rows[:] = [row for row in rows if row.patron_id != patron or row.address in filed]
        _turn_off(child, _mailboxes(viewer))


def _of(patron: int | None) -> list[PatronAddress]:
    return list(PatronAddress.select().where(PatronAddress.patron == patron))


def _turn_off(rows: list[PatronAddress], theirs: set[str]) -> None:
    shared = [row.id for row in rows if addresses.mailbox(row.address) in theirs]
    PatronAddress.update(titles_off=True).where(PatronAddress.id.in_(shared)).execute()


def _mailboxes(rows: list[PatronAddress]) -> set[str]:
    return {addresses.mailbox(row.address) for row in rows}


def without_titles(patron: int) -> list[PatronAddress]:
    """Return the addresses of a patron to which mails name no titles."""
    rows = PatronAddress.select().where(PatronAddress.patron == patron, PatronAddress.titles_off)
    return list(rows.order_by(PatronAddress.position))


def confirm(row: PatronAddress, *, now: datetime) -> None:
    """Name titles again in mails to this address: its patron says that nobody else reads them."""
    with database.writing():
        if PatronAddress.update(titles_off=False).where(PatronAddress.id == row.id, PatronAddress.titles_off).execute():
            audit.record("family.address", actor="patron", now=now, patron=row.patron_id)
