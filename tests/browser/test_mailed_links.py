"""Links in mails, followed from the mailbox to their effect, as a mail program opens them: in a browser without a
session.
"""

import re

from playwright.sync_api import expect

from library import clock
from models import PatronAddress
from tests import factories
from tests.browser.visitor import EDIT

NEW_PASSWORD = "harukaze to sakura 2026"


def link_in(library, address, path):
    """The address in the only mail to this patron that has such a link."""
    library.command("outbox", "deliver")
    found = [re.search(rf"{library.url}{path}\S+", mail.get_content()) for mail in library.mails_to(address)]
    (link,) = [match[0] for match in found if match]
    return link


def test_a_forgotten_password_is_set_anew(visit, library, patron):
    with library.rows():
        address = factories.address(patron, f"reset.{patron.id}@example.jp", verified_at=clock.now()).address
    visitor = visit()
    visitor.go("/login")
    visitor.follow("パスワードを忘れた方")
    expect(visitor.h1).to_have_text("パスワードの再設定")
    visitor.field("図書館カードの番号").fill(patron.card_number)
    visitor.field("E-mail").fill(address)
    visitor.press("再設定の案内を送る")
    expect(visitor.main.get_by_text("受け付けました")).to_be_visible()

    library.command("jobs", "run", "resets")
    link = link_in(library, address, "/login/reset/")
    other = visit(js=False, width=390)
    other.page.goto(link)
    other.field("新パスワード").fill(NEW_PASSWORD)
    other.field("確認パスワード").fill(NEW_PASSWORD)
    other.main.get_by_role("button", name="パスワードを設定する", exact=True).last.click()
    other.arrives_at("/login", "ログイン")
    other.sign_in(patron.card_number, NEW_PASSWORD)

    visitor.page.goto(link)
    expect(visitor.main.get_by_text("このリンクは使えません")).to_be_visible()


def test_a_new_address_is_verified_by_its_link(visit, visitor, library, patron):
    address = f"verify.{patron.id}@example.jp"
    visitor.go(EDIT)
    visitor.field("E-mail1").fill(address)
    visitor.update()
    visitor.confirm()

    other = visit(width=390)
    other.page.goto(link_in(library, address, "/mail/verify/"))
    assert verified(library, address) is None
    other.press("確認する")
    expect(other.main.get_by_text("アドレスを確認しました")).to_be_visible()
    assert verified(library, address) is not None


def verified(library, address):
    with library.rows():
        return PatronAddress.get(PatronAddress.address == address).verified_at


def test_a_notice_is_stopped_by_the_link_in_it(visit, library, patron):
    with library.rows():
        address = factories.address(patron, f"stop.{patron.id}@example.jp").address
        factories.preference(patron, active=True, to_pc=True, days_before=2)
        patron.contact_method = "mail"
        patron.save()
        factories.loan(patron)
    library.command("notices", "run")
    visitor = visit(js=False)
    visitor.page.goto(link_in(library, address, "/mail/stop/"))
    visitor.press("停止する")
    expect(visitor.main.get_by_text("「返却期限通知」を停止しました")).to_be_visible()

    visitor.sign_in(patron.card_number, factories.PASSWORD, EDIT)
    expect(visitor.group("返却期限通知").get_by_role("radio", name="停止", exact=True)).to_be_checked()


def test_another_device_is_signed_out_from_the_list(visitor, visit, patron):
    phone = visit(width=390, user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1")
    phone.sign_in(patron.card_number, factories.PASSWORD)
    visitor.go("/my/sessions")
    visitor.main.get_by_role("button", name=re.compile("^iPhoneのSafari（.*）のログインを終了する$")).click()
    expect(visitor.main.get_by_text("iPhone")).to_have_count(0)
    phone.go("/my/")
    phone.arrives_at("/login?next=/my/", "ログイン")
