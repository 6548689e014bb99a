"""利用者情報変更 while it is filled in: what is sent, what is proposed, what comes into view."""

from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.visitor import EDIT

NEWS = "返却期限通知"


@pytest.fixture
def phone(visit, patron):
    found = visit(width=390, height=844)
    found.be(patron.card_number, EDIT)
    found.choose_text_size("大")
    return found


def sent_by(visitor, act):
    """Return the names that a check while typing sends."""
    with visitor.page.expect_request(lambda request: "/check/" in request.url) as told:
        act()
    return set(parse_qs(told.value.post_data, keep_blank_values=True)) - {"csrf_token"}


def leave(visitor, label, text):
    visitor.field(label).fill(text)
    visitor.field(label).press("Tab")


@pytest.mark.parametrize("size", ["小", "大"])
def test_a_field_that_is_linked_to_comes_into_view_with_its_label(visit, patron, size):
    phone = visit(width=390, height=844)
    phone.be(patron.card_number, EDIT)
    phone.choose_text_size(size)
    phone.go("/my/")
    for target in ("email1", "email2", "contact_method", "keep_history"):
        phone.go(f"{EDIT}#{target}")
        phone.page.reload()
        place = phone.page.locator(f"label:has([id={target}]), label[id={target}-label]").first
        expect(place).to_be_in_viewport(ratio=1)


def test_a_heading_that_is_linked_to_keeps_some_room_above_it(phone):
    phone.link("お知らせの配信").click()
    assert phone.page.locator("#part-mail").bounding_box()["y"] >= 8


# -- checks while typing ---------------------------------------------------------------------------------------------
def test_passwords_are_judged_at_their_fields(phone):
    phone.unfold_passwords()
    leave(phone, "新パスワード", "短い")
    expect(phone.main.locator("#new_password-messages")).to_contain_text("10文字以上で入力してください")
    expect(phone.main.locator("#new_password_again-messages")).to_be_empty()
    leave(phone, "新パスワード", "harukaze to sakura")
    expect(phone.main.locator("#new_password-messages")).to_be_empty()
    leave(phone, "確認パスワード", "harukaze to sakuro")
    expect(phone.main.locator("#new_password_again-messages")).to_contain_text("新パスワードと同じではありません")
    expect(phone.field("確認パスワード")).to_have_attribute("aria-invalid", "true")
    leave(phone, "確認パスワード", "harukaze to sakura")
    expect(phone.main.locator("#new_password_again-messages")).to_be_empty()
    expect(phone.field("確認パスワード")).not_to_have_attribute("aria-invalid", "true")


def test_a_check_sends_what_it_judges_and_no_more(phone):
    phone.unfold_passwords()
    both = {"new_password", "new_password_again"}
    assert sent_by(phone, lambda: leave(phone, "新パスワード", "harukaze to sakura")) == both
    assert sent_by(phone, lambda: leave(phone, "確認パスワード", "harukaze")) == both
    current = sent_by(phone, lambda: leave(phone, "現パスワード", factories.PASSWORD))
    assert current == {"current_password", "new_password"}
    names = sent_by(phone, lambda: leave(phone, "E-mail1", "abc@example.jp"))
    assert {"email1", "email1_kind", "email2"} <= names
    assert not names & {"current_password", "new_password", "new_password_again", "pickup_branch", "keep_history"}
    branch = phone.field("予約受取館")
    assert sent_by(phone, lambda: branch.select_option(label="龍田")) == {"pickup_branch"}


# -- what is proposed ------------------------------------------------------------------------------------------------
def test_choosing_notices_proposes_what_they_need_and_can_be_taken_back(phone):
    due = phone.group(NEWS)
    phone.field("E-mail1").fill("abc@example.jp")
    due.get_by_text("配信", exact=True).click()
    expect(
        due.get_by_text("「自PC」に印を付けました。予約連絡方法を「メール」にしました。", exact=True)
    ).to_be_visible()
    expect(due.get_by_role("checkbox", name="自PC", exact=True)).to_be_checked()
    expect(phone.field("予約連絡方法")).to_have_value("mail")
    due.get_by_role("button", name="元に戻す", exact=True).click()
    expect(due.get_by_role("radio", name="停止", exact=True)).to_be_focused()
    expect(due.get_by_role("radio", name="停止", exact=True)).to_be_checked()
    expect(due.get_by_role("checkbox", name="自PC", exact=True)).not_to_be_checked()
    expect(phone.field("予約連絡方法")).to_have_value("none")
    expect(due.get_by_role("button", name="元に戻す", exact=True)).to_be_hidden()


def test_of_two_kinds_of_address_none_is_proposed(phone):
    due = phone.group(NEWS)
    phone.field("E-mail1").fill("abc@example.jp")
    phone.field("E-mail2").fill("abc@docomo.ne.jp")
    phone.field("E-mail2の種別").select_option(label="携帯")
    due.get_by_text("配信", exact=True).click()
    expect(phone.main.locator("#due-messages")).to_contain_text("「自PC」か「携帯」を選んでください")
    expect(due.get_by_role("checkbox", name="自PC", exact=True)).not_to_be_checked()
    expect(due.get_by_role("checkbox", name="携帯", exact=True)).not_to_be_checked()


@pytest.mark.parametrize("js", [True, False], ids=["script", "plain"])
def test_one_press_moves_a_carriers_address_to_mobile_with_its_ticks(visit, patron, js):
    visitor = visit(width=390, height=844, js=js)
    visitor.be(patron.card_number, EDIT)
    leave(visitor, "E-mail1", "taro@docomo.ne.jp")
    visitor.group("SDI").get_by_role("checkbox", name="自PC", exact=True).check()
    if not js:
        visitor.update()
        expect(visitor.main.get_by_text("docomo.ne.jp は携帯電話会社のアドレスです。")).to_be_visible()
        visitor.press("修正")
    visitor.press("E-mail1を「携帯」にする")
    expect(visitor.field("E-mail1の種別")).to_have_value("mobile")
    expect(visitor.group("SDI").get_by_role("checkbox", name="携帯", exact=True)).to_be_checked()
    expect(visitor.group("SDI").get_by_role("checkbox", name="自PC", exact=True)).not_to_be_checked()


@pytest.mark.parametrize("js", [True, False], ids=["script", "plain"])
def test_a_correction_leaves_other_errors_and_the_summary_counts_them(visit, patron, js):
    visitor = visit(width=390, height=844, js=js)
    visitor.be(patron.card_number, EDIT)
    due = visitor.group(NEWS)
    due.get_by_text("配信", exact=True).click()
    visitor.field("E-mail1").fill("abc@example.jp")
    due.get_by_text("通知する日").click()  # no longer in the field
    visitor.press("更新")
    expect(visitor.summary).to_contain_text("（2件）")
    visitor.press("予約連絡方法を「メール」にする")
    expect(visitor.summary).to_contain_text("（1件）")
    expect(visitor.summary).to_contain_text("「自PC」か「携帯」を選んでください")
    expect(visitor.field("予約連絡方法")).to_have_value("mail")
    visitor.press("「自PC」に送る")
    expect(visitor.summary).to_have_count(0)
    visitor.update()


# -- the password part -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("js", [True, False], ids=["script", "plain"])
def test_the_password_part_is_folded_until_it_is_wanted_and_open_where_it_was_refused(visit, patron, js):
    visitor = visit(width=390, height=844, js=js)
    visitor.be(patron.card_number, EDIT)
    expect(visitor.field("現パスワード")).to_be_hidden()
    visitor.unfold_passwords()
    visitor.field("新パスワード").fill("短い")
    visitor.press("更新")
    expect(visitor.summary).to_be_visible()
    expect(visitor.field("現パスワード")).to_be_visible()
    visitor.summary.get_by_role("link").first.click()
    expect(visitor.field("現パスワード")).to_be_focused()
