from datetime import timedelta

import pytest

from library.lending import notices
from library.patrons import profile
from models import (
    Audit,
    Branch,
    Draft,
    HistoryEntry,
    MailPreference,
    OutboxMail,
    Patron,
    PatronAddress,
    Session,
    database,
)
from tests import factories
from tests.conftest import NOW
from tests.factories import PASSWORD
from tests.pages import Browser, form_data

NEW_PASSWORD = "yama-no-ue-no-kumo"
EDIT, CONFIRM, DONE = "/my/profile", "/my/profile/confirm", "/my/profile/done"


@pytest.fixture
def tatsuda(db):
    return factories.branch("龍田")


def edit(browser, follow=True, **given):
    """Fill in the edit page and press 更新; None takes a field away, a tick is "y"."""
    browser.get(EDIT)
    data = browser.form(EDIT) | given
    answer = browser.post(EDIT, {name: value for name, value in data.items() if value is not None})
    return browser.get(CONFIRM) if follow and answer.status_code == 303 else answer


def confirm(browser, **given):
    return browser.post(CONFIRM, browser.form(CONFIRM) | given)


def value_of(browser, label):
    for row in browser.page.select(".review-row"):
        if row.find("dt").get_text(strip=True).removesuffix("変更").strip() == label:
            return row.select_one(".review-value").get_text()
    raise AssertionError(f"no row {label}")


def test_the_parts_of_a_delivery_stand_apart(signed_in, patron):
    factories.address(patron)
    edit(signed_in, due_pc="y", due_active="on", due_days="2", contact_method="mail")
    assert value_of(signed_in, "返却期限通知") == "自PC 配信状態 配信 2日前"
    (row,) = (row for row in signed_in.page.select(".review-row") if "返却期限通知" in row.dt.get_text())
    assert [part.get_text() for part in row.select(".part-of")] == ["自PC", "配信状態 配信", "2日前"]


def test_controls_of_a_kind_are_told_apart(signed_in, patron):
    factories.address(patron)
    factories.address(patron, "phone@example.jp", kind="mobile", position=2)
    signed_in.get(EDIT)
    buttons = signed_in.page.select("[data-reveal], .under-field button")
    names = [button.get("aria-label") or button.get_text(strip=True) for button in buttons]
    assert len(set(names)) == len(names) == 5
    groups = signed_in.page.select("[role=radiogroup]")
    assert [signed_in.page.find(id=group["aria-labelledby"]).get_text() for group in groups] == ["配信状態"] * 2


# -- the way through -------------------------------------------------------------------------------------------------
def test_edit_confirm_result(signed_in, patron, tatsuda):
    edit(signed_in, pickup_branch=str(tatsuda.id), keep_history="y")
    assert signed_in.h1() == "利用者情報変更確認"
    assert (value_of(signed_in, "予約受取館"), value_of(signed_in, "貸出履歴")) == ("龍田", "残す")
    assert "変更前 本館" in signed_in.text()
    answer = confirm(signed_in)
    assert (answer.status_code, answer.location) == (303, DONE)
    signed_in.get(DONE)
    assert signed_in.h1() == "利用者情報変更結果"
    assert "利用者情報変更申し込みを受付しました。" in signed_in.text()
    assert "11月26日(木)" in signed_in.text()
    assert Patron.get_by_id(patron.id).pickup_branch == tatsuda


def test_five_wrong_current_passwords_are_told_to_wait_at_the_field_and_stay_signed_in(signed_in):
    typed = {"new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD}
    for number in range(5):
        assert edit(signed_in, follow=False, current_password=f"wrong-{number}", **typed).status_code == 422
    answer = edit(signed_in, follow=False, current_password="wrong", **typed)
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0
    said = signed_in.page.find(id="current_password-messages").get_text()
    assert "現パスワードを続けて間違えました。" in said and "ログインは続いています。" in said
    assert "いまログインできません" not in signed_in.text()


def test_every_page_comes_as_a_part_for_htmx_with_its_address(signed_in, tatsuda):
    page = signed_in.get(EDIT, htmx=True)
    assert "<html" not in page.text
    assert page.headers["HX-Push-Url"] == EDIT
    assert "HX-Request" in page.headers["Vary"]
    signed_in.get(EDIT)
    data = signed_in.form(EDIT) | {"pickup_branch": str(tatsuda.id)}
    assert signed_in.post(EDIT, data, htmx=True).status_code == 303
    assert signed_in.get(CONFIRM, htmx=True).headers["HX-Push-Url"] == CONFIRM


def test_a_history_restore_gets_the_whole_page(signed_in):
    assert "<html" in signed_in.get(EDIT, htmx=True, headers={"HX-History-Restore-Request": "true"}).text


def test_invisible_signs_in_a_pasted_address_are_left_out(signed_in):
    edit(signed_in, email1="\u200babc@\u2060example.jp\ufeff")
    assert value_of(signed_in, "E-mail1") == "abc@example.jp [自PC]"


def test_the_labels_and_sentences_of_the_manual_are_there(signed_in):
    signed_in.get(EDIT)
    page = signed_in.page
    labels = {label.get_text(strip=True) for label in page.find_all("label")}
    legends = {legend.get_text(strip=True) for legend in page.find_all("legend")}
    assert {"現パスワード", "新パスワード", "確認パスワード", "E-mail1", "E-mail1の種別", "E-mail2", "E-mail2の種別",
            "通知する日", "予約受取館", "予約連絡方法", "電話連絡先", "残す"} <= labels  # fmt: skip
    assert {"登録完了メール配信先", "予約関連メール配信先", "SDI", "返却期限通知", "貸出履歴"} <= legends
    for sentence in ("「残す」に設定すると、設定後の履歴が記録され、翌日から表示されます。", "設定以前の記録は表示されません。",
                     "本サービスは永久的なものではないため、転記されるなど記録管理を推奨いたします。", "1000冊以上は表示されません。"):  # fmt: skip
        assert sentence in signed_in.text()
    for word in ("リセット", "キャンセル", "更新"):
        assert (
            len([found for found in page.find("main").find_all(["a", "button"]) if found.get_text(strip=True) == word])
            == 1
        )
    assert "novalidate" in page.find(id="profile-form").attrs


def test_nothing_changed_is_said_and_no_confirm_step_follows(signed_in):
    answer = edit(signed_in)
    assert answer.status_code == 200
    assert "変更された項目はありません" in signed_in.text()
    assert Draft.select().count() == 0


def test_a_kind_without_an_address_is_no_change(signed_in, tatsuda):
    edit(signed_in, email1_kind="mobile", email2_kind="mobile")
    assert "変更された項目はありません" in signed_in.text()
    edit(signed_in, email1_kind="mobile", pickup_branch=str(tatsuda.id))
    assert value_of(signed_in, "E-mail1") == "[自PC]"
    confirm(signed_in)
    assert Audit.get(Audit.action == "profile.changed").details["fields"] == ["pickup_branch"]


def test_a_password_changes_end_to_end(app, signed_in, patron):
    edit(signed_in, current_password=PASSWORD, new_password=NEW_PASSWORD, new_password_again=NEW_PASSWORD)
    assert value_of(signed_in, "パスワード") == "変更する"
    other = Browser(app)
    other.sign_in(patron)
    confirm(signed_in)
    assert "ほかの端末からはログアウトしました" in signed_in.get(DONE).text
    assert other.get("/my/").status_code == 303
    assert Browser(app).sign_in(patron, PASSWORD).status_code == 422
    assert Browser(app).sign_in(patron, NEW_PASSWORD).status_code == 303


def test_no_page_cookie_or_row_ever_holds_a_password(signed_in):
    seen = []
    for given in ({"new_password_again": "typo-typo-typo"}, {"new_password_again": NEW_PASSWORD}):
        edit_answer = edit(signed_in, current_password=PASSWORD, new_password=NEW_PASSWORD, **given)
        seen.append(edit_answer.text)
        seen.append(str(edit_answer.headers))
    seen.append(signed_in.get("/my/profile?draft=1").text)
    confirm_page = signed_in.get(CONFIRM)
    seen += [confirm_page.text, signed_in.client.get_cookie("session").value]
    for table in database.get_tables():
        seen += [str(row) for row in database.execute_sql(f'SELECT * FROM "{table}"').fetchall()]
    for text in seen:
        assert NEW_PASSWORD not in text
        assert PASSWORD not in text
        assert "typo-typo" not in text


# -- revising --------------------------------------------------------------------------------------------------------
def test_revising_shows_what_was_typed_and_keeps_the_new_password(signed_in, tatsuda):
    typed = {"current_password": PASSWORD, "new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD}
    edit(signed_in, pickup_branch=str(tatsuda.id), **typed)
    signed_in.get("/my/profile?draft=1")
    form = signed_in.form(EDIT)
    assert form["pickup_branch"] == str(tatsuda.id)
    assert "new_password" not in form
    assert "変更する" in signed_in.text()
    answer = signed_in.post(EDIT, form | {"keep_history": "y"})
    assert answer.location == CONFIRM
    signed_in.get(CONFIRM)
    assert (value_of(signed_in, "パスワード"), value_of(signed_in, "貸出履歴")) == ("変更する", "残す")


def test_the_new_password_of_a_draft_can_be_dropped(signed_in, tatsuda):
    typed = {"current_password": PASSWORD, "new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD}
    edit(signed_in, pickup_branch=str(tatsuda.id), **typed)
    signed_in.get("/my/profile?draft=1")
    signed_in.post(EDIT, signed_in.form(EDIT) | {"fix": "password:drop"})
    assert signed_in.form(EDIT)["new_password"] == ""
    signed_in.post(EDIT, signed_in.form(EDIT))
    signed_in.get(CONFIRM)
    assert value_of(signed_in, "パスワード") == ""


def test_a_plain_edit_page_shows_what_is_stored_and_points_to_the_draft(signed_in, tatsuda):
    edit(signed_in, pickup_branch=str(tatsuda.id))
    signed_in.get(EDIT)
    assert signed_in.form(EDIT)["pickup_branch"] != str(tatsuda.id)
    assert "下書きがあります" in signed_in.text()
    assert signed_in.page.find("a", href="/my/profile?draft=1")


@pytest.mark.parametrize("word", ["リセット", "キャンセル"])
def test_reset_and_cancel_drop_the_draft(signed_in, tatsuda, word):
    edit(signed_in, pickup_branch=str(tatsuda.id))
    signed_in.get("/my/profile?draft=1")
    button = signed_in.page.find("main").find("button", string=word)
    form = signed_in.page.find("form", id=button["form"])
    sent = form_data(form) | {button["name"]: button["value"]}
    assert signed_in.post(form["action"], sent).location == {"リセット": EDIT, "キャンセル": "/my/"}[word]
    assert Draft.select().count() == 0


def test_a_draft_is_not_dropped_by_opening_an_address_or_by_an_old_page(signed_in, tatsuda):
    edit(signed_in, pickup_branch=str(tatsuda.id))
    token = Draft.get().token
    signed_in.get(f"/my/profile?drop={token}")
    assert signed_in.get("/my/profile/discard").status_code == 405
    signed_in.post("/my/profile/discard", {"draft": "of before"})
    assert Draft.get().token == token


# -- once ------------------------------------------------------------------------------------------------------------
def test_a_double_click_applies_once(signed_in, tatsuda):
    edit(signed_in, pickup_branch=str(tatsuda.id))
    form = signed_in.form(CONFIRM)
    assert confirm(signed_in).status_code == 303
    answer = signed_in.post(CONFIRM, form)
    assert answer.status_code == 409
    assert signed_in.h1() == "利用者情報変更"
    assert "すでに受け付けています" in signed_in.text()
    assert Audit.select().where(Audit.action == "profile.changed").count() == 1


def test_of_two_browsers_the_one_behind_is_refused_with_the_reason(app, signed_in, patron, tatsuda):
    other = Browser(app)
    other.sign_in(patron)
    edit(signed_in, pickup_branch=str(tatsuda.id))
    edit(other, keep_history="y")
    assert confirm(signed_in).status_code == 409
    assert "ほかの画面で新しく入力された" in signed_in.text()
    assert Patron.get_by_id(patron.id).pickup_branch is None
    assert confirm(other).status_code == 303
    assert Patron.get_by_id(patron.id).keep_history is True


def test_an_expired_draft_is_answered_by_the_edit_page(signed_in, moved_clock, tatsuda):
    edit(signed_in, pickup_branch=str(tatsuda.id))
    Session.update(seen_at=NOW + timedelta(minutes=20)).execute()
    moved_clock.now = NOW + timedelta(minutes=31)
    form = signed_in.form(CONFIRM)
    assert signed_in.post(CONFIRM, form).status_code == 409
    assert "30分が過ぎた" in signed_in.text()
    assert signed_in.get(CONFIRM).status_code == 200
    assert "30分が過ぎた" in signed_in.text()


def test_a_change_by_the_desk_meanwhile_is_named_and_confirmed_anew(signed_in, patron, tatsuda):
    edit(signed_in, keep_history="y")
    Patron.update(pickup_branch=tatsuda).where(Patron.id == patron.id).execute()
    assert confirm(signed_in).status_code == 409
    assert "予約受取館" in signed_in.page.select_one(".notice").get_text()
    assert Patron.get_by_id(patron.id).keep_history is False
    assert value_of(signed_in, "予約受取館") == "龍田"
    assert confirm(signed_in).status_code == 303
    patron = Patron.get_by_id(patron.id)
    assert (patron.keep_history, patron.pickup_branch) == (True, tatsuda)


def test_a_change_by_a_stop_link_meanwhile_is_not_put_down_to_the_library(app, signed_in, patron, tatsuda):
    factories.address(patron)
    factories.preference(patron, "due", active=True, to_pc=True)
    Patron.update(contact_method="mail").where(Patron.id == patron.id).execute()
    link = notices.stop_token(patron.id, "due", app.config["SECRET_KEY"])
    edit(signed_in, keep_history="y")
    Browser(app).post(f"/mail/stop/{link}", token=False)
    assert confirm(signed_in).status_code == 409
    assert (
        "次の項目がメールの停止リンクで変更されました：返却期限通知。"
        in signed_in.page.select_one(".notice").get_text()
    )
    Patron.update(pickup_branch=tatsuda).where(Patron.id == patron.id).execute()
    assert confirm(signed_in).status_code == 409
    assert "次の項目が図書館で変更されました：予約受取館。" in signed_in.page.select_one(".notice").get_text()
    signed_in.get("/my/profile/changes")
    assert "メールの停止リンク" in signed_in.page.select_one('td[data-l="変更した場所"]').get_text()


def test_reloading_the_result_repeats_nothing(signed_in, moved_clock, tatsuda):
    edit(signed_in, pickup_branch=str(tatsuda.id))
    confirm(signed_in)
    assert signed_in.get(DONE).status_code == signed_in.get(DONE).status_code == 200
    assert Audit.select().where(Audit.action == "profile.changed").count() == 1
    Session.update(seen_at=NOW + timedelta(minutes=29)).execute()
    moved_clock.now = NOW + timedelta(minutes=31)
    assert signed_in.get(DONE).location == EDIT


# -- identity --------------------------------------------------------------------------------------------------------
def test_an_address_is_changed_after_the_password_once_more(signed_in, patron, moved_clock):
    moved_clock.now = NOW + timedelta(minutes=11)
    edit(signed_in, email1="new@example.jp")
    assert signed_in.page.find(id="current_password")
    assert confirm(signed_in).status_code == 422
    assert "現パスワードを入力してください" in signed_in.text()
    assert confirm(signed_in, current_password="wrong").status_code == 422
    assert "現パスワードが違います" in signed_in.text()
    assert PatronAddress.select().count() == 0
    assert confirm(signed_in, current_password=PASSWORD).status_code == 303
    assert PatronAddress.get().address == "new@example.jp"


def test_a_fresh_sign_in_is_enough(signed_in):
    edit(signed_in, email1="new@example.jp")
    assert signed_in.page.find(id="current_password") is None
    assert confirm(signed_in).status_code == 303


def test_a_session_that_ends_inside_the_wizard_goes_on_with_the_draft(signed_in, patron, tatsuda, moved_clock):
    edit(signed_in, pickup_branch=str(tatsuda.id))
    form = signed_in.form(CONFIRM)
    Session.delete().execute()
    answer = signed_in.post(CONFIRM, form, token=False)
    assert answer.location == "/login?next=/my/profile/confirm"
    signed_in.get(answer.location)
    login = signed_in.form() | {"card": patron.card_number, "password": PASSWORD}
    assert signed_in.post("/login", login).location == CONFIRM
    signed_in.get(CONFIRM)
    assert value_of(signed_in, "予約受取館") == "龍田"
    assert confirm(signed_in).status_code == 303


def test_words_typed_while_the_session_idled_out_are_there_after_signing_in(signed_in, patron, tatsuda, moved_clock):
    signed_in.get(EDIT)
    form = signed_in.form(EDIT) | {"pickup_branch": str(tatsuda.id), "new_password": NEW_PASSWORD}
    moved_clock.now = NOW + timedelta(minutes=45)
    answer = signed_in.post(EDIT, form, token=False)
    assert answer.location == "/login?next=/my/profile?draft%3D1%26password%3Dagain"
    assert NEW_PASSWORD not in str(Draft.select().dicts().get())
    signed_in.get(answer.location)
    login = signed_in.form() | {"card": patron.card_number, "password": PASSWORD}
    assert signed_in.post("/login", login).location == "/my/profile?draft=1&password=again"
    signed_in.get("/my/profile?draft=1&password=again")
    assert signed_in.form(EDIT)["pickup_branch"] == str(tatsuda.id)
    assert "もう一度入力してください" in signed_in.page.select_one(".notice").get_text()


def send_after_the_session(browser, moved_clock, **given):
    browser.get(EDIT)
    form = browser.form(EDIT) | given
    moved_clock.now = NOW + timedelta(minutes=45)
    return browser.post(EDIT, form, token=False)


def test_a_draft_that_came_after_the_session_says_so_and_can_be_thrown_away(signed_in, patron, moved_clock):
    send_after_the_session(signed_in, moved_clock, keep_history="y")
    signed_in.sign_in(patron)
    for address in ("/my/profile?draft=1", EDIT):
        signed_in.get(address)
        assert "、ログインが切れたあとに送られた下書きです。" in signed_in.text()
    assert signed_in.page.find("button", form="discard", string="捨てる")
    signed_in.post("/my/profile/discard", signed_in.form("/my/profile/discard") | {"to": "edit"})
    signed_in.get(EDIT)
    assert "下書き" not in signed_in.text()
    assert Draft.select().count() == 0


def test_a_draft_that_came_after_the_session_is_offered_in_no_other_browser(signed_in, patron, moved_clock, app):
    send_after_the_session(signed_in, moved_clock, email1="stranger@example.jp")
    other = Browser(app)
    other.sign_in(patron)
    for address in ("/my/profile?draft=1", EDIT, CONFIRM):
        other.get(address)
        assert "stranger@example.jp" not in str(other.page) and "下書きの続き" not in other.text()


def test_a_terminal_keeps_no_draft_after_the_session(signed_in, moved_clock):
    signed_in.client.set_cookie("terminal", "1")
    send_after_the_session(signed_in, moved_clock, keep_history="y")
    assert Draft.select().count() == 0


def test_an_ended_session_saves_nothing(signed_in, tatsuda):
    signed_in.get(EDIT)
    form = signed_in.form(EDIT) | {"pickup_branch": str(tatsuda.id)}
    Session.delete().execute()
    assert signed_in.post(EDIT, form, token=False).location == "/login?next=/my/profile"
    assert Draft.select().count() == 0


# -- mails -----------------------------------------------------------------------------------------------------------
def test_the_confirmation_mail_goes_to_the_address_chosen_among_those_to_be(signed_in, patron):
    factories.address(patron)
    edit(signed_in, email2="two@example.jp", email2_kind="mobile")
    options = [option["value"] for option in signed_in.page.find(id="confirmation_to").find_all("option")]
    assert options == ["abc@example.jp", "two@example.jp"]
    confirm(signed_in, send_confirmation="y", confirmation_to="two@example.jp")
    kinds = sorted((mail.kind, mail.address) for mail in OutboxMail.select())
    assert kinds == [
        ("acknowledgement", "two@example.jp"),
        ("security", "abc@example.jp"),
        ("verify", "two@example.jp"),
    ]
    assert "two@example.jp あてに" in signed_in.get(DONE).page.get_text()


def test_without_an_address_the_confirmation_is_not_offered(signed_in):
    edit(signed_in, keep_history="y")
    assert signed_in.page.find(id="send_confirmation").has_attr("disabled")
    assert signed_in.page.find(id="confirmation_to").has_attr("disabled")
    assert "メールアドレスの登録がありません。" in signed_in.text()


def test_an_unknown_confirmation_address_is_refused_at_its_field(signed_in, patron):
    factories.address(patron)
    edit(signed_in, keep_history="y")
    answer = confirm(signed_in, send_confirmation="y", confirmation_to="stranger@example.jp")
    assert answer.status_code == 422
    assert "送信先を選んでください" in signed_in.text()
    assert OutboxMail.select().count() == 0


# -- what else the change reaches ------------------------------------------------------------------------------------
def test_turning_history_off_asks_what_becomes_of_the_records(signed_in, patron):
    Patron.update(keep_history=True).where(Patron.id == patron.id).execute()
    factories.history(patron)
    factories.history(patron, "草枕")
    edit(signed_in, keep_history=None)
    assert "これまでの記録 2件も削除する" in signed_in.text()
    assert signed_in.page.find("a", href="/my/history.csv")
    confirm(signed_in, delete_history="y")
    assert HistoryEntry.select().count() == 0
    assert "2件を削除しました" in signed_in.get(DONE).page.get_text()


def test_open_holds_may_follow_a_changed_branch(signed_in, patron, tatsuda):
    hold = factories.hold(patron)
    edit(signed_in, pickup_branch=str(tatsuda.id))
    assert "予約中の1点にも反映する" in signed_in.text()
    confirm(signed_in, update_holds="y")
    assert hold.__class__.get_by_id(hold.id).pickup_branch == tatsuda


def test_questions_that_do_not_arise_are_not_asked(signed_in, patron):
    factories.hold(patron)
    factories.history(patron)
    edit(signed_in, keep_history="y")
    assert "反映する" not in signed_in.text()
    assert "記録" not in signed_in.page.find(id="confirm-form").get_text()


# -- fixes and inline messages ---------------------------------------------------------------------------------------
def test_one_press_corrects_a_likely_typo_and_keeps_the_rest(signed_in):
    edit(signed_in, email1="taro@gmial.com", email1_kind="mobile", sdi_pc="y")
    button = signed_in.page.find("button", {"name": "fix"})
    assert button.get_text(strip=True) == "taro@gmail.com に直す"
    signed_in.post(EDIT, signed_in.form(EDIT) | {"sdi_pc": "y", "fix": button["value"]})
    form = signed_in.form(EDIT)
    assert (form["email1"], form["email1_kind"], form["sdi_pc"]) == ("taro@gmail.com", "mobile", "y")


def fix(browser, label):
    """Press a correction of the open page."""
    button = browser.page.find("button", {"name": "fix"}, string=label)
    return browser.post(EDIT, browser.form(EDIT) | {"fix": button["value"]})


def test_a_correction_leaves_every_other_error_and_the_summary_counts_it(signed_in):
    edit(signed_in, email1="abc@example.jp", email2="abc@", due_active="on")
    assert "（3件）" in signed_in.page.find(id="error-summary").get_text()
    answer = fix(signed_in, "予約連絡方法を「メール」にする")
    assert answer.status_code == 422
    assert "（2件）" in signed_in.page.find(id="error-summary").get_text()
    assert "「自PC」か「携帯」を選んでください" in signed_in.page.find(id="due-messages").get_text()
    assert "「メール」にしてください" not in signed_in.page.find(id="due-messages").get_text()
    assert "メールアドレスの形ではありません" in signed_in.page.find(id="email2-messages").get_text()
    answer = signed_in.post(EDIT, signed_in.form(EDIT) | {"email2": "", "fix": "due:pc"})
    assert answer.status_code == 200 and signed_in.page.find(id="error-summary") is None
    assert signed_in.post(EDIT, signed_in.form(EDIT)).location == CONFIRM


def test_a_correction_does_not_hide_that_a_password_was_begun(signed_in):
    typed = PASSWORDS | {"new_password_again": "other-other-other"}
    edit(signed_in, email1="taro@gmial.com", email2="abc@", **typed)
    fix(signed_in, "taro@gmail.com に直す")
    assert "パスワードだけ、もう一度入力してください。" in signed_in.page.find(id="error-summary").get_text()
    assert signed_in.page.find("details", open=True).find(id="new_password")


def test_one_press_does_without_script_what_choosing_notices_does_with_it(signed_in):
    edit(signed_in, email1="abc@example.jp", due_active="on")
    answer = fix(signed_in, "「自PC」に送り、予約連絡方法を「メール」にする")
    form = signed_in.form(EDIT)
    assert answer.status_code == 200
    assert (form["due_pc"], form["due_active"], form["contact_method"]) == ("y", "on", "mail")


def test_a_check_needs_no_field_that_it_does_not_judge(signed_in):
    signed_in.get(EDIT)
    checked = {
        "email1": {"email1": "abc@", "email1_kind": "pc", "email2": "", "email2_kind": "pc", "contact_method": "none",
                   "registration_active": "off", "due_active": "off", "due_days": "1"},
        "contact_phone": {"contact_method": "phone", "contact_phone": "work"},
        "keep_history": {},
    }  # fmt: skip
    sentences = {"email1": "メールアドレスの形ではありません", "contact_phone": "勤務先の電話番号が登録されていません"}
    for group, sent in checked.items():
        answer = signed_in.post(f"/my/profile/check/{group}", sent, htmx=True)
        assert answer.status_code == 200 and "届きませんでした" not in answer.text
        assert sentences.get(group, "") in answer.text


@pytest.mark.parametrize(("group", "sent", "at", "sentence"), [
    ("new_password", {"new_password": "short", "new_password_again": ""}, None, "10文字以上"),
    ("new_password", {"new_password": "1978-08-08", "new_password_again": ""}, None, "生年月日は当てられやすい"),
    ("new_password", {"new_password": NEW_PASSWORD, "new_password_again": "other"}, "new_password_again",
     "新パスワードと同じではありません"),
    ("new_password_again", {"new_password": NEW_PASSWORD, "new_password_again": "other"}, None, "新パスワードと同じではありません"),
    ("new_password_again", {"new_password": "short", "new_password_again": "short"}, "new_password", "10文字以上"),
    ("new_password", {"new_password": "x" * 2000, "new_password_again": ""}, None, "文字以内で入力してください"),
    ("current_password", {"current_password": "", "new_password": NEW_PASSWORD}, None, "現パスワードを入力してください"),
])  # fmt: skip
def test_a_password_is_judged_at_its_field_and_comes_back_on_no_page(signed_in, group, sent, at, sentence):
    signed_in.get(EDIT)
    answer = signed_in.post(f"/my/profile/check/{group}", sent, htmx=True)
    said = answer.page.find(id=f"{at}-messages").get_text() if at else answer.text
    assert answer.status_code == 200 and sentence in said
    assert NEW_PASSWORD not in answer.text


@pytest.mark.parametrize(
    "sent", [{"new_password": "", "new_password_again": ""}, {"new_password": NEW_PASSWORD, "new_password_again": ""}]
)
def test_a_password_that_is_still_empty_is_no_error_yet(signed_in, sent):
    signed_in.get(EDIT)
    answer = signed_in.post("/my/profile/check/new_password", sent, htmx=True)
    assert answer.status_code == 200 and "error" not in answer.text


def test_the_password_part_is_folded_until_it_is_wanted(signed_in):
    signed_in.get(EDIT)
    part = signed_in.page.find(id="new_password").find_parent("details")
    assert part.find("summary").get_text(strip=True) == "パスワードを変更する" and not part.has_attr("open")
    edit(signed_in, new_password="short")
    assert signed_in.page.find(id="new_password").find_parent("details").has_attr("open")


def test_a_notice_that_comes_today_is_not_announced_for_later(signed_in, patron):
    factories.loan(patron, NOW.date() + timedelta(days=1))
    typed = {"email1": "abc@example.jp", "due_pc": "y", "due_active": "on", "contact_method": "mail"}
    edit(signed_in, **typed)
    confirm(signed_in)
    assert "返却期限通知を、今日からお送りします" in signed_in.get(DONE).page.get_text()
    notices.queue_due(now=NOW)
    assert OutboxMail.select().where(OutboxMail.kind == "due").count() == 1
    assert "返却期限通知は、次の返却期限から始まります" in signed_in.get(DONE).text


def verification_link(browser):
    edit(browser, email1="new@example.jp")
    confirm(browser)
    return f"/mail/verify/{OutboxMail.get(OutboxMail.kind == 'verify').facts['token']}"


def test_the_link_verifies_at_once_in_the_browser_of_its_patron_and_leads_on(app, signed_in, patron):
    link = verification_link(signed_in)
    stranger = Browser(app)
    stranger.be(factories.patron())
    for other in (Browser(app), stranger):
        other.get(link)
        assert other.page.find("button", string="確認する")
        assert PatronAddress.get().verified_at is None
    half_way = Browser(app)
    half_way.be(patron, scope="first_password")
    half_way.get(link)
    assert PatronAddress.get().verified_at is None
    signed_in.get(link)
    assert "アドレスを確認しました。" in signed_in.text() and signed_in.page.find("main").find("a", href="/my/")
    assert PatronAddress.get().verified_at == NOW


def test_a_likely_typo_is_seen_again_before_it_is_stored(signed_in):
    edit(signed_in, email1="taro@gmial.com")
    assert signed_in.h1() == "利用者情報変更確認"
    assert "gmial.com は gmail.com の入力間違いではありませんか" in signed_in.page.select_one(".notice").get_text()
    assert confirm(signed_in).status_code == 303


def test_one_press_sets_the_contact_method_that_due_notices_need(signed_in):
    typed = {"email1": "abc@example.jp", "due_pc": "y", "due_active": "on"}
    assert edit(signed_in, **typed).status_code == 422
    button = signed_in.page.find("button", {"name": "fix"})
    assert button.get_text(strip=True) == "予約連絡方法を「メール」にする"
    signed_in.post(EDIT, signed_in.form(EDIT) | {"fix": button["value"]})
    form = signed_in.form(EDIT)
    assert (form["contact_method"], form["due_active"]) == ("mail", "on")
    assert signed_in.post(EDIT, form).location == CONFIRM


def test_enter_in_a_field_means_update_and_not_the_first_fix_button(signed_in):
    signed_in.get(EDIT)
    first = signed_in.page.find(id="profile-form").find("button")
    assert (first.get("name"), first.get("aria-hidden"), first.get("tabindex")) == (None, "true", "-1")


def test_consequences_of_a_change_are_said_with_it_and_no_longer_said_without(signed_in):
    signed_in.get(EDIT)
    form = signed_in.form(EDIT) | {"email1": "abc@example.jp", "due_pc": "y", "due_active": "on"}
    assert "「メール」にしてください" in signed_in.post("/my/profile/check/due", form, htmx=True).text
    answer = signed_in.post("/my/profile/check/contact_method", form | {"contact_method": "phone"}, htmx=True)
    assert "「メール」にしてください" in answer.page.find(id="due-messages").get_text()
    answer = signed_in.post("/my/profile/check/contact_method", form | {"contact_method": "mail"}, htmx=True)
    assert answer.page.find(id="due-messages").get_text(strip=True) == ""
    assert answer.page.find(id="due-messages")["data-hx-swap-oob"] == "innerHTML"


def test_going_back_after_the_change_says_that_it_was_made(signed_in, tatsuda):
    edit(signed_in, pickup_branch=str(tatsuda.id))
    confirm(signed_in)
    assert signed_in.get(CONFIRM).status_code == 200
    assert "すでに受け付けています" in signed_in.text()
    assert signed_in.page.find("a", href=DONE)


def test_an_address_that_mail_does_not_reach_is_marked(signed_in, patron):
    factories.address(patron, undeliverable_at=NOW)
    signed_in.get(EDIT)
    assert "メールが届いていません" in signed_in.page.find(id="email1-warnings").get_text()


def test_a_fix_says_that_the_password_must_be_typed_again(signed_in):
    edit(signed_in, email1="taro@gmial.com", new_password=NEW_PASSWORD)
    button = signed_in.page.find("button", {"name": "fix"})
    signed_in.post(EDIT, signed_in.form(EDIT) | {"new_password": NEW_PASSWORD, "fix": button["value"]})
    assert "もう一度入力してください" in signed_in.page.select_one(".notice").get_text()


def test_too_many_wrong_passwords_at_the_confirm_step_say_when_to_come_back(signed_in, moved_clock):
    moved_clock.now = NOW + timedelta(minutes=11)
    edit(signed_in, email1="new@example.jp")
    statuses = [confirm(signed_in, current_password=f"wrong-{number}").status_code for number in range(6)]
    assert statuses == [422] * 5 + [429]


@pytest.mark.parametrize("draft", ["あ", "\udc80", "\x00", "", "x" * 5000])
def test_a_guessed_draft_is_refused(signed_in, tatsuda, draft):
    edit(signed_in, pickup_branch=str(tatsuda.id))
    assert signed_in.post(CONFIRM, {"draft": draft.encode("utf-8", "surrogatepass")}).status_code == 409


def test_leaving_a_field_brings_its_messages_alone(signed_in):
    signed_in.get(EDIT)
    form = signed_in.form(EDIT) | {"email1": "not an address", "new_password": "x"}
    answer = signed_in.post("/my/profile/check/email1", form, htmx=True)
    assert answer.status_code == 200
    assert "メールアドレスの形ではありません" in answer.text
    assert "文字以上" not in answer.text
    assert len(answer.text) < 2_000


def test_inline_messages_look_at_no_password(signed_in, patron):
    signed_in.get(EDIT)
    form = signed_in.form(EDIT) | {"current_password": "wrong", "new_password": NEW_PASSWORD}
    for _ in range(8):
        signed_in.post("/my/profile/check/current_password", form, htmx=True)
    assert Browser(signed_in.app).sign_in(patron).status_code == 303


def test_messages_are_posted_never_got(signed_in):
    assert signed_in.get("/my/profile/check/email1").status_code == 405
    signed_in.get(EDIT)
    assert signed_in.post("/my/profile/check/nothing", {}).status_code == 404


def test_a_test_mail_goes_to_a_stored_address(signed_in, patron):
    factories.address(patron, verified_at=NOW)
    signed_in.get(EDIT)
    assert [button.get_text() for button in signed_in.page.select(".under-field button")] == [
        "E-mail1にテストメールを送る"
    ]
    assert signed_in.post("/my/profile/test-mail/1").status_code == 200
    assert "テストメールをお送りします" in signed_in.text()
    assert signed_in.post("/my/profile/test-mail/1").status_code == 429
    assert signed_in.post("/my/profile/test-mail/2").status_code == 404
    assert OutboxMail.select().where(OutboxMail.kind == "test").count() == 1


def test_the_help_names_this_librarys_own_domain_and_sender(signed_in):
    signed_in.app.config["MAIL_SENDER"] = "libsend@library.suzukake.example.jp"
    signed_in.get(EDIT)
    for words in (
        "ドメイン指定受信",
        "library.suzukake.example.jp",
        "アドレス指定受信",
        "libsend@library.suzukake.example.jp",
    ):
        assert words in signed_in.page.get_text()


def test_the_record_of_changes(signed_in, tatsuda):
    signed_in.get("/my/profile/changes")
    assert "変更の記録はありません" in signed_in.text()
    edit(signed_in, pickup_branch=str(tatsuda.id), email1="abc@example.jp")
    confirm(signed_in)
    signed_in.get("/my/profile/changes")
    assert "このサイト" in signed_in.text()
    assert "E-mail1、" in signed_in.text().replace(" ", "")
    assert "abc@example.jp" not in signed_in.page.find("main").get_text()


# -- wrong input -----------------------------------------------------------------------------------------------------
LONG = "x" * 10_000
ADDRESS, CHOICE, MISSING = "メールアドレスの形ではありません", "選択肢の中から選んでください", "入力が届きませんでした"
TWICE, HIDDEN, TOO_LONG = "二重に届きました", "見えない文字", "文字以内で入力してください"
KIND, TICK = "のアドレスが登録されていません", "「自PC」か「携帯」を選んで"
PASSWORDS = {"current_password": PASSWORD, "new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD}

WRONG = [
    # passwords
    ("new_password", {"current_password": PASSWORD}, "新パスワードを入力してください"),
    ("new_password_again", PASSWORDS | {"new_password_again": ""}, "もう一度入力してください"),
    ("current_password", PASSWORDS | {"current_password": ""}, "現パスワードを入力してください"),
    ("current_password", PASSWORDS | {"current_password": "wrong-wrong"}, "現パスワードが違います"),
    ("new_password_again", PASSWORDS | {"new_password_again": "other-other-other"}, "新パスワードと同じではありません"),
    ("new_password", PASSWORDS | {"new_password": "short", "new_password_again": "short"}, "10文字以上"),
    ("new_password", {**PASSWORDS, "new_password": PASSWORD, "new_password_again": PASSWORD}, "現パスワードと同じ"),
    ("new_password", {**PASSWORDS, "new_password": "1978-08-08", "new_password_again": "1978-08-08"},
     "生年月日は当てられやすいため、そのほかに6文字以上"),
    ("new_password", {**PASSWORDS, "new_password": "password123", "new_password_again": "password123"}, "よく使われていて"),
    ("new_password", {**PASSWORDS, "new_password": "toshohanako", "new_password_again": "toshohanako"},
     "お名前は当てられやすいため、そのほかに6文字以上"),
    ("new_password", {**PASSWORDS, "new_password": "y" * 129, "new_password_again": "y" * 129}, "128文字以内"),
    ("new_password", {**PASSWORDS, "new_password": LONG, "new_password_again": LONG}, TOO_LONG),
    ("current_password", PASSWORDS | {"current_password": LONG}, TOO_LONG),
    ("new_password", {**PASSWORDS, "new_password": "aoi\x00sora-sora", "new_password_again": "aoi\x00sora-sora"},
     HIDDEN),
    ("new_password", {**PASSWORDS, "new_password": "aoi\u202esora-sora", "new_password_again": "aoi\u202esora-sora"},
     HIDDEN),
    ("new_password", {"new_password": None}, MISSING),
    ("current_password", {"current_password": ["a", "b"]}, TWICE),
    # addresses
    ("email1", {"email1": "abc"}, ADDRESS),
    ("email1", {"email1": "abc@"}, ADDRESS),
    ("email1", {"email1": "@example.jp"}, ADDRESS),
    ("email1", {"email1": "abc@example..jp"}, ADDRESS),
    ("email1", {"email1": "a@b@example.jp"}, ADDRESS),
    ("email1", {"email1": "abc@-example.jp"}, ADDRESS),
    ("email1", {"email1": "a..b@gmail.com"}, ADDRESS),
    ("email1", {"email1": "abc@exa_mple.jp"}, ADDRESS),
    ("email1", {"email1": "abc@example.jp, x@example.jp"}, ADDRESS),
    ("email1", {"email1": "図書@example.jp"}, ADDRESS),
    ("email1", {"email1": "🐈@example.jp"}, ADDRESS),
    ("email1", {"email1": "<script>alert(1)</script>"}, ADDRESS),
    ("email1", {"email1": LONG}, TOO_LONG),
    ("email1", {"email1": "abc\x00@example.jp"}, HIDDEN),
    ("email1", {"email1": "abc@example.jp\u202e"}, HIDDEN),
    ("email1", {"email1": "abc@example.jp\nBcc: x@example.jp"}, HIDDEN),
    ("email1", {"email1": None}, MISSING),
    ("email1", {"email1": ["abc@example.jp", "x@example.jp"]}, TWICE),
    ("email2", {"email2": "abc@"}, ADDRESS),
    ("email2", {"email2": LONG}, TOO_LONG),
    ("email2", {"email1": "abc@example.jp", "email2": "ＡＢＣ＠example.jp"}, "E-mail1と同じアドレスです"),
    ("email2", {"email2": None}, MISSING),
    ("email1", {"email1_kind": "fax"}, CHOICE),
    ("email1", {"email1_kind": None}, MISSING),
    ("email2", {"email2_kind": ["pc", "mobile"]}, TWICE),
    ("email2", {"email2_kind": ""}, CHOICE),
    # mail groups
    ("registration", {"registration_pc": "y"}, KIND),
    ("registration", {"registration_mobile": "y", "email1": "abc@example.jp"}, KIND),
    ("registration", {"registration_active": "on"}, TICK),
    ("registration", {"registration_active": "maybe"}, CHOICE),
    ("registration", {"registration_active": None}, MISSING),
    ("registration", {"registration_active": ["on", "off"]}, TWICE),
    ("registration", {"registration_pc": "2"}, CHOICE),
    ("hold", {"hold_mobile": "y"}, KIND),
    ("hold", {"hold_pc": ["y", "y"]}, TWICE),
    ("sdi", {"sdi_pc": "y"}, KIND),
    ("sdi", {"sdi_mobile": "\x00"}, CHOICE),
    ("due", {"due_mobile": "y"}, KIND),
    ("due", {"due_active": "on", "contact_method": "mail", "email1": "abc@example.jp"}, TICK),
    ("due", {"due_active": "on", "due_pc": "y", "email1": "abc@example.jp"}, "予約連絡方法を「メール」にしてください"),
    ("due", {"due_days": "8"}, CHOICE),
    ("due", {"due_days": "-1"}, CHOICE),
    ("due", {"due_days": "１"}, CHOICE),
    ("due", {"due_days": "1.0"}, CHOICE),
    ("due", {"due_days": None}, MISSING),
    ("due", {"due_active": ["off", "off"]}, TWICE),
    # holds
    ("pickup_branch", {"pickup_branch": "999999"}, CHOICE),
    ("pickup_branch", {"pickup_branch": "本館"}, CHOICE),
    ("pickup_branch", {"pickup_branch": ""}, CHOICE),
    ("pickup_branch", {"pickup_branch": None}, MISSING),
    ("contact_method", {"contact_method": "mail"}, "E-mail1かE-mail2を入力してください"),
    ("contact_method", {"contact_method": "pigeon"}, CHOICE),
    ("contact_method", {"contact_method": None}, MISSING),
    ("contact_phone", {"contact_method": "phone"}, "携帯電話の電話番号が登録されていません"),
    ("contact_phone", {"contact_method": "phone", "contact_phone": "work"}, "勤務先の電話番号が登録されていません"),
    ("contact_phone", {"contact_phone": "' OR 1=1 --"}, CHOICE),
    ("contact_phone", {"contact_phone": ["home", "work"]}, TWICE),
    ("keep_history", {"keep_history": "残す"}, CHOICE),
    ("keep_history", {"keep_history": ["y", "y"]}, TWICE),
]  # fmt: skip
ROWS = (Patron, PatronAddress, MailPreference, Draft, OutboxMail, Audit)


@pytest.mark.parametrize(("group", "typed", "sentence"), WRONG, ids=[f"{n}-{row[0]}" for n, row in enumerate(WRONG)])
def test_wrong_input_is_named_at_its_field_kept_and_changes_nothing(signed_in, group, typed, sentence):
    before = [list(table.select().tuples()) for table in ROWS]
    innocent = {"sdi_pc": "y"} if group == "sdi" else {}
    answer = edit(signed_in, **typed)
    assert answer.status_code == 422
    assert signed_in.h1() == "利用者情報変更"
    assert sentence in signed_in.page.find(id=f"{group}-messages").get_text()
    summary = signed_in.page.find(id="error-summary")
    link = next(link for link in summary.find_all("a") if sentence in link.get_text())
    assert signed_in.page.find(id=link["href"].removeprefix("#")), "the summary leads nowhere"
    assert summary.find(attrs={"role": "alert"})
    kept = signed_in.form(EDIT)
    for name, value in (typed | innocent).items():
        if "password" in name:
            assert kept.get(name, "") == ""
        elif name.startswith("email") and isinstance(value, str) and "kind" not in name and value.isprintable():
            assert kept[name] == value or kept[name] == profile.addresses.fold(value)
    assert [list(table.select().tuples()) for table in ROWS] == before


def test_full_width_input_is_folded_not_refused(signed_in):
    edit(signed_in, email1="　ａｂｃ＠ｅｘａｍｐｌｅ．ｊｐ ")
    assert value_of(signed_in, "E-mail1") == "abc@example.jp [自PC]"


def test_everything_else_that_was_typed_stays_when_one_field_is_refused(signed_in, tatsuda):
    edit(signed_in, email1="nonsense", email2="two@example.jp", email2_kind="mobile", sdi_mobile="y", due_days="5",
         pickup_branch=str(tatsuda.id), contact_phone="work", keep_history="y", registration_active="off")  # fmt: skip
    form = signed_in.form(EDIT)
    expected = {"email1": "nonsense", "email2": "two@example.jp", "email2_kind": "mobile", "sdi_mobile": "y",
        "due_days": "5",
                "pickup_branch": str(tatsuda.id), "contact_phone": "work", "keep_history": "y"}  # fmt: skip
    assert {name: form.get(name) for name in expected} == expected


def test_a_body_beyond_all_measure_is_turned_away(signed_in):
    signed_in.get(EDIT)
    answer = signed_in.post(EDIT, signed_in.form(EDIT) | {"email1": "x" * 200_000})
    assert answer.status_code == 413


def test_branches_are_offered_in_the_librarys_order(signed_in):
    factories.branch("東部", position=1)
    factories.branch("龍田", position=2)
    Branch.update(position=0).where(Branch.name == "本館").execute()
    factories.branch("移動図書館", position=3, pickup=False)
    signed_in.get(EDIT)
    options = [option.get_text(strip=True) for option in signed_in.page.find(id="pickup_branch").find_all("option")]
    assert options == ["本館", "東部", "龍田"]


def test_the_settings_of_one_patron_are_not_shown_to_another(app, db):
    for days in (2, 5, 2):
        patron = factories.patron()
        factories.preference(patron, days_before=days, active=days == 5, to_pc=True)
        browser = Browser(app)
        browser.sign_in(patron)
        sent = form_data(browser.get(EDIT).page.find(id="profile-form"))
        assert sent["due_days"] == str(days)
        assert sent["due_active"] == ("on" if days == 5 else "off")
