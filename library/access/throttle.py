"""Slowing down who guesses, without locking out who is right.

Three counters stand before every password: card and client together, client, card over all clients. A try is
counted before it is checked (many at once can't slip through) and taken back when it was right. A device that has signed
in to the card before answers to the first two alone, so that strangers can't lock a patron out (ASVS 5.0 6.1.1), and a
login that was released to the first alone. Nothing refuses everybody. Counters are rows: they survive a restart.
"""

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from library import cards, errors
from library.store import database
from models import Throttle


@dataclass(frozen=True)
class Limit:
    """A limit: after ``free`` failures within ``window`` the next try waits ``first``, doubling each time up to ``most``."""

    free: int
    window: timedelta
    first: timedelta
    most: timedelta

    def delay(self, failures: int) -> timedelta:
        over = failures - self.free
        if over < 0:
            return timedelta(0)
        return min(self.first * 2 ** min(over, 20), self.most)


_minute = timedelta(minutes=1)
PAIR = Limit(free=5, window=timedelta(hours=1), first=_minute, most=15 * _minute)
CLIENT = Limit(free=20, window=10 * _minute, first=_minute, most=10 * _minute)
CARD = Limit(free=10, window=timedelta(hours=1), first=10 * _minute, most=10 * _minute)
# a network is all the IPv6 addresses that one provider line may have
NETWORK = Limit(free=60, window=10 * _minute, first=_minute, most=10 * _minute)
RELEASED = 30 * _minute  # during which those who guess at a login don't keep its owner out


def admit(
    card_text: str,
    client: str,
    *,
    known_device: bool,
    now: datetime,
    refusal: type[errors.Refused] = errors.SignInTooOften,
) -> None:
    """Count one try and let it pass, or refuse. Call before anything is hashed."""
    limits = _limits(card_text, client, known_device, now)
    with database.writing():
        rows = {name: _current(name, limit, now) for name, limit in limits.items()}
        wait = max((row.allowed_at - now for row in rows.values()), default=timedelta(0))
        if wait > timedelta(0):
            raise refusal(seconds=_seconds(wait), words=_words(wait))
        for name, row in rows.items():
            row.failures += 1
            row.allowed_at = now + limits[name].delay(row.failures)
            row.save()


def forgive(card_text: str, client: str, *, known_device: bool, now: datetime) -> None:
    """Take back the try that was right, and delete the counter of this card and client."""
    limits = _limits(card_text, client, known_device, now)
    with database.writing():
        pair, *others = limits
        Throttle.delete().where(Throttle.name == pair).execute()
        for name in others:
            row = _current(name, limits[name], now)
            row.failures = max(0, row.failures - 1)
            row.allowed_at = now if row.failures < limits[name].free else row.allowed_at
            row.save()


def release(card_text: str) -> None:
    """Let a throttled card in again, from the desk."""
    card = card_name(card_text)
    with database.writing():
        Throttle.delete().where((Throttle.name == f"card:{card}") | Throttle.name.startswith(f"pair:{card}:")).execute()


def let_in(card_text: str, *, now: datetime) -> None:
    """Release a login, and for RELEASED let its owner in from any address, however many strangers go on guessing."""
    release(card_text)
    with database.writing():
        Throttle.replace(name=_released(card_text), failures=1, since=now, allowed_at=now + RELEASED).execute()


def clients_of(card_text: str) -> int:
    """Return from how many clients somebody lately failed at a card."""
    return Throttle.select().where(Throttle.name.startswith(f"pair:{card_name(card_text)}:")).count()


def _released(card_text: str) -> str:
    return f"released:{card_name(card_text)}"


def count(name: str, *, now: datetime, until: datetime) -> int:
    """Add one to a plain counter that starts anew after ``until``; return the number so far, this one included."""
    row = Throttle.get_or_none(Throttle.name == name)
    if row is None or row.allowed_at <= now:
        Throttle.replace(name=name, failures=1, since=now, allowed_at=until).execute()
        return 1
    row.failures += 1
    row.save()
    return row.failures


def counted(name: str, *, now: datetime) -> int:
    row = Throttle.get_or_none(Throttle.name == name)
    return row.failures if row and row.allowed_at > now else 0


def _limits(card_text: str, client: str, known_device: bool, now: datetime) -> dict[str, Limit]:
    card, network = card_name(card_text), client_network(client)
    limits = {f"pair:{card}:{network}": PAIR}
    if counted(_released(card_text), now=now):
        return limits
    limits[f"client:{network}"] = CLIENT
    if ":" in network:
        limits[f"network:{client_network(client, 48)}"] = NETWORK
    if not known_device:
        limits[f"card:{card}"] = CARD
    return limits


def card_name(text: str) -> str:
    """Return the name of a typed card in counters: its number, or a hash of what is none."""
    number = cards.fold(text)
    if cards.NUMBER.match(number):
        return number
    return "other-" + hashlib.sha256(number.encode("utf-8", "replace")).hexdigest()[:16]


def client_network(client: str, bits: int = 64) -> str:
    """Return an IPv4 address, or the network of IPv6: the /64 of one household, the /48 that a provider gives at most."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, bits), strict=False).network_address)
    return str(address)


def _current(name: str, limit: Limit, now: datetime) -> Throttle:
    row = Throttle.get_or_none(Throttle.name == name)
    if row is None:
        return Throttle.create(name=name, since=now, allowed_at=now)
    if row.since + limit.window <= now and row.allowed_at <= now:
        row.failures, row.since = 0, now
    return row


def _seconds(wait: timedelta) -> int:
    return int(wait.total_seconds()) + 1


def _words(wait: timedelta) -> str:
    seconds = _seconds(wait)
    return f"{seconds}秒" if seconds < 60 else f"{-(-seconds // 60)}分"
