"""セット by the scanner: lent with one scan, and named as not complete until the last copy is back."""

from playwright.sync_api import expect

from library import clock, policy
from library.lending.sets import item_sets
from models import Branch, Loan
from tests import factories
from tests.browser.screens.desk import sit_down


def test_ten_copies_come_into_a_set_as_fast_as_they_are_scanned(library, visitor):
    """No answer is waited for between two scans, and none is lost."""
    with library.rows():
        typed = {"name": "しらべ学習", "barcode": "T0002", "branch": str(Branch.get().id)}
        made = item_sets.save(None, typed, by="staff:a", now=clock.now())
        numbers = [factories.item().barcode for _ in range(10)]
    sit_down(visitor)
    visitor.go(f"/desk/sets/{made.id}")
    for number in numbers:
        visitor.page.keyboard.type(number)
        visitor.page.keyboard.press("Enter")
    expect(visitor.main.locator("tbody tr")).to_have_count(10)
    expect(visitor.field("セットに入れる資料番号")).to_be_focused()
    with library.rows():
        assert [item.barcode for item in item_sets.copies(made)] == numbers


def test_a_set_is_lent_by_one_scan_and_the_copy_that_is_not_back_is_missing(library, visitor):
    with library.rows():
        policy.ship_rows()
        moment = {"by": "staff:a", "now": clock.now()}
        typed = {"name": "よみきかせ", "barcode": "T0001", "branch": str(Branch.get().id)}
        made = item_sets.save(None, typed, **moment)
        copies = [factories.item(factories.title(f"紙芝居{number}")) for number in range(3)]
        for item in copies:
            item_sets.add(made, item, **moment)
        card = factories.patron(category="団体", birth_date=None, name="すずかけ小学校").card_number
    sit_down(visitor)
    page = visitor.page
    visitor.go("/desk/checkout")
    for number in (card, "T0001"):
        expect(page.locator("[data-scanner]:focus")).to_be_visible()
        page.keyboard.type(number)
        page.keyboard.press("Enter")
        expect(page.locator(".flash-good").get_by_text("すずかけ小学校さん")).to_be_visible()
    expect(page.get_by_text("セット「よみきかせ」の3点を すずかけ小学校さん に貸し出しました。").first).to_be_visible()
    visitor.go("/desk/returns")
    for item, left in zip(copies[:2], ("不足 2点", "不足 1点"), strict=True):
        page.get_by_label("資料番号", exact=True).fill(item.barcode)
        page.keyboard.press("Enter")
        expect(page.locator(".came-in").get_by_text(left)).to_be_visible()
    visitor.go(f"/desk/sets/{made.id}")
    expect(page.get_by_text("不足 1点")).to_be_visible()
    expect(page.get_by_role("row", name="紙芝居2")).to_contain_text("まで")
    with library.rows():
        ids = [item.id for item in copies]
        assert [loan.item_id for loan in Loan.select().where(Loan.returned_on.is_null(), Loan.item.in_(ids))] == ids[2:]
