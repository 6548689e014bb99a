"""The way out to other servers: one answer over TLS from a public address, limited in time and size.

Redirects are not followed. Never called within a transaction.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from typing import NamedTuple
from urllib.parse import urlsplit

from library import networks

FAULTS = (OSError, http.client.HTTPException, ValueError)  # raised where a server gives no usable answer


class Answer(NamedTuple):
    status: int
    content: bytes


class Receipt(NamedTuple):
    """A server's answer to a POST; ``retry_after``: its header, or empty."""

    status: int
    retry_after: str


def fetch(address: str, *, seconds: float, largest: int, headers: Mapping[str, str], loopback: bool = False) -> Answer:
    """Return status and content at an address. ``seconds``: limit of the whole; ``largest``: limit in bytes.

    ``loopback``: this machine only, without TLS, for tests. Raises: one of FAULTS.
    """
    return _ask("GET", address, None, seconds, largest, headers, loopback)[0]


def post(
    address: str, content: bytes, *, seconds: float, largest: int, headers: Mapping[str, str], loopback: bool = False
) -> Receipt:
    """Send ``content`` to an address and return the receipt; limits as for ``fetch``. Raises: one of FAULTS."""
    answer, retry_after = _ask("POST", address, content, seconds, largest, headers, loopback)
    return Receipt(answer.status, retry_after)


def _ask(
    method: str,
    address: str,
    body: bytes | None,
    seconds: float,
    largest: int,
    headers: Mapping[str, str],
    loopback: bool,
) -> tuple[Answer, str]:
    parts, until = urlsplit(address), time.monotonic() + seconds
    secure = parts.scheme == "https"
    if not secure and not loopback:
        raise ValueError(parts.scheme)
    machine = checked_address(parts.hostname, parts.port or (443 if secure else 80), seconds=seconds, loopback=loopback)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    with ExitStack() as ending:
        plain = ending.enter_context(socket.create_connection(machine, timeout=_left(until)))
        line = ending.enter_context(_tls(plain, parts.hostname)) if secure else plain
        end = threading.Timer(_left(until), _cut, (line,))  # the socket's time-out is for each piece, however small
        end.start()
        ending.callback(end.cancel)
        connection.sock = line
        if isinstance(line, ssl.SSLSocket):
            line.do_handshake()
        path = parts.path or "/"
        target = f"{path}?{parts.query}" if parts.query else path
        connection.request(method, target, body=body, headers=dict(headers))
        response = ending.enter_context(connection.getresponse())
        content = response.read(largest + 1)
        _left(until)  # or an answer that was cut off would pass for a whole one
    if len(content) > largest:
        raise ValueError(len(content))
    return Answer(response.status, content), response.getheader("Retry-After", "")


def _tls(plain: socket.socket, host: str | None) -> ssl.SSLSocket:
    """Return the connection over TLS, before its handshake, which may take long."""
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)


def _left(until: float) -> float:
    """Return the seconds left. Raises: TimeoutError."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _cut(line: socket.socket) -> None:
    with suppress(OSError):  # it was closed meanwhile
        line.shutdown(socket.SHUT_RDWR)


def checked_address(host: str | None, port: int, *, seconds: float, loopback: bool) -> tuple[str, int]:
    """Return (ip, port) to connect to, looked up once and checked to be public. Raises: OSError, ValueError."""
    found = [(str(info[4][0]), port) for info in _look_up(host, port, seconds)]
    for address, _ in found:
        where = ipaddress.ip_address(address)
        if not (where.is_loopback if loopback else networks.is_outside(where)):
            raise ValueError(address)
    return found[0]


def _look_up(host: str | None, port: int, seconds: float) -> list:
    """Return the answer of ``getaddrinfo``; it has no time limit, so a thread asks and is left after ``seconds``."""
    said: Future[list] = Future()

    def ask() -> None:
        try:
            said.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, ValueError) as error:  # a UnicodeError is a ValueError
            said.set_exception(error)

    threading.Thread(target=ask, name="look up", daemon=True).start()
    return said.result(seconds)
