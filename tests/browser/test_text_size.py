"""文字サイズ: three buttons that work with and without JavaScript and are remembered."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from library import clock, dates
from tests import factories
from tests.browser.visitor import EDIT

SIZES = ("小", "中", "大")
# the lines of an element, as they are seen
LINES = """element => {
    const lines = [], texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    let top = null;
    for (let text; (text = texts.nextNode()); ) {
        for (let place = 0; place < text.data.length; place++) {
            const range = document.createRange();
            range.setStart(text, place);
            range.setEnd(text, place + 1);
            const [box] = range.getClientRects();
            if (!box || !text.data[place].trim()) continue;
            if (top === null || box.top > top + 4) lines.push("");
            top = box.top;
            lines[lines.length - 1] += text.data[place];
        }
    }
    return lines;
}"""


def pressed(visitor):
    return [name for name in SIZES if visitor.text_size(name).get_attribute("aria-pressed") == "true"]


@pytest.mark.parametrize("js", [True, False], ids=["script", "plain"])
def test_the_root_size_follows_the_button(visit, js):
    visitor = visit(js=js)
    visitor.go("/login?next=/my/loans")
    assert pressed(visitor) == ["中"]
    fonts = []
    for name in SIZES:
        visitor.choose_text_size(name)
        assert pressed(visitor) == [name]
        fonts.append(visitor.root_font())
    assert fonts == sorted(set(fonts))
    assert fonts[1] >= 16
    visitor.arrives_at("/login?next=/my/loans", "ログイン")
    visitor.go("/")
    assert (pressed(visitor), visitor.root_font()) == (["大"], fonts[2])


def test_the_size_is_kept_with_the_patron(either, visit, patron):
    either.choose_text_size("大")
    either.go("/")
    assert pressed(either) == ["大"]
    other = visit()
    other.go("/login")
    other.choose_text_size("小")
    other.sign_in(patron.card_number, factories.PASSWORD)
    assert pressed(other) == ["大"]


def test_changing_the_size_loses_nothing_that_was_typed(visitor):
    visitor.go(EDIT)
    visitor.field("E-mail1").fill("abc@example.jp")
    visitor.choose_text_size("大")
    expect(visitor.field("E-mail1")).to_have_value("abc@example.jp")
    expect(visitor.text_size("大")).to_be_focused()


def test_without_script_one_comes_back_to_the_page_one_was_on(visit, patron):
    visitor = visit(js=False).sign_in(patron.card_number, factories.PASSWORD, "/my/profile/changes")
    visitor.choose_text_size("小")
    visitor.arrives_at("/my/profile/changes", "変更の記録")


def test_the_size_can_be_changed_before_the_first_password_is_set(visit, library):
    visitor = visit(js=False)
    with library.rows():
        born = factories.patron(password=None)
    visitor.go("/login")
    visitor.fill_sign_in(born.card_number, f"{born.birth_date:%m%d}")
    visitor.choose_text_size("大")
    visitor.arrives_at("/login/first-password", "はじめてのパスワード設定")


@pytest.mark.parametrize("width", [320, 390])
def test_in_large_letters_on_a_small_phone_no_word_of_a_heading_or_tile_is_parted(visit, patron, width):
    visitor = visit(width=width, height=844)
    visitor.be(patron.card_number)
    visitor.choose_text_size("大")
    heading, shelves = (each.evaluate(LINES) for each in visitor.main.locator("h2", has_text="さん").all())
    assert {*heading, *shelves} <= {
        patron.card_number, f"{patron.card_number}さんの", f"{patron.card_number}さんが", "さんの", "さんが", "ライブラリ",
        "さんのライブラリ", "作成した", "さんが作成した", "本棚一覧", "作成した本棚一覧",
    }  # fmt: skip
    names = [tile.evaluate(LINES) for tile in visitor.main.locator(".tile-name").all()]
    parted = {line for name in names for line in name if len(name) > 1}
    assert parted <= {"借りて", "いる", "借りている", "いる資料", "資料", "予約した", "借りた", "ことが", "借りたことが", "ある", "ことがある", "借りたことがある",
                      "ある資料", "ことがある資料", "電子書籍", "サービス"}  # fmt: skip


def test_a_state_with_a_day_is_a_line_of_text_on_a_small_phone(visit, library, patron):
    with library.rows():
        today = clock.today()
        told = {"on_shelf_on": today, "told_on": today, "pickup_by": today + timedelta(days=7)}
        factories.hold(patron, state="ready", item=factories.item(aside=True), **told)
    visitor = visit(width=320, height=844)
    visitor.be(patron.card_number, "/my/holds")
    visitor.choose_text_size("大")
    lines = visitor.main.locator(".hold-say").evaluate(LINES)
    day = dates.with_weekday(told["pickup_by"], year=False)
    assert "".join(lines) == f"本館で受け取れます。{day}まで取り置いています。"
    assert len(lines) <= 4 and any(day in line for line in lines), lines


@pytest.mark.parametrize("width", [320, 390])
def test_in_large_letters_on_a_small_phone_eight_letters_of_a_search_are_seen(visit, library, width):
    visitor = visit(width=width, height=844)
    visitor.go("/")
    visitor.choose_text_size("大")
    field = visitor.page.get_by_role("combobox", name="検索語")
    field.fill("銀河鉄道の夜を")
    field.press_sequentially("旅")
    assert field.evaluate("field => field.scrollWidth <= field.clientWidth")


def test_enlarged_four_times_the_edit_page_still_fits(visit, patron):
    """400 % of a window of 1280 pixels is a window of 320."""
    visitor = visit(width=320, height=256).sign_in(patron.card_number, factories.PASSWORD, EDIT)
    visitor.choose_text_size("大")
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visitor.field("予約受取館").select_option(label="龍田")
    visitor.update()


def test_in_large_letters_on_a_small_phone_not_found_is_one_line(visit, library):
    visitor = visit(width=320, height=844)
    visitor.go("/search?q=鑫麤龘噺鷺鷲")
    visitor.choose_text_size("大")
    assert visitor.main.get_by_text("見つかりません", exact=True).evaluate(LINES) == ["見つかりません"]
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_in_large_letters_on_a_phone_the_header_leaves_the_page_its_room(visit, library, patron):
    visitor = visit(width=390, height=844)
    visitor.go("/guide")
    visitor.choose_text_size("大")
    header = visitor.page.get_by_role("banner")
    assert header.bounding_box()["height"] <= 173
    visitor.be(patron.card_number, "/guide")
    assert header.bounding_box()["height"] <= 251
    visitor.page.set_viewport_size({"width": 320, "height": 844})
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("width", "seen"), [(390, False), (1280, True)])
def test_the_card_number_stands_in_the_strip_where_there_is_room(visit, library, patron, width, seen):
    visitor = visit(width=width, height=844)
    visitor.be(patron.card_number, "/guide")
    expect(visitor.page.get_by_role("banner").get_by_text(f"{patron.card_number}さん")).to_be_visible(visible=seen)
    expect(visitor.page.get_by_role("navigation", name="あなたのページ").get_by_role("link")).to_have_count(3)
