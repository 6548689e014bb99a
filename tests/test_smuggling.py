"""Odd requests, directly and through the samples for proxies: never two answers for one, never a header of a proxy
believed from elsewhere.

The samples are tried where nginx and Caddy are installed (``proxies.py``).
"""

import re
import selectors
import socket
import time

import pytest

from tests import proxies
from tests.test_serving import process

QUIET = 3  # seconds without a byte, after which all has been answered
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
CHUNKED = b"0\r\n\r\n" + HIDDEN
LENGTH = b"Content-Length: %d\r\n" % len(CHUNKED)
# waitress reads these as chunked, whatever the length says: the first ends where its chunks do, and the next follows
# (ADR 0075)
TWO_BY_NATURE = {
    "folded value", "length and te", "te after a comma", "te and length", "te and length of the chunks",
    "te in capitals and length", "te twice", "te twice in one", "te with a comma", "te with a tab",
}  # fmt: skip
AT_ONCE = 60  # lines; of one visitor the samples take 64


def post(headers, body=CHUNKED, start=b"POST /one HTTP/1.1\r\n", host=b"Host: x\r\n"):
    return start + host + headers + b"\r\n" + body


def te(value, name=b"Transfer-Encoding"):
    return name + b": " + value + b"\r\n"


ODD = {
    # both framings
    "te and length": post(te(b"chunked") + LENGTH),
    "length and te": post(LENGTH + te(b"chunked")),
    "te and length of the chunks": post(te(b"chunked") + b"Content-Length: 5\r\n"),
    "te in capitals and length": post(te(b"CHUNKED") + LENGTH),
    # encodings that nobody asked for
    "te twice": post(te(b"chunked") + te(b"chunked") + LENGTH),
    "te twice in one": post(te(b"chunked, chunked")),
    "gzip, chunked": post(te(b"gzip, chunked")),
    "chunked, gzip": post(te(b"chunked, gzip") + LENGTH),
    "identity, chunked": post(te(b"identity, chunked") + LENGTH),
    "chunked, identity": post(te(b"chunked, identity") + LENGTH),
    "identity": post(te(b"identity") + LENGTH),
    "gzip": post(te(b"gzip") + LENGTH),
    "x": post(te(b"x") + LENGTH),
    "te empty": post(te(b"") + LENGTH),
    "te quoted": post(te(b'"chunked"') + LENGTH),
    "te with a parameter": post(te(b"chunked;a=b") + LENGTH),
    "te with a comma": post(te(b"chunked,") + LENGTH),
    "te after a comma": post(te(b", chunked") + LENGTH),
    "te with a vertical tab": post(te(b"\x0bchunked") + LENGTH),
    "te with a null": post(te(b"chunked\x00") + LENGTH),
    "te with a tab": post(te(b"\tchunked") + LENGTH),
    "te with a byte above": post(te(b"chunked\xff") + LENGTH),
    "te and x": post(te(b"chunked") + te(b"x") + LENGTH),
    "x and te": post(te(b"x") + te(b"chunked") + LENGTH),
    # names of headers
    "te with a space before the colon": post(b"Transfer-Encoding : chunked\r\n" + LENGTH),
    "te with a tab before the colon": post(b"Transfer-Encoding\t: chunked\r\n" + LENGTH),
    "te after a space": post(b" Transfer-Encoding: chunked\r\n" + LENGTH),
    "te with _": post(te(b"chunked", b"Transfer_Encoding") + LENGTH),
    "length with _": post(b"Content_Length: 0\r\n" + LENGTH),
    "te with a null in its name": post(te(b"chunked", b"Transfer-\x00Encoding") + LENGTH),
    "te with a byte above in its name": post(te(b"chunked", b"Transfer-Encoding\xa0") + LENGTH),
    "a header without a name": post(b": x\r\n" + LENGTH),
    "a header without a colon": post(b"Transfer-Encoding\r\n" + LENGTH),
    # lengths
    "length twice": post(b"Content-Length: 0\r\n" + LENGTH),
    "length twice, the larger first": post(LENGTH + b"Content-Length: 0\r\n"),
    "length twice in one": post(b"Content-Length: 0, %d\r\n" % len(CHUNKED)),
    "length with a sign": post(b"Content-Length: +0\r\n"),
    "length below nothing": post(b"Content-Length: -1\r\n"),
    "length in hexadecimal": post(b"Content-Length: 0x0\r\n"),
    "length with a letter": post(b"Content-Length: 0a\r\n"),
    "length with _ in it": post(b"Content-Length: 0_0\r\n"),
    "length with a space in it": post(b"Content-Length: 0 0\r\n"),
    "length in wide digits": post("Content-Length: ０\r\n".encode()),
    "length empty": post(b"Content-Length:\r\n"),
    "length with a point": post(b"Content-Length: 0.0\r\n"),
    # ends of lines
    "bare lf after te": post(b"X: y\nTransfer-Encoding: chunked\r\n" + LENGTH),
    "bare cr after te": post(b"X: y\rTransfer-Encoding: chunked\r\n" + LENGTH),
    "bare lf ends the head": b"POST /one HTTP/1.1\r\nHost: x\r\n" + LENGTH + b"X: y\n\n" + CHUNKED,
    "bare cr ends the head": b"POST /one HTTP/1.1\r\nHost: x\r\n" + LENGTH + b"X: y\r\r" + CHUNKED,
    "folded te": post(b"X: y\r\n Transfer-Encoding: chunked\r\n" + LENGTH),
    "folded value": post(b"Transfer-Encoding:\r\n chunked\r\n" + LENGTH),
    "folded length": post(b"Content-Length:\r\n %d\r\n" % len(CHUNKED)),
    "a fold first": b"POST /one HTTP/1.1\r\n Host: x\r\n" + LENGTH + b"\r\n" + CHUNKED,
    # chunks
    "a chunk with a sign": post(te(b"chunked"), b"+0\r\n\r\n" + HIDDEN),
    "a chunk in 0x": post(te(b"chunked"), b"0x0\r\n\r\n" + HIDDEN),
    "a chunk with _": post(te(b"chunked"), b"0_0\r\n\r\n" + HIDDEN),
    "a chunk of a letter": post(te(b"chunked"), b"g\r\n\r\n" + HIDDEN),
    "a chunk that ends early": post(te(b"chunked"), b"2\r\nabc\r\n0\r\n\r\n" + HIDDEN),
    "a chunk below nothing": post(te(b"chunked"), b"-1\r\n\r\n" + HIDDEN),
    "a chunk with a bare lf": post(te(b"chunked"), b"1;a\nb\r\nx\r\n0\r\n\r\n"),
    # versions and hosts
    "te in 1.0": post(te(b"chunked") + LENGTH, start=b"POST /one HTTP/1.0\r\n"),
    "two hosts": post(LENGTH, host=b"Host: x\r\nHost: y\r\n"),
    "a host with a comma": post(LENGTH, host=b"Host: x, y\r\n"),
    "a host with _": post(LENGTH, host=b"Host: x\r\nHost_: y\r\n"),
    "another version": post(LENGTH, start=b"POST /one HTTP/1.2\r\n"),
    "no version and a body": b"POST /one\r\n" + LENGTH + b"\r\n" + CHUNKED,
    "a tab in the first line": post(LENGTH, start=b"POST\t/one\tHTTP/1.1\r\n"),
    "a null in the first line": post(LENGTH, start=b"POST /one\x00 HTTP/1.1\r\n"),
    "a get with a body": post(LENGTH, start=b"GET /one HTTP/1.1\r\n"),
}


SAYS = [b"X-Forwarded-For: 6.6.6.6\r\n", b"X_Forwarded_For: 6.6.6.6\r\n", b"x-forwarded_for: 6.6.6.6\r\n",
        b"X-Forwarded-For : 6.6.6.6\r\n", b"X: y\r\n X-Forwarded-For: 6.6.6.6\r\n",
        b"X: y\nX-Forwarded-For: 6.6.6.6\r\n",
        b"Connection: X-Forwarded-For\r\nX-Forwarded-For: 6.6.6.6\r\n", b"Forwarded: for=6.6.6.6\r\n"]  # fmt: skip
FORWARDED = {text: b"GET /said HTTP/1.1\r\nHost: x\r\n" + text + b"\r\n" for text in SAYS}
REQUESTS = ODD | FORWARDED


def answers_through(port):
    """Return {name: all that came back}: each on a line of its own, as many at once as a proxy takes."""
    names, received = list(REQUESTS), {}
    for first in range(0, len(names), AT_ONCE):
        received |= answers(port, {name: REQUESTS[name] for name in names[first : first + AT_ONCE]})
    return received


def answers(port, requests):
    received, waiting = dict.fromkeys(requests, b""), selectors.DefaultSelector()
    for name, request in requests.items():
        line = socket.create_connection(("127.0.0.1", port), timeout=10)
        line.sendall(request)
        waiting.register(line, selectors.EVENT_READ, name)
    quiet_since = time.monotonic()
    while waiting.get_map() and time.monotonic() - quiet_since < QUIET:
        for key, _ in waiting.select(QUIET):
            quiet_since = time.monotonic()
            try:
                part = key.fileobj.recv(65536)
            except ConnectionError:
                part = b""
            received[key.data] += part
            if not part:
                waiting.unregister(key.fileobj)
                key.fileobj.close()
    for key in list(waiting.get_map().values()):
        key.fileobj.close()
    return received


def statuses(received):
    return [int(code) for code in re.findall(rb"HTTP/1\.[01] (\d{3})", received) if code != b"100"]


@pytest.fixture(scope="module")
def direct():
    """Send all requests to a server without a proxy; return the answers by name."""
    with process() as (_, port):
        return answers(port, REQUESTS)


@pytest.fixture(scope="module", params=proxies.SAMPLES, ids=lambda sample: sample.__name__)
def proxied(request, tmp_path_factory):
    """Send all requests through a proxy with the sample, to a server that trusts it; return the answers by name."""
    folder = tmp_path_factory.mktemp("proxy")
    with process("behind") as (_, behind), proxies.running(request.param, folder, behind) as port:
        return answers_through(port)


def two_answers(received):
    return {
        name
        for name in ODD
        if len(statuses(received[name])) > 1 or b"/hidden" in received[name].split(b"\r\n\r\n", 1)[-1]
    }


def test_there_are_sixty_and_more():
    assert len(ODD) >= 60


def test_no_odd_request_gets_two_answers(direct):
    assert two_answers(direct) == TWO_BY_NATURE
    assert all(statuses(direct[name]) for name in ODD)


def test_no_odd_request_gets_two_answers_through_a_proxy(proxied):
    assert two_answers(proxied) == set()


def test_a_visitor_can_not_say_where_a_request_came_from(direct):
    for text in SAYS:
        assert statuses(direct[text]) == [400] or b"6.6.6.6" not in direct[text], text


def test_nor_can_one_through_a_proxy(proxied):
    assert b"\r\n\r\n127.0.0.1" in proxied[SAYS[0]]
    for text in SAYS:
        assert statuses(proxied[text]) == [400] or b"6.6.6.6" not in proxied[text], text
