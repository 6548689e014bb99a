"""こどものさがす by keyboard alone, and a こども端末 that begins anew."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def at_terminal(visit, library):
    """A browser that is a こども端末; ``page.clock`` moves its time."""
    visitor = visit()
    for name in ("terminal", "kids"):
        visitor.context.add_cookies([{"name": name, "value": "1", "url": library.url}])
    visitor.page.clock.install()
    visitor.go("/kids/pictures")
    visitor.page.wait_for_load_state()
    return visitor


def test_a_terminal_that_was_left_begins_anew_and_says_so_before(at_terminal):
    page, banner = at_terminal.page, at_terminal.page.locator("#idle")
    page.clock.run_for(95_000)
    expect(banner).to_be_hidden()
    page.clock.run_for(6_000)
    expect(banner).to_be_visible()
    expect(banner.get_by_role("status")).to_have_text("あと 20びょうで、さいしょの ページに もどるよ。")
    page.clock.run_for(20_000)
    at_terminal.arrives_at("/kids/", "こどもの さがす")


def test_a_child_who_goes_on_looking_stays(at_terminal):
    page, banner = at_terminal.page, at_terminal.page.locator("#idle")
    page.clock.run_for(110_000)
    page.get_by_role("button", name="もっと みる").click()
    expect(banner).to_be_hidden()
    page.clock.run_for(90_000)
    page.keyboard.press("Tab")
    page.clock.run_for(90_000)
    expect(banner).to_be_hidden()
    at_terminal.arrives_at("/kids/pictures", "えで さがす")


def test_a_terminal_for_children_leads_back_from_every_other_page(at_terminal):
    at_terminal.go("/search?q=猫")
    at_terminal.arrives_at("/kids/", "こどもの さがす")


def test_a_book_is_found_by_keyboard_alone_without_script(visit):
    visitor = visit(js=False)
    visitor.go("/kids/")
    page = visitor.page

    def press(name):
        """Go by Tab to the link or button of this name, and press it."""
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.innerText").strip() == name:
                break
        with page.expect_navigation():
            page.keyboard.press("Enter")

    press("えで さがす")
    visitor.arrives_at("/kids/pictures", "えで さがす")
    press("むし")
    press("えほん")
    visitor.arrives_at("/kids/pictures/insects?with=picture-books", "むしと えほんの ほん")
    expect(page.locator(".kids-books li").first).to_be_visible()
    press("もどる")
    visitor.arrives_at("/kids/pictures", "えで さがす")
