"""Headers of every answer: what a browser may do with it, what it may keep, and that it need not keep a cookie."""

import pytest
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from app import create_app
from library import clock
from library.access import sessions
from models import database as connection
from tests import factories
from tests.pages import Browser

PUBLIC = [
    "/",
    "/healthz",
    "/favicon.ico",
    "/new.atom",
    "/news.atom",
    "/opensearch.xml",
    "/robots.txt",
    "/sitemap.xml",
    "/static/app.css",
    "/login/reset/dead",
    "/mail/verify/dead",
    "/mail/stop/dead",
]
WITH_A_FORM = ["/login", "/login/reset"]
MINE = ["/my/", "/my/loans", "/my/profile", "/my/sessions", "/my/profile/changes", "/my/history.csv"]
WRONG = ["/nothing", "/my/profile/done/nothing", "/static/nothing.css", "/static/../config.py"]
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ONLY_SELF = {"script-src", "style-src", "connect-src", "form-action", "font-src"}
NOTHING = {"default-src", "base-uri", "frame-ancestors", "object-src"}


@pytest.fixture
def secure(db, tmp_path):
    """The same library at an https address, behind one proxy."""
    made = create_app(
        INSTANCE=str(tmp_path), DATABASE_URL=db.database, PUBLIC_URL="https://library.example.jp", TRUSTED_PROXIES=1
    )
    made.testing = True
    db.close()
    connection.connect(reuse_if_open=True)
    yield made
    connection.close()


def content_security(answer):
    directives = (directive.split() for directive in answer.headers["Content-Security-Policy"].split(";"))
    return {name: set(sources) for name, *sources in directives}


def check(answer):
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    policy = content_security(answer)
    assert {name: policy[name] for name in ONLY_SELF} == {key: {"'self'"} for key in ONLY_SELF}
    assert {name: policy[name] for name in NOTHING} == {key: {"'none'"} for key in NOTHING}
    assert "Server" not in answer.headers
    assert not any(name.startswith("Access-Control-") for name, _ in answer.headers)
    if answer.mimetype.startswith("text/") or answer.mimetype.endswith("xml"):
        assert answer.mimetype_params == {"charset": "utf-8"}
    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize("address", PUBLIC + WITH_A_FORM + MINE + WRONG)
def test_every_answer_to_nobody_is_guarded(address, browse):
    with browse.client.get(address) as answer:
        check(answer)


@pytest.mark.parametrize("address", PUBLIC + MINE + WRONG)
def test_every_answer_to_a_patron_is_guarded(address, signed_in):
    with signed_in.client.get(address) as answer:
        check(answer)


def test_refusals_are_guarded_too(signed_in):
    signed_in.get("/my/profile")
    for answer in (
        signed_in.post("/my/profile", {"email1": "x"}),
        signed_in.post("/my/profile", token=False),
        signed_in.post("/my/profile", {"email1": "x" * 70_000}),
    ):
        assert answer.status_code in (400, 413, 422)
        check(answer)


@pytest.mark.parametrize("address", PUBLIC + WRONG)
def test_a_visitor_who_only_looks_gets_no_cookie(address, browse):
    with browse.client.get(address) as answer:
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("address", MINE)
def test_pages_of_a_patron_are_kept_nowhere(address, signed_in):
    with signed_in.client.get(address) as answer:
        assert answer.status_code == 200
        assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("address", ["/", "/nothing"])
def test_after_signing_in_public_pages_are_kept_nowhere_either(address, signed_in):
    """They show who is signed in: the way back must not show it to the next person at a shared machine."""
    assert "no-store" in signed_in.client.get(address).headers["Cache-Control"]


def test_files_are_kept_for_a_year_under_an_address_of_their_content(browse):
    browse.get("/")
    address = browse.page.find("link", rel="stylesheet")["href"]
    assert "?v=" in address
    with browse.client.get(address) as answer:
        assert "max-age=31536000" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("address", ["/", "/login", "/login/reset/dead"])
def test_page_and_part_are_told_apart_by_caches(address, browse):
    assert "HX-Request" in browse.client.get(address).headers["Vary"]


def test_the_cookie_can_not_be_read_by_scripts(browse, patron):
    browse.get("/login")
    cookies = browse.sign_in(patron).headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"session", "device"}
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)


def test_signing_out_clears_the_pages_that_the_browser_kept(signed_in):
    assert signed_in.post("/logout").headers["Clear-Site-Data"] == '"cache"'


def test_at_a_terminal_signing_out_clears_all(signed_in):
    signed_in.client.set_cookie("terminal", "1")
    assert signed_in.post("/logout").headers["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.parametrize("address", ["/", "/my/", "/search", "/login", "/nothing"])
def test_the_first_answer_after_a_session_was_over_clears_pages(address, signed_in, moved_clock):
    assert "Clear-Site-Data" not in signed_in.client.get(address).headers
    moved_clock.now += sessions.IDLE
    assert signed_in.client.get(address).headers["Clear-Site-Data"] == '"cache"'
    for again in (address, "/", "/my/", "/login"):
        assert "Clear-Site-Data" not in signed_in.client.get(again).headers


def test_a_stranger_clears_nothing(browse, db):
    for address in ("/", "/my/", "/login"):
        assert "Clear-Site-Data" not in browse.client.get(address).headers


# -- at an https address ---------------------------------------------------------------------------------------------
def visit(app, address, **headers):
    return app.test_client().get(address, base_url="https://library.example.jp", headers=headers)


@pytest.mark.parametrize("address", PUBLIC + WITH_A_FORM + WRONG)
def test_https_is_asked_for_once_and_for_all(address, secure):
    with visit(secure, address) as answer:
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_cookies_belong_to_this_host_alone(secure, patron):
    browser = Browser(secure)
    browser.client.environ_base["wsgi.url_scheme"] = "https"
    page = browser.get("/login", base_url="https://library.example.jp")
    data = {"card": patron.card_number, "password": "aoi-sora-no-shita", "csrf_token": browser.token()}
    referrer = {"Referer": "https://library.example.jp/login"}
    answer = browser.post("/login", data, token=False, base_url="https://library.example.jp", headers=referrer)
    cookies = page.headers.getlist("Set-Cookie") + answer.headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"__Host-session", "__Host-device"}
    for cookie in cookies:
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


def test_the_choice_of_a_browser_belongs_to_this_host_too(secure, db):
    """Text size, branch of a desk, mark of a terminal: each cookie as guarded as that of the session."""
    here = {"base_url": "https://library.example.jp", "headers": {"Referer": "https://library.example.jp/desk/login"}}
    member, branch, client = factories.staff(), factories.branch(), secure.test_client()
    kept = {"_user_id": sessions.begin_at_desk(member, scope="full", now=clock.now()), "csrf_token": "drawn"}
    signer = secure.session_interface.get_signing_serializer(secure)
    client.set_cookie("__Host-session", signer.dumps(kept), domain="library.example.jp", secure=True)
    token = URLSafeTimedSerializer(secure.secret_key, salt="wtf-csrf-token").dumps("drawn")
    posts = {"/text-size": {"size": "l"}, "/desk/branch": {"branch": branch.id}, "/desk/terminal": {"mark": "kids"}}
    given = set()
    for address, data in posts.items():
        answer = client.post(address, data=data | {"csrf_token": token}, **here)
        assert answer.status_code == 303
        given |= {cookie for cookie in answer.headers.getlist("Set-Cookie") if "session=" not in cookie}
    assert {cookie.partition("=")[0] for cookie in given} == {
        "__Host-textsize", "__Host-desk-branch", "__Host-terminal", "__Host-kids"
    }  # fmt: skip
    for cookie in given:
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


def test_a_form_from_another_site_is_refused(secure):
    answer = secure.test_client().post(
        "/text-size", data={"size": "l"}, base_url="https://library.example.jp", headers={"Origin": "https://evil.test"}
    )
    assert answer.status_code == 403


def test_a_made_up_client_address_is_believed_only_from_a_trusted_proxy(app, secure):
    """Else whoever guesses passwords would seem to be another each time."""
    seen = []
    for each in (app, secure):
        each.before_request_funcs.setdefault(None, []).append(lambda: seen.append(_client_address()))
        with each.test_client() as client:
            client.get("/", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"})
    assert seen == ["127.0.0.1", "198.51.100.7"]


def _client_address():
    from flask import request

    return request.remote_addr


def test_a_session_of_the_database_needs_the_secret_of_the_installation(browse, patron):
    """The token alone, without the signature of this installation's key, opens nothing."""
    token = sessions.begin(patron, now=clock.now())
    browse.client.set_cookie("session", token)
    assert browse.get("/my/").status_code == 303


def test_the_cookie_of_the_session_is_signed_with_sha_256(browse, patron):
    """Refuses one that SHA-1 signed, which is the default of its makers."""
    browse.be(patron)
    kept = browse.client.get_cookie("session").value
    signer = browse.app.session_interface.get_signing_serializer(browse.app)
    assert browse.client.get("/my/").status_code == 200
    old = SecureCookieSessionInterface().get_signing_serializer(browse.app).dumps(signer.loads(kept))
    browse.client.set_cookie("session", old)
    assert browse.client.get("/my/").status_code == 303
    assert len(kept.rpartition(".")[2]) == 43  # 32 bytes
