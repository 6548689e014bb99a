"""The four procedures of the manual, from the front page to their effect, found by nothing but role and label."""

from itertools import product

import pytest
from playwright.sync_api import expect

from library.access import passwords
from models import Patron
from tests import smtp_server
from tests.browser import serving
from tests.browser.visitor import EDIT

OWN_PASSWORD = "kaze-ni-fukarete-aruku"
NEW_PASSWORD = "harukaze to sakura 2026"
ADDRESS = "abc@example.jp"
# Two ways of looking that show script and none, each width and each size once; the other six are for the long run
EACH_ONCE = {(True, 390, "大"), (False, 1280, "小")}
WAYS = [
    pytest.param(way, id=f"{'script' if way[0] else 'plain'}-{way[1]}-{way[2]}",
                 marks=() if way in EACH_ONCE else pytest.mark.long)
    for way in product((True, False), (390, 1280), ("小", "大"))
]  # fmt: skip


@pytest.fixture
def post_office(tmp_path):
    """A mail server."""
    folder = tmp_path / "post-office"
    folder.mkdir()
    with smtp_server.running(folder) as server:
        yield server


@pytest.fixture
def library(demonstration, tmp_path, request):
    """A library of one's own, as on its first day. Where a test asks for ``post_office``, its mails go there."""
    settings = {}
    if "post_office" in request.fixturenames:
        settings = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": request.getfixturevalue("post_office").port}
    with serving.running(demonstration, tmp_path, **settings) as running:
        yield running
        assert running.complaints() == []


@pytest.fixture(scope="session")
def own_password_hash():
    return passwords.hash_password(OWN_PASSWORD)


@pytest.fixture
def first_patron(library, own_password_hash):
    """The manual's patron, who has set a password of their own (OWN_PASSWORD)."""
    with library.rows():
        found = Patron.get(Patron.card_number == serving.FIRST_CARD)
        found.password_hash = own_password_hash
        found.save()
        return found


@pytest.fixture(params=WAYS)
def front_page(request, visit):
    """The front page, with and without JavaScript, on a phone and a desktop, in small and large letters."""
    js, width, size = request.param
    visitor = visit(js=js, width=width)
    visitor.go("/")
    visitor.choose_text_size(size)
    return visitor


def open_edit_page(visitor):
    visitor.follow("利用者情報の変更")
    visitor.arrives_at(f"/login?next={EDIT}", "ログイン")
    visitor.fill_sign_in(serving.FIRST_CARD, OWN_PASSWORD)
    visitor.arrives_at(EDIT)


def test_1_a_password_of_ones_own(front_page, library):
    front_page.follow("利用者情報の変更")
    front_page.fill_sign_in(serving.FIRST_CARD, serving.FIRST_PASSWORD)
    front_page.arrives_at("/login/first-password", "はじめてのパスワード設定")
    front_page.field("新パスワード").fill(OWN_PASSWORD)
    front_page.field("確認パスワード").fill(OWN_PASSWORD)
    front_page.main.get_by_role("button").last.click()
    front_page.arrives_at(EDIT)

    front_page.unfold_passwords()
    front_page.field("現パスワード").fill(OWN_PASSWORD)
    front_page.field("新パスワード").fill(NEW_PASSWORD)
    front_page.field("確認パスワード").fill(NEW_PASSWORD)
    front_page.update()
    expect(front_page.row("パスワード")).to_have_text("変更する")
    front_page.confirm()

    front_page.sign_out()
    for old in (serving.FIRST_PASSWORD, OWN_PASSWORD):
        front_page.go("/login")
        front_page.fill_sign_in(serving.FIRST_CARD, old)
        expect(front_page.summary).to_be_visible()
    front_page.sign_in(serving.FIRST_CARD, NEW_PASSWORD)
    front_page.arrives_at("/my/", "Myライブラリ")
    assert not [word for word in (OWN_PASSWORD, NEW_PASSWORD) if word in library.log.read_text()]


def test_2_the_pickup_branch(front_page, first_patron):
    open_edit_page(front_page)
    expect(front_page.field("予約受取館").locator("option:checked")).to_have_text("本館")
    front_page.field("予約受取館").select_option(label="龍田")
    front_page.update()
    expect(front_page.row("予約受取館").get_by_text("龍田", exact=True)).to_be_visible()
    front_page.confirm()

    front_page.go(EDIT)
    expect(front_page.field("予約受取館").locator("option:checked")).to_have_text("龍田")


def test_3_a_notice_before_the_due_date(front_page, first_patron, library, post_office):
    open_edit_page(front_page)
    front_page.field("E-mail1").fill(ADDRESS)
    front_page.field("E-mail1の種別").select_option(label="自PC")
    due = front_page.group("返却期限通知")
    due.get_by_role("checkbox", name="自PC", exact=True).check()
    due.get_by_role("radio", name="配信", exact=True).check()
    due.get_by_label("通知する日", exact=True).select_option(label="1日前")
    front_page.field("予約連絡方法").select_option(label="メール")
    front_page.update()
    expect(front_page.row("E-mail1").get_by_text(f"{ADDRESS} [自PC]", exact=True)).to_be_visible()
    expect(front_page.row("返却期限通知").get_by_text("自PC 配信状態 配信 1日前", exact=True)).to_be_visible()
    expect(front_page.row("予約連絡方法").get_by_text("メール", exact=True)).to_be_visible()
    front_page.field("申請確認メールを送信する").check()
    front_page.field("送信先").select_option(label=ADDRESS)
    front_page.confirm()

    for _ in range(2):
        library.command("notices", "run")
        library.command("outbox", "deliver")
    assert len(mails(post_office, "申請確認")) == 1
    (notice,) = mails(post_office, "返却期限")
    assert [title for title in ("三四郎", "走れメロス") if title not in notice["text"]] == []


def mails(post_office, word):
    """Return the mails in the patron's mailbox with such a subject."""
    return [mail for mail in post_office.accepted() if mail["to"] == [ADDRESS] and word in mail["subject"]]


def test_4_keeping_what_one_borrowed(front_page, first_patron):
    open_edit_page(front_page)
    history = front_page.group("貸出履歴").get_by_role("checkbox", name="残す", exact=True)
    expect(history).not_to_be_checked()
    history.check()
    front_page.update()
    expect(front_page.row("貸出履歴").get_by_text("残す", exact=True)).to_be_visible()
    front_page.confirm()

    front_page.go(EDIT)
    expect(history).to_be_checked()
