"""検索候補: a combobox with a list, by keys and with the mouse, as the APG describes it."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def visitor(visit):
    visitor = visit()
    visitor.go("/")
    return visitor


@pytest.fixture
def box(visitor):
    return visitor.page.get_by_role("banner").get_by_role("combobox", name="検索語", exact=True)


@pytest.fixture
def options(visitor):
    return visitor.page.get_by_role("listbox", name="検索候補").get_by_role("option")


def test_keys_walk_the_list_and_enter_opens(visitor, box, options):
    expect(box).to_have_attribute("aria-expanded", "false")
    box.fill("宮沢")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(visitor.page.get_by_role("status").filter(has_text="候補")).to_have_text(f"候補 {options.count()}件")
    assert 2 <= options.count() <= 8
    expect(visitor.page.get_by_role("group", name="著者")).to_be_visible()
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    expect(box).to_be_focused()
    box.press("ArrowUp")
    box.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("Enter")
    expect(visitor.h1).to_contain_text("宮沢賢治")


def test_enter_without_a_choice_searches_what_was_typed(visitor, box, options):
    box.fill("宮沢")
    expect(options.first).to_be_visible()
    box.press("Enter")
    expect(visitor.h1).to_contain_text("「宮沢」の検索結果")


def test_typing_on_lets_go_of_the_choice(visitor, box, options):
    box.fill("宮沢")
    expect(options.first).to_be_visible()
    box.press("ArrowDown")
    box.press("ArrowLeft")
    expect(box).not_to_have_attribute("aria-activedescendant", "suggest-1")
    box.press("End")
    box.press("ArrowDown")
    box.press_sequentially("賢")
    box.press("Enter")
    expect(visitor.h1).to_contain_text("「宮沢賢」の検索結果")


def test_escape_closes_and_then_empties(visitor, box, options):
    box.fill("宮沢")
    expect(options.first).to_be_visible()
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("宮沢")
    box.press("ArrowDown")  # asks once more
    expect(options.first).to_be_visible()
    box.press("Escape")
    box.press("Escape")
    expect(box).to_have_value("")


def test_tab_leaves_and_a_press_opens(visitor, box, options):
    box.fill("銀河")
    expect(options.first).to_be_visible()
    box.press("Tab")
    expect(options).to_have_count(0)
    expect(visitor.page.get_by_role("button", name="検索", exact=True)).to_be_focused()
    box.fill("銀河鉄道")
    options.first.click()
    visitor.page.wait_for_url("**/titles/*")


def test_a_press_counts_though_the_next_list_comes_under_it(visitor, box, options):
    box.fill("銀河")
    expect(options.first).to_be_visible()
    on_its_way = []
    visitor.page.route("**/suggest?*", lambda route: on_its_way.append(route))
    with visitor.page.expect_request("**/suggest?*"):
        box.fill("銀河鉄道")
    options.first.hover()
    visitor.page.mouse.down()
    with visitor.page.expect_response("**/suggest?*") as answer:
        on_its_way.pop().continue_()
    answer.value.finished()
    visitor.page.mouse.up()
    visitor.page.wait_for_url("**/titles/*")


def test_nothing_is_asked_while_an_input_method_composes(visitor, box, options):
    asked = []
    visitor.page.on("request", lambda request: asked.append(request.url) if "/suggest" in request.url else None)
    box.focus()
    send = visitor.context.new_cdp_session(visitor.page).send
    send("Input.imeSetComposition", {"text": "ぎんが", "selectionStart": 3, "selectionEnd": 3})
    visitor.page.evaluate("() => new Promise((done) => setTimeout(done, 400))")
    assert asked == []
    send("Input.insertText", {"text": "銀河"})
    expect(options.first).to_be_visible()
    assert len(asked) == 1
