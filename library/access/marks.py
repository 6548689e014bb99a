"""Marks: browsers and networks that signed in before. Guessing elsewhere does not lock them out.

A mark is a random token in the browser's cookie, the same for all who sign in there; the database has its hash. Some
marks are also keys, which open sealed records (``seals.make_key_link``).
"""

import secrets
from datetime import datetime, timedelta

from peewee import Expression, Value

from library import networks
from library.access import sessions
from library.store import database
from models import KnownDevice, KnownNetwork, Patron, PushSubscription, Staff

NETWORKS = 8  # of a card
FIRST, LAST = 20, 80  # marks of one person that are kept: the oldest and the newest
NETWORK_KEPT = timedelta(days=90)
NOBODY = 0  # no row has this id: a query for it takes as long as for a card that exists


def remember(person: Patron | Staff, token: str | None, *, may_be_key: bool = False, now: datetime) -> str:
    """Return the token of a mark that knows the person from now on, in the caller's transaction.

    ``token``: the mark in the browser's cookie, None without one. It is returned if it knows the person already; else a
    new mark, which also knows everybody whom the old one knew. The old one is not changed: a copy of it in another
    browser must not know this person. ``may_be_key``: the person signed in with a proved password of their own, away
    from the desk; then the mark is a key, unless staff signed in there.
    """
    is_key = may_be_key and not _is_of_staff(token)
    if token and KnownDevice.update(seen_at=now).where(_known(person, token)).execute():
        if is_key:
            made = KnownDevice.update(is_key=True, known_since=now)
            made.where(_known(person, token), ~KnownDevice.is_key).execute()
        return token
    mark = secrets.token_urlsafe(32)
    hashed = sessions.hash_token(mark)
    beside = (KnownDevice.patron, KnownDevice.staff, KnownDevice.seen_at, KnownDevice.known_since, KnownDevice.is_key)
    known = KnownDevice.select(Value(hashed), *beside).where(_is_in(token))
    KnownDevice.insert_from(known, [KnownDevice.token_hash, *beside]).execute()
    if token:
        former = PushSubscription.browser == sessions.hash_token(token)
        PushSubscription.update(browser=hashed).where(former).execute()
    whose = {"patron": person} if isinstance(person, Patron) else {"staff": person}
    KnownDevice.create(token_hash=hashed, seen_at=now, known_since=now, is_key=is_key, **whose)
    _forget_many(person)
    return mark


def _forget_many(person: Patron | Staff) -> None:
    """Delete all marks of a person but the first and the last, so that a password alone can't fill the table or drive
    out old marks, which may be keys.
    """
    ids = KnownDevice.select(KnownDevice.id).where(_of(person))
    first = ids.order_by(KnownDevice.known_since, KnownDevice.id).limit(FIRST)
    last = ids.order_by(KnownDevice.id.desc()).limit(LAST)
    KnownDevice.delete().where(_of(person), KnownDevice.id.not_in(first), KnownDevice.id.not_in(last)).execute()


def knows_patron(patron: Patron | None, token: str | None) -> bool:
    """Tell whether this browser signed in to the card before."""
    mine = KnownDevice.patron == (patron.id if patron else NOBODY)
    return bool(token) and KnownDevice.select().where(mine, _is_in(token)).exists()


def knows_staff(staff: Staff | None, token: str | None) -> bool:
    """Tell whether this browser signed in to the login before."""
    mine = KnownDevice.staff == (staff.id if staff else NOBODY)
    return bool(token) and KnownDevice.select().where(mine, _is_in(token)).exists()


def is_key(patron: Patron, token: str | None, *, until: datetime) -> bool:
    """Tell whether this browser's mark became a key of the card by the moment ``until``, and no staff signed in there
    since.
    """
    made = KnownDevice.is_key & (KnownDevice.known_since <= until)
    there = bool(token) and KnownDevice.select().where(_known(patron, token or ""), made).exists()
    return there and not _is_of_staff(token)


def _is_of_staff(token: str | None) -> bool:
    return KnownDevice.select().where(KnownDevice.staff.is_null(False), _is_in(token)).exists()


def forget(person: Patron | Staff) -> None:
    """Delete all marks of a person, in the caller's transaction."""
    KnownDevice.delete().where(_of(person)).execute()


def forget_browser(token: str | None) -> None:
    """Forget everybody who signed in in this browser, and its pushes, as anybody may sit down at it from now on."""
    with database.writing():
        KnownDevice.delete().where(_is_in(token)).execute()
        PushSubscription.delete().where(PushSubscription.browser == sessions.hash_token(token or "")).execute()


def remember_network(patron: Patron, address: str, key: str, *, now: datetime) -> None:
    """Remember the network from which a card signed in, in the caller's transaction; the last NETWORKS are kept."""
    if networks.household(address) == networks.UNKNOWN:
        return
    row = {"patron": patron, "network_hash": networks.hashed(f"network\n{patron.id}", address, key), "seen_at": now}
    seen = {KnownNetwork.seen_at: now}
    target = [KnownNetwork.patron, KnownNetwork.network_hash]
    KnownNetwork.insert(row).on_conflict(conflict_target=target, update=seen).execute()
    mine = KnownNetwork.select(KnownNetwork.id).where(KnownNetwork.patron == patron.id)
    last = mine.order_by(KnownNetwork.seen_at.desc(), KnownNetwork.id.desc()).limit(NETWORKS)
    KnownNetwork.delete().where(KnownNetwork.patron == patron.id, KnownNetwork.id.not_in(last)).execute()


def knows_network(patron: Patron | None, address: str, key: str, *, now: datetime) -> bool:
    """Tell whether a card signed in from this network within the last NETWORK_KEPT."""
    number = patron.id if patron else NOBODY
    mine = (KnownNetwork.patron == number) & (KnownNetwork.seen_at > now - NETWORK_KEPT)
    there = KnownNetwork.network_hash == networks.hashed(f"network\n{number}", address, key)
    return KnownNetwork.select().where(mine, there).exists()


def _of(person: Patron | Staff) -> Expression:
    return KnownDevice.patron == person.id if isinstance(person, Patron) else KnownDevice.staff == person.id


def _known(person: Patron | Staff, token: str) -> Expression:
    return _of(person) & _is_in(token)


def _is_in(token: str | None) -> Expression:
    return KnownDevice.token_hash == sessions.hash_token(token or "")
