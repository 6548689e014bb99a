"""保護: a new password that nobody proved opens what comes after it, and nothing that was there before.

One state says so, ``Patron.unproved_since``: from the first password that the library issues, or that a link to a new
address sets, until its owner is proved. The rows that are there then are sealed: they lose their patron (``sealed_for``
has it), so that no page, file, feed, mail or job finds them. Only this module and ``unsealing`` read them, and
``sealed_records`` deletes them. Nobody at the library opens them, nor does time.

A key proves the owner: an address, a passkey or a browser's mark that was there long enough before (OLDER).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from peewee import Field, ModelSelect

from library import errors
from library.access import marks, one_time_links, sessions, throttle, unsealing
from library.access.factors import passkeys
from library.mail import outbox
from library.store import database
from library.store.queries import Query, blank
from models import (
    CalendarLink,
    EbookLink,
    FormerAddress,
    Hold,
    OneTimeLink,
    OutboxMail,
    Passkey,
    Patron,
    PatronAddress,
    PatronRequest,
    Shelf,
    ShelvedTitle,
    Undo,
)

OLDER = timedelta(days=14)  # age before the sealing at which an address, passkey or mark is a key
OLDER_AT_DESK = timedelta(days=90)  # age of an address that the desk entered
FORMER_KEPT = timedelta(days=90)  # time for which a removed address is still a key
OPEN_LINK, STOP_LINK = timedelta(hours=24), timedelta(days=14)
MAILS_AN_HOUR = 3
MOVED = unsealing.MOVED
_ENDED = ("cancelled", "expired")
Address = PatronAddress | FormerAddress


def is_sealed(patron: Patron) -> bool:
    """Tell whether anything of a patron is sealed."""
    if patron.unproved_since is None:
        return False
    return _SEALED_OF.first(patron=patron.id) is not None


def sealed_patrons() -> ModelSelect[Any]:
    """Return the query of the ids of all patrons with something sealed."""
    return reduce(or_, (rows.where(owner.is_null(False)) for rows, owner in _sealed()))


def _sealed() -> list[tuple[ModelSelect[Any], Field]]:
    """Return for each table the query of its sealed rows and the column of their patron, which it selects."""
    return [
        *((model.select(model.sealed_for), model.sealed_for) for model in MOVED),
        *((model.select(model.patron).where(model.sealed), model.patron) for model in unsealing.MARKED),
    ]


def _any_of_patron() -> Any:
    arms = [rows.where(owner == blank("patron")) for rows, owner in _sealed()]
    return reduce(lambda some, more: some.union_all(more), arms).limit(1)


_SEALED_OF = Query(_any_of_patron)


# -- sealing -----------------------------------------------------------------------------------------------------------
def seal(patron: Patron, *, now: datetime) -> None:
    """Seal all records of a patron, in the caller's transaction: from now on the password is unproved.

    Where something is sealed already, newer records join it, and ``unproved_since`` stays, so that a second password
    makes no new address old; else it is now. A deletion that was asked for is cancelled. Where there was nothing to
    seal, all marks and passkeys are deleted.
    """
    patron.unproved_since = Patron.get_by_id(patron.id).unproved_since
    begun, was_sealed = patron.unproved_since or now, is_sealed(patron)
    if was_sealed:
        _end_open_secret_links(patron)
        unsealing.unseal(patron)
    _move(patron)
    patron.unproved_since, patron.sealed_until = (patron.unproved_since if was_sealed else now), None
    patron.save(only=[Patron.unproved_since, Patron.sealed_until])
    if not is_sealed(patron):
        marks.forget(patron)
        passkeys.forget(patron)
    else:
        end_newer_passkeys(patron, begun)


def _move(patron: Patron) -> None:
    for model in MOVED:
        mine = model.patron == patron.id
        if model is Shelf:  # a public shelf stays open by its link, without the patron's notes
            mine &= Shelf.token == ""
        model.update(sealed_for=patron, patron=None).where(mine).execute()
    for shelf in list(Shelf.select().where(Shelf.patron == patron.id)):
        _move_notes(patron, shelf)
    Hold.update(sealed=True).where(Hold.patron == patron.id, Hold.state.in_(_ENDED)).execute()
    ended = PatronRequest.ended_at.is_null(False)
    PatronRequest.update(sealed=True).where(PatronRequest.patron == patron.id, ended).execute()
    Undo.delete().where(Undo.patron == patron.id).execute()  # it names titles on a shelf or in the cart
    OutboxMail.update(text="").where(OutboxMail.patron == patron.id).execute()  # the patron has them in the mailbox


def _move_notes(patron: Patron, shelf: Shelf) -> None:
    """Move the patron's notes on a public shelf to a sealed shelf of the same name; unsealing joins the two."""
    noted = (ShelvedTitle.note != "") | ShelvedTitle.read_on.is_null(False)
    books = list(ShelvedTitle.select().where(ShelvedTitle.shelf == shelf.id, noted).order_by(ShelvedTitle.position))
    if books:
        twin = Shelf.create(sealed_for=patron, name=shelf.name, position=shelf.position, as_list=shelf.as_list)
        for position, book in enumerate(books, start=1):
            copy = {name: getattr(book, name) for name in ShelvedTitle._meta.sorted_field_names if name != "id"}
            ShelvedTitle.create(**copy | {"shelf": twin, "position": position})
        ids = [book.id for book in books]
        ShelvedTitle.update(note="", read_on=None).where(ShelvedTitle.id.in_(ids)).execute()


def _end_open_secret_links(patron: Patron) -> None:
    """Delete the secret addresses that were made since the sealing: unsealed records must not be seen there."""
    for model in (EbookLink, CalendarLink):
        model.delete().where(model.patron == patron.id).execute()


def end_newer_passkeys(patron: Patron, begun: datetime) -> None:
    """Delete the passkeys that are no keys, in the caller's transaction: those younger than OLDER at the moment
    ``begun`` of the sealing.
    """
    Passkey.delete().where(Passkey.patron == patron.id, Passkey.created_at > begun - OLDER).execute()


def lift(patron: Patron) -> None:
    """Unseal all records of a patron, whose owner is proved, in the caller's transaction."""
    unsealing.unseal(patron)
    proved = {"unproved_since": None, "sealed_until": None}
    Patron.update(proved).where(Patron.id == patron.id).execute()
    patron.unproved_since = patron.sealed_until = None


def restart_address_ages(patron: Patron, *, now: datetime) -> None:
    """Let the age of addresses that are no keys count from now, in the caller's transaction, when sealed records are
    deleted.

    The time of the sealing must not make them keys to later records.
    """
    before = patron.unproved_since or now
    for row in PatronAddress.select().where(PatronAddress.patron == patron.id):
        if not _is_older(row, before):
            PatronAddress.update(since=now).where(PatronAddress.id == row.id).execute()
    for row in FormerAddress.select().where(FormerAddress.patron == patron.id):
        if not _is_older(row, before):
            row.delete_instance()


def give_back_for_closing(patron: Patron) -> None:
    """Unseal all records of a card that is closed, to be deleted with the rest; forget its former addresses and marks.
    In the caller's transaction.
    """
    lift(patron)
    FormerAddress.delete().where(FormerAddress.patron == patron.id).execute()
    marks.forget(patron)


# -- keys --------------------------------------------------------------------------------------------------------------
def remember_former(row: PatronAddress, *, now: datetime) -> None:
    """Remember an address that is being removed, in the caller's transaction."""
    columns = {"patron": row.patron_id, "address": row.address, "kind": row.kind, "since": row.since}
    FormerAddress.insert(columns | {"at_desk": row.at_desk, "removed_at": now}).on_conflict_ignore().execute()


def older_addresses(patron: Patron, *, now: datetime) -> list[Address]:
    """Return the addresses that are keys: on file, unchanged, for OLDER (OLDER_AT_DESK from the desk) before the
    sealing, or before now where nothing is sealed. Also those removed less than FORMER_KEPT before.
    """
    before = patron.unproved_since if patron.unproved_since and is_sealed(patron) else now
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


def is_key_address(patron: Patron, address: str, *, now: datetime) -> bool:
    """Tell whether a link mailed to this address proves the patron."""
    return address in {row.address for row in older_addresses(patron, now=now)}


def usable_addresses(patron: Patron, *, now: datetime) -> list[Address]:
    """Return the older addresses that are not known to be undeliverable."""
    older = older_addresses(patron, now=now)
    return [row for row in older if isinstance(row, FormerAddress) or row.undeliverable_at is None]


# -- opening -----------------------------------------------------------------------------------------------------------
def make_key_link(patron: Patron, *, mark: str | None, passkey: Passkey | None = None, now: datetime) -> str | None:
    """Return the token of a link that opens sealed records, for a sign-in with a key: this browser's mark or a passkey.
    None without a key. In the caller's transaction.
    """
    if patron.unproved_since is None or not is_sealed(patron):
        return None
    until = patron.unproved_since - OLDER
    if marks.is_key(patron, mark, until=until) or (passkey and passkey.created_at <= until):
        return one_time_links.make(patron, "", "open_seal", now + OPEN_LINK)
    return None


def mail_links(patron: Patron, *, now: datetime) -> list[str]:
    """メールで確認する: mail a link to each older address; return the addresses. Raises: SealMailsTooMany."""
    rows = usable_addresses(patron, now=now) if is_sealed(patron) else []
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
    key = f"open_seal:{sessions.hash_token(token)}"
    to = {"address": row.address, "address_kind": row.kind, "patron": row.patron_id}
    outbox.put("open_seal", key, **to, facts={"token": token}, now=now)


def opening_link(token: str, patron: Patron, *, now: datetime) -> OneTimeLink:
    """Return the link behind a token for the patron who is signed in. Raises: LinkDead, also for
    another card's link.
    """
    link = one_time_links.live(token, "open_seal", now=now)
    if link.patron_id != patron.id or not is_sealed(patron):
        raise errors.LinkDead()
    return link
