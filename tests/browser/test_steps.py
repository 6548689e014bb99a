"""The three steps and what may come between them: a second press, the Back button, another browser, a session that
ends.
"""

import pytest
from playwright.sync_api import expect

from library import clock
from library.access import sessions
from models import Audit, Branch, Draft, OutboxMail, Patron, Session
from tests import factories
from tests.browser.visitor import CONFIRM, DONE, EDIT

NEW_PASSWORD = "harukaze to sakura 2026"


def changes(library, patron):
    with library.rows():
        return Audit.select().where(Audit.patron == patron, Audit.action == "profile.changed").count()


def stored_branch(library, patron):
    with library.rows():
        return Branch.get_by_id(Patron.get_by_id(patron.id).pickup_branch_id).name


def choose_branch(visitor, name="龍田"):
    visitor.go(EDIT)
    visitor.field("予約受取館").select_option(label=name)
    visitor.update()


def end_sessions(library):
    with library.rows():
        Session.delete().execute()


def let_sessions_idle_out(library):
    with library.rows():
        Session.update(seen_at=clock.now() - sessions.IDLE).execute()


def sign_in_again(visitor, patron):
    expect(visitor.h1).to_have_text("ログイン")
    visitor.fill_sign_in(patron.card_number, factories.PASSWORD)


def type_new_password(visitor):
    fields = {"現パスワード": factories.PASSWORD, "新パスワード": NEW_PASSWORD, "確認パスワード": NEW_PASSWORD}
    visitor.unfold_passwords()
    for label, value in fields.items():
        visitor.field(label).fill(value)


def test_a_double_press_changes_once(each, library, patron):
    with library.rows():
        factories.address(patron)
    choose_branch(each)
    each.field("申請確認メールを送信する").check()
    each.button("更新").dblclick()
    expect(each.main.get_by_text("利用者情報変更申し込みを受付しました。").or_(each.link("結果を見る"))).to_be_visible()
    assert changes(library, patron) == 1
    assert stored_branch(library, patron) == "龍田"
    with library.rows():
        assert OutboxMail.select().where(OutboxMail.patron == patron, OutboxMail.kind == "acknowledgement").count() == 1


def test_a_double_press_on_the_edit_step_makes_one_draft(either, library, patron):
    either.go(EDIT)
    either.field("予約受取館").select_option(label="龍田")
    either.button("更新").dblclick()
    either.arrives_at(CONFIRM)
    either.confirm()
    assert changes(library, patron) == 1


def test_going_back_or_loading_anew_repeats_nothing(each, library, patron):
    choose_branch(each)
    each.confirm()
    each.page.reload()
    each.arrives_at(DONE)
    each.page.go_back()
    expect(each.h1).to_have_text("利用者情報変更")
    expect(each.main.get_by_role("button", name="更新", exact=True)).to_have_count(1)
    each.page.wait_for_load_state()
    each.page.go_forward()
    each.arrives_at(DONE)
    assert changes(library, patron) == 1


def test_back_leads_from_step_to_step(either):
    choose_branch(either)
    either.page.go_back()
    either.arrives_at(EDIT)
    expect(either.main.get_by_text("下書きがあります")).to_be_visible()
    either.follow("下書きの続きを開く")
    expect(either.field("予約受取館").locator("option:checked")).to_have_text("龍田")
    either.page.go_back()
    either.page.go_forward()
    expect(either.field("予約受取館").locator("option:checked")).to_have_text("龍田")


def test_of_two_browsers_the_second_is_refused_with_the_reason(each, visit, library, patron):
    other = visit().sign_in(patron.card_number, factories.PASSWORD)
    choose_branch(each, "龍田")
    choose_branch(other, "清水")
    each.press("更新")
    expect(each.h1).to_have_text("利用者情報変更")
    expect(each.main.get_by_text("ほかの画面で新しく入力されたため")).to_be_visible()
    assert changes(library, patron) == 0
    other.confirm()
    assert (changes(library, patron), stored_branch(library, patron)) == (1, "清水")


def test_a_form_that_was_sent_already_says_so(either, library, patron):
    choose_branch(either)
    stale = either.context.new_page()
    stale.goto(library.url + CONFIRM)
    either.confirm()
    stale.get_by_role("main").get_by_role("button", name="更新", exact=True).click()
    expect(stale.get_by_role("heading", level=1)).to_have_text("利用者情報変更")
    stale.get_by_role("link", name="結果を見る").click()
    expect(stale.get_by_role("heading", level=1)).to_have_text("利用者情報変更結果")
    assert changes(library, patron) == 1


def test_a_change_by_the_desk_meanwhile_is_told_before_anything_happens(either, library, patron):
    choose_branch(either)
    with library.rows():
        Patron.update(contact_phone="home").where(Patron.id == patron.id).execute()
    either.press("更新")
    expect(either.main.get_by_text("電話連絡先").first).to_be_visible()
    expect(either.main.get_by_text("次の項目が図書館で変更されました")).to_be_visible()
    either.arrives_at(CONFIRM)
    assert changes(library, patron) == 0
    either.confirm()
    assert changes(library, patron) == 1


def test_a_session_that_ends_before_the_confirmation_goes_on_with_the_draft(each, library, patron):
    choose_branch(each)
    end_sessions(library)
    each.press("更新")
    sign_in_again(each, patron)
    each.arrives_at(CONFIRM)
    expect(each.row("予約受取館").get_by_text("龍田", exact=True)).to_be_visible()
    each.confirm()
    assert stored_branch(library, patron) == "龍田"


def test_a_session_that_ends_before_a_correction_goes_on_with_the_draft(either, library, patron):
    choose_branch(either)
    end_sessions(library)
    either.press("修正")
    sign_in_again(either, patron)
    expect(either.field("予約受取館").locator("option:checked")).to_have_text("龍田")


def test_a_session_that_idles_out_while_typing_loses_nothing(either, library, patron):
    either.go(EDIT)
    either.field("予約受取館").select_option(label="龍田")
    let_sessions_idle_out(library)
    either.press("更新")
    sign_in_again(either, patron)
    expect(either.field("予約受取館").locator("option:checked")).to_have_text("龍田")
    either.update()
    either.confirm()
    assert stored_branch(library, patron) == "龍田"


def test_a_check_after_the_session_idled_out_disturbs_nobody(visitor, library, patron):
    visitor.go(EDIT)
    let_sessions_idle_out(library)
    with visitor.page.expect_response("**/my/profile/check/email1"):
        visitor.field("E-mail1").fill("abc@example.jp")
        visitor.field("E-mail1").press("Tab")
    expect(visitor.field("E-mail1の種別")).to_be_focused()
    visitor.press("更新")
    sign_in_again(visitor, patron)
    expect(visitor.field("E-mail1")).to_have_value("abc@example.jp")


def test_a_correction_keeps_the_values_and_the_new_password(either, library, patron):
    either.go(EDIT)
    type_new_password(either)
    either.field("E-mail1").fill("abc@example.jp")
    either.update()
    either.press("修正")
    either.arrives_at(f"{EDIT}?draft=1", "利用者情報変更")
    expect(either.field("E-mail1")).to_have_value("abc@example.jp")
    expect(either.main.get_by_text("変更する", exact=True)).to_be_visible()
    expect(either.field("新パスワード")).to_have_count(0)
    assert NEW_PASSWORD not in either.page.content()

    either.field("予約受取館").select_option(label="龍田")
    either.update()
    expect(either.row("パスワード")).to_have_text("変更する")
    either.confirm()
    either.sign_out()
    either.sign_in(patron.card_number, NEW_PASSWORD)


def test_a_new_password_can_be_dropped_again(either):
    either.go(EDIT)
    type_new_password(either)
    either.field("E-mail1").fill("abc@example.jp")
    either.update()
    either.press("修正")
    either.press("変更しない")
    expect(either.field("新パスワード")).to_have_value("")
    expect(either.field("E-mail1")).to_have_value("abc@example.jp")
    either.update()
    expect(either.row("パスワード")).to_have_text("")


@pytest.mark.parametrize(
    ("word", "path", "heading"), [("リセット", EDIT, "利用者情報変更"), ("キャンセル", "/my/", "Myライブラリ")]
)
def test_reset_and_cancel_drop_the_draft(either, library, patron, word, path, heading):
    choose_branch(either)
    either.press("修正")
    expect(either.field("予約受取館").locator("option:checked")).to_have_text("龍田")
    either.press(word)
    either.arrives_at(path, heading)
    with library.rows():
        assert not Draft.select().where(Draft.patron == patron).exists()
    either.go(EDIT)
    expect(either.main.get_by_text("下書きがあります")).to_have_count(0)
    expect(either.field("予約受取館").locator("option:checked")).to_have_text("本館")


def test_a_password_change_ends_the_other_browsers(visitor, visit, patron):
    other = visit().sign_in(patron.card_number, factories.PASSWORD)
    visitor.go(EDIT)
    type_new_password(visitor)
    visitor.update()
    visitor.confirm()
    other.go("/my/loans")
    other.arrives_at("/login?next=/my/loans", "ログイン")
    visitor.go("/my/loans")
    visitor.arrives_at("/my/loans", "借りている資料")


def test_after_signing_out_the_back_button_shows_nothing_private(either, patron):
    either.go("/my/loans")
    either.go(EDIT)
    either.sign_out()
    expect(either.main.get_by_text("ログアウトしました。")).to_be_visible()
    for _ in range(2):
        either.page.go_back()
        expect(either.h1).to_have_text("ログイン")
        expect(either.page.get_by_text(patron.card_number)).to_have_count(0)
