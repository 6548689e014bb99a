"""A terminal of the library tells who sits at it that it will sign out, and does."""

import pytest
from playwright.sync_api import expect

from tests import factories


@pytest.fixture
def at_terminal(visit, library, patron):
    """A patron at a terminal; ``page.clock`` moves the time of the browser."""
    visitor = visit()
    visitor.context.add_cookies([{"name": "terminal", "value": "1", "url": library.url}])
    visitor.page.clock.install()
    visitor.sign_in(patron.card_number, factories.PASSWORD)
    visitor.arrives_at("/my/", "Myライブラリ")
    visitor.page.wait_for_load_state()
    return visitor


def test_a_patron_who_answers_in_time_stays(at_terminal):
    banner = at_terminal.page.locator("#idle")
    expect(banner).to_be_hidden()
    at_terminal.page.clock.fast_forward(121_000)
    expect(banner).to_be_visible()
    expect(banner).to_contain_text("秒で、自動的にログアウトします")
    at_terminal.page.get_by_role("button", name="続けて使う").click()
    expect(banner).to_be_hidden()
    expect(at_terminal.main).to_be_focused()
    at_terminal.page.clock.fast_forward(100_000)
    expect(banner).to_be_hidden()


def test_the_warning_does_not_move_what_is_being_pressed(at_terminal):
    page, banner = at_terminal.page, at_terminal.page.locator("#idle")
    page.clock.fast_forward(121_000)
    expect(banner).to_be_visible()
    at_terminal.main.get_by_role("link", name="借りている資料").first.hover()
    page.mouse.down()
    expect(banner).to_be_visible()
    page.mouse.up()
    at_terminal.arrives_at("/my/loans")


def test_a_patron_who_left_is_signed_out_and_the_time_was_told(at_terminal):
    at_terminal.page.clock.run_for(121_000)
    expect(at_terminal.page.locator("#idle").get_by_role("status")).to_have_text(
        "あと60秒で、自動的にログアウトします。"
    )
    at_terminal.page.clock.fast_forward(61_000)
    at_terminal.arrives_at("/login", "ログイン")
    at_terminal.go("/my/")
    at_terminal.arrives_at("/login?next=/my/", "ログイン")


def test_the_next_visitor_finds_nothing_by_going_back_nor_in_the_browsers_storage(at_terminal):
    page = at_terminal.page
    assert page.locator("form:not([autocomplete=off])").count() == 0
    at_terminal.go("/my/loans")
    page.get_by_role("button", name="ログアウト").click()
    at_terminal.arrives_at("/login", "ログイン")
    page.go_back()
    at_terminal.arrives_at("/login?next=/my/loans", "ログイン")
    page.go_back()
    at_terminal.arrives_at("/login?next=/my/", "ログイン")
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert {cookie["name"] for cookie in at_terminal.context.cookies()} == {"session", "terminal"}


def test_a_patron_at_work_in_one_tab_is_not_signed_out_by_another_and_leaves_all_at_once(at_terminal):
    page, other = at_terminal.page, at_terminal.context.new_page()  # they share the clock
    other.goto(f"{at_terminal.library.url}/my/loans")
    other.wait_for_load_state()
    page.clock.fast_forward(121_000)
    for tab in (page, other):
        expect(tab.locator("#idle")).to_be_visible()
    other.keyboard.press("Tab")
    expect(page.locator("#idle")).to_be_hidden()
    page.clock.pause_at(page.evaluate("Date.now() / 1000") + 100)  # or the other tab loads before it is looked at
    expect(page.get_by_role("heading", level=1)).to_have_text("Myライブラリ")
    page.get_by_role("button", name="ログアウト").click()
    expect(other.locator("body")).to_be_hidden()
    at_terminal.arrives_at("/login", "ログイン")
    page.clock.fast_forward(1_000)
    expect(other.get_by_role("heading", level=1)).to_have_text("ログイン")


def test_a_patron_who_leaves_arrives_there_though_the_session_ends_under_another_request(at_terminal):
    page, sent = at_terminal.page, {}

    def answer_both(route):
        sent[route.request.url.rpartition("/")[2]] = route
        if len(sent) == 2:
            sent["stay"].fulfill(status=401)
            sent["logout"].continue_()

    for address in ("**/my/stay", "**/logout"):
        page.route(address, answer_both, times=1)
    page.clock.fast_forward(21_000)
    page.get_by_role("button", name="ログアウト").focus()
    page.keyboard.press("Enter")
    at_terminal.arrives_at("/login", "ログイン")
