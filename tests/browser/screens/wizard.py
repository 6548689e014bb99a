"""The information change: edit, confirm, result, and what each of them may have to say."""

import secrets
from datetime import timedelta

from playwright.sync_api import expect

from library import clock
from models import Draft, Patron, Session
from tests import factories
from tests.browser.screens.registry import edit_page, is_refused, rich_patron, screen
from tests.browser.visitor import DONE, EDIT


def ask_for_notices(visitor):
    due = visitor.group("返却期限通知")
    due.get_by_role("checkbox", name="自PC", exact=True).check()
    due.get_by_role("radio", name="配信", exact=True).check()


@screen("edit, everything refused")
def edit_refused(visitor, library):
    edit_page(visitor, library)
    visitor.unfold_passwords()
    visitor.field("現パスワード").fill("違うもの")
    visitor.field("新パスワード").fill("0808")
    visitor.field("確認パスワード").fill("8080")
    visitor.field("E-mail1").fill(f"{'長い' * 40}@@example.jp")
    visitor.field("E-mail2").fill("abc@")
    for legend in ("登録完了メール配信先", "予約関連メール配信先", "SDI", "返却期限通知"):
        visitor.group(legend).get_by_role("checkbox", name="携帯", exact=True).check()
    ask_for_notices(visitor)
    visitor.field("予約連絡方法").select_option(label="電話")
    visitor.field("電話連絡先").select_option(label="勤務先")
    visitor.press("更新")
    is_refused(visitor)


@screen("edit, a group refused with a correction")
def _(visitor, library):
    edit_page(visitor, library)
    visitor.field("E-mail1").fill("abc@example.jp")
    ask_for_notices(visitor)
    visitor.press("更新")
    is_refused(visitor)
    expect(visitor.button("予約連絡方法を「メール」にする")).to_be_visible()


@screen("edit, doubtful addresses")
def _(visitor, library):
    edit_page(visitor, library)
    visitor.field("E-mail1").fill("abc@gmial.com")
    visitor.field("E-mail2").fill("a..b@docomo.ne.jp")
    visitor.update()
    visitor.press("修正")
    expect(visitor.button("abc@gmail.com に直す")).to_be_visible()


@screen("edit, no change")
def _(visitor, library):
    edit_page(visitor, library)
    visitor.press("更新")
    expect(visitor.main.get_by_text("変更された項目はありません")).to_be_visible()


@screen("edit, with a draft")
def _(visitor, library):
    draft(visitor, library)
    visitor.go(EDIT)


@screen("edit, stale form")
def _(visitor, library):
    patron = draft(visitor, library)
    with library.rows():
        Draft.update(token=secrets.token_urlsafe(16)).where(Draft.patron == patron).execute()
    visitor.press("更新")
    expect(visitor.h1).to_have_text("利用者情報変更")


@screen("edit, test mail sent")
def test_mail_sent(visitor, library):
    edit_page(visitor, library, rich_patron(library))
    visitor.press("E-mail1に テストメールを送る")
    expect(
        visitor.main.get_by_text("テストメールと").or_(visitor.main.get_by_text("テストメールをお送り"))
    ).to_be_visible()


@screen("edit, test mail too soon")
def _(visitor, library):
    test_mail_sent(visitor, library)
    visitor.press("E-mail1に テストメールを送る")
    expect(visitor.main.get_by_text("テストメールは10分に1回です。")).to_be_visible()


@screen("edit, new password kept")
def _(visitor, library):
    draft(visitor, library)
    visitor.press("修正")
    expect(visitor.button("変更しない")).to_be_visible()


# -- confirm and done ------------------------------------------------------------------------------------------------
def draft(visitor, library):
    """The confirm step of a change of nearly everything."""
    patron = edit_page(visitor, library, rich_patron(library))
    new = "tsuki-ga-kirei-desu-ne"
    visitor.unfold_passwords()
    for label, text in (("現パスワード", factories.PASSWORD), ("新パスワード", new), ("確認パスワード", new)):
        visitor.field(label).fill(text)
    visitor.field("E-mail1").fill(f"{'nagai-' * 9}{patron.id}@a-very-long-name-of-a-mail-provider.example.jp")
    ask_for_notices(visitor)
    visitor.group("登録完了メール配信先").get_by_role("checkbox", name="自PC", exact=True).check()
    visitor.group("登録完了メール配信先").get_by_role("radio", name="配信", exact=True).check()
    visitor.field("予約受取館").select_option(label="龍田")
    visitor.field("予約連絡方法").select_option(label="メール")
    visitor.group("貸出履歴").get_by_role("checkbox", name="残す").uncheck()
    visitor.update()
    return patron


@screen("confirm")
def _(visitor, library):
    draft(visitor, library)


@screen("confirm, no address")
def _(visitor, library):
    edit_page(visitor, library)
    visitor.field("予約受取館").select_option(label="龍田")
    visitor.update()


@screen("confirm, password missing")
def _(visitor, library):
    patron = draft(visitor, library)
    with library.rows():
        Session.update(authenticated_at=clock.now() - timedelta(hours=1)).where(Session.patron == patron).execute()
    visitor.press("更新")
    is_refused(visitor)


@screen("confirm, changed meanwhile")
def _(visitor, library):
    patron = draft(visitor, library)
    with library.rows():
        Patron.update(contact_phone="home").where(Patron.id == patron.id).execute()
    visitor.press("更新")
    expect(visitor.main.get_by_text("次の項目が図書館で変更されました")).to_be_visible()


@screen("done")
def done(visitor, library):
    draft(visitor, library)
    visitor.field("申請確認メールを送信する").check()
    visitor.field("これまでの記録 2件も削除する").check()
    visitor.field("予約中の2点にも反映する").check()
    visitor.confirm()


@screen("done, history on")
def _(visitor, library):
    edit_page(visitor, library)
    visitor.group("貸出履歴").get_by_role("checkbox", name="残す").check()
    visitor.update()
    visitor.confirm()


@screen("done, loaded anew")
def _(visitor, library):
    done(visitor, library)
    visitor.go(DONE)


@screen("record of changes")
def _(visitor, library):
    done(visitor, library)
    visitor.follow("変更の記録を見る")
    visitor.arrives_at(f"{EDIT}/changes", "変更の記録")
