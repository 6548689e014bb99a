"""A book by its ISBN: the page, and the answers to programs."""

import pytest

from tests import factories

NUMBER = "9784003101018"


@pytest.fixture
def title(db):
    return factories.catalogued("こころ", isbns=["4-00-310101-4"], volume="上", copies=1)


@pytest.mark.parametrize("spelling", [NUMBER, "978-4-00-310101-8", "4003101014", "ISBN4-00-310101-4"])
def test_a_number_in_any_spelling_is_a_page_without_redirect_cookie_or_script(browse, title, spelling):
    answer = browse.get(f"/isbn/{spelling}")
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    assert browse.page.h1.get_text() == "こころ 上"
    assert not browse.page.find("script")
    assert "貸出可" in browse.page.find("main").get_text()
    assert browse.page.find("main").find("a")["href"].endswith(f"/titles/{title.id}")


def test_several_titles_of_a_number_are_all_on_its_page(browse, title):
    factories.catalogued("こころ", volume="下", isbns=["4-00-310101-4"])
    browse.get(f"/isbn/{NUMBER}")
    assert browse.page.h1.get_text() == f"ISBN {NUMBER}"
    assert {one.get_text() for one in browse.page.find_all("h2")} == {"こころ 上", "こころ 下"}


@pytest.mark.parametrize("number", ["9784003101993", "x"])
def test_a_number_that_nobody_has_is_404(browse, title, number):
    assert browse.get(f"/isbn/{number}").status_code == 404
    answer = browse.client.get(f"/isbn/{number}.json")
    assert (answer.status_code, answer.json["found"], answer.json["titles"]) == (404, False, [])


def test_a_program_reads_the_same(app, title):
    answer = app.test_client().get(f"/isbn/{NUMBER}.json")
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    assert answer.json["found"] is True and answer.json["checked_at"] == "2026-11-25T10:42:00+09:00"
    [found] = answer.json["titles"]
    assert (found["id"], found["title"], found["volume"], found["isbn"]) == (title.id, "こころ", "上", NUMBER)
    assert found["url"] == f"{app.config['PUBLIC_URL']}/titles/{title.id}"
    assert set(found["libraries"][0]) == {"code", "name", "status", "copies", "available", "call_number", "holds"}


def test_twenty_numbers_are_asked_for_at_once_and_no_more(app, title):
    other = factories.catalogued("門", isbns=["9784003101117"])
    client = app.test_client()
    answer = client.get(f"/isbn.json?isbn={NUMBER},978-4-00-310111-7&isbn=9784003101993")
    assert {(one["id"], one["isbn"]) for one in answer.json["titles"]} == {
        (title.id, NUMBER),
        (other.id, "9784003101117"),
    }
    assert client.get("/isbn.json?isbn=" + ",".join([NUMBER] * 20)).status_code == 200
    assert client.get("/isbn.json?isbn=" + ",".join([NUMBER] * 21)).status_code == 400
    assert client.get("/isbn.json").status_code == 400


def test_pages_of_other_sites_may_read_what_is_made_for_them_and_nothing_else(app, title):
    client = app.test_client()
    for address in (
        f"/isbn/{NUMBER}.json",
        f"/isbn.json?isbn={NUMBER}",
        "/oai?verb=Identify",
        f"/titles/{title.id}.ris",
        "/search.bib?q=a",
    ):
        headers = client.get(address).headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in headers
        asked = client.options(address, headers={"Access-Control-Request-Method": "GET"}).headers
        assert asked["Access-Control-Allow-Origin"] == "*"
        assert asked["Access-Control-Allow-Methods"] == "GET, HEAD"
    for address in (f"/isbn/{NUMBER}", "/search?q=a", f"/titles/{title.id}.csv", "/my/"):
        assert "Access-Control-Allow-Origin" not in client.get(address).headers
    assert "Access-Control-Allow-Origin" not in client.post("/oai", data={"verb": "Identify"}).headers
