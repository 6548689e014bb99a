"""パスキー: registering and removing one in My Library, and signing in with it alone."""

from datetime import timedelta

import pytest

from library import clock, policy
from models import Passkey, Session
from tests import factories
from tests.authenticator import Device
from tests.factories import PASSWORD
from tests.pages import Browser

PAGE, OPTIONS = "/my/passkeys", "/my/passkeys/options"
ASK, ENTER = "/login/passkey/options", "/login/passkey"
STALE = timedelta(minutes=11)


@pytest.fixture
def site(app):
    app.config["PUBLIC_URL"] = "http://localhost"
    return app


@pytest.fixture
def mine(browse, site, patron):
    browse.be(patron)
    return browse


def register(browser, device, name="母のiPhone", **data):
    browser.get(PAGE)
    given = browser.form(PAGE) | data
    made = device.make(browser.post(OPTIONS, data).text)
    return browser.post(PAGE, given | {"name": name, "credential": made})


def enter(browser, device, **data):
    browser.get("/login")
    answer = browser.post(ASK)
    assert answer.mimetype == "application/json"
    return browser.post(ENTER, data | {"credential": device.sign(answer.text)})


def age(patron):
    Session.update(authenticated_at=clock.now() - STALE).where(Session.patron == patron).execute()


def press(browser):
    return browser.page.find("button", {"aria-label": "「母のiPhone」のパスキーを削除する"})


def test_a_passkey_is_registered_signs_in_and_is_removed(mine, site, patron):
    device = Device()
    mine.get("/my/security")
    assert mine.page.find("a", {"href": PAGE})
    mine.get(PAGE)
    assert "まだありません。" in mine.text() and mine.form(PAGE)["name"] == "端末のブラウザ"
    place = mine.page.find(attrs={"data-passkey": "create"})
    assert place.has_attr("hidden") and place.button.get_text() == "パスキーを登録する"
    assert register(mine, device).location == PAGE
    mine.get(PAGE)
    assert "パスキーを登録しました。" in mine.text() and "まだ使っていません" in mine.text() and press(mine)
    other = Browser(site)
    assert enter(other, device, next="/my/loans").location == "/my/loans"
    assert other.get("/my/loans").status_code == 200
    assert other.post(f"{PAGE}/{Passkey.get().id}/removal").location == PAGE
    other.get(PAGE)
    assert "パスキーを削除しました。" in other.text() and not Passkey.select().exists()
    other.get("/my/profile/changes")
    assert "パスキーの登録" in other.text() and "パスキーの削除" in other.text()
    assert enter(Browser(site), device).status_code == 422


def test_the_sign_in_page_offers_it_where_browsers_make_passkeys(browse, site):
    browse.get("/login")
    place = browse.page.find(attrs={"data-passkey": "get"})
    assert place.has_attr("hidden") and place.button.get_text() == "パスキーでログイン"
    site.config["PUBLIC_URL"] = "http://127.0.0.1"
    browse.get("/login")
    assert not browse.page.find(attrs={"data-passkey": True})


def test_a_refusal_says_to_use_the_password(browse, site, patron):
    assert enter(browse, Device()).status_code == 422
    assert "パスキーでログインできませんでした。" in browse.page.find(id="error-summary").get_text()
    assert browse.sign_in(patron).location == "/my/"


def test_a_challenge_is_good_for_one_answer(browse, site, mine, patron):
    device = Device()
    register(mine, device)
    other = Browser(site)
    other.get("/login")
    answer = device.sign(other.post(ASK).text)
    assert other.post(ENTER, {"credential": "{}"}).status_code == 422
    assert other.post(ENTER, {"credential": answer}).status_code == 422


def test_the_title_that_was_asked_for_goes_into_the_cart(browse, site, mine, patron):
    device, title = Device(), factories.item().title
    register(mine, device)
    other = Browser(site)
    assert enter(other, device, cart=title.id).location == "/my/cart"
    other.get("/my/cart")
    assert title.title in other.text()


def test_after_ten_minutes_registering_asks_for_the_password(mine, patron):
    age(patron)
    mine.get(PAGE)
    assert mine.page.find(id="current_password")
    assert mine.post(OPTIONS, {"current_password": "wrong"}).status_code == 422
    mine.get(PAGE)
    answer = mine.post(PAGE, mine.form(PAGE) | {"name": "わたしの", "current_password": "wrong"})
    assert answer.status_code == 422 and mine.form(PAGE)["name"] == "わたしの"
    assert "現パスワード" in mine.page.find(id="error-summary").get_text() and not Passkey.select().exists()
    assert register(mine, Device(), current_password=PASSWORD).location == PAGE
    mine.get(PAGE)
    assert not mine.page.find(id="current_password")


def test_after_ten_minutes_removing_asks_for_the_password(mine, patron):
    register(mine, Device())
    age(patron)
    row = Passkey.get()
    removal = f"{PAGE}/{row.id}/removal"
    mine.get(PAGE)
    assert mine.post(removal, mine.form(removal)).location == f"{PAGE}?remove={row.id}#current_password"
    mine.get(f"{PAGE}?remove={row.id}")
    assert mine.post(removal, mine.form(removal) | {"current_password": "wrong"}).status_code == 422
    assert mine.page.find(id="current_password-messages")
    assert mine.post(removal, mine.form(removal) | {"current_password": PASSWORD}).location == PAGE
    assert not Passkey.select().exists()


def test_a_name_that_is_too_long_and_an_answer_of_no_browser_are_refused(mine):
    mine.get(PAGE)
    for data, words in (({"name": "長" * 41}, "40"), ({"credential": "{}"}, "パスキーで確認できませんでした")):
        mine.get(PAGE)
        assert mine.post(PAGE, mine.form(PAGE) | data).status_code == 422
        assert words in mine.page.find(id="error-summary").get_text()


def test_where_there_are_five_none_is_offered(mine):
    for number in range(5):
        register(mine, Device(), f"{number}")
    mine.get(PAGE)
    assert "パスキーは5個までです。" in mine.text() and not mine.page.find(attrs={"data-passkey": True})


def test_anothers_passkey_does_not_exist(mine, site):
    other = Browser(site)
    other.be(factories.patron())
    register(other, Device())
    mine.get(PAGE)
    assert mine.post(f"{PAGE}/{Passkey.get().id}/removal").status_code == 404


def test_terminals_neither_make_nor_take_one(mine, site, patron):
    device = Device()
    register(mine, device)
    mine.post("/logout")
    policy.put("terminals", ["127.0.0.1"])
    mine.sign_in(patron)
    mine.get("/my/")
    assert not mine.page.find("a", {"href": PAGE})
    assert mine.get(PAGE).status_code == mine.post(OPTIONS).status_code == mine.post(PAGE).status_code == 403
    other = Browser(site)
    other.get("/login")
    assert not other.page.find(attrs={"data-passkey": True})
    assert other.post(ASK).status_code == other.post(ENTER, {"credential": "{}"}).status_code == 403
