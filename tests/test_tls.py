"""The samples for proxies with TLS: which versions and suites they take, and what becomes of http.

They are tried where nginx and Caddy are installed.
"""

import http.client
import re
import socket
import ssl
import warnings

import pytest
from cryptography import x509

from tests import own_certificate, proxies
from tests.server import ROOT, free_port

HOST = "library.example.jp"
OF_PROGRAMS = ("/opds/", "/opds/a.b/shelf", "/my/calendar/a.ics", "/ebooks/a.epub", "/new.atom", "/metrics", "/healthz",
    "/readyz")  # fmt: skip
OF_PEOPLE = ("/", "/login", "/my/calendar", "/mail/stop/a", "/search?q=a.ics")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """The files of a certificate of the library and of its key."""
    return own_certificate.write(tmp_path_factory.mktemp("certificate"), x509.DNSName(HOST))


def nginx(folder, tls, given):
    """Return the command of nginx with the sample, on ports of ours."""
    plain, certificate = given
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^user .*$", "daemon off; error_log stderr;", text)
    text = re.sub(r"(?m)^\s+listen \[::\].*\n", "", text)
    paths = "".join(
        f" {name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    for written, ours in {
        "http {": "http {" + paths,
        "/run/nginx.pid": f"{folder}/nginx.pid",
        "listen 443": f"listen 127.0.0.1:{tls}",
        "listen 80": f"listen 127.0.0.1:{plain}",
        f"/etc/letsencrypt/live/{HOST}": str(certificate[0].parent),
    }.items():
        assert written in text
        text = text.replace(written, ours)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    return ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]


def caddy(folder, tls, given):
    """Return the command of Caddy with the sample, on ports of ours and with our certificate in place of one that it
    fetches.
    """
    plain, certificate = given
    text = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    ours = f"{{\n\tadmin off\n\tauto_https disable_certs\n\tdefault_bind 127.0.0.1\n\thttp_port {plain}\n\thttps_port {tls}\n\tservers"
    text = text.replace("{\n\tservers", ours, 1)
    text = text.replace(f"\n{HOST} {{", f"\n{HOST} {{\n\ttls {certificate[0]} {certificate[1]}")
    (folder / "Caddyfile").write_text(text, encoding="utf-8")
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


@pytest.fixture(scope="module", params=[nginx, caddy], ids=["nginx", "caddy"])
def proxy(request, tmp_path_factory, certificate):
    """The ports of a proxy with the sample: that of https, that of http. Nothing stands behind it."""
    plain = free_port()
    with proxies.running(request.param, tmp_path_factory.mktemp("proxy"), (plain, certificate)) as tls:
        yield tls, plain


def agreed(port, certificate, version=None, suites="", host=HOST):
    """Return the version and the suite on which a proxy and a visitor agree. Raises: OSError where they do not."""
    context = ssl.create_default_context(cafile=certificate[0])
    if suites:
        context.set_ciphers(suites)
    if version:
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            context.minimum_version = context.maximum_version = version
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as line,
        context.wrap_socket(line, server_hostname=host) as secure,
    ):
        return secure.version(), secure.cipher()[0]


def test_the_newest_tls_is_preferred_and_old_ones_are_refused(proxy, certificate):
    assert agreed(proxy[0], certificate)[0] == "TLSv1.3"
    assert agreed(proxy[0], certificate, ssl.TLSVersion.TLSv1_2)[0] == "TLSv1.2"
    for old in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        with pytest.raises(OSError):
            agreed(proxy[0], certificate, old, "DEFAULT:@SECLEVEL=0")


def test_no_suite_without_forward_secrecy_and_a_mac_of_its_own_is_taken(proxy, certificate):
    for suite in ("ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-CHACHA20-POLY1305"):
        assert agreed(proxy[0], certificate, ssl.TLSVersion.TLSv1_2, suite)[1] == suite
    for weak in ("AES128-GCM-SHA256", "AES256-SHA", "ECDHE-RSA-AES128-SHA", "ECDHE-RSA-AES128-SHA256"):
        with pytest.raises(OSError):
            agreed(proxy[0], certificate, ssl.TLSVersion.TLSv1_2, weak)


def ask(port, address):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", address, headers={"Host": HOST})
        answer = connection.getresponse()
        return answer.status, answer.headers["Location"]
    finally:
        connection.close()


def test_http_leads_to_https(proxy):
    for address in OF_PEOPLE:
        assert ask(proxy[1], address) == (301, f"https://{HOST}{address}")


def test_http_leads_no_program_to_https(proxy):
    for address in OF_PROGRAMS:
        assert ask(proxy[1], address) == (403, None), address
