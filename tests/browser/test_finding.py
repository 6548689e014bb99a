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
def test_the_choices_that_narrow_open_by_a_press(visit, js):
    visitor = visit(js=js)
    visitor.go("/search?q=の")
    narrower = visitor.main.get_by_role("navigation", name="絞り込み").get_by_role("link", name="在架だけ")
    expect(narrower).to_be_hidden()
    visitor.main.get_by_text("絞り込み", exact=True).click()
    narrower.click()
    visitor.page.wait_for_url("**available=1")
    visitor.main.get_by_role("link", name="在架だけ はずす").click()
    expect(visitor.page).not_to_have_url(re.compile("available"))


@pytest.mark.parametrize("width", [390, 1280])
def test_the_first_result_is_few_tabs_from_the_beginning(visit, width):
    visitor = visit(width=width)
    visitor.go("/search")
    assert visitor.main.locator(".book").count() == 20
    keys = visitor.page.keyboard
    keys.press("Tab")
    expect(visitor.focused).to_have_text("本文へ移動")
    keys.press("Enter")
    first, tabs = visitor.main.locator(".row-title a").first, 0
    while not first.evaluate("first => first === document.activeElement"):
        keys.press("Tab")
        tabs += 1
        assert tabs <= 12


def test_a_fold_of_the_form_says_what_is_set_in_it(visit):
    visitor = visit(width=390)
    visitor.go("/search/advanced")
    assert visitor.page.evaluate("document.documentElement.scrollHeight") <= 1521
    fold = visitor.main.locator("details", has_text="出版年・分類・ISBN")
    told = fold.locator("summary")
    expect(told).to_contain_text("指定なし")
    told.click()
    visitor.main.get_by_label("この年から").fill("1990")
    visitor.main.get_by_label("分類").fill("913")
    told.click()
    expect(told).to_contain_text("1990年から、913")
    visitor.press("この条件で探す")
    visitor.main.get_by_role("link", name="詳細検索で条件を変える").click()
    expect(told).to_contain_text("1990年から、913")


LONELY = """covers => covers.map((cover) => {
  const text = cover.querySelector("span").firstChild, range = document.createRange(), columns = new Map();
  for (let at = 0; at < text.length; at += 1) {
    range.setStart(text, at);
    range.setEnd(text, at + 1);
    const { left } = range.getBoundingClientRect();
    columns.set(Math.round(left), (columns.get(Math.round(left)) ?? "") + text.data[at].trim());
  }
  const last = [...columns].sort(([a], [b]) => a - b)[0][1];
  return columns.size > 1 && last.length === 1 ? text.data : "";
}).filter(Boolean)"""


def test_no_cover_leaves_the_last_letter_of_a_title_alone(visit):
    visitor = visit(width=1280)
    for page in ("/search", "/search?page=2", "/search?page=3", "/rankings/loans?span=year"):
        visitor.go(page)
        covers = visitor.main.locator(".cover:not(.cover-large, .cover-picture)")
        assert covers.count() and covers.evaluate_all(LONELY) == []


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
