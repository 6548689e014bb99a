"""Marks: the browsers and the networks from which somebody signed in before. Who guesses elsewhere keeps nobody out there.

A mark is a random token in the browser's cookie, the same for all who sign in there; here stands its hash. It is a friend, which guessing
elsewhere doesn't keep out; whether it is a key, too, is written down when it is made (``seals.make_key_link``).
"""

import secrets
from datetime import datetime, timedelta

from peewee import Expression, Value

from library import networks
from library.access import sessions
from library.store import database
from models import KnownDevice, KnownNetwork, Patron, PushSubscription, Staff

NETWORKS = 8  # of a card
FIRST, LAST = 20, 80  # marks of one person that are kept: those known the longest, and the newest
NETWORK_KEPT = timedelta(days=90)
NOBODY = 0  # no row has this number: who has no card is looked for as long as who has one


def remember(person: Patron | Staff, token: str | None, *, may_be_key: bool = False, now: datetime) -> str:
    """Return the mark of this browser, which now knows the person, in the caller's transaction. ``may_be_key``: signed in with a proved
    password of their own, away from the desk; it is a key from now on where no member of staff ever signed in.

    For somebody new the browser gets a new mark, which knows all whom the old one knew, too. The old one stays as it is: who left it in
    this browser, to have it at home as well, is no friend of the newcomer; who took a copy of it takes nothing away.
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
    """Forget what is neither among the first marks of somebody nor among the last: with a password alone nobody fills the table, and
    nobody drives out the old marks, which may be keys.
    """
    ids = KnownDevice.select(KnownDevice.id).where(_of(person))
    first = ids.order_by(KnownDevice.known_since, KnownDevice.id).limit(FIRST)
    last = ids.order_by(KnownDevice.id.desc()).limit(LAST)
    KnownDevice.delete().where(_of(person), KnownDevice.id.not_in(first), KnownDevice.id.not_in(last)).execute()


def knows_patron(patron: Patron | None, token: str | None) -> bool:
    """Tell if this browser signed in to the card before."""
    mine = KnownDevice.patron == (patron.id if patron else NOBODY)
    return bool(token) and KnownDevice.select().where(mine, _is_in(token)).exists()


def knows_staff(staff: Staff | None, token: str | None) -> bool:
    """Tell if this browser signed in to the login before."""
    mine = KnownDevice.staff == (staff.id if staff else NOBODY)
    return bool(token) and KnownDevice.select().where(mine, _is_in(token)).exists()


def is_key(patron: Patron, token: str | None, *, until: datetime) -> bool:
    """Tell if this browser's mark was made a key of the card up to a moment, and no member of staff signed in there since."""
    made = KnownDevice.is_key & (KnownDevice.known_since <= until)
    there = bool(token) and KnownDevice.select().where(_known(patron, token or ""), made).exists()
    return there and not _is_of_staff(token)


def _is_of_staff(token: str | None) -> bool:
    return KnownDevice.select().where(KnownDevice.staff.is_null(False), _is_in(token)).exists()


def forget(person: Patron | Staff) -> None:
    """Forget which browsers know somebody, in the caller's transaction."""
    KnownDevice.delete().where(_of(person)).execute()


def forget_browser(token: str | None) -> None:
    """Forget who signed in in this browser, and whose pushes it gets: it becomes one that anybody may sit down at."""
    with database.writing():
        KnownDevice.delete().where(_is_in(token)).execute()
        PushSubscription.delete().where(PushSubscription.browser == sessions.hash_token(token or "")).execute()


def remember_network(patron: Patron, address: str, key: str, *, now: datetime) -> None:
    """Remember that a card signed in from the network of this address, in the caller's transaction: the last NETWORKS of them."""
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
    """Tell if a card lately signed in from the network of this address."""
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
