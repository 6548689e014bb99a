"""Every page and every state of a page that a person can meet. A new page is one line here; what holds for all is in test_screens.py."""

import contextlib
import secrets
import sqlite3
from datetime import timedelta

from playwright.sync_api import expect

from config import kept_token
from library import clock, notices, sessions
from models import Draft, OneTimeLink, Patron, Session, Throttle
from tests import factories
from tests.browser import serving
from tests.browser.visitor import CONFIRM, DONE, EDIT

PUBLIC = {
    "front page": "/",
    "sign-in": "/login",
    "sign-in on the way to a page": "/login?next=/my/loans",
    "reset": "/login/reset",
    "not found": "/これはない",
    "dead reset link": "/login/reset/dead",
    "dead verification link": "/mail/verify/dead",
    "dead stop link": "/mail/stop/dead",
}
OF_A_READER = {
    "front page, signed in": "/",
    "My Library": "/my/",
    "loans": "/my/loans",
    "devices": "/my/sessions",
    "edit": EDIT,
    "edit, draft gone": f"{EDIT}?draft=1",
    "confirm, no draft": CONFIRM,
    "record of changes, empty": f"{EDIT}/changes",
    "not found, signed in": "/my/nothing",
}
MY_LIBRARY_OF = {
    "suspended": "0000002377596",
    "expired": "0000002377604",
    "overdue": "0000002377612",
    "unreachable": "0000002377620",
}
ALL = {}


def screen(name):
    def register(opening):
        ALL[name] = opening
        return opening

    return register


def _public(path):
    return lambda visitor, library: visitor.go(path)


def _signed_in(card, path):
    return lambda visitor, library: visitor.sign_in(card, serving.READER_PASSWORD).go(path)


ALL |= {name: _public(path) for name, path in PUBLIC.items()}
ALL |= {name: _signed_in(serving.READER_CARD, path) for name, path in OF_A_READER.items()}
ALL |= {f"My Library, {name}": _signed_in(card, "/my/") for name, card in MY_LIBRARY_OF.items()}
ALL |= {f"loans, {name}": _signed_in(card, "/my/loans") for name, card in MY_LIBRARY_OF.items()}


# -- patrons to look at ----------------------------------------------------------------------------------------------
def new_patron(library, **given):
    with library.rows():
        return factories.patron(**given)


def rich_patron(library):
    """Two addresses, records and holds, so that the confirm step asks all that it can."""
    with library.rows():
        patron = factories.patron(keep_history=True, phone_mobile="090-0000-0000")
        factories.address(patron, f"hanako.{patron.id}@example.jp", verified_at=clock.now())
        factories.address(patron, f"h.{patron.id}@example.com", kind="mobile", position=2)
        for name in ("こころ", "三四郎"):
            factories.history(patron, name)
            factories.hold(patron, factories.title(f"{name} {patron.id}"))
        return patron


def edit_page(visitor, library, patron=None):
    patron = patron or new_patron(library)
    visitor.sign_in(patron.card_number, factories.PASSWORD, EDIT)
    return patron


def ask_for_notices(visitor):
    due = visitor.group("返却期限通知")
    due.get_by_role("checkbox", name="自PC", exact=True).check()
    due.get_by_role("radio", name="配信", exact=True).check()


def is_refused(visitor):
    expect(visitor.summary).to_be_visible()


# -- signing in ------------------------------------------------------------------------------------------------------
@screen("sign-in, refused")
def _(visitor, library):
    visitor.go("/login")
    visitor.fill_sign_in(f"{secrets.randbelow(10**13):013}", "まちがい")
    is_refused(visitor)


@screen("sign-in, too often")
def _(visitor, library):
    card = new_patron(library).card_number
    visitor.go("/login")
    for _ in range(8):
        with visitor.page.expect_response(lambda response: response.request.method == "POST") as answer:
            visitor.fill_sign_in(card, "まちがい")
        is_refused(visitor)
        if answer.value.status == 429:
            return
    raise AssertionError("one may guess for ever")


@screen("signed out")
def _(visitor, library):
    visitor.sign_in(new_patron(library).card_number, factories.PASSWORD)
    visitor.sign_out()


@screen("first password")
def first_password(visitor, library):
    patron = new_patron(library, password=None)
    visitor.go("/login")
    visitor.fill_sign_in(patron.card_number, f"{patron.birth_date:%m%d}")
    visitor.arrives_at("/login/first-password", "はじめてのパスワード設定")


@screen("first password, refused")
def _(visitor, library):
    first_password(visitor, library)
    visitor.field("新パスワード").fill("0808")
    visitor.field("確認パスワード").fill("8080")
    visitor.press("パスワードを設定する")
    is_refused(visitor)


@screen("reset, sent")
def _(visitor, library):
    visitor.go("/login/reset")
    visitor.field("図書館カードの番号").fill(serving.READER_CARD)
    visitor.field("E-mail").fill("somebody@example.jp")
    visitor.press("再設定の案内を送る")
    expect(visitor.main.get_by_text("受け付けました")).to_be_visible()


def mailed_link(library, purpose):
    """A link as it stands in a mail."""
    patron = rich_patron(library)
    token = secrets.token_urlsafe(32)
    with library.rows():
        OneTimeLink.create(
            token_hash=sessions.hashed(token),
            purpose=purpose,
            patron=patron,
            address=patron.addresses.get().address,
            expires_at=clock.now() + timedelta(hours=1),
        )
    return f"/login/reset/{token}" if purpose == "reset" else f"/mail/verify/{token}"


@screen("reset link")
def _(visitor, library):
    visitor.go(mailed_link(library, "reset"))


@screen("reset link, refused")
def _(visitor, library):
    visitor.go(mailed_link(library, "reset"))
    visitor.press("パスワードを設定する")
    is_refused(visitor)


@screen("reset link, used")
def _(visitor, library):
    visitor.go(mailed_link(library, "reset"))
    for label in ("新パスワード", "確認パスワード"):
        visitor.field(label).fill("aki-no-yo-nagashi")
    visitor.press("パスワードを設定する")
    visitor.arrives_at("/login", "ログイン")


@screen("verification link")
def _(visitor, library):
    visitor.go(mailed_link(library, "verify"))


@screen("verification link, used")
def _(visitor, library):
    visitor.go(mailed_link(library, "verify"))
    visitor.press("確認する")
    expect(visitor.main.get_by_text("アドレスを確認しました")).to_be_visible()


def stop_link(library):
    key = kept_token(library.instance / "secret-key")
    return f"/mail/stop/{notices.stop_token(rich_patron(library).id, 'due', key)}"


@screen("stop link")
def _(visitor, library):
    visitor.go(stop_link(library))


@screen("stop link, used")
def _(visitor, library):
    visitor.go(stop_link(library))
    visitor.press("停止する")
    expect(visitor.main.get_by_text("停止しました")).to_be_visible()


# -- My Library ------------------------------------------------------------------------------------------------------
@screen("My Library, empty")
def _(visitor, library):
    visitor.sign_in(new_patron(library).card_number, factories.PASSWORD)


@screen("loans, none")
def _(visitor, library):
    visitor.sign_in(new_patron(library).card_number, factories.PASSWORD, "/my/loans")


@screen("loans, long titles")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        for days, name in ((-2, "寿限無寿限無五劫の擦り切れ" * 9), (0, "Donaudampfschifffahrtsgesellschaft" * 4)):
            factories.loan(patron, clock.today() + timedelta(days=days), title=factories.title(name))
    visitor.sign_in(patron.card_number, factories.PASSWORD, "/my/loans")


# -- edit ------------------------------------------------------------------------------------------------------------
@screen("edit, everything refused")
def edit_refused(visitor, library):
    edit_page(visitor, library)
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
    visitor.button("テストメールを送る").first.click()
    expect(
        visitor.main.get_by_text("テストメールと").or_(visitor.main.get_by_text("テストメールをお送り"))
    ).to_be_visible()


@screen("edit, test mail too soon")
def _(visitor, library):
    test_mail_sent(visitor, library)
    visitor.button("テストメールを送る").first.click()
    expect(visitor.main.get_by_text("分")).not_to_have_count(0)


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
    expect(visitor.main.get_by_text("図書館で次の項目が変更されました")).to_be_visible()


@screen("done")
def done(visitor, library):
    draft(visitor, library)
    visitor.field("申請確認メールを送信する").check()
    visitor.field("これまでの記録 2件も削除する").check()
    visitor.field("予約中の2件にも反映する").check()
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
    visitor.follow("変更の記録をみる")
    visitor.arrives_at(f"{EDIT}/changes", "変更の記録")


@screen("devices, several")
def _(visitor, library):
    patron = new_patron(library)
    with library.rows():
        for client in ("iPhoneのSafari", "WindowsのEdge"):
            sessions.begin(patron, client=client, now=clock.now())
    visitor.sign_in(patron.card_number, factories.PASSWORD, "/my/sessions")


# -- what went wrong -------------------------------------------------------------------------------------------------
def send(visitor, path, **fields):
    """Send a form that no page of ours has, as a stale or foreign page might."""
    visitor.page.evaluate(
        """([path, fields]) => {
            const form = Object.assign(document.createElement("form"), {method: "post", action: path});
            for (const [name, value] of Object.entries(fields))
                form.append(Object.assign(document.createElement("input"), {name, value}));
            document.body.append(form);
            form.submit();
        }""",
        [path, fields],
    )


def says(visitor, heading):
    expect(visitor.h1).to_have_text(heading)


@screen("400")
def _(visitor, library):
    visitor.go("/login")
    send(visitor, "/login", card="1")
    says(visitor, "送信内容を確認できませんでした")


@screen("405")
def _(visitor, library):
    visitor.go("/")
    send(visitor, "/my/loans", csrf_token="")
    says(visitor, "この操作はできません")


@screen("413")
def _(visitor, library):
    visitor.go("/login")
    send(visitor, "/login", card="9" * 70_000)
    says(visitor, "送信された内容が大きすぎます")


@screen("422")
def _(visitor, library):
    visitor.go("/login")
    send(visitor, "/text-size", size="xxl")
    says(visitor, "入力内容を確認してください")


@contextlib.contextmanager
def table_away(visitor, library, table):
    """A database that fails in one place."""
    visitor.server_may_fail = True
    connection = sqlite3.connect(library.instance / "madoguchi.sqlite3", isolation_level=None)
    connection.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
    try:
        yield
    finally:
        connection.execute(f"ALTER TABLE {table}_away RENAME TO {table}")
        connection.close()


@screen("503")
def _(visitor, library):
    visitor.sign_in(new_patron(library).card_number, factories.PASSWORD)
    with table_away(visitor, library, "draft"):
        visitor.go(EDIT)
        says(visitor, "ただいま保存できません")


@screen("503 in a part")
def _(visitor, library):
    edit_page(visitor, library)
    visitor.field("予約受取館").select_option(label="龍田")
    with table_away(visitor, library, "draft"):
        visitor.press("更新")
        says(visitor, "ただいま保存できません")


def forget_failures(library):
    with library.rows():
        Throttle.delete().execute()
