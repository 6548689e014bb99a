"""統計 in a browser: a month chosen by its menu, and a table that scrolls by itself."""

import secrets
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from library import clock, dates
from library.demonstration import desk
from models import Branch, UseFact


@pytest.fixture
def lent(library):
    """One loan on each day of the last month at the first branch."""
    with library.rows():
        last = clock.today().replace(day=1) - timedelta(days=1)
        branch = Branch.select().order_by(Branch.position, Branch.id).first()
        for day in range(1, last.day + 1):
            UseFact.insert(
                id=secrets.randbelow(2**53), act="loan", day=last.replace(day=day), branch=branch, channel="desk"
            ).execute()
    return last


def test_a_month_is_chosen_and_its_table_scrolls_by_itself(visit, lent):
    visitor = visit(width=390, height=844)
    visitor.go("/desk/login")
    visitor.field("ログインID").fill("madoguchi")
    visitor.field("パスワード").fill(desk.PASSWORD)
    visitor.page.keyboard.press("Enter")
    visitor.arrives_at("/desk/", "今日の仕事")
    visitor.go("/desk/reports")
    expect(visitor.main.get_by_role("heading", level=1)).to_have_text("統計")
    month = visitor.main.get_by_label("月", exact=True)
    expect(month.locator("option:checked")).to_have_text(f"{lent.year}年{lent.month}月")
    before = dates.year_before(lent)
    month.select_option(f"{before:%Y-%m}")
    expect(visitor.main.get_by_label("月", exact=True).locator("option:checked")).to_have_text(
        f"{before.year}年{before.month}月"
    )
    visitor.main.get_by_role("link", name="次の月").click()
    table = visitor.main.get_by_role("region", name="館ごとの数字の表")
    table.focus()
    expect(table).to_be_focused()
    assert table.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
