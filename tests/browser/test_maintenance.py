"""システムメンテナンス, met in the middle of a form: nothing that was typed is lost, with script and without."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from library import clock
from tests import factories
from tests.browser import serving
from tests.browser.conftest import opening
from tests.browser.visitor import EDIT

KEPT = "入力された内容はお預かりしました。"


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


def test_the_profile_says_beforehand_that_it_can_not_be_changed_now(visit, patron):
    visitor = visit(patron.card_number, EDIT, width=390, height=844)
    expect(visitor.main.get_by_text("システムメンテナンス中のため、いまは変更できません。")).to_be_in_viewport()
    for name in ("リセット", "キャンセル", "更新"):
        expect(visitor.button(name)).to_be_disabled()
    expect(visitor.field("E-mail1")).to_be_disabled()


@pytest.mark.parametrize("js", [True, False], ids=["script", "plain"])
def test_the_profile_is_kept_as_a_draft_and_checks_go_on(visit, patron, js):
    visitor = visit(patron.card_number, EDIT, js=js, width=390)
    visitor.page.evaluate(
        "document.querySelector('#profile-form fieldset').disabled = false"
    )  # a page from before the hours
    visitor.field("E-mail1").fill("abc@@example.jp")
    visitor.field("E-mail1").press("Tab")
    if js:
        expect(visitor.main.locator("#email1-messages")).to_contain_text("メールアドレスの形ではありません")
    visitor.field("E-mail1").fill("abc@example.jp")
    visitor.press("更新")
    expect(visitor.h1).to_have_text("システムメンテナンス中です")
    expect(visitor.main.get_by_text(KEPT)).to_be_visible()
    visitor.follow("利用者情報変更を開く")
    expect(visitor.field("E-mail1")).to_have_value("abc@example.jp")


def test_what_a_page_can_not_keep_stays_on_it(visit, library, patron):
    with library.rows():
        title = factories.catalogued(f"硝子戸の中{patron.id}", copies=1)
    visitor = visit(patron.card_number, f"/titles/{title.id}")
    expect(visitor.button("予約かごに入れる")).to_be_disabled()
    visitor.page.evaluate("document.querySelector('fieldset.stopped').disabled = false")  # a page from before the hours
    visitor.press("読みたい")
    expect(visitor.focused).to_contain_text("システムメンテナンス中です")
    expect(visitor.main.get_by_role("alert")).to_contain_text("予約・延長・利用者情報の変更ができません")
    expect(visitor.h1).to_contain_text("硝子戸の中")
    visitor.press("読みたい")
    expect(visitor.main.get_by_role("alert")).to_have_count(1)


def test_any_other_form_comes_back_filled(visit, patron):
    visitor = visit(patron.card_number, "/my/shelves")
    visitor.field("棚の名前").fill("夏に読む")
    visitor.press("棚作成")
    expect(visitor.main.get_by_text(KEPT)).to_be_visible()
    visitor.follow("入力した画面を開く")
    expect(visitor.main.get_by_text("中断した入力です。")).to_be_visible()
    expect(visitor.field("棚の名前")).to_have_value("夏に読む")


def test_a_book_that_was_drawn_goes_back_to_its_place(visit, library, patron):
    with library.rows():
        shelf = factories.shelf(patron, titles=[factories.title(name) for name in "春夏秋"])
    visitor = visit(patron.card_number, f"/my/shelves/{shelf.id}/order")
    books = visitor.main.locator("#arrange ol > li")
    first = books.nth(0).inner_text()
    books.nth(0).drag_to(books.nth(2))
    expect(visitor.focused).to_contain_text("システムメンテナンス中です")
    expect(books.nth(0)).to_have_text(first)
