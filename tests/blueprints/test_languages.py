"""言語, ふりがな: chosen above every page, kept in this browser and with the patron."""

import pytest

from models import Patron


def html(browser, address="/login"):
    return browser.get(address).page.find("html")["lang"]


def pressed(browser):
    groups = browser.page.select("form.langs")
    return [button["value"] for button in groups[0].select("button[aria-pressed=true]")]


@pytest.mark.parametrize("code", ["ja-simple", "en", "ja"])
def test_a_visitor_reads_on_in_the_language_that_was_chosen(code, browse):
    browse.get("/login")
    answer = browse.post("/language", {"language": code, "next": "/login"}, token=False)
    assert (answer.status_code, answer.location) == (303, "/login")
    assert html(browse) == code
    assert pressed(browse) == [code]


def test_a_patron_keeps_the_language_on_another_machine(signed_in, patron, app):
    signed_in.post("/language", {"language": "en"}, token=False)
    signed_in.client.delete_cookie("lang")
    assert html(signed_in, "/my/loans") == "en"
    assert Patron.get_by_id(patron.id).language == "en"


def test_a_language_that_is_not_offered_is_refused(browse):
    assert browse.client.post("/language", data={"language": "xx"}).status_code == 422
    browse.client.set_cookie("lang", "xx")
    assert html(browse) == "ja"


def test_an_address_with_a_language_counts_for_its_page_alone(browse):
    assert html(browse, "/login?lang=en") == "en"
    assert html(browse, "/login") == "ja"


def test_the_desk_speaks_japanese_whatever_this_browser_chose(browse):
    browse.client.set_cookie("lang", "en")
    assert html(browse, "/desk/login") == "ja"


@pytest.mark.parametrize("choice", ["/language", "/furigana"])
def test_a_choice_from_another_site_is_refused(choice, browse):
    data = {"language": "en", "furigana": "on"}
    assert browse.client.post(choice, data=data, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_furigana_is_off_in_japanese_until_somebody_asks_for_it(browse):
    assert not browse.get("/login").page.find("ruby")
    browse.post("/furigana", {"furigana": "on"}, token=False)
    page = browse.get("/login").page
    assert page.find("ruby")
    assert page.select_one(".kana-button")["aria-pressed"] == "true"


def test_furigana_is_on_in_easy_japanese_and_can_be_put_off(browse):
    browse.client.set_cookie("lang", "ja-simple")
    assert browse.get("/login").page.find("ruby")
    browse.post("/furigana", {"furigana": "off"}, token=False)
    assert not browse.get("/login").page.find("ruby")


def test_a_reading_is_kept_from_screen_readers_which_would_say_it_twice(browse):
    browse.client.set_cookie("furigana", "on")
    readings = browse.get("/login").page.find_all("rt")
    assert readings and all(reading["aria-hidden"] == "true" for reading in readings)


def test_other_languages_have_no_button_for_furigana(browse):
    browse.client.set_cookie("lang", "en")
    assert not browse.get("/login").page.select(".kana-button")


def test_a_page_tells_of_each_language_who_has_read_it(browse):
    page = browse.get("/languages").page
    assert [heading["lang"] for heading in page.select("h2.row-title")] == ["ja", "ja-simple", "en"]
    assert "図書館の職員による確認はこれからです。" in page.text
    assert page.text.count("書き方の決まりによる検査：指摘0件") == 3


def test_a_public_page_names_itself_in_each_language_to_search_engines(app, browse):
    app.config["PUBLIC_URL"] = "https://library.example.jp"
    links = browse.get("/search?q=猫&lang=en").page.select("link[hreflang]")
    assert [link["hreflang"] for link in links] == ["ja", "ja-simple", "en"]
    assert links[2]["href"] == "https://library.example.jp/search?q=%E7%8C%AB&lang=en"


def test_a_page_of_a_patron_is_not_named_to_search_engines(app, signed_in):
    app.config["PUBLIC_URL"] = "https://library.example.jp"
    assert not signed_in.get("/my/loans").page.select("link[hreflang]")
