"""A newcomer's first job, on a phone in large letters: sign in, a password, an address, its confirmation, and notices
before books fall due.
"""

import re

import pytest
from playwright.sync_api import expect

from models import MailPreference, PatronAddress
from tests.browser import serving
from tests.browser.visitor import EDIT

PASSWORD = "kaze-ni-fukarete-aruku"
ADDRESS = "hajimete@example.jp"
MOST_TAPS = 12


@pytest.fixture
def library(demonstration, tmp_path):
    """A library of one's own, as on its first day."""
    with serving.running(demonstration, tmp_path) as running:
        yield running
        assert running.complaints() == []


class Finger:
    """Touches the screen and counts its taps; letters on the keyboard are not counted."""

    def __init__(self, visitor):
        self.visitor, self.taps = visitor, 0

    def tap(self, what):
        what.click()
        self.taps += 1

    def type(self, label, text):
        self.tap(self.visitor.field(label))
        self.visitor.page.keyboard.insert_text(text)

    def open_mailed_link(self, path):
        self.visitor.library.command("outbox", "deliver")
        found = [re.search(rf"\S+{path}\S+", mail.get_content()) for mail in self.visitor.library.mails_to(ADDRESS)]
        self.visitor.page.goto(next(match[0] for match in found if match))
        self.taps += 1


def test_the_first_job_takes_few_taps(visit, library):
    phone = visit(width=390, height=844)
    phone.go("/")
    phone.choose_text_size("大")
    finger = Finger(phone)

    finger.tap(phone.link("利用者情報の変更"))
    hint, button = phone.main.get_by_text("はじめての方は、生年月日の月と日の4桁です。"), phone.button("ログイン")
    assert hint.bounding_box()["y"] < button.bounding_box()["y"]
    finger.type("図書館カードの番号", serving.FIRST_CARD.lstrip("0"))
    finger.type("パスワード", serving.FIRST_PASSWORD)
    finger.tap(phone.button("ログイン"))
    phone.arrives_at("/login/first-password", "はじめてのパスワード設定")
    finger.type("新パスワード", PASSWORD)
    finger.type("確認パスワード", PASSWORD)
    finger.tap(phone.button("パスワードを設定する"))

    phone.arrives_at(EDIT)
    finger.type("E-mail1", ADDRESS)
    finger.tap(phone.group("返却期限通知").get_by_text("配信", exact=True))
    expect(phone.main.get_by_text("「自PC」に印を付けました。予約連絡方法を「メール」にしました。")).to_be_visible()
    finger.tap(phone.button("更新"))
    expect(phone.row("返却期限通知").get_by_text("自PC 配信状態 配信 1日前", exact=True)).to_be_visible()
    expect(phone.row("予約連絡方法").get_by_text("メール", exact=True)).to_be_visible()
    finger.tap(phone.button("更新"))
    expect(phone.main.get_by_text("利用者情報変更申し込みを受付しました。", exact=True)).to_be_visible()
    expect(phone.main.get_by_text("返却期限通知を、今日からお送りします")).to_be_visible()

    finger.open_mailed_link("/mail/verify/")
    expect(phone.main.get_by_text("アドレスを確認しました。")).to_be_visible()
    phone.follow("Myライブラリへ")
    phone.arrives_at("/my/", "Myライブラリ")

    assert finger.taps <= MOST_TAPS
    with library.rows():
        row = PatronAddress.get(PatronAddress.address == ADDRESS)
        due = MailPreference.get(MailPreference.patron == row.patron_id, MailPreference.kind == "due")
        assert (row.verified_at is not None, due.active, due.to_pc) == (True, True, True)
    library.command("notices", "run")
    library.command("outbox", "deliver")
    assert [mail for mail in library.mails_to(ADDRESS) if "返却期限" in mail["Subject"]]
