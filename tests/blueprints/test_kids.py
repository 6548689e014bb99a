"""こどものさがす, as a child sees it (spec 13, 3)."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from library import clock, policy
from library.catalog.fulltext import index, shelf_order
from models import CartRow, Item, Ranking
from scripts.check_tree import ROOT
from tests import factories
from tests.pages import Browser

KANJI = re.compile("[㐀-鿿々]")
WITH_RUBY = {"本", "予約", "入"}


@pytest.fixture
def put(app):
    """Add a title for children with a copy."""

    def put(name="ねこの 本", kana="", *, copies=1, call_number="K913.6 ミ", branch=None, **given):
        values = {"audience": "児童", "by": ("三枝やよい", "サエグサ ヤヨイ"), "ndc": "913.6"}
        made = factories.catalogued(name, title_kana=kana, **values | given)
        for _ in range(copies):
            factories.item(made, call_number=call_number, shelf="児童", branch=branch or factories.branch("本館"))
        shelf_order.write_keys([made.id])
        index.copies_changed()
        return made

    return put


@pytest.fixture
def many(put):
    """More stories than a child looks through: sixty of whales, one of cats."""
    for number in range(61):
        put(f"くじらの おはなし {number}", subjects=[("海", "")])
    return put("ねこの おはなし")


def covers(browse):
    return [link.select_one(".kids-title").get_text("", strip=True) for link in browse.page.select(".kids-books a")]


def tiles(browse):
    return [tile.get_text(strip=True) for tile in browse.page.select("main .topic > span")]


def link(browse, words):
    return next(each["href"] for each in browse.page.find_all("a") if each.get_text("", strip=True) == words)


def asked(address):
    return parse_qs(urlsplit(address).query)


# -- the frame -------------------------------------------------------------------------------------------------------
def test_the_first_page_has_five_doors_one_field_and_one_way_out(browse, put):
    put()
    answer = browse.get("/kids/")
    doors = [each.get_text(strip=True) for each in browse.page.select(".door > span")]
    assert doors == ["えで さがす", "あいうえおで さがす", "ほんだなを あるく", "にんきの ほん", "あたらしい ほん"]
    assert [each["name"] for each in browse.page.find_all("input")] == ["q"]
    out = [each["href"] for each in browse.page.find_all("a") if not each["href"].startswith(("/kids/", "#"))]
    assert out == ["/"]
    assert browse.page.find("html")["lang"] == "ja"
    assert not browse.page.find_all("script") and "Set-Cookie" not in answer.headers
    assert browse.page.find(id="text-size") is None


def test_the_frame_bears_the_name_of_the_library_in_kana(browse, app):
    policy.put("library_kana", "すずかけしりつ としょかん")
    browse.get("/kids/")
    assert browse.page.find("title").string == "こどもの さがす | すずかけしりつ としょかん"
    assert browse.page.select_one(".kids-name small").string == "すずかけしりつ としょかん"


def test_words_of_the_pages_are_in_kana():
    """But for 本 and the names of buttons that bear their readings."""
    for path in sorted((ROOT / "templates" / "kids").glob("*.html")):
        source = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
        found = set(re.findall("[㐀-鿿々]+", source))
        assert found <= WITH_RUBY, path.name


def test_a_library_without_it_has_no_such_page_and_no_link(browse, app):
    policy.put("kids", False)
    assert browse.get("/kids/").status_code == browse.get("/kids/pictures").status_code == 404
    for page in ("/", "/sitemap", "/sitemap-pages.xml"):
        assert "/kids/" not in browse.client.get(page).text


def test_grown_ups_find_it_by_one_link_in_the_footer_and_on_the_map(browse, app):
    browse.get("/")
    assert [each.parent.parent["class"] for each in browse.page.find_all("a", href="/kids/")] == [["footer-links"]]
    browse.get("/sitemap")
    assert len(browse.page.select("main a[href='/kids/']")) == 1
    assert "/kids/</loc>" in browse.client.get("/sitemap-pages.xml").text


def test_an_address_that_is_none_helps_on(browse, put):
    put(subjects=[("猫", "")])
    for address in ("/kids/pictures/none", "/kids/books/99999", "/kids/kana/x", "/kids/classes/x", "/kids/what/ever"):
        assert browse.get(address).status_code == 404
        assert browse.h1() == "この ページは ないよ。"
        assert link(browse, "さいしょから") == "/kids/" and "いぬと ねこ" in tiles(browse)


# -- pictures --------------------------------------------------------------------------------------------------------
def test_a_picture_without_titles_is_not_drawn(browse, put):
    put()
    browse.get("/kids/pictures")
    assert tiles(browse) == ["いぬと ねこ"]


def test_a_second_picture_narrows_and_either_is_taken_off_again(browse, put):
    put("ねこの えほん", subjects=[("絵本", "")])
    put("ねこの おはなし")
    browse.get("/kids/pictures/dogs-and-cats")
    assert browse.page.find(id="found").string == "2さつ あったよ"
    assert tiles(browse) == ["えほん", "ものがたり"]
    browse.get(link(browse, "えほん"))
    assert covers(browse) == ["ねこの えほん"]
    assert browse.h1() == "いぬと ねこと えほんの ほん"
    chips = {each["aria-label"]: each["href"] for each in browse.page.select(".chosen-chip")}
    assert chips == {
        "いぬと ねこを はずす": "/kids/pictures/picture-books",
        "えほんを はずす": "/kids/pictures/dogs-and-cats",
    }


def test_more_than_eight_pictures_that_narrow_stand_on_a_page_of_their_own(browse, put):
    put("ねこ")
    words = "ぞう とり むし うみ ロボット バス ほし あめ はな パン".split()
    for word in words:
        put(f"ねこと {word} の 本", word)
    browse.get("/kids/pictures/dogs-and-cats")
    assert len(tiles(browse)) == 8
    browse.get(link(browse, "ほかの えも みる"))
    assert browse.h1() == "もうひとつ えらぶ" and len(tiles(browse)) == len(words)
    assert link(browse, "もどる") == "/kids/pictures/dogs-and-cats"


def test_too_many_titles_ask_for_another_picture(browse, many):
    browse.get("/kids/pictures/stories")
    assert browse.h1() == "もうひとつ えを えらんで みよう。"
    assert "62さつ あったよ。" in browse.text() and covers(browse) == []
    browse.get(link(browse, "いぬと ねこ"))
    assert covers(browse) == ["ねこの おはなし"]


def test_a_list_that_nothing_narrows_is_shown_all_the_same(browse, put):
    for number in range(61):
        put(f"ものがたり {number}")
    browse.get("/kids/pictures/stories")
    assert len(covers(browse)) == 12


def test_twelve_covers_are_on_a_page_and_the_others_on_the_next(browse, put):
    for number in range(26):
        put(f"ねこ {number}")
    browse.get("/kids/pictures/dogs-and-cats")
    seen = covers(browse)
    assert link(browse, "もどる") == "/kids/pictures"
    browse.get(link(browse, "つぎの 12さつ"))
    assert link(browse, "もどる") == "/kids/pictures/dogs-and-cats"
    seen += covers(browse)
    browse.get(link(browse, "つぎの 2さつ"))
    seen += covers(browse)
    assert len(seen) == len(set(seen)) == 26 and "つぎの" not in browse.text()


# -- a word ----------------------------------------------------------------------------------------------------------
def test_a_word_finds_books_as_it_is_spoken(browse, put):
    put("子犬が来た", "コイヌ ガ キタ")
    put("犬の法律", "イヌ ノ ホウリツ", audience="一般")
    browse.get("/kids/search?q=こいぬ")
    assert browse.h1() == "「こいぬ」の ほん"
    (title,) = browse.page.select(".kids-title")
    assert [each.string for each in title.find_all("rt")] == ["こいぬ", "き"]
    assert browse.page.find(id="q")["value"] == "こいぬ"


def test_a_word_that_finds_nothing_leads_to_pictures(browse, put):
    put()
    browse.get("/kids/search?q=もぐら")
    assert browse.h1() == "この ことばでは みつかりませんでした。"
    assert "えから さがして みよう。" in browse.text()
    assert tiles(browse) == ["いぬと ねこ", "ものがたり"] and browse.page.find(id="q")["value"] == "もぐら"


def test_a_word_that_finds_too_many_is_narrowed_by_a_picture(browse, many):
    browse.get("/kids/search?q=おはなし")
    assert browse.h1() == "もうひとつ えを えらんで みよう。"
    address = link(browse, "いぬと ねこ")
    assert asked(address) == {"q": ["おはなし"], "with": ["dogs-and-cats"]}
    browse.get(address)
    assert covers(browse) == ["ねこの おはなし"]


def test_no_word_leads_to_the_first_page(browse, app):
    assert browse.get("/kids/search?q=+").location == "/kids/"


# -- the other doors -------------------------------------------------------------------------------------------------
def test_kana_with_titles_can_be_pressed_and_the_others_keep_their_place(browse, put):
    put("がっこう", "ガッコウ")
    browse.get("/kids/kana")
    assert [each["href"] for each in browse.page.select(".kana-key")] == ["/kids/kana/%E3%81%8B"]
    assert len(browse.page.select(".kana-none")) == 49
    browse.get("/kids/kana/か")
    assert covers(browse) == ["がっこう"] and link(browse, "もどる") == "/kids/kana"


def test_popular_books_come_in_the_order_of_their_list(browse, put):
    made = [put(name) for name in ("一", "二", "三")]
    place = {"name": "loans", "span": "half", "audience": "child"}
    for number, title in enumerate(reversed(made), 1):
        Ranking.create(**place, place=number, title=title)
    browse.get("/kids/popular")
    assert covers(browse) == ["三", "二", "一"]


def test_new_books_are_those_of_the_last_months_and_where_none_is_pictures_help(browse, put):
    put("むかしの ねこ", accession_date=clock.today() - timedelta(days=300))
    browse.get("/kids/new")
    assert browse.h1() == "いまは まだ ないよ。" and "いぬと ねこ" in tiles(browse)
    put("きのうの ねこ", accession_date=clock.today() - timedelta(days=1))
    browse.get("/kids/new")
    assert covers(browse) == ["きのうの ねこ"]


def test_the_shelf_is_walked_twelve_books_at_a_time_both_ways(browse, put):
    for number in range(30):
        put(f"本{number}", call_number=f"K913.6 {chr(ord('ア') + number)}", ndc="913.6")
    browse.get("/kids/classes")
    assert [each["href"] for each in browse.page.select(".door")] == ["/kids/classes/9"]
    browse.get("/kids/classes/9")
    met = []
    while True:
        spines = [each["href"] for each in browse.page.select(".spine")]
        assert len(spines) <= 12
        met += spines
        if "つぎの たな" not in browse.text():
            break
        browse.get(link(browse, "つぎの たな"))
    assert len(met) == len({urlsplit(each).path for each in met}) == 30
    browse.get(link(browse, "まえの たな"))
    assert len(browse.page.select(".spine")) == 12


# -- a book ----------------------------------------------------------------------------------------------------------
def test_a_book_that_is_in_says_where_it_stands(browse, put):
    book = put("子犬が来た", "コイヌ ガ キタ", branch=factories.branch("東部", name_kana="トウブ"))
    browse.get(f"/kids/books/{book.id}")
    said = browse.page.select_one(".kids-say").get_text(" ", strip=True)
    assert said == "ある とうぶで かりられるよ。"
    place = browse.page.select_one(".place-card")
    assert [each.string for each in place.select(".call b")] == ["K913.6", "ミ"]
    assert "こどもの ほんだな" in place.get_text() and "9の たな「おはなし」" in place.get_text("", strip=True)
    assert place.find("svg")["aria-label"] == "10の たなの うち、9の たな"
    assert "よやくは カウンターで きいてね。" in browse.text()
    assert "さえぐさ やよい" in browse.text()


def test_a_book_that_is_lent_says_when_it_comes_back(browse, put, patron):
    book = put()
    factories.loan(patron, item=book.items[0], due_on=clock.today() + timedelta(days=3))
    browse.get(f"/kids/books/{book.id}")
    due = clock.today() + timedelta(days=3)
    said = browse.page.select_one(".kids-say").get_text(" ", strip=True)
    assert said == f"かりられている {due.month}がつ{due.day}にちごろ かえってくる"


def test_a_book_that_is_late_names_no_day(browse, put, patron):
    book = put()
    factories.loan(patron, item=book.items[0], due_on=clock.today() - timedelta(days=3))
    browse.get(f"/kids/books/{book.id}")
    assert browse.page.select_one(".kids-say").get_text(" ", strip=True) == "かりられている"


def test_a_book_at_another_branch_is_named_with_its_state(browse, put, patron):
    book = put(branch=factories.branch("東部", name_kana="トウブ"))
    lent = factories.item(book, branch=factories.branch("西部", name_kana="セイブ"))
    factories.loan(patron, item=lent, due_on=clock.today() + timedelta(days=3))
    browse.get(f"/kids/books/{book.id}")
    assert browse.page.select_one(".kids-else").get_text(" ", strip=True).startswith("せいぶ かりられている")


def test_a_book_leads_back_to_its_list_and_nowhere_else(browse, put):
    book = put()
    browse.get("/kids/pictures/dogs-and-cats")
    browse.get(browse.page.select_one(".kids-books a")["href"])
    assert link(browse, "もどる") == "/kids/pictures/dogs-and-cats"
    for elsewhere in ("https://example.com/", "//example.com/", "/my/", "/kids/\\example.com"):
        browse.get(f"/kids/books/{book.id}", query_string={"from": elsewhere})
        assert link(browse, "もどる") == f"/kids/shelf/{book.id}"


def test_a_sheet_to_be_printed_says_where_the_book_stands(browse, put):
    book = put()
    browse.get(f"/kids/books/{book.id}")
    browse.get(link(browse, "かみに いんさつ"))
    assert browse.h1() == "ねこの 本" and browse.page.select_one(".kids-sheet .call")
    assert link(browse, "もどる").startswith(f"/kids/books/{book.id}")


def test_a_patron_who_is_signed_in_puts_the_book_into_the_cart_and_stays(browse, put, patron):
    book = put()
    browse.be(patron)
    browse.get(f"/kids/books/{book.id}")
    (button,) = browse.page.select("main form button")
    assert button.get_text(strip=True) == "予約かごに入れる"
    assert [each.get_text() for each in button.find_all("ruby")] == ["予約", "入"]
    answer = browse.post("/my/cart/titles", browse.form())
    assert urlsplit(answer.location).path == f"/kids/books/{book.id}"
    browse.get(answer.location)
    assert browse.page.find(role="status").string == "かごに いれたよ。"
    assert CartRow.get().title_id == book.id and browse.page.select("main form") == []
    assert Item.select().count() == 1


# -- こども端末 --------------------------------------------------------------------------------------------------------
@pytest.fixture
def at_terminal(app):
    """A browser that the desk made a こども端末."""
    browser = Browser(app)
    browser.be(factories.staff())
    browser.get("/desk/terminal")
    browser.post("/desk/terminal", {"mark": "kids"})
    browser.get("/desk/terminal")
    assert "このブラウザーは、こども端末です。" in browser.text()
    browser.post("/logout")
    return browser


def test_a_terminal_for_children_opens_nothing_else(at_terminal):
    for address in ("/", "/search?q=猫", "/login", "/my/", "/what"):
        assert at_terminal.client.get(address).location == "/kids/"
    at_terminal.get("/kids/")
    assert "おとなの" not in at_terminal.text()
    assert at_terminal.page.find(id="idle")["data-first"] == "/kids/"


def test_a_terminal_for_children_becomes_an_ordinary_one_at_the_desk(at_terminal):
    at_terminal.be(factories.staff())
    at_terminal.get("/desk/terminal")
    at_terminal.post("/desk/terminal", {"mark": "yes"})
    at_terminal.get("/")
    assert at_terminal.h1() == "トップページ"
    at_terminal.get("/desk/terminal")
    assert "このブラウザーは、館内端末です。" in at_terminal.text()


def test_a_terminal_for_children_in_a_library_without_them_is_an_ordinary_one(at_terminal):
    policy.put("kids", False)
    assert at_terminal.get("/").status_code == 200
