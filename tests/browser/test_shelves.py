"""本棚: put in order by keyboard, by mouse and by finger, each time told; and kept."""

import pytest
from playwright.sync_api import expect

from library import clock
from library.reading import shelved
from tests import factories

NAMES = ("こころ", "三四郎", "門", "草枕", "それから", "道草")


@pytest.fixture
def shelf(library, patron):
    with library.rows():
        return factories.shelf(patron, "夏の本", [factories.title(name) for name in NAMES])


def stand_in_order(visitor, names):
    expect(visitor.main.locator("ol label b")).to_have_text(names)


def stored_order(library, shelf):
    with library.rows():
        return [book.title for book in shelved.books(shelf)]


def says(visitor, words):
    expect(visitor.main.get_by_role("status").filter(has_text=words)).to_have_count(1)


def test_books_are_ordered_by_keyboard_alone_and_each_move_is_told(either, library, shelf):
    either.go(f"/my/shelves/{shelf.id}/order")
    keys = either.page.keyboard
    either.main.get_by_role("radio", name="三四郎").focus()
    keys.press("Space")
    keys.press("ArrowRight")
    expect(either.main.get_by_role("radio", name="門")).to_be_checked()
    either.button("先頭へ").focus()
    keys.press("Enter")
    says(either, "「門」を1番目にしました")
    expect(either.button("先頭へ")).to_be_focused()
    keys.press("Tab")
    keys.press("Tab")
    expect(either.button("後ろへ")).to_be_focused()
    keys.press("Enter")
    says(either, "「門」を2番目にしました")
    stand_in_order(either, ["こころ", "門", "三四郎", "草枕", "それから", "道草"])
    either.field("何番目（6まで）").fill("5")
    keys.press("Tab")
    keys.press("Enter")
    says(either, "「門」を5番目にしました")
    either.button("末尾へ").focus()
    keys.press("Enter")
    says(either, "「門」を6番目にしました")
    wanted = ["こころ", "三四郎", "草枕", "それから", "道草", "門"]
    stand_in_order(either, wanted)
    assert stored_order(library, shelf) == wanted


def middle(visitor, name):
    box = visitor.main.locator("ol label", has_text=name).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_book_is_drawn_to_its_place_by_mouse(visitor, library, shelf):
    visitor.go(f"/my/shelves/{shelf.id}/order")
    mouse = visitor.page.mouse
    mouse.move(*middle(visitor, "こころ"))
    mouse.down()
    mouse.move(*middle(visitor, "草枕"), steps=12)
    mouse.up()
    says(visitor, "「こころ」を4番目にしました")
    wanted = ["三四郎", "門", "草枕", "こころ", "それから", "道草"]
    stand_in_order(visitor, wanted)
    assert stored_order(library, shelf) == wanted
    mouse.move(*middle(visitor, "道草"))
    mouse.down()
    mouse.move(*middle(visitor, "門"), steps=12)
    visitor.page.keyboard.press("Escape")
    mouse.up()
    stand_in_order(visitor, wanted)
    assert stored_order(library, shelf) == wanted


def draw(visitor, name, to):
    mouse = visitor.page.mouse
    mouse.move(*middle(visitor, name))
    mouse.down()
    mouse.move(*middle(visitor, to), steps=12)
    mouse.up()


def test_a_book_is_moved_too_that_is_drawn_before_the_one_before_it_is_answered(visitor, library, shelf):
    visitor.go(f"/my/shelves/{shelf.id}/order")
    on_its_way = []
    visitor.page.route(f"**/my/shelves/{shelf.id}/**", lambda route: on_its_way.append(route), times=1)
    with visitor.page.expect_request(lambda request: request.method == "POST"):
        draw(visitor, "こころ", "門")
    draw(visitor, "道草", "三四郎")
    draw(visitor, "こころ", "それから")
    on_its_way.pop().continue_()
    says(visitor, "「こころ」を6番目にしました")
    wanted = ["道草", "三四郎", "門", "草枕", "それから", "こころ"]
    stand_in_order(visitor, wanted)
    assert stored_order(library, shelf) == wanted


class Finger:
    """Touches as the screen of a phone sends them."""

    def __init__(self, visitor):
        self.page, self.wire = visitor.page, visitor.context.new_cdp_session(visitor.page)

    def _send(self, kind, *points):
        touched = [{"x": x, "y": y} for x, y in points]
        self.wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})

    def down(self, point):
        self.at = point
        self._send("touchStart", point)

    def to(self, point, steps=10):
        (x, y), (to_x, to_y) = self.at, point
        for step in range(1, steps + 1):
            self._send("touchMove", (x + (to_x - x) * step / steps, y + (to_y - y) * step / steps))
        self.at = point

    def up(self):
        self._send("touchEnd")


def test_a_book_is_drawn_to_its_place_by_finger_and_a_swipe_scrolls(visit, library, patron, shelf):
    with library.rows():
        shelved.put(shelf, [factories.title(f"明暗{number}") for number in range(40)], today=clock.today())
    phone = visit(width=390, height=844, has_touch=True, is_mobile=True).sign_in(
        patron.card_number, factories.PASSWORD, f"/my/shelves/{shelf.id}/order"
    )
    finger, before = Finger(phone), stored_order(library, shelf)
    finger.down(middle(phone, "こころ"))
    expect(phone.main.locator(".dragged")).to_be_visible()
    finger.to(middle(phone, "門"))
    finger.up()
    says(phone, "「こころ」を3番目にしました")
    assert stored_order(library, shelf)[:3] == ["三四郎", "門", "こころ"]
    phone.page.clock.install(time=0)
    phone.page.clock.pause_at(1000)  # however slowly it swipes here, this finger rests nowhere
    x, y = middle(phone, "三四郎")
    finger.down((x, y))
    finger.to((x, y - 300))
    finger.up()
    expect(phone.h1).not_to_be_in_viewport()
    assert sorted(stored_order(library, shelf)) == sorted(before)
    assert stored_order(library, shelf)[:3] == ["三四郎", "門", "こころ"]


def test_shelves_are_drawn_too(visitor, library, patron):
    with library.rows():
        for name in ("夏", "秋", "冬"):
            factories.shelf(patron, name)
    visitor.go("/my/shelves/order")
    mouse = visitor.page.mouse
    mouse.move(*middle(visitor, "冬"))
    mouse.down()
    mouse.move(*middle(visitor, "夏"), steps=10)
    mouse.up()
    says(visitor, "「冬」を1番目にしました")
    visitor.go("/my/shelves")
    expect(visitor.main.locator(".shelf-names a")).to_have_text(["冬", "夏", "秋"])


def test_a_title_is_wanted_put_on_a_shelf_and_seen_there(either, library, patron):
    with library.rows():
        title = factories.catalogued(f"彼岸過迄{patron.id}", copies=1)
    either.go(f"/titles/{title.id}")
    either.press("本棚に入れる")
    expect(either.button("本棚に入れる")).to_have_attribute("aria-pressed", "true")
    either.follow("ほかの棚にも入れる")
    either.field("新しい本棚をつくる").check()
    either.field("棚の名前").fill("漱石")
    either.press("本棚に入れる")
    says(either, f"「{title.title}」を「漱石」に入れました")
    expect(either.main.get_by_role("list").get_by_role("link", name=title.title)).to_be_visible()
    either.press("一覧")
    either.press(f"「{title.title}」を読んだ本にする")
    says(either, "読んだ本にしました")


def test_a_file_is_chosen_with_japanese_words_and_named(visit, library, patron):
    with library.rows():
        shelf = factories.shelf(patron, "旅の本", [factories.title()])
    visitor = visit()
    visitor.be(patron.card_number, f"/my/shelves/{shelf.id}/import")
    expect(visitor.main.get_by_text("選択されていません")).to_be_visible()
    with visitor.page.expect_file_chooser() as chooser:
        visitor.main.get_by_text("ファイルを選ぶ").click(force=True)  # what is pressed lies over the words
    chooser.value.set_files({"name": "旅.csv", "mimeType": "text/csv", "buffer": "書名\n".encode()})
    expect(visitor.main.get_by_text("旅.csv")).to_be_visible()
