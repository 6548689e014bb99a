"""スマートフォンへの通知: devices of patrons, and the kinds of pushes that they get. ``pusher`` sends them.

A push says a day and a number, no title and nobody's name or card. The services of the browsers' makers carry it
encrypted, so a device is known by an address at one of them (``PUSH_HOSTS``) and two keys. One device is that of one
card: who presses last has it.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from peewee import Expression, ModelSelect, chunked, fn

from library import audit, errors
from library.mail import outbox
from library.store import database
from library.store.queries import Models, blank, tuples
from models import KnownDevice, OutboxMail, Patron, PushSubscription

KINDS = {  # of the outbox, each a column of the table, with its word
    "due": "返却期限", "hold_ready": "受取可", "hold_deadline": "受取期限", "closure": "休館変更", "sdi": "新着",
}  # fmt: skip
CHOICES = {  # what a patron ticks, for all devices at once, with the kinds behind it
    "due": ("due",), "hold": ("hold_ready", "hold_deadline"), "closure": ("closure",), "sdi": ("sdi",),
}  # fmt: skip
AT_FIRST = ("due", "hold", "closure")  # of the first device; the patron may have no SDI
MOST = 5  # devices of a patron
UNSEEN = timedelta(days=180)  # since somebody last signed in there, after which it gets nothing more
LONGEST_NAME = 40
LONGEST = 1000  # letters of an address
IDS_AT_ONCE = 500  # in one query
_WEB_ADDRESS = re.compile(r"[!-~]+")


class Device(NamedTuple):
    """A device as its browser tells of it; ``browser``: hash of the browser's mark."""

    endpoint: str
    p256dh: str
    auth: str
    browser: str


# -- devices -----------------------------------------------------------------------------------------------------------
def of_patron(patron: Patron) -> list[PushSubscription]:
    """Return the devices of a patron, the oldest first."""
    return _OF_PATRON.rows(patron=patron.id)


_OF_PATRON = Models(
    PushSubscription,
    {},
    lambda rows: rows.where(PushSubscription.patron == blank("patron")).order_by(
        PushSubscription.created_at, PushSubscription.id
    ),
)


def subscribed_to(kind: str) -> Expression:
    """Return the SQL condition for devices that get a kind of push."""
    return getattr(PushSubscription, kind)


def kinds_of(row: PushSubscription) -> list[str]:
    """Return the kinds that a device gets."""
    return [kind for kind in KINDS if getattr(row, kind)]


def chosen(devices: Iterable[PushSubscription]) -> list[str]:
    """Return the choices that hold for a patron's devices; those of the first one where they have none yet."""
    rows = list(devices)
    ticked = {kind for row in rows for kind in kinds_of(row)}
    return [choice for choice, kinds in CHOICES.items() if ticked & set(kinds)] if rows else list(AT_FIRST)


def with_devices(
    addresses: dict[int, list[tuple[str, str]]], patron_ids: Iterable[int], kind: str
) -> dict[int, list[tuple[str, str]]]:
    """Return the addresses by patron id, as (address, its kind), each list followed by the patron's devices that get a
    kind of notice, as (name, PUSH).
    """
    found = {patron: list(places) for patron, places in addresses.items()}
    rows = PushSubscription.select(PushSubscription.patron, PushSubscription.name).where(subscribed_to(kind))
    for some in chunked(sorted(patron_ids), IDS_AT_ONCE):
        mine = rows.where(PushSubscription.patron.in_(some))
        for patron, name in tuples(mine.order_by(PushSubscription.patron, PushSubscription.id)):
            found.setdefault(patron, []).append((name, outbox.PUSH))
    return found


def device_of(mail: OutboxMail) -> PushSubscription | None:
    """Return the device that a queued push goes to; None where it is gone, or gets this kind no longer."""
    mine = (PushSubscription.patron == mail.patron_id) & (PushSubscription.name == mail.address)
    return PushSubscription.get_or_none(mine, subscribed_to(mail.kind)) if mail.kind in KINDS else None


def unseen(before: datetime) -> ModelSelect[PushSubscription]:
    """Select the devices on which nobody has signed in to their card since a moment."""
    seen = KnownDevice.select(KnownDevice.id).where(
        KnownDevice.patron == PushSubscription.patron,
        KnownDevice.token_hash == PushSubscription.browser,
        KnownDevice.seen_at >= before,
    )
    return PushSubscription.select().where(PushSubscription.created_at < before, ~fn.EXISTS(seen))


# -- judging a browser's data -----------------------------------------------------------------------------------------
def hosts(setting: str) -> list[str]:
    """Return the hosts of ``PUSH_HOSTS``; ``*.`` stands for all below."""
    return setting.lower().split()


def is_allowed(endpoint: str, listed: Collection[str]) -> bool:
    """Tell whether pushes may go to an address: https at its own port, of a listed host, without a user
    or a fragment.
    """
    if len(endpoint) > LONGEST or not _WEB_ADDRESS.fullmatch(endpoint):
        return False
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    plain = parts.scheme == "https" and port in (None, 443) and "@" not in parts.netloc and not parts.fragment
    return plain and any(_is_host(host, one) for one in listed)


def _is_host(host: str, listed: str) -> bool:
    return host.endswith(listed[1:]) and len(host) > len(listed) - 1 if listed.startswith("*.") else host == listed


def public_key_of(text: str) -> bytes:
    """Return the key of a device, a point of P-256. Raises: PushKeysRefused."""
    point = _bytes(text, 65)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise errors.PushKeysRefused() from None
    return point


def secret_of(text: str) -> bytes:
    """Return the 16 bytes of the secret that a device shares with the library. Raises: PushKeysRefused."""
    return _bytes(text, 16)


def _bytes(text: str, length: int) -> bytes:
    try:
        found = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if len(found) != length:
        raise errors.PushKeysRefused()
    return found


# -- acts of a patron --------------------------------------------------------------------------------------------------
def subscribe(patron: Patron, device: Device, name: str, listed: Collection[str], *, now: datetime) -> PushSubscription:
    """通知を受け取る: store a device under a free name, in place of its earlier row; it gets what the others get. Raises:
    PushEndpointRefused, PushKeysRefused, TooManyPushDevices.
    """
    if not is_allowed(device.endpoint, listed):
        raise errors.PushEndpointRefused()
    public_key_of(device.p256dh)
    secret_of(device.auth)
    with database.writing():
        kinds = _kinds(chosen(of_patron(patron)))
        this = PushSubscription.browser == device.browser
        same = (PushSubscription.endpoint == device.endpoint) | ((PushSubscription.patron == patron.id) & this)
        PushSubscription.delete().where(same).execute()
        others = of_patron(patron)
        if len(others) >= MOST:
            raise errors.TooManyPushDevices(most=MOST)
        row = PushSubscription.create(
            patron=patron, name=_free_name(name, others), created_at=now, **device._asdict(), **kinds
        )
        _note(patron, "added", now)
        return row


def choose(patron: Patron, choices: Collection[str]) -> None:
    """Set what all devices of a patron get. Raises: NoPushKind."""
    kinds = _kinds(choices)
    if not any(kinds.values()):
        raise errors.NoPushKind()
    with database.writing():
        PushSubscription.update(kinds).where(PushSubscription.patron == patron.id).execute()


def _kinds(choices: Collection[str]) -> dict[str, bool]:
    return {kind: choice in choices for choice, kinds in CHOICES.items() for kind in kinds}


def remove(patron: Patron, row: PushSubscription, *, now: datetime) -> None:
    """Delete a device; pushes that wait for it are not sent."""
    with database.writing():
        mine = (PushSubscription.id == row.id) & (PushSubscription.patron == patron.id)
        if PushSubscription.delete().where(mine).execute():
            _note(patron, "removed", now)


def drop(mail: OutboxMail) -> None:
    """Delete the device of a push, which its service knows no longer, in the caller's transaction."""
    mine = (PushSubscription.patron == mail.patron_id) & (PushSubscription.name == mail.address)
    PushSubscription.delete().where(mine).execute()


def _free_name(name: str, others: Iterable[PushSubscription]) -> str:
    """Return a name that no other device of the patron has, nor any address: in the outbox it stands where addresses
    do.
    """
    taken, name = {row.name for row in others}, name.replace("@", "＠")
    names = (name, *(f"{name}（{number}）" for number in range(2, MOST + 2)))
    return next(free for free in names if free not in taken)


def _note(patron: Patron, what: str, now: datetime) -> None:
    """Record in 変更の記録 that a device was added or removed, in the caller's transaction."""
    audit.record(f"push.{what}", actor="patron", now=now, patron=patron, fields=[f"push_{what}"], via="site")
