"""検索: the box of every page, the order, what narrows; with and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

ORDER, SHOW = "並べ替え", "並べ替える"


def order(visitor):
    return visitor.main.get_by_label(ORDER, exact=True)


def show(visitor):
    return visitor.main.get_by_role("button", name=SHOW)


@pytest.mark.parametrize("js", [True, False], ids=["script", "plain"])
def test_the_box_of_every_page_finds_titles(visit, js):
    visitor = visit(js=js)
    visitor.go("/login")
    visitor.page.get_by_label("検索語", exact=True).fill("こころ")
    visitor.page.get_by_role("button", name="検索", exact=True).click()
    expect(visitor.h1).to_have_text("「こころ」の検索結果 2件")
    expect(visitor.page.get_by_label("検索語", exact=True)).to_have_value("こころ")
    visitor.main.get_by_role("link", name="こころ", exact=True).click()
    expect(visitor.h1).to_have_text("こころ")


def test_another_order_is_shown_as_soon_as_it_is_chosen(visit):
    visitor = visit()
    visitor.go("/search?q=の")
    expect(show(visitor)).to_be_hidden()
    order(visitor).select_option("title")
    visitor.page.wait_for_url("**/search?q=*&sort=title")
    expect(order(visitor)).to_have_value("title")


def test_a_reader_who_chooses_by_keys_decides_the_moment(visit):
    visitor = visit()
    visitor.go("/search?q=の")
    order(visitor).press("ArrowDown")
    expect(show(visitor)).to_be_visible()
    order(visitor).select_option("oldest")
    assert "sort" not in visitor.path
    show(visitor).click()
    visitor.page.wait_for_url("**&sort=oldest")


def test_without_script_a_button_shows_the_order(visit):
    visitor = visit(js=False)
    visitor.go("/search?q=の")
    order(visitor).select_option("title")
    show(visitor).click()
    visitor.page.wait_for_url("**&sort=title")


@pytest.mark.parametrize("js", [True, False], ids=["script", "plain"])
def test_the_narrowing_stands_open_where_there_is_room(visit, js):
    visitor = visit(js=js)
    visitor.go("/search?q=の")
    narrower = visitor.main.get_by_role("navigation", name="絞り込み").get_by_role("link", name="在架だけ（")
    expect(narrower).to_be_visible()
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    expect(narrower).to_be_hidden()
    visitor.main.get_by_text("絞り込み", exact=True).click()
    narrower.click()
    visitor.page.wait_for_url("**available=1")
    visitor.main.get_by_role("link", name="在架だけ はずす").click()
    expect(visitor.page).not_to_have_url(re.compile("available"))


LONG = """rows => rows.map((row) => {
  const long = "long titles of conference proceedings ".repeat(9);
  row.querySelectorAll(".row-name a, .row-name p, .book-facts p").forEach((each) => each.append(long));
  return row.offsetHeight;
})"""


def test_a_row_of_results_is_low_however_long_its_title(visit):
    visitor = visit(width=1280)
    for page in ("/search", "/rankings/loans?span=year"):
        visitor.go(page)
        heights = visitor.main.locator(".rows > li, .ranks > li").evaluate_all(
            "rows => rows.map((row) => row.offsetHeight)"
        )
        assert heights and max(heights) <= 150
    for page in ("/new", "/search?group=work", "/search"):
        visitor.go(page)
        assert max(visitor.main.locator(".rows > li").evaluate_all(LONG)) <= 150
    title = visitor.main.locator(".row-title a").first
    assert title.inner_text().count("conference proceedings") == 9  # for those who have it read out, all of it
