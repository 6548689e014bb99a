"""Error pages have the house's look and are in Japanese; details go to the log alone."""

import logging
import re

import html5lib
import pytest
from bs4 import BeautifulSoup
from flask import abort
from peewee import DataError, InterfaceError, OperationalError

from library import policy
from models import Patron, database as connection
from tests import engines, factories
from tests.pages import HTMX, Browser

STATUSES = [400, 403, 404, 405, 413, 422, 429, 500, 503]
INSIDE = re.compile(
    r"Traceback|File \"|\.py\b|SELECT|INSERT|sqlite|peewee|werkzeug|Flask|secret-of-ours|/tmp|Not Found|Error", re.I
)


@pytest.fixture
def breaking(new_app):
    """The application with addresses that go wrong, as it answers a person and not a test."""

    def wrong(status):
        abort(status)

    def broken(what):
        raise {"bug": RuntimeError("secret-of-ours /tmp/x.py"), "closed": InterfaceError("secret-of-ours"),
               "value": DataError("secret-of-ours"),
               "full": OperationalError("database or disk is full")}[what]  # fmt: skip

    new_app.add_url_rule("/wrong/<int:status>", view_func=wrong)
    new_app.add_url_rule("/broken/<what>", view_func=broken)
    new_app.testing = False
    return new_app


def check(answer, status, part=False):
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert "no-store" in answer.headers["Cache-Control"]
    parser = html5lib.HTMLParser()
    (parser.parseFragment if part else parser.parse)(answer.text)
    assert parser.errors == []
    assert not INSIDE.search(visible(answer.text))
    assert "<h1>" in answer.text
    assert re.search(r"[ぁ-ん]{3}", answer.text)
    assert ("<html" in answer.text) != part
    assert part or "すずかけ市立図書館" in answer.text
    assert 'href="/"' in answer.text


def visible(html):
    """The page without the addresses of its own files."""
    return re.sub(r'(?:href|src)="[^"]*"|<meta name="htmx-config"[^>]*>', "", html)


@pytest.mark.parametrize("part", [False, True], ids=["page", "part"])
@pytest.mark.parametrize("status", STATUSES)
def test_every_refusal_has_a_page_and_a_part(status, part, breaking):
    answer = breaking.test_client().get(f"/wrong/{status}", headers=HTMX if part else {})
    check(answer, status, part)


@pytest.mark.parametrize("status", [401, 406, 410, 415, 418, 451, 501, 502])
def test_other_refusals_have_the_page_of_their_sort(status, breaking):
    check(breaking.test_client().get(f"/wrong/{status}"), status)


def test_an_address_that_is_not_there_has_the_header_of_every_page_and_ways_on(browse, db):
    assert browse.get("/nothing").status_code == 404
    header = browse.page.find("header")
    assert header.find("a", href="/login").get_text() == "ログイン"
    assert header.find("form", role="search")
    ways = {link["href"] for link in browse.page.select(".next-ways a")}
    assert ways == {"/reference", "/new", "/rankings/loans", "/search/advanced"}


def test_a_visitor_stays_signed_in_on_a_page_that_is_not_there(signed_in, patron):
    signed_in.get("/my/nothing")
    assert f"{patron.card_number}さん" in signed_in.page.find("header").get_text()
    assert signed_in.page.find("header").find("a", href="/my/")


@pytest.mark.parametrize("status", [500, 503])
def test_where_the_database_may_be_away_the_header_offers_the_way_in_without_asking_it(status, breaking):
    page = BeautifulSoup(breaking.test_client().get(f"/wrong/{status}").text, "html.parser")
    assert page.find("header").find("a", href="/login").get_text() == "ログイン"
    assert page.select(".next-ways") == []


@pytest.mark.parametrize("status", [500, 503])
def test_a_visitor_left_without_a_page_can_call_or_come(status, breaking):
    """Address and phone, as the page before had them: the database is not asked."""
    policy.put("phone", "053-000-0000")
    policy.put("address", "静岡県すずかけ市本町1-2-3")
    client = breaking.test_client()
    client.get("/")
    connection.close()
    page = BeautifulSoup(client.get(f"/wrong/{status}").text, "html.parser")
    connection.connect(reuse_if_open=True)
    said = page.find("main").get_text()
    assert "053-000-0000" in said
    assert "静岡県すずかけ市本町1-2-3" in said


def test_the_desk_is_not_sent_to_look_elsewhere(browse, db):
    browse.be(factories.staff())
    assert browse.get("/desk/patrons/99999").status_code == 404
    assert browse.page.select(".next-ways") == []


@pytest.mark.parametrize("part", [False, True], ids=["page", "part"])
def test_a_mistake_of_ours_is_told_to_the_log_under_a_number_that_the_person_sees(part, breaking, caplog):
    with caplog.at_level(logging.ERROR):
        answer = breaking.test_client().get("/broken/bug", headers=HTMX if part else {})
    check(answer, 500, part)
    number = re.search(r"\b[0-9a-f]{8}\b", answer.text)[0]
    assert number in caplog.text
    assert "secret-of-ours" in caplog.text


def test_a_database_that_takes_nothing_is_said_to_save_nothing(breaking, caplog):
    with caplog.at_level(logging.CRITICAL):
        answer = breaking.test_client().get("/broken/full")
    check(answer, 503)
    assert "保存できません" in answer.text
    assert answer.headers["Retry-After"]


def test_a_value_that_an_engine_takes_for_none_is_refused_as_no_form_sends_it(breaking):
    check(breaking.test_client().get("/broken/value"), 400)


@pytest.mark.postgresql
def test_a_nul_in_a_form_is_refused(app, signed_in):
    app.testing = False
    assert signed_in.post("/my/profile/discard", {"draft": "\0"}).status_code == 400


# -- as they really come ---------------------------------------------------------------------------------------------
def test_an_address_that_leads_nowhere(browse):
    for address in (
        "/nothing",
        "/my/nothing",
        "/static/nothing.css",
        "/my/profile/",
        "/%00",
        "/%ff%fe",
        "/my/sessions/1",
    ):
        answer = browse.client.get(address)
        check(answer, 404)
        answer.close()


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [("/my", "/my/"), ("/desk?x=1", "/desk/?x=1"), ("/my//loans", "/my/loans")],
)
def test_no_redirect_leads_to_another_site_whatever_host_was_asked_for(asked, leads_to, app):
    refused = app.test_client().get(asked, headers={"Host": "evil.example"})
    assert (refused.status_code, "Location" in refused.headers) == (400, False)
    app.config["TRUSTED_HOSTS"] = ["evil.example"]  # even then
    answer = app.test_client().get(asked, headers={"Host": "evil.example"})
    assert (answer.status_code, answer.headers["Location"]) == (308, leads_to)


def test_a_method_that_does_not_exist_there(browse):
    answer = browse.client.delete("/login")
    check(answer, 405)
    assert "GET" in answer.headers["Allow"]


def test_a_form_without_its_token(browse):
    check(browse.client.post("/login"), 400)
    part = browse.client.post("/login", headers=HTMX)
    check(part, 400, part=True)
    assert part.headers["HX-Refresh"] == "true"


def test_a_text_size_from_elsewhere_and_one_that_does_not_exist(browse):
    check(browse.client.post("/text-size", data={"size": "l"}, headers={"Sec-Fetch-Site": "cross-site"}), 403)
    check(browse.client.post("/text-size", data={"size": "xxl"}), 422)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_form_that_is_too_large(kind, browse):
    check(browse.client.post("/login", data={"card": "1" * 200_000}, content_type=kind), 413)


def test_the_error_page_needs_neither_database_nor_session(breaking, patron):
    """It must come even when what is broken is the place that it would ask."""
    browser = Browser(breaking)
    browser.client.set_cookie("session", "broken")
    connection.close()
    check(browser.client.get("/broken/closed"), 500)
    connection.connect(reuse_if_open=True)


# -- a database that does not take what is written: real ones, no stand-in
# -----------------------------------------------
@pytest.fixture
def read_only(signed_in):
    signed_in.get("/my/profile")
    with engines.unwritable():
        yield signed_in


@pytest.fixture
def held_by_another(signed_in, db):
    """Another program has begun to write and does not come to an end."""
    signed_in.get("/my/profile")
    with engines.written_by_another(db.database):
        yield signed_in


@pytest.mark.parametrize("trouble", ["read_only", "held_by_another"])
def test_a_form_that_can_not_be_saved_says_so_and_reading_goes_on(trouble, request, app, patron, caplog):
    browser = request.getfixturevalue(trouble)
    with caplog.at_level(logging.CRITICAL):
        form = browser.form("/my/profile") | {"contact_phone": "home", "keep_history": "y"}
        answer = browser.post("/my/profile", form)
        part = browser.client.post("/text-size", data={"size": "l"}, headers=HTMX)
    check(answer, 503)
    assert part.status_code == 503 and 'role="alert"' in part.text and not INSIDE.search(visible(part.text))
    assert answer.headers["Retry-After"] == "60"
    assert "保存できません" in answer.text
    assert browser.client.get("/my/loans").status_code == 200
    assert Patron.get_by_id(patron.id).text_size == ""


def test_saving_works_again_as_soon_as_the_trouble_is_over(signed_in):
    signed_in.get("/my/profile")
    form = signed_in.form("/my/profile") | {"keep_history": "y", "contact_phone": "mobile"}
    with engines.unwritable():
        assert signed_in.client.post("/my/profile", data=form).status_code == 503
    answer = signed_in.client.post("/my/profile", data=form)
    assert answer.status_code == 303
