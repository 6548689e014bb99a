"""Wrong and doubtful input on the edit page: its answers, and how it is put right."""

import re

import pytest
from playwright.sync_api import expect

from library import clock
from tests import factories
from tests.browser.visitor import CONFIRM, EDIT

TYPO, MEANT = "abc@gmial.com", "abc@gmail.com"


@pytest.fixture
def edit(either):
    either.go(EDIT)
    return either


@pytest.fixture
def edit_with_script(visitor):
    visitor.go(EDIT)
    return visitor


@pytest.fixture
def with_address(library, patron):
    with library.rows():
        return factories.address(patron, f"reader.{patron.id}@example.jp", verified_at=clock.now())


def ask_for_notices(visitor):
    visitor.field("E-mail1").fill("abc@example.jp")
    due = visitor.group("返却期限通知")
    due.get_by_role("checkbox", name="自PC", exact=True).check()
    due.get_by_role("radio", name="配信", exact=True).check()


def test_a_refused_form_keeps_what_was_typed_but_no_password(edit):
    edit.unfold_passwords()
    edit.field("現パスワード").fill(factories.PASSWORD)
    edit.field("新パスワード").fill("kita-no-kuni-kara")
    edit.field("確認パスワード").fill("minami-no-kuni-kara")
    edit.field("E-mail1").fill("abc@@example.jp")
    edit.field("予約連絡方法").select_option(label="メール")
    edit.group("貸出履歴").get_by_role("checkbox", name="残す").check()
    edit.press("更新")
    expect(edit.summary).to_be_visible()
    edit.arrives_at(EDIT)
    expect(edit.page).to_have_title(re.compile("^エラー: "))
    expect(edit.field("E-mail1")).to_have_value("abc@@example.jp")
    expect(edit.field("予約連絡方法").locator("option:checked")).to_have_text("メール")
    expect(edit.group("貸出履歴").get_by_role("checkbox", name="残す")).to_be_checked()
    for label in ("現パスワード", "新パスワード", "確認パスワード"):
        expect(edit.field(label)).to_have_value("")


# the answer to the next request has arrived, but is put into the page by ``go()`` alone
HELD = """() => {
    const { text } = Response.prototype;
    window.arrived = new Promise((arrived) => {
        Response.prototype.text = async function () {
            Response.prototype.text = text;
            const read = await text.call(this);
            await new Promise((go) => arrived(Object.assign(window, { go }) && null));
            return read;
        };
    });
}"""


def test_a_message_does_not_move_what_is_being_pressed(edit_with_script):
    page = edit_with_script.page
    page.evaluate(HELD)
    row = edit_with_script.group("登録完了メール配信先")
    row.get_by_role("checkbox", name="自PC", exact=True).check()
    page.evaluate("arrived")
    below = edit_with_script.group("返却期限通知").get_by_role("radio", name="配信", exact=True)
    below.hover()
    page.mouse.down()
    page.evaluate("go(), new Promise(requestAnimationFrame)")
    page.mouse.up()
    expect(below).to_be_checked()
    expect(row.locator(".error")).to_be_visible()


def test_a_reader_who_types_before_the_script_has_come_is_not_called_away(edit_with_script):
    page, second = edit_with_script.page, edit_with_script.field("E-mail2")

    def begin(script):
        second.focus()
        page.keyboard.type("def@")
        script.continue_()

    page.route("**/htmx*", lambda script: script.fulfill(body="", content_type="text/javascript"))
    page.reload()
    edit_with_script.field("E-mail1").fill("abc@@example.jp")
    page.route("**/app.js*", begin, times=1)
    edit_with_script.press("更新")
    expect(edit_with_script.summary).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.type("example.jp")
    expect(second).to_have_value("def@example.jp")


def test_a_password_is_masked_until_its_button_is_pressed(edit_with_script):
    edit_with_script.unfold_passwords()
    field = edit_with_script.field("現パスワード")
    button = edit_with_script.page.locator("[data-reveal=current_password]")
    for kind in ("password", "text", "password"):
        expect(field).to_have_attribute("type", kind)
        button.click()


def test_the_summary_leads_to_the_field(edit):
    edit.field("E-mail2").fill("これは違う")
    edit.press("更新")
    line = edit.summary.get_by_role("link")
    sentence = line.inner_text().removeprefix("E-mail2：")
    field = edit.field("E-mail2")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile(re.escape(sentence)))
    line.click()
    expect(field).to_be_focused()


def test_a_group_is_reached_from_the_summary_too(edit):
    due = edit.group("返却期限通知")
    due.get_by_role("radio", name="配信", exact=True).check()
    edit.press("更新")
    edit.summary.get_by_role("link").first.click()
    expect(due).to_be_focused()
    edit.page.keyboard.press("Tab")
    expect(due.get_by_role("checkbox", name="自PC", exact=True)).to_be_focused()


def test_the_contact_method_is_mended_with_one_press(edit):
    ask_for_notices(edit)
    edit.press("更新")
    expect(edit.summary).to_be_visible()
    edit.press("予約連絡方法を「メール」にする")
    expect(edit.field("予約連絡方法").locator("option:checked")).to_have_text("メール")
    expect(edit.summary).to_have_count(0)
    expect(edit.field("E-mail1")).to_have_value("abc@example.jp")
    edit.update()


def test_enter_means_update_even_beside_a_correction(edit):
    ask_for_notices(edit)
    edit.press("更新")
    expect(edit.summary).to_be_visible()
    expect(edit.button("予約連絡方法を「メール」にする")).to_be_visible()
    edit.group("返却期限通知").get_by_role("radio", name="停止", exact=True).check()
    edit.field("E-mail1").press("Enter")
    edit.arrives_at(CONFIRM)
    expect(edit.row("予約連絡方法")).to_have_text("不要")


def test_enter_in_a_new_form_means_update(edit):
    edit.field("E-mail1").fill("abc@example.jp")
    edit.field("E-mail1").press("Enter")
    edit.arrives_at(CONFIRM)


def test_a_slip_in_a_known_domain_is_put_right_with_one_press(edit_with_script):
    edit = edit_with_script
    edit.field("E-mail1").fill(TYPO)
    edit.field("E-mail1").press("Tab")
    edit.press(f"{MEANT} に直す")
    expect(edit.field("E-mail1")).to_have_value(MEANT)
    expect(edit.button(f"{MEANT} に直す")).to_have_count(0)
    edit.update()
    expect(edit.row("E-mail1").get_by_text(f"{MEANT} [自PC]", exact=True)).to_be_visible()


def test_a_slip_in_a_known_domain_refuses_nothing(edit):
    edit.field("E-mail1").fill(TYPO)
    edit.update()
    edit.press("修正")
    expect(edit.field("E-mail1")).to_have_value(TYPO)
    edit.press(f"{MEANT} に直す")
    expect(edit.field("E-mail1")).to_have_value(MEANT)


def test_leaving_a_field_tells_what_is_wrong_and_moves_nothing(edit_with_script, with_address):
    edit = edit_with_script
    edit.page.reload()
    edit.field("予約連絡方法").dispatch_event("pointerdown")  # a Mac tells of no end where it shows a list
    email2 = edit.field("E-mail2")
    email2.fill(with_address.address)
    email2.press("Tab")
    message = edit.page.get_by_text(re.compile("同じ"))
    expect(message).to_be_visible()
    live = edit.main.locator("[aria-live=polite]").filter(has=message)
    expect(live).to_have_count(1)
    expect(edit.field("E-mail2の種別")).to_be_focused()
    expect(email2).to_have_attribute("aria-invalid", "true")
    edit.arrives_at(EDIT)

    email2.fill("def@example.jp")
    email2.press("Tab")
    expect(message).to_have_count(0)
    expect(email2).not_to_have_attribute("aria-invalid", "true")
    expect(edit.field("E-mail2の種別")).to_be_focused()


def test_a_choice_that_asks_for_another_is_told_at_once(edit_with_script):
    due = edit_with_script.group("返却期限通知")
    due.get_by_role("radio", name="配信", exact=True).check()
    expect(edit_with_script.button("予約連絡方法を「メール」にする")).to_be_visible()
    expect(due.get_by_role("radio", name="配信", exact=True)).to_be_focused()


def test_no_change_is_said_and_asks_for_no_confirmation(edit):
    edit.press("更新")
    expect(edit.main.get_by_text("変更された項目はありません")).to_be_visible()
    edit.arrives_at(EDIT)
    expect(edit.summary).to_have_count(0)


def test_a_test_mail_is_sent_once_in_ten_minutes(either, library, with_address):
    either.go(EDIT)
    either.press("E-mail1に テストメールを送る")
    answer = either.main.get_by_text(re.compile(re.escape(f"{with_address.address} あてに、テストメール")))
    expect(answer).to_be_visible()
    if either.js:
        either.arrives_at(EDIT)
        expect(either.main.get_by_role("status")).to_contain_text("テストメール")
        expect(either.button("E-mail1に テストメールを送る")).to_be_focused()
    library.command("outbox", "deliver")
    (mail,) = library.mails_to(with_address.address)
    assert "テストメール" in mail["Subject"]

    either.press("E-mail1に テストメールを送る")
    expect(answer).to_have_count(0)
    library.command("outbox", "deliver")
    assert len(library.mails_to(with_address.address)) == 1


def test_a_test_mail_loses_nothing_that_was_typed(edit_with_script, with_address):
    edit = edit_with_script
    edit.page.reload()
    edit.field("E-mail2").fill("def@example.com")
    edit.press("E-mail1に テストメールを送る")
    expect(edit.main.get_by_role("status")).to_contain_text("テストメール")
    expect(edit.field("E-mail2")).to_have_value("def@example.com")


def test_an_address_that_is_not_stored_yet_has_no_test_mail(edit):
    edit.field("E-mail1").fill("abc@example.jp")
    expect(edit.button("E-mail1に テストメールを送る")).to_have_count(0)
