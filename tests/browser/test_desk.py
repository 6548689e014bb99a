"""A day at the desk, by keyboard and scanner alone."""

import pytest
from playwright.sync_api import expect

from library.demonstration import desk
from models import Item, Loan
from tests import factories

LONG = pytest.mark.long


@pytest.fixture
def clerk(visit):
    """madoguchi, who has just signed in and touches no mouse. The page is whole: before its script no scan may follow
    another at once.
    """
    visitor = visit()
    visitor.go("/desk/login")
    visitor.field("ログインID").fill("madoguchi")
    visitor.field("パスワード").fill(desk.PASSWORD)
    visitor.page.keyboard.press("Enter")
    visitor.arrives_at("/desk/", "今日の仕事")
    visitor.page.get_by_role("link", name="貸出", exact=True).focus()
    visitor.page.keyboard.press("Enter")
    waits_for_a_card(visitor)
    return visitor


def waits_for_a_card(visitor):
    expect(visitor.field("利用者番号")).to_be_focused()
    visitor.page.wait_for_load_state()


def scan(visitor, text):
    visitor.page.keyboard.type(text)
    visitor.page.keyboard.press("Enter")


def rows(visitor):
    return visitor.main.locator("tbody tr")


@pytest.fixture
def shelf(library):
    """Copies that nobody has and nobody waits for."""
    with library.rows():
        return [factories.item().barcode for _ in range(32)]


@pytest.mark.parametrize("count", [5, pytest.param(30, marks=LONG)])
def test_copies_are_lent_as_fast_as_they_are_scanned(clerk, library, shelf, count):
    """No answer is waited for between two scans, and none is lost."""
    for first in range(0, count, 10):
        with library.rows():
            card = factories.patron().card_number
        scan(clerk, f"A{card}A")
        expect(clerk.main.get_by_text(card)).to_be_visible()
        expect(clerk.field("資料番号")).to_be_focused()
        some = shelf[first : min(first + 10, count)]
        for barcode in some:
            scan(clerk, barcode)
        expect(rows(clerk)).to_have_count(len(some))
        expect(rows(clerk).first).to_contain_text(some[-1])
        clerk.page.keyboard.press("Escape")
        waits_for_a_card(clerk)
    with library.rows():
        assert Loan.select().join(Item).where(Item.barcode.in_(shelf)).count() == count


def test_a_refusal_is_overridden_and_undone_by_keyboard(clerk, library, patron, shelf):
    with library.rows():
        patron.state = "suspended"
        patron.save()
    scan(clerk, patron.card_number)
    expect(clerk.field("資料番号")).to_be_focused()
    scan(clerk, shelf[0])
    expect(clerk.main.locator(".refusal")).to_contain_text("は貸し出せません")
    expect(clerk.field("資料番号")).to_be_focused()
    clerk.page.keyboard.press("Tab")
    clerk.page.keyboard.press("Tab")
    expect(clerk.field("特別に貸し出す理由")).to_be_focused()
    scan(clerk, "館長の了解")
    expect(rows(clerk)).to_have_count(1)
    clerk.button("最後の貸出を取り消す").focus()
    clerk.page.keyboard.press("Enter")
    expect(rows(clerk)).to_have_count(0)


def test_the_book_drop_of_yesterday_is_given_back(clerk, library, patron):
    with library.rows():
        barcodes = [factories.loan(patron).item.barcode for _ in range(3)]
    clerk.page.get_by_role("link", name="返却", exact=True).focus()
    clerk.page.keyboard.press("Enter")
    clerk.arrives_at("/desk/returns", "返却")
    yesterday = clerk.page.evaluate("(d => (d.setDate(d.getDate() - 1), d.toLocaleDateString('sv')))(new Date())")
    clerk.field("返却日").fill(yesterday)
    clerk.field("資料番号").focus()
    for barcode in barcodes:
        scan(clerk, barcode)
    expect(rows(clerk)).to_have_count(3)
    with library.rows():
        assert {str(loan.returned_on) for loan in Loan.select().where(Loan.patron == patron)} == {yesterday}


def test_without_script_every_scan_is_a_page(visit, patron, shelf):
    visitor = visit(js=False)
    visitor.go("/desk/login")
    visitor.field("ログインID").fill("madoguchi")
    visitor.field("パスワード").fill(desk.PASSWORD)
    visitor.press("ログイン")
    visitor.go("/desk/checkout")
    visitor.field("利用者番号").fill(patron.card_number)
    visitor.field("利用者番号").press("Enter")
    expect(visitor.field("資料番号")).to_be_focused()  # on the next page
    visitor.field("資料番号").fill(shelf[0])
    visitor.field("資料番号").press("Enter")
    expect(rows(visitor)).to_have_count(1)
    visitor.page.reload()
    expect(rows(visitor)).to_have_count(1)
