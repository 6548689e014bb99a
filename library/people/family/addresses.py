"""Addresses that a child shares with who looked at the card: mails there name no titles, once these are not for the other any more."""

from datetime import datetime

from library import audit
from library.store import database
from models import PatronAddress


def turn_off(child: int | None, viewer: int) -> None:
    """Name no titles in mails to the child's addresses that the viewer has, too, in the caller's transaction."""
    rows = {
        row: row.address.casefold() for row in PatronAddress.select().where(PatronAddress.patron.in_([child, viewer]))
    }
    theirs = {address for row, address in rows.items() if row.patron_id == viewer}
    shared = [row.id for row, address in rows.items() if row.patron_id == child and address in theirs]
    PatronAddress.update(titles_off=True).where(PatronAddress.id.in_(shared)).execute()


def turned_off(patron: int) -> list[PatronAddress]:
    """Return the addresses of a patron to which mails name no titles, until they are confirmed."""
    rows = PatronAddress.select().where(PatronAddress.patron == patron, PatronAddress.titles_off)
    return list(rows.order_by(PatronAddress.position))


def confirm(row: PatronAddress, *, now: datetime) -> None:
    """Name titles again in mails to this address: its patron says that nobody else reads them."""
    with database.writing():
        if PatronAddress.update(titles_off=False).where(PatronAddress.id == row.id, PatronAddress.titles_off).execute():
            audit.record("family.address", actor="patron", now=now, patron=row.patron_id)
