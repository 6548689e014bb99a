"""保護: a new password that nobody proved opens what comes after it, and nothing that was there before.

Proved is a new password by the old one, or by a link to an older address. What was there is marked row by row (``sealed``), and
every page and file leaves marked rows out. An older device or an older address opens them; nobody at the library does, nor time.
"""

from datetime import datetime, timedelta
from typing import Any

from peewee import Expression

from library import audit, errors
from library.access import marks, one_time_links, sessions, throttle, unsealing
from library.mail import outbox
from library.store import database
from models import (
    CalendarLink,
    CartRow,
    EbookHold,
    EbookLink,
    EbookLoan,
    FormerAddress,
    HistoryEntry,
    OneTimeLink,
    OutboxMail,
    Patron,
    PatronAddress,
    SdiCondition,
    Seal,
    Shelf,
    ShelvedTitle,
    Undo,
)

OLDER, OLDER_AT_DESK = timedelta(days=14), timedelta(days=90)  # on file so long, an address is an older one
FORMER_KEPT = timedelta(days=90)  # how long an address that was taken off the file still proves something
OPEN_LINK, STOP_LINK = timedelta(hours=24), timedelta(days=14)
MAILS_AN_HOUR = 3
TELLS_OF_SEALED = ("ebook_ready",)  # kinds of mails that go on and tell of what is sealed
_ABOUT_READING = (*outbox.ABOUT_READING, "ebook_ready")
Address = PatronAddress | FormerAddress


def of_patron(patron: Patron) -> Seal | None:
    """Return the seal that is on a patron's records; None where all is open."""
    return Seal.get_or_none(Seal.patron == patron.id)


# -- sealing ---------------------------------------------------------------------------------------------------------
def seal(patron: Patron, *, at_desk: bool, now: datetime) -> Seal | None:
    """Seal what is there now, in the caller's transaction. Return the seal that is on then; None where there was nothing to seal.

    A second one seals what came since; the moment of the first stays.
    """
    found = of_patron(patron)
    marked = sum(model.update(sealed=True).where(mine, ~model.sealed).execute() for model, mine in _parts(patron))
    Undo.delete().where(Undo.patron == patron.id).execute()  # it tells what was on a shelf or in the cart
    told = bool(patron.password_hash) and _has_mails_about_reading(patron)
    if found is None and (marked or told):
        found = Seal.create(patron=patron, sealed_at=now, at_desk=at_desk)
    if found:
        OutboxMail.update(sealed=True).where(OutboxMail.patron == patron.id, ~OutboxMail.sealed).execute()
    return found


def seal_first_password(patron: Patron, device: str | None, *, now: datetime) -> None:
    """Seal what came since the initial password was issued, in the caller's transaction. An older device opens instead."""
    if open_by_device(patron, device, now=now):
        return
    issued_at = patron.initial_issued_at or now
    if of_patron(patron) or not marks.is_older(patron, device, before=issued_at):
        seal(patron, at_desk=True, now=now)


def _parts(patron: Patron) -> list[tuple[Any, Expression]]:
    """Return the tables that tell what a patron reads, each with the condition of what is sealed of it."""
    mine = Shelf.select(Shelf.id).where(Shelf.patron == patron.id)
    noted = (ShelvedTitle.note != "") | ShelvedTitle.read_on.is_null(False)
    owned = (HistoryEntry, CartRow, SdiCondition, EbookLoan, EbookHold, EbookLink, CalendarLink)
    return [
        *((model, model.patron == patron.id) for model in owned),
        (Shelf, (Shelf.patron == patron.id) & (Shelf.token == "")),
        (ShelvedTitle, ShelvedTitle.shelf.in_(mine) & noted),
    ]


def _has_mails_about_reading(patron: Patron) -> bool:
    there = (OutboxMail.text != "") | OutboxMail.state.in_(("queued", "sending"))
    return (
        OutboxMail.select().where(OutboxMail.patron == patron.id, OutboxMail.kind.in_(_ABOUT_READING), there).exists()
    )


def hides(mail: OutboxMail, seal: Seal | None) -> bool:
    """Tell if the text of a mail stays closed: it is an older one, or tells of what is sealed."""
    return seal is not None and (mail.sealed or mail.kind in TELLS_OF_SEALED)


# -- older addresses and devices -------------------------------------------------------------------------------------
def remember_former(row: PatronAddress, *, now: datetime) -> None:
    """Remember an address that is being taken off the file, in the caller's transaction."""
    columns = {"patron": row.patron_id, "address": row.address, "kind": row.kind, "since": row.since}
    FormerAddress.insert(columns | {"at_desk": row.at_desk, "removed_at": now}).on_conflict_ignore().execute()


def older_addresses(patron: Patron, *, before: datetime) -> list[Address]:
    """Return the addresses that were on file, unchanged, for long enough before a moment, also those taken off it lately."""
    lately = FormerAddress.removed_at > before - FORMER_KEPT
    rows: list[Address] = [
        *PatronAddress.select().where(PatronAddress.patron == patron.id).order_by(PatronAddress.position),
        *FormerAddress.select().where(FormerAddress.patron == patron.id, lately).order_by(FormerAddress.id),
    ]
    found: dict[str, Address] = {}
    for row in rows:
        if _is_older(row, before):
            found.setdefault(row.address, row)
    return list(found.values())


def _is_older(row: Address, before: datetime) -> bool:
    until = min(before, row.removed_at) if isinstance(row, FormerAddress) else before
    return row.since is None or row.since <= until - (OLDER_AT_DESK if row.at_desk else OLDER)


def is_proved(patron: Patron, address: str, *, now: datetime) -> bool:
    """Tell if a link to this address proves its patron: it is older than the seal, or where there is none, than now."""
    found = of_patron(patron)
    older = older_addresses(patron, before=found.sealed_at if found else now)
    return address in {row.address for row in older}


def drop(patron: Patron) -> None:
    """Delete the seal of a card that is closed, and its former addresses, in the caller's transaction."""
    for model in (Seal, FormerAddress):
        model.delete().where(model.patron == patron.id).execute()


def forget_devices(patron: Patron) -> None:
    """Forget which browsers signed in to a card, in the caller's transaction. While a seal is on, they are what opens it."""
    if of_patron(patron) is None:
        marks.forget(patron)


# -- opening ---------------------------------------------------------------------------------------------------------
def open_by_device(patron: Patron, token: str | None, *, now: datetime) -> bool:
    """Open what is sealed if the browser is an older one, in the caller's transaction; tell if it was."""
    found = of_patron(patron)
    if found is None or not marks.is_older(patron, token, before=found.sealed_at):
        return False
    open_all(patron)
    audit.record("seal.opened", actor="patron", now=now, patron=patron)
    return True


def usable_addresses(seal: Seal) -> list[Address]:
    """Return the older addresses that a mail reaches."""
    older = older_addresses(seal.patron, before=seal.sealed_at)
    return [row for row in older if isinstance(row, FormerAddress) or row.undeliverable_at is None]


def mail_links(patron: Patron, *, now: datetime) -> list[str]:
    """メールで確認する: mail a link to each older address; return the addresses. Raises: SealMailsTooMany."""
    found = of_patron(patron)
    rows = usable_addresses(found) if found else []
    if not rows:
        return []
    with database.writing():
        asked = throttle.count(f"seal:{patron.id}", now=now, until=now + timedelta(hours=1))
        if asked <= MAILS_AN_HOUR:
            for row in rows:
                _mail_link(row, now)
    if asked > MAILS_AN_HOUR:
        raise errors.SealMailsTooMany(most=MAILS_AN_HOUR)
    return [row.address for row in rows]


def _mail_link(row: Address, now: datetime) -> None:
    token = one_time_links.make(row.patron, row.address, "open_seal", now + OPEN_LINK)
    key = f"open_seal:{sessions.hashed(token)}"
    to = {"address": row.address, "address_kind": row.kind, "patron": row.patron_id}
    outbox.put("open_seal", key, **to, facts={"token": token}, now=now)


def opening(token: str, patron: Patron, *, now: datetime) -> OneTimeLink:
    """Return the link behind a token for the patron who is signed in. Raises: LinkDead, also for another card's link."""
    link = one_time_links.live(token, "open_seal", now=now)
    if link.patron_id != patron.id or of_patron(patron) is None:
        raise errors.LinkDead()
    return link


def open_by_link(token: str, patron: Patron, *, now: datetime) -> None:
    """Open what is sealed by a mailed link, which is used up. Raises: LinkDead."""
    link = opening(token, patron, now=now)
    with database.writing():
        one_time_links.use_up(link, now=now)
        open_all(patron)
        audit.record("seal.opened", actor="patron", now=now, patron=patron)


def open_all(patron: Patron) -> None:
    """Give back what is sealed to who proved to be its owner, in the caller's transaction."""
    unsealing.end_addresses_made_since(patron)
    end(patron)


def end(patron: Patron) -> None:
    """Take the mark from what is still sealed and end the seal, in the caller's transaction."""
    unsealing.unseal(patron)
    Seal.delete().where(Seal.patron == patron.id).execute()
