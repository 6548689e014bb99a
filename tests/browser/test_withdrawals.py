"""除籍 by mouse and scanner: ticks are counted on the button, the step asks, and what went comes back."""

from datetime import timedelta

from playwright.sync_api import expect

from library import clock
from models import Item
from tests import factories
from tests.browser.screens.desk import sit_down


def test_candidates_are_counted_withdrawn_and_brought_back(library, visitor):
    with library.rows():
        old = clock.today() - timedelta(days=4000)
        first, scanned = (
            factories.item(factories.catalogued(name, ndc="810"), acquired_on=old)
            for name in ("北越雪譜", "珠算の練習")
        )
        barcode = scanned.barcode
    sit_down(visitor, "kanri")
    page = visitor.page
    visitor.go("/desk/withdrawals?ndc=8")  # other tests' copies are of other classes
    expect(page.get_by_role("button", name="選んだ0点を除籍する…")).to_be_disabled()
    page.get_by_label("「北越雪譜」").check()
    expect(page.get_by_role("button", name="選んだ1点を除籍する…")).to_be_enabled()
    page.get_by_label("資料番号", exact=True).fill(barcode)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="選んだ2点を除籍する…").click()
    page.get_by_label("理由をまとめて選ぶ").select_option("内容が古い")
    page.get_by_role("button", name="2点を除籍する").click()
    expect(page.locator("#answer").get_by_text("2点を除籍しました。")).to_be_visible()
    page.get_by_label("「北越雪譜」").check()
    page.get_by_role("button", name="選んだ1点の除籍を取り消す").click()
    expect(page.locator("#answer").get_by_text("1点の除籍を取り消しました。")).to_be_visible()
    with library.rows():
        assert [Item.get_by_id(each.id).state for each in (first, scanned)] == ["available", "withdrawn"]
