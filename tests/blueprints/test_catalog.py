"""Search, title pages and browsing, as anybody sees them."""

import re
from datetime import date, timedelta
from urllib.parse import quote

import pytest

from library import clock, dates
from library.catalog import records
from models import Item
from tests import factories
from tests.pages import Browser


@pytest.fixture
def books(app):
    made = {
        "こころ": factories.catalogued("こころ", title_kana="ココロ", copies=2, publisher="岩波書店", year=1989,
        isbns=["978-4-00-310111-5"],
                                     subjects=[("友情", "ユウジョウ")], language="jpn", extent="300p ; 15cm"),
        "門": factories.catalogued("門", title_kana="モン", copies=1, audience="児童"),
        "羅生門": factories.catalogued("羅生門", title_kana="ラショウモン", by=("芥川龍之介", "アクタガワ, リュウノスケ"), year=1915),
        "日本史": factories.catalogued("日本史", title_kana="ニホンシ", by=("網野善彦", "アミノ, ヨシヒコ"), ndc="210",
        accession_date=date(2026, 11, 20)),
    }  # fmt: skip
    factories.item(made["羅生門"], branch=factories.branch("東部"), state="reference")
    return made


def titles(browse):
    return [heading.get_text(strip=True) for heading in browse.page.select(".row-title")]


def h1(browse):
    return re.sub(r"\s+", " ", browse.page.find("h1").get_text())


def test_the_heading_says_what_was_searched_and_how_much_was_found(browse, books):
    browse.get("/search?q=門")
    assert h1(browse) == "「門」の検索結果 2件"
    assert titles(browse) == ["門", "羅生門"]
    before = re.sub(r' data-[a-z]+="[^"]*"', "", str(browse.page.body).partition("<h1")[0])
    assert not re.search(r"\d+\s*件", before)


def test_the_box_of_every_page_searches_and_keeps_what_was_searched(browse, books):
    browse.get("/")
    form = browse.page.find("header").find("form", {"action": "/search"})
    assert form.get("method", "get").lower() == "get"
    label = browse.page.find("label", {"for": form.find("input", {"name": "q"})["id"]})
    assert label.get_text(strip=True) == "検索語"
    browse.get("/search?q=" + quote("こころ"))
    assert browse.page.find("header").find("input", {"name": "q"})["value"] == "こころ"


@pytest.mark.parametrize(
    "words",
    [
        "心",
        "こころ",
        "ココロ",
        "ｺｺﾛ",
        "kokoro",
        "夏目漱石",
        "漱石　こころ",
        "なつめ",
        "978-4-00-310111-5",
        "4003101111",
        "友情",
        "岩波",
    ],
)
def test_a_title_is_found_by_all_that_it_is_known_by(browse, books, words):
    browse.get("/search?q=" + quote(words))
    assert "こころ" in titles(browse) or words == "心"


def test_one_title_alone_has_neither_order_nor_count_above_it(browse, books):
    browse.get("/search?q=羅生門")
    assert browse.page.select_one(".results-list .book") and not browse.page.select(".sort, .results-shown")


def test_a_row_says_what_the_book_is_and_where_it_stands(browse, books):
    browse.get("/search?q=こころ")
    text = browse.text()
    for said in ("夏目漱石", "岩波書店 1989年", "913.6 ナ", "在架 2冊", "本館"):
        assert said in text


def test_the_states_are_told_in_words(browse, books, patron):
    item = factories.item(books["日本史"])
    factories.loan(patron, item=item, due_on=date(2026, 12, 9))
    factories.hold(factories.patron(), books["日本史"])
    browse.get("/search?q=日本史")
    assert (
        "貸出中（返却予定 12月9日(水)）" in browse.text().replace("貸出中 ", "貸出中")
        and "予約 1人待ち" in browse.text()
    )
    browse.get("/search?q=羅生門")
    assert "館内でご覧いただけます" in browse.text()


def sentences_of(browse, title):
    browse.get(f"/titles/{title.id}")
    return browse.page.select_one(".title-state").find_all("p", recursive=False)


def test_a_title_says_of_all_its_copies_whether_one_is_in(browse, patron):
    title = factories.title()
    copies = [factories.item(title, branch=factories.branch(name)) for name in ("本館", "龍田", "龍田", "龍田")]

    def sentences():
        return [each.get_text(strip=True) for each in sentences_of(browse, title)]

    assert sentences() == ["4冊あります。", "いま本館・龍田で借りられます。"]
    factories.loan(patron, clock.today() + timedelta(days=4), item=copies[0])
    assert sentences() == ["4冊あります。", "いま龍田で借りられます。"]
    Item.update(state="repair").where(Item.id == copies[1].id).execute()
    for copy in copies[2:]:
        factories.loan(patron, clock.today() + timedelta(days=9), item=copy)
    soonest = dates.with_weekday(clock.today() + timedelta(days=4)).partition("年")[2]
    first = f"いちばん早い返却予定は{soonest}（本館）です。"
    assert sentences() == ["4冊のうち3冊が貸出中です。", first, "いま予約すると1番目です。"]
    factories.hold(factories.patron(), title)
    factories.hold(factories.patron(), title)
    factories.loan(patron, clock.today() + timedelta(days=9), item=copies[1])
    assert sentences() == ["4冊とも貸出中です。", first, "いま予約すると3番目です。"]


def test_a_late_copy_is_not_promised_for_a_day_that_is_over(browse, patron):
    title = factories.catalogued("門", copies=1)
    factories.loan(patron, clock.today() - timedelta(days=3), item=title.items.get())
    assert [each.get_text(strip=True) for each in sentences_of(browse, title)][:2] == [
        "貸出中です。",
        "返却が遅れています。",
    ]
    assert browse.page.select_one(".copy-back").get_text(strip=True) == "返却が遅れています"


def test_the_copies_of_ones_own_branch_come_first(signed_in, patron):
    title = factories.title()
    names = ("本館", "東部", "龍田", "中央")
    copies = {name: factories.item(title, branch=factories.branch(name)) for name in names}
    for name, days in (("本館", 9), ("東部", 4), ("中央", 12)):
        factories.loan(factories.patron(), clock.today() + timedelta(days=days), item=copies[name])
    patron.pickup_branch = copies["中央"].branch
    patron.save()
    signed_in.get(f"/titles/{title.id}")
    listed = [each.get_text(" ", strip=True) for each in signed_in.page.select(".copies > li > span:first-child")]
    assert listed == ["中央 受取館", "龍田", "東部", "本館"]


def test_a_row_names_the_own_branch_first(signed_in, patron):
    title = factories.catalogued("硝子戸の中")
    copies = [factories.item(title, branch=factories.branch(name)) for name in ("本館", "龍田")]
    patron.pickup_branch = copies[1].branch
    patron.save()
    signed_in.get("/search?q=硝子戸の中")
    assert signed_in.page.select_one(".book-state .whole").get_text() == "龍田・本館"


def test_a_row_does_not_count_the_reader_among_those_who_wait(signed_in, patron):
    copy = factories.item(factories.catalogued("硝子戸の中"))
    factories.hold(patron, copy.title, state="in_transit", item=copy, pickup_branch=copy.branch)
    signed_in.get("/search?q=硝子戸の中")
    assert "人待ち" not in signed_in.page.select_one(".book").get_text()


def test_price_and_accession_are_told_to_the_staff_alone(browse, app):
    title = factories.catalogued("門", price="1,550円", accession_date=date(2025, 1, 1), copies=1)
    browse.get(f"/titles/{title.id}")
    assert not {"価格", "受入日"} & {each.get_text() for each in browse.page.select("dt")}
    clerk = Browser(app)
    clerk.be(factories.staff())
    clerk.get(f"/titles/{title.id}")
    assert {"価格", "受入日"} <= {each.get_text() for each in clerk.page.select("dt")}


def test_a_page_of_twenty_results_has_few_links_and_one_control_a_row(signed_in):
    for number in range(24):
        given = {"ndc": f"{number % 10}1{number % 7}", "year": 1950 + 3 * number, "by": (f"著者{number}", "")}
        factories.item(factories.catalogued(f"海の話{number}", **given), branch=factories.branch(f"館{number}"))
    signed_in.get("/search?q=海の話")
    main = signed_in.page.find("main")
    assert len(main.select(".book")) == 20 and len(main.select("a[href]")) <= 72
    assert {len(row.select("button, input:not([type=hidden]), select")) for row in main.select(".book")} == {1}


def test_all_values_of_a_facet_are_one_press_away(browse):
    for number in range(9):
        factories.item(factories.catalogued(f"海の話{number}"), branch=factories.branch(f"館{number}"))
    browse.get("/search?q=海の話")
    assert len([each for each in choices(browse) if each.startswith("館")]) == 4
    assert not browse.page.select_one(".facets details").has_attr("open")
    browse.get(browse.page.select_one(".facets .target")["href"])
    assert len([each for each in choices(browse) if each.startswith("館")]) == 9
    assert browse.page.select_one(".facets details").has_attr("open")


def test_facets_are_links_with_counts_and_can_be_taken_off_again(browse, books):
    browse.get("/search?q=門")
    link = next(link for link in browse.page.select("a") if link.get_text(strip=True).startswith("児童"))
    assert link["href"] == f"/search?q={quote('門')}&audience={quote('児童')}"
    browse.get(link["href"])
    assert h1(browse) == "「門」の検索結果 1件"
    assert "対象：児童" in browse.text()
    off = next(link for link in browse.page.select("a") if "はずす" in link.get_text())
    assert off["href"] == f"/search?q={quote('門')}"


def test_a_chosen_value_is_named_though_no_title_has_it(browse, books):
    factories.branch("駅前分館", code="E9")
    browse.get("/search?q=門&branch=E9&ndc_class=4&decade=1800&format=braille")
    shown = browse.text()
    assert all(
        chip in shown for chip in ("館：駅前分館", "分類：4 自然科学", "出版年：1800年代", "利用しやすい形式：点字")
    )


def test_where_nothing_is_found_there_are_other_ways_to_look(browse, books):
    browse.get("/search?q=これはない")
    ways = [link["href"].partition("?")[0] for link in browse.page.select(".next-ways a")]
    assert ways == ["/reference", "/shelf", "/new", "/rankings/loans"]
    assert browse.page.find("main").find("a", string="詳細検索で条件を変える")["href"].endswith(quote("これはない"))


def test_the_words_go_to_a_search_over_other_libraries_where_there_is_one(browse, books, app):
    app.config["CROSS_SEARCH_URL"] = "https://search.example.jp/?q={q}&all"
    browse.get("/search?q=" + quote("これは&ない -門"))
    link = browse.page.find("a", string="県内の図書館をまとめて探す")
    assert link["href"] == f"https://search.example.jp/?q={quote('これは&ない', safe='')}&all"
    browse.get("/search?q=門")
    assert not browse.page.find("a", string="県内の図書館をまとめて探す")
    browse.get("/search?ndc=5")
    assert h1(browse).endswith(" 0件") and not browse.page.find("a", string="県内の図書館をまとめて探す")


def test_titles_left_out_by_a_limit_are_counted(browse, books):
    browse.get(f"/search?q={quote('羅生門 芥川')}&available=1")
    link = next(link for link in browse.page.select(".counts a") if "を外すと" in link.get_text())
    assert link.get_text(strip=True) == "「在架だけ」を外すと1件"
    browse.get(link["href"])
    assert titles(browse) == ["羅生門"]
    browse.get("/search?q=門&branch=x&audience=児童&year_to=1916")
    assert not [link for link in browse.page.select(".counts a") if "を外すと" in link.get_text()]
    browse.get("/search?q=羅生門&audience=児童&year_to=1916")
    limits = [link.get_text(strip=True) for link in browse.page.select(".counts a") if "を外すと" in link.get_text()]
    assert limits == ["「対象：児童」を外すと1件"]


def test_nothing_found_says_so_and_what_each_word_would_find(browse, books):
    browse.get("/search?q=" + quote("こころ 存在しないことば"))
    assert h1(browse) == "「こころ 存在しないことば」の検索結果 0件"
    assert titles(browse) == []
    assert browse.page.find("a", href=f"/search?q={quote('こころ')}")
    browse.get("/search?q=" + quote("夏目瀬石 存在しないことば"))
    mended = browse.page.select_one(f".counts a[href='/search?q={quote('夏目漱石')}']")
    assert mended.get_text(" ", strip=True) == "「夏目漱石」に直すと 2件"


def test_pages_have_stable_addresses(browse, app):
    for number in range(45):
        factories.catalogued(f"猫の本 {number:02}")
    browse.get("/search?q=猫&sort=title")
    seen = titles(browse)
    while following := browse.page.find("a", string=re.compile("次のページ")):
        browse.get(following["href"])
        seen += titles(browse)
    assert seen == [f"猫の本 {number:02}" for number in range(45)]
    assert browse.page.find(attrs={"aria-current": "page"}).get_text(strip=True) == "3"


def test_the_order_can_be_chosen_without_javascript(browse, books):
    browse.get("/search?q=門&material=図書")
    form = browse.page.find("select", {"name": "sort"}).find_parent("form")
    sent = {field["name"]: field.get("value") for field in form.find_all("input")}
    assert (form["action"], sent) == ("/search", {"q": "門", "material": "図書"})
    browse.get("/search?q=門&sort=oldest")
    assert titles(browse) == ["羅生門", "門"]
    assert browse.page.find("option", selected=True)["value"] == "oldest"


@pytest.mark.parametrize("query", ["", "?q=", "?page=99999999999", "?q=%00%ff", "?q=" + "あ" * 10_000,
    "?sort=x&year_from=abc&branch=zzz",
                                   "?q=%22AND%22+OR+NOT+%2A+%29%28", "?author=99999999999999999999", "?author=²",
                                   "?ndc=%27%3B--"])  # fmt: skip
def test_any_address_is_answered(browse, books, query):
    assert browse.get("/search" + query).status_code == 200


def test_without_a_word_everything_is_shown(browse, books):
    browse.get("/search")
    assert h1(browse) == "すべての資料 4件"


def test_the_advanced_form_asks_what_search_answers(browse, books):
    browse.get("/search/advanced")
    form = browse.page.find("main").find("form")
    assert (form["action"], form.get("method", "get").lower()) == ("/search", "get")
    browse.get(
        "/search?field=title&way=equals&join=and&text=門&field=author&way=starts&join=not&text=芥川&year_from=&year_to="
    )
    assert titles(browse) == ["門"]
    assert h1(browse) == "詳細検索の検索結果 1件"
    assert "書名が門と一致する" in browse.text() and "著者名が芥川で始まるものを除く" in browse.text()


def test_the_advanced_form_opens_with_what_was_asked(browse, books):
    browse.get("/search?field=title&way=starts&join=and&text=こ&ndc=913&year_from=1980")
    link = browse.page.find("main").find("a", href=re.compile("/search/advanced"))
    browse.get(link["href"])
    texts = [field.get("value", "") for field in browse.page.find_all("input", {"name": "text"})]
    assert texts[0] == "こ" and not any(texts[1:])
    assert browse.page.find("input", {"name": "ndc"})["value"] == "913"
    assert browse.page.find("input", {"name": "year_from"})["value"] == "1980"
    assert browse.page.find("select", {"name": "way"}).find("option", selected=True)["value"] == "starts"


def test_a_title_page_tells_all_of_the_title(browse, books):
    factories.catalogued("門柱")
    browse.get(f"/titles/{books['こころ'].id}")
    text = browse.text()
    assert h1(browse).strip() == "こころ"
    for said in (
        "夏目漱石",
        "岩波書店",
        "1989年",
        "300p",
        "日本語",
        "978-4-00-310111-5",
        "ココロ",
        "2冊",
        "在架",
        "913.6 ナ",
    ):
        assert said in text
    imprint = [part.get_text() for part in browse.page.select(".title-imprint .whole")]
    assert imprint == ["岩波書店", "1989年", "300p", "15cm"]
    subject = browse.page.find("a", string="友情")
    browse.get(subject["href"])
    assert titles(browse) == ["こころ"]


def test_from_a_title_one_comes_to_its_class_author_and_neighbours(browse, books):
    browse.get(f"/titles/{books['こころ'].id}")
    addresses = {link["href"] for link in browse.page.find("main").select("a")}
    assert {f"/titles/{books[name].id}" for name in ("門", "羅生門", "日本史")} <= addresses
    browse.get(next(address for address in addresses if address.startswith("/people/")))
    assert {link.get_text() for link in browse.page.select(".edition-name a")} == {"こころ", "門"}


def test_each_class_of_several_is_a_link_of_its_own(browse):
    row = factories.catalogued("海の話", ndc="913.6 452.1")
    browse.get(f"/titles/{row.id}")
    for text in ("913.6 小説．物語", "452.1 海洋学"):
        assert "ndc=" + text.split()[0] in browse.page.find("a", string=text)["href"]


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ("ndc=%25", "分類「%」は使えないため、外しました。"),
        ("ndc=፩", "分類「፩」は使えないため、外しました。"),
        ("year_from=むかし", "出版年（から）「むかし」は使えないため、外しました。"),
        ("year_to=19xx年", "出版年（まで）「19xx年」は使えないため、外しました。"),
    ],
)
def test_a_condition_that_is_not_understood_is_said_and_stays_in_the_form(browse, books, condition, sentence):
    browse.get(f"/search?q=門&{condition}")
    assert sentence in browse.text() and titles(browse) == ["門", "羅生門"]
    browse.get(browse.page.find("a", string="詳細検索で条件を変える")["href"])
    name = condition.partition("=")[0]
    assert sentence in browse.text() and browse.page.find(id=name)["value"] in sentence


def test_a_year_may_be_of_an_era(browse, books):
    browse.get("/search?year_from=昭和5&year_to=平成元年")
    assert titles(browse) == ["こころ"] and "出版年 1930年から1989年まで" in browse.text()


def choices(browse):
    return {item.get_text("", strip=True): item.find("a") for item in browse.page.select(".facets li")}


def test_copies_at_hand_come_first_with_their_number(browse, books, patron):
    factories.loan(patron, item=books["門"].items.get())
    browse.get("/search?q=")
    words, link = next(iter(choices(browse).items()))
    assert words == "在架だけ1"
    browse.get(link["href"])
    assert titles(browse) == ["こころ"] and next(iter(choices(browse))) == "在架だけはずす"


def test_where_nothing_is_at_hand_there_is_no_link_to_it(browse, books):
    browse.get("/search?q=日本史")
    assert choices(browse)["在架だけ0"] is None


def test_languages_are_a_facet(browse, books):
    factories.catalogued("Kokoro", language="eng", copies=1)
    browse.get("/search?q=")
    assert "日本語1" in choices(browse)
    browse.get(choices(browse)["英語1"]["href"])
    assert titles(browse) == ["Kokoro"] and "言語：英語" in browse.page.select_one(".chips").get_text()


def test_a_class_without_titles_is_no_link(browse, books):
    browse.get("/classes")
    assert [item.get_text("", strip=True) for item in browse.page.select(".counts li:has(a)")] == ["2歴史1", "9文学3"]
    assert len(browse.page.select(".counts li")) == 10


def test_a_language_is_told_in_words(browse, books):
    browse.get("/search?language=jpn")
    assert "言語：日本語" in browse.text() and "jpn" not in browse.text()
    browse.get("/search/advanced")
    assert "日本語" in [option.get_text() for option in browse.page.select("#language option")]


@pytest.mark.parametrize("text", ["゛", "゜", "\u200b", "\u0301"])
def test_a_sign_that_is_no_word_does_not_find_everything(browse, books, text):
    browse.get(f"/search?q={quote(text)}")
    assert h1(browse).endswith(" 0件")


def test_a_class_in_the_box_leads_to_the_class_alone(browse, books):
    factories.catalogued("210の謎", by=None, ndc="410")
    browse.get("/search?q=210")
    assert titles(browse) == ["210の謎", "日本史"]
    link = browse.page.find("a", string="分類 210 だけを見る（1件）")
    before = re.sub(r' data-[a-z]+="[^"]*"', "", str(browse.page.body).partition("<h1")[0])
    assert not re.search(r"\d+\s*件", before)
    browse.get(link["href"])
    assert titles(browse) == ["日本史"]
    browse.get("/search?q=網野 210")
    assert browse.page.find("a", string="分類 210 だけを見る（1件）") and titles(browse) == ["日本史"]


def test_a_word_that_is_left_out_is_named_and_is_a_row_of_its_own_in_the_form(browse, books):
    browse.get(f"/search?q={quote('門 -羅生門')}")
    assert titles(browse) == ["門"] and "「羅生門」を除く" in browse.text()
    browse.get(browse.page.find("a", string="詳細検索で条件を変える")["href"])
    second = browse.page.select(".ask")[1]
    assert second.find("input", id="text-2")["value"] == "羅生門"
    assert second.select_one("#join-2 option[selected]")["value"] == "not"
    browse.get(f"/search?q={quote('210 -羅生門')}")
    assert titles(browse) == ["日本史"] and not browse.page.find("a", string=re.compile("だけを見る"))


def test_a_pasted_reference_is_read_and_the_page_says_so(browse, books):
    browse.get(f"/search?q={quote('芥川竜之介『羅生門』（阿蘭陀書房、1917年）')}")
    assert titles(browse) == ["羅生門"]
    assert "引用として読みました：書名「羅生門」 著者「芥川竜之介」（1917年は使いません）" in browse.text()
    browse.get(f"/search?q={quote('羅生門')}")
    assert "引用として" not in browse.text()


def test_other_titles_are_shown_and_found_as_titles(browse, books):
    names = [("別書名", "夜の汽車", "ヨル ノ キシャ", ""), ("統一書名", "銀河の旅", "", "Ginga no tabi")]
    book = factories.catalogued("銀河鉄道の夜", names=[records.OtherTitle(*name) for name in names])
    factories.catalogued("夜の汽車の話")
    for words in ("夜の汽車", "よるのきしゃ", "ginga no tabi", "銀河の旅"):
        browse.get(f"/search?q={words}")
        assert titles(browse)[0] == "銀河鉄道の夜", words
    browse.get(f"/titles/{book.id}")
    facts = {
        row.find("dt").get_text(): row.find("dd").get_text(" ", strip=True)
        for row in browse.page.select(".title-facts > div")
    }
    assert (facts["別書名"], facts["統一書名"]) == ("夜の汽車", "銀河の旅")


def test_the_way_back_leads_to_the_results_one_came_from(browse, books):
    address = f"/titles/{books['こころ'].id}"
    browse.get(address, headers={"Referer": "http://localhost/search?q=心&page=2"})
    assert browse.page.find("a", string="検索結果")["href"] == "/search?q=心&page=2"
    for elsewhere in ("http://elsewhere.example.com/search?q=x", "http://localhost/my/", "::", "http://[::1", ""):
        browse.get(address, headers={"Referer": elsewhere})
        assert browse.page.find("a", string="検索結果") is None


def test_nobody_who_borrows_is_named_on_a_title_page(browse, books, patron):
    factories.loan(patron, item=factories.item(books["日本史"]))
    browse.get(f"/titles/{books['日本史'].id}")
    assert patron.card_number not in str(browse.page) and patron.name not in str(browse.page)


@pytest.mark.parametrize("address", ["/titles/99999", "/titles/99999999999999999999", "/titles/x",
    "/isbn/9784003101993", "/isbn/x", "/classes/99x",
                                     "/classes/9999", "/authors/x"])  # fmt: skip
def test_a_title_that_is_not_there_is_404(browse, books, address):
    assert browse.get(address).status_code == 404


def test_classes_are_browsed_in_words_down_to_the_titles(browse, books):
    browse.get("/classes")
    for expected in ("文学", "日本文学", "小説"):
        link = next(link for link in browse.page.find("main").select("a") if expected in link.get_text())
        browse.get(link["href"])
    assert set(titles(browse)) == {"こころ", "門", "羅生門"}


def test_authors_are_browsed_by_kana(browse, books):
    browse.get("/authors/な")
    link = next(link for link in browse.page.find("main").select("a") if "夏目漱石" in link.get_text())
    browse.get(link["href"])
    assert {link.get_text() for link in browse.page.select(".edition-name a")} == {"こころ", "門"}


def test_new_titles_are_listed_and_fed(browse, books, app):
    browse.get("/new")
    assert titles(browse) == ["日本史"] and "11月20日(金)受入" in browse.text()
    feed = app.test_client().get("/new.atom")
    assert feed.mimetype == "application/atom+xml"
    assert "<title>日本史</title>" in feed.text and f"/titles/{books['日本史'].id}" in feed.text
    assert "<updated>2026-11-1" in feed.text  # midnight in Tokyo, told in UTC


def test_a_feed_of_nothing_is_a_feed(app):
    assert "<feed" in app.test_client().get("/new.atom").text


def test_words_of_a_record_are_text_and_nothing_else(browse, app):
    made = factories.catalogued(
        "<script>alert(1)</script>&\"'", by=("<b>誰か</b>", "ダレカ"), accession_date=date(2026, 11, 24)
    )
    for address in ("/search?q=alert", f"/titles/{made.id}", "/new", "/authors/た"):
        browse.get(address)
        assert "<script>alert" not in str(browse.page) and "<b>誰か" not in str(browse.page)
    assert "<script>alert" not in app.test_client().get("/new.atom").text


def test_a_slip_of_the_finger_is_offered_as_it_was_meant(browse, books):
    browse.get("/search?q=" + quote("らしょうむん"))
    link = browse.page.find("main").find("a", href=f"/search?q={quote('羅生門')}")
    assert link, browse.text()


# -- files for programs of references ---------------------------------------------------------------------------------
def test_results_of_a_search_are_a_file_in_three_forms(browse, books):
    browse.get("/search?q=芥川")
    links = browse.page.find("summary", string="結果を書き出す").parent.find_all("a")
    assert [link.get_text() for link in links] == ["CSV", "RIS", "BibTeX"]
    csv, ris, bib = [browse.client.get(link["href"]) for link in links]
    assert (csv.mimetype, ris.mimetype, bib.mimetype) == (
        "text/csv", "application/x-research-info-systems", "application/x-bibtex")  # fmt: skip
    assert csv.headers["Content-Disposition"] == "attachment; filename=search.csv"
    for answer in (csv, ris, bib):
        assert "羅生門" in answer.text
        assert f"/titles/{books['羅生門'].id}" in answer.text
        assert "日本史" not in answer.text
    assert ris.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in csv.headers


def test_a_file_of_results_is_in_their_order_and_whole(browse, books):
    order = re.findall(r"TI  - (.*)\r", browse.client.get("/search.ris?sort=title").text)
    assert order == ["こころ", "日本史", "門", "羅生門"]


def test_a_title_is_a_file_too_and_stands_in_its_page_for_programs(browse, books):
    browse.get(f"/titles/{books['こころ'].id}")
    assert "rft.btitle=%E3%81%93%E3%81%93%E3%82%8D" in browse.page.find(class_="Z3988")["title"]
    links = [link["href"] for link in browse.page.select(".title-record details a") if "." in link["href"]]
    assert [browse.client.get(link).status_code for link in links[:3]] == [200] * 3
    assert browse.client.get("/titles/9999.ris").status_code == 404
    assert browse.client.get(f"/titles/{books['こころ'].id}.pdf").status_code == 404


def test_each_row_of_results_tells_programs_what_it_is(browse, books):
    browse.get("/search?q=芥川")
    (told,) = [mark["title"] for mark in browse.page.select(".book .Z3988")]
    assert "rft.au=%E8%8A%A5%E5%B7%9D%2C+%E9%BE%8D%E4%B9%8B%E4%BB%8B" in told
