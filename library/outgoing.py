"""The way out to servers of others: one answer over TLS, from a machine of the open network, within seconds and within a size.

Nothing is followed: what leads elsewhere is an answer like any other. Never called inside of a transaction.
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

FAULTS = (OSError, http.client.HTTPException, ValueError)  # of a server that gives no answer, or no usable one


class Answer(NamedTuple):
    status: int
    content: bytes


class Receipt(NamedTuple):
    """The word of a server on something that it was handed; ``retry_after``: its header, empty where there is none."""

    status: int
    retry_after: str


def fetch(address: str, *, seconds: float, largest: int, headers: Mapping[str, str], loopback: bool = False) -> Answer:
    """Return what is at an address: status, and the content of at most ``largest`` bytes. ``seconds`` are of the whole, however slowly its
    letters drip. ``loopback``: this machine alone, without TLS, for trials of the program. Raises: one of FAULTS.
    """
    return _ask("GET", address, None, seconds, largest, headers, loopback)[0]


def post(
    address: str, content: bytes, *, seconds: float, largest: int, headers: Mapping[str, str], loopback: bool = False
) -> Receipt:
    """Hand ``content`` to an address and return what its server says; the rest as for ``fetch``. Raises: one of FAULTS."""
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
        end = threading.Timer(_left(until), _cut, (line,))  # the time-out is of each piece, which may be a letter
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
        _left(until)  # else what was cut off would pass for the whole
    if len(content) > largest:
        raise ValueError(len(content))
    return Answer(response.status, content), response.getheader("Retry-After", "")


def _tls(plain: socket.socket, host: str | None) -> ssl.SSLSocket:
    """Return the line over TLS, before its handshake, which takes as long as the other side likes."""
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)


def _left(until: float) -> float:
    """Return the seconds that are left. Raises: TimeoutError."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _cut(line: socket.socket) -> None:
    with suppress(OSError):  # it was closed meanwhile
        line.shutdown(socket.SHUT_RDWR)


def checked_address(host: str | None, port: int, *, seconds: float, loopback: bool) -> tuple[str, int]:
    """Return where to connect: looked up once and checked, so that no name leads into the library's own network. Raises: OSError, ValueError."""
    found = [(str(info[4][0]), port) for info in _look_up(host, port, seconds)]
    for address, _ in found:
        where = ipaddress.ip_address(address)
        if not (where.is_loopback if loopback else networks.is_outside(where)):
            raise ValueError(address)
    return found[0]


def _look_up(host: str | None, port: int, seconds: float) -> list:
    """Return the answer of ``getaddrinfo`` for a name. It has no limit of time, so a thread asks, and is left alone when the time is over."""
    said: Future[list] = Future()

    def ask() -> None:
        try:
            said.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, ValueError) as error:  # a UnicodeError is a ValueError
            said.set_exception(error)

    threading.Thread(target=ask, name="look up", daemon=True).start()
    return said.result(seconds)
