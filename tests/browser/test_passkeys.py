"""Passkeys in a real browser, by an authenticator that Chromium plays: made, used at the way in, and to go on with an
act.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from library import clock
from models import Passkey, Session
from tests import factories
from tests.browser import serving
from tests.browser.conftest import opening

KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}  # fmt: skip
SETTING_UP = "/desk/second-factor"


class AtLocalhost(serving.RunningLibrary):
    """Browsers make passkeys for names alone, and without https for this one."""

    @property
    def url(self):
        return f"http://localhost:{self.port}"


@pytest.fixture(scope="module")
def library(demonstration, tmp_path_factory):
    with serving.running(demonstration, tmp_path_factory.mktemp("passkeys"), AtLocalhost, HOST="localhost") as running:
        yield running


@pytest.fixture
def visit(chromium, library):
    with opening(chromium, library) as open_window:
        yield open_window


@pytest.fixture
def clerk(library):
    with library.rows():
        return factories.staff("desk")


def with_device(visitor, **given):
    """Give a browser window a device that makes passkeys; return the session that speaks to it."""
    talk = visitor.context.new_cdp_session(visitor.page)
    talk.send("WebAuthn.enable")
    device = talk.send("WebAuthn.addVirtualAuthenticator", {"options": KEY | given})["authenticatorId"]
    return lambda verified: talk.send(
        "WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": verified}
    )


def make_one(visitor, clerk):
    verify = with_device(visitor)
    visitor.be_at_desk(clerk.login, SETTING_UP)
    visitor.press("パスキーを加える")
    expect(visitor.h1).to_have_text("復旧コード")
    expect(visitor.main.get_by_role("listitem")).to_have_count(10)
    visitor.follow("しまいました")
    expect(visitor.main.get_by_text("2段階認証を使っています。")).to_be_visible()
    return verify


def test_a_passkey_is_made_and_opens_the_desk(visit, library, clerk):
    visitor = visit()
    verify = make_one(visitor, clerk)
    visitor.page.get_by_role("banner").locator("summary").click()
    visitor.page.get_by_role("banner").get_by_role("button", name="ログアウト").click()
    visitor.arrives_at("/desk/login", "窓口のログイン")
    visitor.context.clear_cookies()
    visitor.go("/desk/login?next=/desk/status")
    visitor.field("ログインID").fill(clerk.login)
    visitor.field("パスワード").fill(factories.PASSWORD)
    visitor.press("ログイン")
    expect(visitor.h1).to_have_text("2段階認証")
    verify(False)
    visitor.press("パスキーで続ける")
    expect(visitor.main.get_by_text("パスキーを使えませんでした。")).to_be_visible()
    verify(True)
    visitor.button("パスキーで続ける").focus()
    visitor.page.keyboard.press("Enter")
    visitor.arrives_at("/desk/status", "システムの状態")
    with library.rows():
        assert Passkey.get(Passkey.staff == clerk.id).used_at is not None


def test_an_act_goes_on_with_a_passkey(visit, library, clerk):
    visitor = visit(width=390, height=844)
    make_one(visitor, clerk)
    with library.rows():
        patron = factories.patron()
        Session.update(authenticated_at=clock.now() - timedelta(minutes=11)).where(Session.staff == clerk.id).execute()
    visitor.go(f"/desk/patrons/{patron.id}/closing")
    visitor.press("このカードを廃止する")
    visitor.arrives_at("/desk/again?act=close_card", "もう一度確認します")
    visitor.press("パスキーで続ける")
    visitor.arrives_at(f"/desk/patrons/{patron.id}", f"{patron.name} さん")
    expect(visitor.main.get_by_text("廃止したカードです。")).to_be_visible()


def test_without_script_there_are_no_buttons_of_passkeys_and_codes_work(visit, library, clerk):
    visitor = visit(js=False)
    visitor.be_at_desk(clerk.login, SETTING_UP)
    expect(visitor.button("パスキーを加える")).to_be_hidden()
    visitor.press("認証アプリを設定する")
    visitor.arrives_at(f"{SETTING_UP}/app", "認証アプリの設定")


def test_a_patron_registers_a_passkey_and_signs_in_with_it_alone(visit, library):
    with library.rows():
        patron = factories.patron()
    visitor = visit(width=390, height=844)
    verify = with_device(visitor)
    visitor.be(patron.card_number, "/my/passkeys")
    with library.rows():
        Session.update(authenticated_at=clock.now() - timedelta(minutes=11)).where(
            Session.patron == patron.id
        ).execute()
    visitor.go("/my/passkeys")
    visitor.press("パスキーを登録する")
    expect(visitor.main.get_by_role("alert").filter(has_text="現パスワード")).to_be_visible()
    visitor.field("パスキーの名前").fill("母の携帯")
    visitor.field("現パスワード").fill(factories.PASSWORD)
    visitor.press("パスキーを登録する")
    expect(visitor.main.get_by_text("パスキーを登録しました。")).to_be_visible()
    expect(visitor.button("「母の携帯」のパスキーを削除する")).to_be_visible()
    visitor.context.clear_cookies()
    visitor.go("/login?next=/my/loans")
    verify(False)
    visitor.press("パスキーでログイン")
    expect(visitor.main.get_by_text("パスキーを使えませんでした。")).to_be_visible()
    verify(True)
    visitor.press("パスキーでログイン")
    visitor.arrives_at("/my/loans", "借りている資料")
