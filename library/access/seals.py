"""保護: a new password that nobody proved opens what comes after it, and nothing that was there before.

One state, ``Patron.unproved_since``: from the first password that the library issues, or that a link to a new address sets, until its owner
is proved. What is there when such a password comes loses its patron (``sealed_for`` says whose it is), so that no page, file, feed, mail or
job finds it; only this module and ``unsealing`` read it, and ``sealed_records`` deletes it. Nobody at the library opens it, nor does time.
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
    Shelf,
    ShelvedTitle,
    Undo,
)

OLDER, OLDER_AT_DESK = (
    timedelta(days=14),
    timedelta(days=90),
)  # before the first such password: known so long, a thing is a key
FORMER_KEPT = timedelta(days=90)  # how long an address that was taken off the file still proves something
OPEN_LINK, STOP_LINK = timedelta(hours=24), timedelta(days=14)
MAILS_AN_HOUR = 3
MOVED = unsealing.MOVED
_ENDED = ("cancelled", "expired")
Address = PatronAddress | FormerAddress


def is_sealed(patron: Patron) -> bool:
    """Tell if anything of a patron is out of reach until its owner is proved."""
    if patron.unproved_since is None:
        return False
    return _SEALED_OF.first(patron=patron.id) is not None


def sealed_patrons() -> ModelSelect[Any]:
    """Return the query of the patrons of whom something is out of reach."""
    return reduce(or_, (rows.where(owner.is_null(False)) for rows, owner in _sealed()))


def _sealed() -> list[tuple[ModelSelect[Any], Field]]:
    """Return the query of each table of what is out of reach, with the column of its patron, which it selects."""
    return [
        *((model.select(model.sealed_for), model.sealed_for) for model in MOVED),
        (Hold.select(Hold.patron).where(Hold.sealed), Hold.patron),
    ]


def _any_of_patron() -> Any:
    arms = [rows.where(owner == blank("patron")) for rows, owner in _sealed()]
    return reduce(lambda some, more: some.union_all(more), arms).limit(1)


_SEALED_OF = Query(_any_of_patron)


# -- sealing -----------------------------------------------------------------------------------------------------------
def seal(patron: Patron, *, now: datetime) -> None:
    """Begin the time of a password that nobody proved, in the caller's transaction: what is there goes out of reach.

    During such a time what came since goes, too, and the moment of the first password stays: no second one makes a new address old. A deletion
    that was asked for is taken back. Where nothing is out of reach then, the time begins anew and nothing is left by which somebody signed
    in before.
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
        if model is Shelf:  # a public one is open to whoever has its link, but for what only its patron saw there
            mine &= Shelf.token == ""
        model.update(sealed_for=patron, patron=None).where(mine).execute()
    for shelf in list(Shelf.select().where(Shelf.patron == patron.id)):
        _move_notes(patron, shelf)
    Hold.update(sealed=True).where(Hold.patron == patron.id, Hold.state.in_(_ENDED)).execute()
    Undo.delete().where(Undo.patron == patron.id).execute()  # it tells what was on a shelf or in the cart
    OutboxMail.update(text="").where(OutboxMail.patron == patron.id).execute()  # they are in the patron's mailbox


def _move_notes(patron: Patron, shelf: Shelf) -> None:
    """Put what only the patron saw on a public shelf on one of the same name that is out of reach: opening joins the two."""
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
    """Delete the secret addresses that were made since something went out of reach: who made them proved nothing, and behind them would be
    seen what is given back.
    """
    for model in (EbookLink, CalendarLink):
        model.delete().where(model.patron == patron.id).execute()


def end_newer_passkeys(patron: Patron, begun: datetime) -> None:
    """Delete the passkeys that are no keys to what went out of reach at a moment, in the caller's transaction: whoever knew a password since
    may have made them.
    """
    Passkey.delete().where(Passkey.patron == patron.id, Passkey.created_at > begun - OLDER).execute()


def lift(patron: Patron) -> None:
    """Give back what is out of reach: its owner is proved. In the caller's transaction."""
    unsealing.unseal(patron)
    proved = {"unproved_since": None, "sealed_until": None}
    Patron.update(proved).where(Patron.id == patron.id).execute()
    patron.unproved_since = patron.sealed_until = None


def restart_address_ages(patron: Patron, *, now: datetime) -> None:
    """Have addresses that were no keys to what was sealed count from now, as that is deleted, in the caller's transaction: while it was sealed
    no time made them older, so none of that time makes them keys to what comes.
    """
    before = patron.unproved_since or now
    for row in PatronAddress.select().where(PatronAddress.patron == patron.id):
        if not _is_older(row, before):
            PatronAddress.update(since=now).where(PatronAddress.id == row.id).execute()
    for row in FormerAddress.select().where(FormerAddress.patron == patron.id):
        if not _is_older(row, before):
            row.delete_instance()


def give_back_for_closing(patron: Patron) -> None:
    """Give a card that is to be closed all that is its patron's, to be deleted with the rest; forget its former addresses and its marks. In
    the caller's transaction.
    """
    lift(patron)
    FormerAddress.delete().where(FormerAddress.patron == patron.id).execute()
    marks.forget(patron)


# -- keys --------------------------------------------------------------------------------------------------------------
def remember_former(row: PatronAddress, *, now: datetime) -> None:
    """Remember an address that is being taken off the file, in the caller's transaction."""
    columns = {"patron": row.patron_id, "address": row.address, "kind": row.kind, "since": row.since}
    FormerAddress.insert(columns | {"at_desk": row.at_desk, "removed_at": now}).on_conflict_ignore().execute()


def older_addresses(patron: Patron, *, now: datetime) -> list[Address]:
    """Return the addresses that were on file, unchanged, for long enough before ``unproved_since``, where something is sealed; else before now.
    Also those that were taken off it lately.
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
    """Tell if a link to this address proves its patron."""
    return address in {row.address for row in older_addresses(patron, now=now)}


def usable_addresses(patron: Patron, *, now: datetime) -> list[Address]:
    """Return the older addresses that a mail reaches."""
    older = older_addresses(patron, now=now)
    return [row for row in older if isinstance(row, FormerAddress) or row.undeliverable_at is None]


# -- opening -----------------------------------------------------------------------------------------------------------
def make_key_link(patron: Patron, *, mark: str | None, passkey: Passkey | None = None, now: datetime) -> str | None:
    """Return the token of a link that opens what is sealed, for who signed in with a key: in a browser whose mark was made long enough before
    under a proved password of their own, away from the desk, or with a passkey that is as old. None for others. In the caller's transaction.
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
    """Return the link behind a token for the patron who is signed in. Raises: LinkDead, also for another card's link."""
    link = one_time_links.live(token, "open_seal", now=now)
    if link.patron_id != patron.id or not is_sealed(patron):
        raise errors.LinkDead()
    return link
