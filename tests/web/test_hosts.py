"""Names by which the library is asked for, and proxies in front: who is believed, and that no stranger's name gets into
a page.
"""

import pytest

from library import networks
from settings import config, settings_file
from web import requests

OUR_PAGE = "このアドレスでは公開していません（ALLOWED_HOSTS）。"
PROXIES = networks.parse(config.SETTINGS["PROXY_ADDRESSES"].default)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "127.0.0.1:1", "localhost:65535"])
def test_the_library_answers_to_its_own_names(app, host):
    assert app.test_client().get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/login", "/my/", "/nothing", "/static/app.css", "/healthz", "/desk/", "/opds"])
@pytest.mark.parametrize(
    "host",
    [
        "evil.test",
        "localhost.evil.test",
        "127.0.0.1, evil.test",
        "",
        "localhost:0",
        "local host",
        "evil.test:80@localhost",
    ],
)
def test_other_names_are_refused_on_every_page(app, path, host):
    answer = app.test_client().get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert OUR_PAGE in answer.text
    assert "evil" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_form_that_names_another_host_changes_nothing(app):
    answer = app.test_client().post("/text-size", data={"size": "l"}, headers={"Host": "evil.test"})
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers


def test_the_names_come_from_the_settings(monkeypatch, tmp_path):
    monkeypatch.setenv("MADOGUCHI_INSTANCE", str(tmp_path))
    monkeypatch.setenv("MADOGUCHI_PUBLIC_URL", "https://Library.example.jp:8443")
    monkeypatch.setenv("MADOGUCHI_HOST", "192.168.1.5")
    monkeypatch.setenv("MADOGUCHI_ALLOWED_HOSTS", "opac.example.jp .city.example.jp")
    assert config.hosts(config.load()) == [
        ".city.example.jp", "127.0.0.1", "192.168.1.5", "library.example.jp", "localhost", "opac.example.jp",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [("ALLOWED_HOSTS", "https://a.example.jp"), ("ALLOWED_HOSTS", "a.example.jp:80"), ("ALLOWED_HOSTS", "*"),
     ("ALLOWED_HOSTS", "a..b"), ("PROXY_ADDRESSES", "proxy"), ("PROXY_ADDRESSES", "10.0.0.0/33")],
)  # fmt: skip
def test_names_and_proxies_that_can_not_be_are_refused(monkeypatch, tmp_path, name, value):
    monkeypatch.setenv("MADOGUCHI_INSTANCE", str(tmp_path))
    monkeypatch.setenv(f"MADOGUCHI_{name}", value)
    with pytest.raises(settings_file.WrongSetting, match=name):
        config.load()


# -- proxies ---------------------------------------------------------------------------------------------------------
def seen(hops, address, **headers):
    """Return (client, scheme, host) as the application sees a request that comes from this address."""
    found = {}

    def application(environ, start_response):
        found.update(environ)
        start_response("200 OK", [])
        return [b""]

    environ = {
        "REMOTE_ADDR": address,
        "wsgi.url_scheme": "http",
        "HTTP_HOST": "localhost",
        "SERVER_NAME": "s",
        "SERVER_PORT": "1",
    }
    said = {f"HTTP_X_FORWARDED_{name.upper()}": value for name, value in headers.items()}
    requests.BehindProxies(application, hops, PROXIES)(
        environ | said | {"HTTP_FORWARDED": "for=1.2.3.4"}, lambda *_: None
    )
    believed = hops and networks.includes(PROXIES, address)
    assert believed or not {name for name in found if "FORWARDED" in name}
    return found["REMOTE_ADDR"], found["wsgi.url_scheme"], found["HTTP_HOST"]


SAID = {"for": "203.0.113.9", "proto": "https", "host": "library.example.jp"}
DIRECT = ("http", "localhost")


def test_a_proxy_on_this_machine_or_a_private_network_is_believed():
    for address in ("127.0.0.1", "::1", "10.1.2.3", "172.31.0.1", "192.168.0.9", "fd00::1", "::ffff:127.0.0.1"):
        assert seen(1, address, **SAID) == ("203.0.113.9", "https", "library.example.jp")


@pytest.mark.parametrize("address", ["198.51.100.7", "2001:db8::1", "172.32.0.1", "::ffff:198.51.100.7", "", "unix:"])
def test_nobody_else_is_believed(address):
    assert seen(1, address, **SAID) == (address, *DIRECT)


@pytest.mark.parametrize("address", ["127.0.0.1", "198.51.100.7"])
def test_without_proxies_nobody_is_believed(address):
    assert seen(0, address, **SAID) == (address, *DIRECT)


def test_a_header_of_a_visitor_before_the_proxy_does_not_count():
    assert seen(1, "127.0.0.1", **SAID | {"for": "1.1.1.1, 203.0.113.9"})[0] == "203.0.113.9"
    assert seen(2, "127.0.0.1", **SAID | {"for": "6.6.6.6, 1.1.1.1, 203.0.113.9"})[0] == "1.1.1.1"


def test_a_stranger_behind_no_proxy_reads_no_numbers(app, monkeypatch):
    answer = app.test_client().get(
        "/metrics", headers={"X-Forwarded-For": "127.0.0.1"}, environ_overrides={"REMOTE_ADDR": "203.0.113.9"}
    )
    assert answer.status_code == 404
