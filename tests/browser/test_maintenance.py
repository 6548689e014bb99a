"""システムメンテナンス, met in the middle of a form: nothing that was typed is lost, with script and without."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from library import clock
from tests import factories
from tests.browser import serving
from tests.browser.conftest import opening
from tests.browser.visitor import CONFIRM, EDIT, HEADINGS
from tests.factories import PASSWORD

STAYS = "入力した内容は、この画面に残っています。"
PASSWORDS = {"現パスワード": PASSWORD, "新パスワード": "kaze-no-naka", "確認パスワード": "kaze-no-naka"}


@pytest.fixture
def library(demonstration, tmp_path):
    """A library in whose maintenance hours it is now."""
    now = clock.local(clock.now())
    span = f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=2):%H:%M}"
    with serving.running(demonstration, tmp_path, MAINTENANCE=span) as running:
        yield running


@pytest.fixture
def visit(chromium, library):
    with opening(chromium, library) as open_window:

        def visit(card, path, **context):
            visitor = open_window(**context)
            visitor.server_may_fail = True
            return visitor.be(card, path)

        yield visit


def end_maintenance(library):
    """The hour is over; the pages that are open stay."""
    library.stop()
    library.environment["MADOGUCHI_MAINTENANCE"] = ""
    library.start()


def test_the_profile_says_beforehand_that_it_can_not_be_changed_now(visit, patron):
    visitor = visit(patron.card_number, EDIT, width=390, height=844)
    expect(visitor.main.get_by_text("システムメンテナンス中のため、いまは変更できません。")).to_be_in_viewport()
    for name in ("リセット", "キャンセル", "更新"):
        expect(visitor.button(name)).to_be_disabled()
    expect(visitor.field("E-mail1")).to_be_disabled()


def write_address(visitor, address):
    visitor.page.evaluate(
        "document.querySelector('#profile-form fieldset').disabled = false"
    )  # a page from before the hours
    visitor.field("E-mail1").fill(address)


def test_a_profile_typed_before_maintenance_stays_and_is_sent_after_the_hour(visit, library, patron):
    visitor = visit(patron.card_number, EDIT, width=390)
    write_address(visitor, "abc@@example.jp")
    visitor.field("E-mail1").press("Tab")
    expect(visitor.main.locator("#email1-messages")).to_contain_text("メールアドレスの形ではありません")
    visitor.field("E-mail1").fill("abc@example.jp")
    visitor.main.get_by_text("パスワードを変更する", exact=True).click()
    for label, password in PASSWORDS.items():
        visitor.field(label).fill(password)
    visitor.press("更新")
    expect(visitor.focused).to_contain_text(STAYS)
    expect(visitor.main.get_by_role("alert")).to_contain_text("システムメンテナンス中です。")
    expect(visitor.h1).to_have_text(HEADINGS[EDIT])
    for label, typed in {"E-mail1": "abc@example.jp", **PASSWORDS}.items():
        expect(visitor.field(label)).to_have_value(typed)
    end_maintenance(library)
    visitor.press("更新")
    visitor.arrives_at(CONFIRM)
    expect(visitor.row("E-mail1")).to_contain_text("abc@example.jp")


def test_without_script_the_profile_is_kept_as_a_draft(visit, patron):
    visitor = visit(patron.card_number, EDIT, js=False, width=390)
    write_address(visitor, "abc@example.jp")
    visitor.press("更新")
    expect(visitor.h1).to_have_text("システムメンテナンス中です")
    expect(visitor.main.get_by_text("入力された内容は、下書きに残しました。")).to_be_visible()
    visitor.follow("利用者情報変更を開く")
    expect(visitor.field("E-mail1")).to_have_value("abc@example.jp")


def test_words_that_a_page_can_not_keep_stay_on_it(visit, library, patron):
    with library.rows():
        title = factories.catalogued(f"硝子戸の中{patron.id}", copies=1)
    visitor = visit(patron.card_number, f"/titles/{title.id}")
    expect(visitor.button("予約かごに入れる")).to_be_disabled()
    visitor.page.evaluate("document.querySelector('fieldset.stopped').disabled = false")  # a page from before the hours
    visitor.press("本棚に入れる")
    expect(visitor.focused).to_contain_text("システムメンテナンス中です")
    expect(visitor.main.get_by_role("alert")).to_contain_text("予約・延長・利用者情報の変更ができません")
    expect(visitor.h1).to_contain_text("硝子戸の中")
    visitor.press("本棚に入れる")
    expect(visitor.main.get_by_role("alert")).to_have_count(1)


@pytest.mark.parametrize(
    ("label", "button", "said"),
    [("棚の名前", "棚作成", "夏に読む"), ("メモ", "保存する", "メモと評価を保存しました。")],
)
def test_any_other_form_stays_and_is_sent_after_the_hour(visit, library, patron, label, button, said):
    with library.rows():
        record = factories.history(patron)
    visitor = visit(patron.card_number, "/my/shelves" if button == "棚作成" else f"/my/history/{record.id}")
    visitor.field(label).fill("夏に読む")
    visitor.press(button)
    expect(visitor.focused).to_contain_text(STAYS)
    expect(visitor.field(label)).to_have_value("夏に読む")
    end_maintenance(library)
    visitor.press(button)
    expect(visitor.focused).to_contain_text(said)
    expect(visitor.main.get_by_role("alert")).to_have_count(0)


def test_without_script_it_is_sent_again_from_the_page_that_says_so(visit, library, patron):
    visitor = visit(patron.card_number, "/my/shelves", js=False)
    visitor.field("棚の名前").fill("夏に読む")
    visitor.press("棚作成")
    expect(visitor.main.get_by_text("入力した内容は、このページに残っています。")).to_be_visible()
    expect(visitor.main.get_by_text("ブラウザの「戻る」でも入力した画面に戻れますが")).to_be_visible()
    end_maintenance(library)
    visitor.press("もう一度送信する")
    expect(visitor.h1).to_contain_text("夏に読む")


def test_a_book_that_was_drawn_goes_back_to_its_place(visit, library, patron):
    with library.rows():
        shelf = factories.shelf(patron, titles=[factories.title(name) for name in "春夏秋"])
    visitor = visit(patron.card_number, f"/my/shelves/{shelf.id}/order")
    books = visitor.main.locator("#arrange ol > li")
    first = books.nth(0).inner_text()
    books.nth(0).drag_to(books.nth(2))
    expect(visitor.focused).to_contain_text("システムメンテナンス中です")
    expect(books.nth(0)).to_have_text(first)
