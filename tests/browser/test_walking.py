"""書架をたどる by keys: one stop of Tab, arrows and Page keys along the boards, Enter for the card, the next part behind the
last.
"""

import re

from playwright.sync_api import expect


def test_keys_go_along_the_shelf_and_enter_shows_a_book(visit):
    visitor = visit()
    visitor.go("/shelf?branch=01")
    case, card = visitor.page.locator("#walk-case"), visitor.page.locator("#walk-card")
    books = case.get_by_role("link")
    expect(case.locator("a[tabindex='0']")).to_have_count(1)
    expect(books).to_have_count(40)
    books.first.focus()
    visitor.page.keyboard.press("ArrowRight")
    expect(books.nth(1)).to_be_focused()
    visitor.page.keyboard.press("PageDown")
    below = books.evaluate_all("all => all.indexOf(document.activeElement)")
    assert below > 5
    visitor.page.keyboard.press("PageUp")
    visitor.page.keyboard.press("Enter")
    expect(card.get_by_role("heading")).to_be_visible()
    expect(case.locator("[aria-current]")).to_be_focused()
    expect(case.locator("[aria-current] .spine-here")).to_have_text("この本")
    expect(visitor.page).to_have_url(re.compile("at=copy-"))
    visitor.page.keyboard.press("End")
    expect(books.nth(39)).to_be_focused()
    visitor.page.keyboard.press("ArrowRight")  # behind the last stands the next part
    expect(books).to_have_count(80)
    expect(books.nth(40)).to_be_focused()
    expect(visitor.page.locator("#walk-status")).to_have_text("40点を続きに並べました。")
    expect(case.locator("a[tabindex='0']")).to_have_count(1)
    expect(card.get_by_role("heading")).to_be_visible()
    visitor.page.keyboard.press("Tab")
    expect(visitor.page.get_by_role("link", name="次の棚")).to_be_focused()
    visitor.page.keyboard.press("Enter")
    expect(books.nth(80)).to_be_focused()


def test_a_book_that_cannot_be_fetched_into_the_page_is_opened_by_its_address(visit):
    visitor = visit()
    visitor.go("/shelf?branch=01")
    visitor.page.route(
        "**/shelf?*",
        lambda route: route.fulfill(body="") if "hx-request" in route.request.headers else route.continue_(),
    )
    visitor.page.locator("#walk-case").get_by_role("link").nth(2).press("Enter")
    visitor.page.wait_for_url("**at=copy-*")
    expect(visitor.page.locator("#walk-card").get_by_role("heading")).to_be_visible()
    expect(visitor.page.locator("#walk-case [aria-current] .spine-here")).to_have_text("この本")
