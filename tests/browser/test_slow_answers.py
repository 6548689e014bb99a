"""An answer that takes its time: what was pressed says so at once, a screen reader hears it once, and nothing moves."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from library import clock
from tests import factories
from tests.browser.test_acts_in_place import MOVED, WATCH

# What is said while a page waits for the next one, in which nothing can be asked of it; and what stands over the
# button.
HEAR = """() => {
  const status = document.getElementById("slow");
  const over = () => getComputedStyle(document.querySelector(".pressed"), "::after").content.replaceAll('"', "");
  new MutationObserver(() => status.textContent && hear(`${status.textContent} ${over()}`)).observe(status, { childList: true });
}"""


def slowly(visitor, address):
    """Hold back what is sent to an address; return the list in which it waits."""
    waiting = []
    visitor.page.route(address, lambda route: waiting.append(route), times=1)
    visitor.page.evaluate(WATCH)
    return waiting


def words_over(button):
    return button.evaluate("(button) => getComputedStyle(button, '::after').content.replaceAll('\"', '')")


def announced(visitor):
    return visitor.page.locator("#slow")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_button_says_that_it_was_pressed_until_the_answer_comes(visit, library, patron, width):
    with library.rows():
        title = factories.catalogued(f"風立ちぬ{patron.id}", copies=1)
    visitor = visit(width=width, height=844).be(patron.card_number, f"/titles/{title.id}")
    button, waiting = visitor.main.locator(f"#action-{title.id} button"), slowly(visitor, "**/my/cart/titles")
    before = button.bounding_box()
    button.click()
    expect(button).to_have_class("button main pressed")
    expect(announced(visitor)).to_have_text("入れています…")
    assert (words_over(button), button.bounding_box()) == ("入れています…", before)
    assert visitor.page.evaluate(MOVED) == []
    waiting[0].continue_()
    expect(visitor.link(f"「{title.title}」が入った予約かごをみる")).to_be_focused()
    expect(announced(visitor)).to_be_empty()


def test_a_button_of_a_form_that_the_browser_sends_says_so_too(visit, library, patron):
    with library.rows():
        loan = factories.loan(patron, clock.today() + timedelta(days=2))
    visitor = visit(width=390, height=844).be(patron.card_number, "/my/loans")
    waiting, said = slowly(visitor, f"**/my/loans/{loan.id}/renewal"), []

    def hear(words):
        said.append(words)
        waiting[0].continue_()

    visitor.page.expose_function("hear", hear)
    visitor.page.evaluate(HEAR)
    visitor.button("「こころ」を延長する").click(no_wait_after=True)
    expect(visitor.main.get_by_text("「こころ」を延長しました。")).to_be_visible()
    assert said == ["延長しています… 延長しています…"]


def test_a_button_whose_form_could_not_be_sent_can_be_pressed_again(visit, library, patron):
    with library.rows():
        title = factories.catalogued(f"菜穂子{patron.id}", copies=1)
    visitor = visit(width=390, height=844).be(patron.card_number, f"/titles/{title.id}")
    button, waiting = visitor.main.locator(f"#action-{title.id} button"), slowly(visitor, "**/my/cart/titles")
    button.click()
    expect(button).to_have_class("button main pressed")
    waiting[0].abort()
    expect(visitor.main.get_by_text("通信できませんでした。")).to_be_visible()
    expect(button).to_have_class("button main")
    expect(announced(visitor)).to_be_empty()
    visitor.complaints.clear()  # of what was broken off


def test_the_desk_says_which_number_is_being_read(visit, library, patron):
    with library.rows():
        barcode = factories.item().barcode
    clerk = visit().be_at_desk("madoguchi", "/desk/returns")
    waiting, form = slowly(clerk, "**/desk/returns"), clerk.main.locator("form.scan")
    clerk.scan(barcode)
    expect(announced(clerk)).to_have_text(f"{barcode}を読み取り中")
    expect(form).to_have_attribute("aria-busy", "true")
    assert words_over(form) == f"{barcode}を読み取り中"
    assert clerk.page.evaluate(MOVED) == []
    waiting[0].continue_()
    expect(clerk.main.locator("form.scan[aria-busy]")).to_have_count(0)
    expect(announced(clerk)).to_be_empty()
