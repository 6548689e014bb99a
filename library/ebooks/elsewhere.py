"""外の電子書籍サービス: what the library points to, and what a patron has there, where the service tells it as an OPDS feed.

A feed is asked for only when its patron wants to see it, as the card number goes out with the request. Never to an address
inside of the library's own network, never for long, never for much; whatever goes wrong, the page says that it can't tell.
"""

import http.client
import io
import ipaddress
import re
import socket
import ssl
import threading
import time
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote, urlsplit
from xml.etree.ElementTree import Element

from library import audit, errors
from library.catalog.readers import xml_stream
from library.networks import Address
from library.store import database
from models import EbookService

CARD = "{card}"
SECONDS, LARGEST, MOST = 5, 512 * 1024, 100  # of the response, of its bytes, of the loans that are shown
CACHED, MOST_CACHED = 300, 500  # seconds that a response is good for, responses in memory
_ATOM, _OPDS = "{http://www.w3.org/2005/Atom}", "{http://opds-spec.org/2010/catalog}"
# addresses of machines; those behind which a gateway talks to the IPv4 address in their last 32 bits (RFC 6052)
_MACHINES, _TRANSLATED = ipaddress.ip_network("2000::/3"), ipaddress.ip_network("64:ff9b::/96")
_cached, _caching = {}, threading.Lock()
_asking = threading.BoundedSemaphore(2)  # at a time: a service that is slow holds up no more of the server's threads


class Lent(NamedTuple):
    """A loan at a service: ``until`` is the day that the feed names (YYYY-MM-DD), or empty."""

    title: str
    author: str
    until: str


# -- which there are -------------------------------------------------------------------------------------------------
def every() -> list[EbookService]:
    return list(EbookService.select().order_by(EbookService.id))


def add(typed: dict, *, by: str, now: datetime) -> EbookService:
    """Add a service with ``name``, ``url``, ``explanation`` and, if it has one, ``shelf_url``. Raises: RefusedTogether by field."""
    values = {name: " ".join(text.split()) for name, text in typed.items()}
    problems = {}
    if not values["name"]:
        problems["name"] = [errors.FieldEmpty()]
    elif EbookService.select().where(EbookService.name == values["name"]).exists():
        problems["name"] = [errors.ServiceNameTaken()]
    if not _is_address(values["url"]):
        problems["url"] = [errors.AddressIsNoLink()]
    if values["shelf_url"] and not (
        _is_address(values["shelf_url"].replace(CARD, "0")) and CARD in values["shelf_url"]
    ):
        problems["shelf_url"] = [errors.ShelfAddressWrong()]
    if problems:
        raise errors.RefusedTogether(problems)
    with database.writing():
        audit.record("ebook.services", actor=by, now=now, of=values["name"])
        return EbookService.create(**values)


def remove(service: EbookService, *, by: str, now: datetime) -> None:
    with database.writing():
        audit.record("ebook.services", actor=by, now=now, of=service.name)
        service.delete_instance()


def _is_address(text: str) -> bool:
    """Tell whether it is an address of another site, over TLS, without a name and password in it."""
    try:
        parts = urlsplit(text)
        return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return False


# -- what a patron has there -----------------------------------------------------------------------------------------
def loans_at(service: EbookService, card_number: str, *, loopback: bool = False) -> list[Lent]:
    """Return what a patron has there. ``loopback``: this machine alone, without TLS, for trials of the program. Raises: ShelfUnreachable.

    Not inside of a transaction. The response is remembered for some minutes.
    """
    address = service.shelf_url.replace(CARD, quote(card_number, safe=""))
    with _caching:
        found, at = _cached.get(address, (None, 0))
    if found is None or time.monotonic() - at > CACHED:
        found = _ask(address, loopback)
        with _caching:
            while len(_cached) >= MOST_CACHED:
                _cached.pop(next(iter(_cached)))
            _cached[address] = (found, time.monotonic())
    return found


def _ask(address: str, loopback: bool) -> list[Lent]:
    if not _asking.acquire(blocking=False):
        raise errors.ShelfUnreachable()
    try:
        feed = next(xml_stream.elements(io.BytesIO(_fetch(address, loopback)), {f"{_ATOM}feed"}), None)
        if feed is None:
            raise ValueError("no feed")
        return [_lent(entry) for entry in feed.findall(f"{_ATOM}entry")[:MOST]]
    except (OSError, http.client.HTTPException, ValueError, errors.Refused) as error:
        raise errors.ShelfUnreachable() from error
    finally:
        _asking.release()


def _fetch(address: str, loopback: bool) -> bytes:
    """Fetch one response, without following where it leads. Raises: OSError, ValueError, HTTPException where there is none."""
    parts = urlsplit(address)
    secure = parts.scheme == "https"
    if not secure and not loopback:
        raise ValueError(parts.scheme)
    socket_address = _checked_address(parts.hostname, parts.port or (443 if secure else 80), loopback)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=SECONDS)
    connection.sock = plain = socket.create_connection(socket_address, timeout=SECONDS)
    end = threading.Timer(SECONDS, _cut, (plain,))  # the time-out is of each piece, which may be a letter
    end.start()
    try:
        if secure:
            connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname)
        path = parts.path or "/"
        where = f"{path}?{parts.query}" if parts.query else path
        connection.request("GET", where, headers={"Accept": "application/atom+xml"})
        response = connection.getresponse()
        if response.status != 200:
            raise ValueError(response.status)
        content = response.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise ValueError(len(content))
        return content
    finally:
        end.cancel()
        connection.close()


def _cut(plain: socket.socket) -> None:
    with suppress(OSError):  # it was closed meanwhile
        plain.shutdown(socket.SHUT_RDWR)


def _checked_address(host: str | None, port: int, loopback: bool) -> tuple[str, int]:
    """Return where to connect: looked up once and checked, so that no name leads into the library's own network."""
    found = [(str(info[4][0]), port) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for address, _ in found:
        where = ipaddress.ip_address(address)
        if not (where.is_loopback if loopback else _is_outside(where)):
            raise ValueError(address)
    return found[0]


def _is_outside(where: Address) -> bool:
    """Tell if a machine is one of the open network. Of an address that is translated on the way, the one behind it counts."""
    if isinstance(where, ipaddress.IPv4Address):
        return where.is_global and not where.is_multicast
    in_last_bits = ipaddress.IPv4Address(int(where) & 0xFFFFFFFF) if where in _TRANSLATED else None
    behind = in_last_bits or where.ipv4_mapped or where.sixtofour
    return _is_outside(behind) if behind else where.is_global and where in _MACHINES


def _lent(entry: Element) -> Lent:
    until = next((each.get("until", "") for each in entry.iter(f"{_OPDS}availability")), "")
    day = re.match(r"\d{4}-\d\d-\d\d", until)
    authors = (_text(author.find(f"{_ATOM}name")) for author in entry.findall(f"{_ATOM}author"))
    return Lent(_text(entry.find(f"{_ATOM}title")) or "–", "、".join(filter(None, authors)), day[0] if day else "")


def _text(element: Element | None) -> str:
    return " ".join("".join(element.itertext()).split())[:200] if element is not None else ""
