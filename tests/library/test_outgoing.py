"""The way out to servers of others: where it leads, and how much of whose time and memory it may take."""

import socket
import ssl
import threading
from contextlib import contextmanager

import pytest
from cryptography import x509

from library import outgoing
from tests import own_certificate

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood"
SECONDS = 0.4


@contextmanager
def server(*pieces, tls=None):
    """Yield the address of a server that sends these pieces to whoever comes, a twentieth of a second between two, for
    ever the last.
    """
    listening = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def serve():
        while not done.is_set():
            try:
                plain, _ = listening.accept()
                with tls.wrap_socket(plain, server_side=True) if tls else plain as line:
                    line.recv(4096)
                    for piece in pieces:
                        line.sendall(piece)
                    while pieces[-1] and not done.wait(0.05):
                        line.sendall(pieces[-1])
            except OSError:
                pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    port = listening.getsockname()[1]
    yield f"https://localhost:{port}" if tls else f"http://127.0.0.1:{port}"
    done.set()
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join()


@pytest.fixture
def tls(tmp_path, monkeypatch):
    """Return the TLS context of a server, as localhost, which is trusted here."""
    certificate, key = own_certificate.write(tmp_path, x509.DNSName("localhost"))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context


def fetch(address, seconds=10.0, largest=1000, loopback=True):
    return outgoing.fetch(
        f"{address}/x?y=1", seconds=seconds, largest=largest, headers={"Accept": "*/*"}, loopback=loopback
    )


def test_an_answer_comes_over_tls(tls):
    with server(GOOD, b"", tls=tls) as address:
        assert fetch(address) == (200, b"good")


def test_a_server_that_can_not_say_who_it_is_is_not_asked(tls, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    with server(GOOD, b"", tls=tls) as address, pytest.raises(ssl.SSLCertVerificationError):
        fetch(address)


@pytest.mark.parametrize("with_tls", [False, True])
@pytest.mark.parametrize(
    "pieces",
    [(b"HTTP/1.1 200 OK\r\n\r\n", b"x"), (b"HTTP/1.1 200 OK\r\n", b"A: 1\r\n"), (b"HTTP/1.1 100 Continue\r\n\r\n",)],
)
def test_one_that_drips_is_left_after_the_time(pieces, with_tls, tls):
    with server(*pieces, tls=tls if with_tls else None) as address, pytest.raises(outgoing.FAULTS):
        fetch(address, SECONDS)


def test_one_that_never_shakes_hands_is_left_after_the_time(tls):
    with server(b"x") as address, pytest.raises(outgoing.FAULTS):
        fetch(address.replace("http:", "https:").replace("127.0.0.1", "localhost"), SECONDS)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2000,
        b"HTTP/1.1 200 OK\r\nA: " + b"x" * 100_000,
        b"HTTP/1.1 200 OK\r\n" + b"A: 1\r\n" * 200,
        b"good",
    ],
)
def test_too_much_and_what_is_no_answer_is_refused(answer):
    with server(answer, b"") as address, pytest.raises(outgoing.FAULTS):
        fetch(address)


def test_nothing_goes_out_without_tls():
    with server(GOOD, b"") as address, pytest.raises(ValueError, match="http"):
        fetch(address, loopback=False)


INSIDE = (
    "127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "192.168.0.1", "0.0.0.0", "224.0.0.1", "100.64.0.1",
    "::1", "::", "3fff::1", "fe80::1", "fec0::1", "fd00::1", "ff0e::1", "::ffff:10.0.0.1",
)  # fmt: skip
TRANSLATED = (  # NAT64 (its own networks and those of a provider), 6to4, IPv4-compatible, IPv4-translated
    "64:ff9b::a00:1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "64:ff9b:1::808:808", "2002:a00:1::", "2002:7f00:1::1",
    "::10.0.0.1", "::8.8.8.8", "::ffff:0:10.0.0.1",
)  # fmt: skip
OUTSIDE = ("8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1")


@pytest.mark.parametrize("host", INSIDE + TRANSLATED)
def test_an_address_that_leads_inside_is_no_place_to_connect_to(host):
    with pytest.raises(ValueError, match=r"[:.]"):
        outgoing.checked_address(host, 443, seconds=5, loopback=False)


@pytest.mark.parametrize("host", OUTSIDE)
def test_an_address_of_the_open_network_is_one(host):
    assert outgoing.checked_address(host, 443, seconds=5, loopback=False) == (host, 443)


@pytest.mark.parametrize("host", ["8.8.8.8", "10.0.0.1", "2606:4700::1111"])
def test_trials_of_the_program_go_to_this_machine_alone(host):
    with pytest.raises(ValueError, match=r"[:.]"):
        outgoing.checked_address(host, 443, seconds=5, loopback=True)


def test_a_name_that_is_looked_up_for_too_long_is_no_place_to_connect_to(monkeypatch):
    ended = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: ended.wait())
    with pytest.raises(TimeoutError):
        outgoing.checked_address("slow.example.jp", 443, seconds=0.05, loopback=False)
    ended.set()
