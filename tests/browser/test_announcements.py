"""After each part that is swapped in: where the focus is, what title and address say, and what is announced."""

import re

import pytest
from playwright.sync_api import expect

from library import clock
from library.access import sessions
from models import Session
from tests import factories
from tests.browser.visitor import CONFIRM, DONE, EDIT, HEADINGS


@pytest.fixture
def edit(visitor):
    visitor.go(EDIT)
    visitor.page.evaluate("window.sameDocument = true")
    return visitor


def alerts(visitor):
    """Return the texts that a screen reader reads at once, and politely."""
    return visitor.main.locator("[role=alert], [role=status]:not(:empty)")


def is_at(visitor, path, heading=None):
    """A step that came as a part: the focus is on its heading, and the document is still the same one."""
    heading = heading or HEADINGS[path]
    visitor.arrives_at(path, heading)
    expect(visitor.focused).to_have_text(heading)
    assert visitor.page.evaluate("document.activeElement.tagName") == "H1"
    assert visitor.page.evaluate("window.sameDocument") is True


def is_refused_at(visitor, path, heading=None):
    """A refusal: the focus is on the summary, which is the one thing announced, and the title says that there are
    errors.
    """
    expect(visitor.focused.get_by_role("alert")).to_be_visible()
    visitor.arrives_at(path, heading)
    expect(visitor.page).to_have_title(re.compile("^エラー: "))
    expect(alerts(visitor)).to_have_count(1)


def test_each_step_puts_the_focus_on_its_heading(edit):
    edit.field("予約受取館").select_option(label="龍田")
    edit.press("更新")
    is_at(edit, CONFIRM)
    expect(alerts(edit)).to_have_count(0)
    edit.press("修正")
    is_at(edit, f"{EDIT}?draft=1", "利用者情報変更")
    edit.press("更新")
    is_at(edit, CONFIRM)
    edit.press("更新")
    is_at(edit, DONE)
    expect(alerts(edit)).to_have_count(0)


def test_a_refused_edit_puts_the_focus_on_the_summary(edit):
    edit.field("E-mail1").fill("abc@@example.jp")
    edit.press("更新")
    is_refused_at(edit, EDIT)
    edit.field("E-mail1").fill("abc@example.jp")
    edit.press("更新")
    is_at(edit, CONFIRM)
    assert not edit.page.title().startswith("エラー")


def test_a_refused_confirmation_puts_the_focus_on_the_summary(edit, library, patron):
    edit.field("E-mail1").fill("abc@example.jp")
    edit.press("更新")
    is_at(edit, CONFIRM)
    with library.rows():
        Session.update(authenticated_at=clock.now() - 2 * sessions.RECENT_SIGN_IN).execute()
    edit.press("更新")
    is_refused_at(edit, CONFIRM)
    edit.summary.get_by_role("link").click()
    expect(edit.field("現パスワード")).to_be_focused()
    edit.field("現パスワード").fill(factories.PASSWORD)
    edit.press("更新")
    is_at(edit, DONE)


def test_a_correction_keeps_the_focus_where_it_was_pressed(edit):
    due = edit.group("返却期限通知")
    edit.field("E-mail1").fill("abc@example.jp")
    due.get_by_role("checkbox", name="自PC", exact=True).check()
    due.get_by_role("radio", name="配信", exact=True).check()
    edit.press("更新")
    is_refused_at(edit, EDIT)
    edit.press("予約連絡方法を「メール」にする")
    expect(edit.summary).to_have_count(0)
    expect(due).to_be_focused()
    edit.arrives_at(EDIT)


def test_no_change_is_said_where_the_focus_goes(edit):
    edit.press("更新")
    expect(edit.main.get_by_text("変更された項目はありません")).to_be_in_viewport()
    is_at(edit, EDIT)


def test_a_stale_form_leads_to_the_edit_step_in_address_title_and_focus(edit, visit, patron):
    edit.field("予約受取館").select_option(label="龍田")
    edit.press("更新")
    is_at(edit, CONFIRM)
    other = visit().sign_in(patron.card_number, factories.PASSWORD, EDIT)
    other.field("予約受取館").select_option(label="清水")
    other.update()
    edit.press("更新")
    is_at(edit, EDIT)
    expect(edit.main.get_by_text("ほかの画面で新しく入力されたため")).to_be_in_viewport()


def test_a_check_announces_one_message_politely(edit):
    edit.field("E-mail1").fill("abc@@example.jp")
    edit.field("E-mail1").press("Tab")
    said = edit.main.locator("[aria-live=polite]:not(:empty)")
    expect(said).to_have_count(1)
    expect(alerts(edit)).to_have_count(0)
    expect(edit.field("E-mail1の種別")).to_be_focused()
    assert not edit.page.title().startswith("エラー")


def test_a_lost_connection_is_told_and_nothing_typed_is_lost(edit, library):
    with edit.page.expect_request_finished(lambda request: "/check/" in request.url):  # or it would fail later
        edit.field("E-mail1").fill("abc@example.jp")
        edit.field("E-mail1").press("Tab")
    edit.context.set_offline(True)
    edit.press("更新")
    expect(edit.main.get_by_role("alert")).to_contain_text("通信できませんでした")
    expect(edit.focused).to_contain_text("通信できませんでした")
    expect(edit.field("E-mail1")).to_have_value("abc@example.jp")
    edit.context.set_offline(False)
    edit.complaints.clear()
    edit.press("更新")
    is_at(edit, CONFIRM)


def test_a_title_that_is_wanted_keeps_the_focus_on_its_mark(visitor, library, patron):
    with library.rows():
        title = factories.catalogued(f"硝子戸の中{patron.id}", copies=1)
    visitor.go(f"/titles/{title.id}")
    visitor.page.evaluate("window.sameDocument = true")
    visitor.press("本棚に入れる")
    expect(visitor.main.get_by_role("status").filter(has_text="「今度読みたい本」に入れました")).to_be_visible()
    expect(visitor.button("本棚に入れる")).to_be_focused()
    assert visitor.page.evaluate("window.sameDocument") is True


def test_a_press_of_the_mouse_leaves_no_ring_around_what_it_leads_to(visit, library):
    visitor = visit()
    visitor.go("/login")
    visitor.field("図書館カードの番号").fill("1")
    visitor.press("ログイン")
    expect(visitor.focused).to_have_id("error-summary")
    assert visitor.focused.evaluate("element => getComputedStyle(element).outlineStyle") == "none"
