"""外の電子書籍サービス: links to other services, and a patron's loans there if the service has an OPDS feed of them.

A feed is fetched only when its patron asks to see it, as the card number goes out with the request; never from the
library's own network, never for long, never much. Whatever fails, the page says that it could not find out.
"""

import io
import re
import threading
import time
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote, urlsplit
from xml.etree.ElementTree import Element

from library import audit, errors, outgoing
from library.catalog.readers import xml_stream
from library.store import database
from models import EbookService

CARD = "{card}"
SECONDS, LARGEST, MOST = 5, 512 * 1024, 100  # of the response, of its bytes, of the loans that are shown
CACHED, MOST_CACHED = 300, 500  # seconds that a response is good for, responses in memory
_ATOM, _OPDS = "{http://www.w3.org/2005/Atom}", "{http://opds-spec.org/2010/catalog}"
_cached, _caching = {}, threading.Lock()
_asking = threading.BoundedSemaphore(2)  # at a time: a service that is slow holds up no more of the server's threads


class Lent(NamedTuple):
    """A loan at a service: ``until`` is the day in the feed (YYYY-MM-DD), or empty."""

    title: str
    author: str
    until: str


# -- the services ----------------------------------------------------------------------------------------------------
def every() -> list[EbookService]:
    return list(EbookService.select().order_by(EbookService.id))


def add(typed: dict, *, by: str, now: datetime) -> EbookService:
    """Add a service with ``name``, ``url``, ``explanation`` and perhaps ``shelf_url``. Raises: RefusedTogether by
    field.
    """
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
    """Tell whether a text is an https address without a name and password in it."""
    try:
        parts = urlsplit(text)
        return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return False


# -- a patron's loans there -------------------------------------------------------------------------------------------
def loans_at(service: EbookService, card_number: str, *, loopback: bool = False) -> list[Lent]:
    """Return the patron's loans at a service, cached for some minutes; not inside a transaction. Raises:
    ShelfUnreachable.

    ``loopback``: this machine only, without TLS, for trials.
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
    except (*outgoing.FAULTS, errors.Refused) as error:
        raise errors.ShelfUnreachable() from error
    finally:
        _asking.release()


def _fetch(address: str, loopback: bool) -> bytes:
    """Fetch one response without following redirects. Raises: one of outgoing.FAULTS."""
    headers = {"Accept": "application/atom+xml"}
    status, content = outgoing.fetch(address, seconds=SECONDS, largest=LARGEST, headers=headers, loopback=loopback)
    if status != 200:
        raise ValueError(status)
    return content


def _lent(entry: Element) -> Lent:
    until = next((each.get("until", "") for each in entry.iter(f"{_OPDS}availability")), "")
    day = re.match(r"\d{4}-\d\d-\d\d", until)
    authors = (_text(author.find(f"{_ATOM}name")) for author in entry.findall(f"{_ATOM}author"))
    return Lent(_text(entry.find(f"{_ATOM}title")) or "–", "、".join(filter(None, authors)), day[0] if day else "")


def _text(element: Element | None) -> str:
    return " ".join("".join(element.itertext()).split())[:200] if element is not None else ""
