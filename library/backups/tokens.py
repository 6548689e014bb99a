"""Tokens of the machines that fetch the newest backup: each is good only from the addresses listed beside it."""

import ipaddress
import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from library import audit, errors, networks
from library.access import sessions, throttle
from library.store import database
from models import Audit, BackupToken

LONGEST_NAME = 30
WIDEST, WIDEST_OF_SIX = 16, 32  # bits of a network that may be listed
FREE = 20  # refusals of one household in PERIOD, after which it waits
PERIOD = timedelta(hours=1)
MISUSED, UNKNOWN = "backup_token.misused", "backup_token.unknown"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")


def add(name: str, addresses: Iterable[str], *, by: str, now: datetime) -> str:
    """Add a machine; return its token, which is stored nowhere. Raises: TokenNameUnusable, TokenNameTaken,
    AddressUnusable, NetworkTooWide.
    """
    if len(name) > LONGEST_NAME or not _NAME.fullmatch(name):
        raise errors.TokenNameUnusable(longest=LONGEST_NAME)
    listed = " ".join(dict.fromkeys(_read(text) for text in addresses))
    token = secrets.token_urlsafe(32)
    with database.writing():
        if BackupToken.get_or_none(BackupToken.name == name):
            raise errors.TokenNameTaken(name=name)
        BackupToken.create(name=name, token_hash=sessions.hash_token(token), addresses=listed, made_at=now)
        audit.record("backup_token.added", actor=by, now=now, of=f"{name}（{listed}）")
    return token


def _read(text: str) -> str:
    try:
        network = networks.plain(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError:
        raise errors.AddressUnusable(text=text.strip()[:40]) from None
    if network.prefixlen < (WIDEST if network.version == 4 else WIDEST_OF_SIX):
        raise errors.NetworkTooWide(text=text.strip(), bits=WIDEST, bits_of_six=WIDEST_OF_SIX)
    return str(network.network_address if network.num_addresses == 1 else network)


def every() -> list[BackupToken]:
    """Return the machines by name."""
    return list(BackupToken.select().order_by(BackupToken.name))


def revoke(name: str, *, by: str, now: datetime) -> None:
    """Delete a machine and its token. Raises: TokenUnknown."""
    with database.writing():
        if not BackupToken.delete().where(BackupToken.name == name).execute():
            raise errors.TokenUnknown(name=name)
        audit.record("backup_token.revoked", actor=by, now=now, of=name)


def judge(token: str, address: str, *, now: datetime) -> None:
    """Let a machine through whose token is known and good from its address, and note the time. Raises: TokenRefused;
    TokenWaits, for a household that was refused too often. A right token never waits.
    """
    row = BackupToken.get_or_none(BackupToken.token_hash == sessions.hash_token(token)) if token else None
    if row and networks.includes(networks.parse(row.addresses), address):
        with suppress(*database.NOT_NOW), database.one_statement():  # a backup may leave on a full disk, too
            BackupToken.update(used_at=now).where(BackupToken.id == row.id).execute()
        return
    with database.writing():
        has_to_wait = _count_refusal(row, address, now)
    raise errors.TokenWaits() if has_to_wait else errors.TokenRefused()


def _count_refusal(row: BackupToken | None, address: str, now: datetime) -> bool:
    """Count and record a refusal; return True where there were too many.

    A known token is recorded even then: a thief may have knocked often. For an unknown token no address is recorded, as
    it is some stranger's.
    """
    since = now - PERIOD
    if row:
        _note_misuse(row, address, since, now)
    counter = f"backup {networks.household(address)}"
    if throttle.counted(counter, now=now) >= FREE:
        return True
    throttle.count(counter, now=now, until=now + PERIOD)
    if row is None:
        audit.record_unless_since(since, UNKNOWN, actor="system", now=now)
    return False


def _note_misuse(row: BackupToken, address: str, since: datetime, now: datetime) -> None:
    """Record the household from which a known token came, once in PERIOD and for no more households than FREE."""
    actor, recent = f"token:{row.name}", (Audit.action == MISUSED) & (Audit.at > since)
    told = {networks.household(one.details["of"]) for one in Audit.select().where(recent, Audit.actor == actor)}
    if len(told) < FREE and networks.household(address) not in told:
        audit.record(MISUSED, actor=actor, now=now, of=address, name=row.name)


def misused_since(moment: datetime) -> str:
    """Return the name of the machine whose token came last from elsewhere since a moment; empty where none did."""
    row = Audit.select().where(Audit.action == MISUSED, Audit.at > moment).order_by(Audit.id.desc()).first()
    return row.details["name"] if row else ""
