"""Crawlers: how often one address may ask, who is free, and links that nobody should follow."""

from datetime import timedelta
from urllib import robotparser

import pytest

from library import policy
from models import database
from tests import factories

CRAWLER = {"REMOTE_ADDR": "203.0.113.5"}


def ask(client, address="/search?q=a", times=1, *, at=CRAWLER):
    """Return the statuses of the same question, asked again and again."""
    return [client.get(address, environ_base=at).status_code for _ in range(times)]


@pytest.fixture(autouse=True)
def counter(app):
    app.extensions["flow"].clear()


@pytest.mark.parametrize(("address", "at_once", "a_second"), [
    ("/search?q=a", 40, 10), ("/oai?verb=Identify", 20, 5), ("/sru", 20, 5), ("/isbn/x", 80, 20),
     ("/isbn.json", 80, 20),
])  # fmt: skip
def test_an_address_that_asks_too_often_waits(app, moved_clock, address, at_once, a_second):
    client = app.test_client()
    assert 429 not in ask(client, address, at_once)
    answer = client.get(address, environ_base=CRAWLER)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    moved_clock.now += timedelta(seconds=1)
    assert ask(client, address, a_second + 1).count(429) == 1
    assert 429 not in ask(client, address, at={"REMOTE_ADDR": "203.0.113.6"})


def test_a_refused_client_costs_no_query(app, db, monkeypatch):
    client, asked = app.test_client(), []
    ask(client, times=40)
    execute = database.execute_sql
    monkeypatch.setattr(database.obj, "execute_sql", lambda *given: asked.append(given) or execute(*given))
    assert ask(client, times=3) == [429] * 3
    assert asked == []
    assert ask(client, "/") == [200] and asked


def test_one_household_is_one_address(app, db):
    client = app.test_client()
    ask(client, times=40, at={"REMOTE_ADDR": "2001:db8:1:2::1"})
    assert ask(client, at={"REMOTE_ADDR": "2001:db8:1:2:ffff::9"}) == [429]
    assert ask(client, at={"REMOTE_ADDR": "2001:db8:1:3::1"}) == [200]


def test_other_pages_have_no_limit(app, db):
    assert 429 not in ask(app.test_client(), "/search/advanced", 60)


@pytest.mark.parametrize("setting", ["API_ALLOW", "terminals", "desk_networks"])
def test_networks_that_the_library_names_are_free(app, db, setting):
    if setting == "API_ALLOW":
        app.config[setting] = "203.0.113.0/24"
    else:
        policy.put(setting, ["203.0.113.0/24"])
    assert 429 not in ask(app.test_client(), times=60)


def test_this_machine_is_free_at_first(app, db):
    assert 429 not in ask(app.test_client(), times=60, at={"REMOTE_ADDR": "::1"})


def test_a_patron_who_is_signed_in_is_free_of_limits(signed_in):
    assert 429 not in ask(signed_in.client, times=45)


def test_crawlers_are_asked_to_leave_narrowed_searches_alone(browse, db):
    for number in range(45):
        factories.catalogued(f"本{number}", copies=1)
    robots = robotparser.RobotFileParser()
    robots.parse(browse.client.get("/robots.txt").text.splitlines())
    browse.get("/search?q=本&audience=一般")
    links = [
        link for link in browse.page.find("main").find_all("a") if "/search?" in link["href"] and "&" in link["href"]
    ]
    assert len(links) >= 5
    assert [link for link in links if "nofollow" not in link.get("rel", [])] == []
