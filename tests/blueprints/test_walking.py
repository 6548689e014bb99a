"""書架をたどる, as anybody sees it (spec 12, 5)."""

from urllib.parse import urlsplit

import pytest

from library import clock
from models import Item, Title
from tests import factories

SHELF = "/shelf"


def books(browse):
    """Return the books on the boards, plates in brackets."""
    return [
        f"[{each.get_text(' ', strip=True)}]" if each.name == "h2" else each.get_text(" ", strip=True)
        for each in browse.page.select("#walk-case h2, #walk-case a")
    ]


def number(book):
    return int(book["href"].removesuffix("#here").rpartition("-")[2])


def notice(browse):
    found = browse.page.select_one("main > .notice")
    return found.get_text(strip=True) if found else None


@pytest.fixture
def put(app):
    def put(call_number, name="本", **given):
        ndc = given.pop("ndc", "")
        return factories.item(factories.title(name, author="", ndc=ndc), call_number=call_number, **given)

    return put


def test_a_division_has_its_plate_and_what_has_no_class_one_too(browse, put):
    for number, name in (
        ("", "終"),
        ("E ナ", "絵"),
        ("K449 ホ", "星"),
        ("450 シ", "地学"),
        ("449 コ", "暦"),
        ("ナ", "名"),
        ("913.6 ナ", "心"),
    ):
        put(number, name)
    browse.get(SHELF)
    assert browse.h1() == "書架をたどる"
    assert books(browse) == [
        "[440 天文学]", "暦 449 コ", "[450 地球科学]", "地学 450 シ", "[910 日本文学]", "心 913.6 ナ", "[そのほか]", "名 ナ",
        "[E]", "絵 E ナ", "[K440 天文学]", "星 K449 ホ", "[請求記号なし]", "終",
    ]  # fmt: skip


def test_a_town_is_walked_by_its_links_and_each_copy_met_once_both_ways(browse, put):
    made = [put("913 ア", f"本{number}").id for number in range(90)]
    browse.get(SHELF)
    seen, texts = [], []
    while True:
        seen += [number(each) for each in browse.page.select("#walk-case a")]
        following = browse.page.find("a", rel="next")
        if following is None:
            break
        texts.append(following.get_text(" ", strip=True))
        browse.get(following["href"])
    assert seen == made and texts == ["次の棚 913 ア", "次の棚 913 ア"]
    back = [number(each) for each in browse.page.select("#walk-case a")]
    while previous := browse.page.find("a", rel="prev"):
        assert previous.get_text(" ", strip=True).startswith("前の棚")
        browse.get(previous["href"])
        back = [number(each) for each in browse.page.select("#walk-case a")] + back
    assert back == made


def test_the_links_say_to_which_classes_they_lead(browse, put):
    for number in range(200, 300):
        put(f"{number} ア")
    browse.get(f"{SHELF}?at=250")
    assert [browse.page.find("a", rel=rel).get_text(" ", strip=True) for rel in ("prev", "next")] == [
        "前の棚 210–249",
        "次の棚 290–299",
    ]
    current = browse.page.select_one(".walk-class [aria-current]")
    assert current.get_text(" ", strip=True) == "2 歴史" and current["href"] == f"{SHELF}?at=2"


def test_the_classes_keep_to_the_shelf_mark(browse, put):
    put("K449 ホ", "星")
    browse.get(f"{SHELF}?at=K4")
    assert browse.page.select_one(".walk-class [aria-current]")["href"] == f"{SHELF}?at=K4" and notice(browse) is None


def test_a_chosen_copy_is_marked_with_its_card_at_the_foot(browse, put):
    first, chosen = put("450 カ", "地球"), put("450 シ", "地学", shelf="一般")
    browse.get(f"{SHELF}?at=copy-{chosen.id}")
    assert [each.get_text(" ", strip=True) for each in browse.page.select("#walk-case [aria-current]")] == [
        "この本 地学 450 シ"
    ]
    card = browse.page.select_one("#walk-card").get_text(" ", strip=True)  # with its drawn cover
    assert card == "地学 地学 在架 本館 一般 450 シ 予約かごに入れる"
    assert browse.page.select_one("#walk-card h2 a")["href"] == f"/titles/{chosen.title_id}"
    assert browse.page.select_one("input[name=at]")["value"] == "450 シ"
    browse.get(f"{SHELF}?after=copy-{first.id}")
    assert browse.page.select_one("#walk-card").get_text(strip=True) == ""


def test_a_lent_copy_is_drawn_so_and_nobody_reads_its_borrower(browse, put):
    copy, patron = put("450 シ", "地学"), factories.patron()
    put("451 シ", "雲", state="missing")
    loan = factories.loan(patron, item=copy)
    browse.get(f"{SHELF}?at=copy-{copy.id}")
    assert [each.get_text(" ", strip=True) for each in browse.page.select("a.lent-out")] == [
        "この本 地学 450 シ （貸出中）",
        "雲 451 シ （いま棚にありません）",
    ]
    assert "貸出中（返却予定" in browse.page.select_one("#walk-card").get_text("", strip=True)
    assert patron.card_number not in browse.text() and patron.name not in browse.text()
    browse.get(f"{SHELF}?available=1")
    assert "この棚に並んでいる資料はありません。" in browse.text()
    loan.returned_on = clock.today()
    loan.save()
    browse.get(f"{SHELF}?available=1")
    assert books(browse) == ["[450 地球科学]", "地学 450 シ"] and browse.page.select_one("[name=available]").has_attr(
        "checked"
    )


def test_the_filters_hold_on_the_way(browse, put):
    east = factories.branch("東分館", code="E1")
    factories.branch("本館")
    for number in range(100, 150):
        put(f"{number} ア", branch=east, shelf="書庫 2" if number % 10 else "一般")
    browse.get(f"{SHELF}?branch=E1&shelf=書庫+2&available=1")
    chosen = {
        select["name"]: select.select_one("[selected]").get_text() for select in browse.page.select("main select")
    }
    assert chosen == {"branch": "東分館", "shelf": "書庫 2"}
    asked = urlsplit(browse.page.find("a", rel="next")["href"]).query
    assert asked.startswith("branch=E1&shelf=%E6%9B%B8%E5%BA%AB+2&available=1&after=copy-")
    browse.get(f"{SHELF}?shelf=書庫+2")
    assert browse.page.select_one("#branch [selected]").get_text() == "東分館"
    browse.get(f"{SHELF}?branch=E1&shelf=ない棚")
    assert browse.page.select_one("#shelf [selected]") is None and len(books(browse)) > 40


def test_the_walk_begins_in_one_branch_and_leads_to_all(browse, put):
    put("450 シ", "地学", branch=factories.branch("東分館"))
    put("449 コ", "暦", branch=factories.branch("西分館"))
    browse.get(SHELF)
    assert browse.page.select_one("#branch [selected]").get_text() == "東分館"
    assert "地学 450 シ" in books(browse) and "暦 449 コ" not in books(browse)
    browse.get(f"{SHELF}?branch=")
    assert {"地学 450 シ", "暦 449 コ"} <= set(books(browse))
    assert all("branch=&" in each["href"] for each in browse.page.select("#walk-case a"))


def test_a_patron_begins_in_the_own_branch(signed_in, patron, put):
    put("450 シ", "地学", branch=factories.branch("東分館"))
    patron.pickup_branch = put("449 コ", "暦", branch=factories.branch("西分館")).branch
    patron.save()
    signed_in.get(SHELF)
    assert signed_in.page.select_one("#branch [selected]").get_text() == "西分館"


def test_copies_of_one_title_are_one_spine(browse, put, patron):
    first = put("450 シ", "地学")
    second = factories.item(first.title, call_number="450 シ")
    factories.loan(patron, item=first)
    browse.get(SHELF)
    assert books(browse) == ["[450 地球科学]", "地学 450 シ"]  # and not lent, as another copy is in
    browse.get(f"{SHELF}?at=copy-{second.id}")
    assert len(browse.page.select("#walk-case [aria-current]")) == 1


def test_paper_says_where_the_books_stand(browse, put):
    east = factories.branch("東分館", code="E1")
    for number in ("100 ア", "200 ア"):
        put(number, branch=east, shelf="書庫")
    browse.get(f"{SHELF}?branch=E1&shelf=書庫&available=1")
    assert browse.page.select_one(".walk-paper").get_text(strip=True) == "東分館　書庫　100 ア – 200 ア　在架だけ"


def test_the_only_branch_is_no_choice(browse, put):
    put("450 シ", shelf="一般")
    browse.get(SHELF)
    assert [each["name"] for each in browse.page.select("main select")] == ["shelf"]


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("?at=450", 200, None),
        ("?at=４５０　シ", 200, None),
        ("?at=400", 200, "「400」で始まる請求記号は、この棚にありません。いちばん近い場所を開きました。"),
        ("?at=999", 200, "「999」で始まる請求記号は、この棚にありません。いちばん近い場所を開きました。"),
        ("?at=%25%25", 404, "「%%」の場所は見つかりませんでした。棚のはじめから並べています。"),
        ("?at=%00", 200, None),
        ("?at=copy-9999", 404, "お探しの資料は、この棚にありません。近い場所を開きました。"),
        ("?after=copy-x", 404, "お探しの資料は、この棚にありません。近い場所を開きました。"),
        ("?branch=ない館", 404, "お探しの館はありません。すべての館の棚を並べています。"),
    ],
)
def test_a_place_that_is_none_is_said_and_the_nearest_shown(browse, put, address, status, sentence):
    factories.branch("東分館")
    put("450 シ", "地学")
    assert browse.get(f"{SHELF}{address}").status_code == status
    assert notice(browse) == sentence and "地学 450 シ" in books(browse)


def test_a_copy_that_was_withdrawn_leads_to_where_it_stood(browse, put):
    copies = [put(f"{number} ア", f"本{number}") for number in range(100, 160)]
    Item.update(state="withdrawn").where(Item.id == copies[30].id).execute()
    browse.get(f"{SHELF}?at=copy-{copies[30].id}")
    assert "近い場所を開きました" in notice(browse) and "本131 131 ア" in books(browse)


def test_an_empty_library_has_an_empty_shelf(browse, app):
    browse.get(SHELF)
    assert "この棚に並んでいる資料はありません。" in browse.text()


def test_a_part_that_is_added_in_place_repeats_no_plate(browse, put):
    for number in range(90):
        put("913 ア", f"本{number}")
    browse.get(SHELF)
    following = browse.page.find("a", rel="next")["href"]
    browse.get(following, htmx=True)
    assert not browse.page.select("h2 b")
    browse.get(following)
    assert books(browse)[0] == "[910 日本文学]"


def test_a_title_leads_to_its_place_on_the_shelf(browse, app):
    title = factories.catalogued("こころ", copies=1)
    factories.catalogued("坊っちゃん", copies=1)
    copy = Item.get(Item.title == title)
    Item.update(shelf="一般").where(Item.id == copy.id).execute()
    browse.get(f"/titles/{title.id}")
    place = f"/shelf?branch={copy.branch.code}&shelf=%E4%B8%80%E8%88%AC&at=copy-{copy.id}#here"
    assert (
        browse.page.find("a", string="この棚をたどる")["href"]
        == browse.page.find("a", string="913.6 ナ")["href"]
        == place
    )
    browse.get(place.removesuffix("#here"))
    assert "この本" in browse.page.select_one("#walk-case [aria-current]").get_text()


def test_crawlers_leave_the_walk_alone_but_find_its_door(browse, app):
    assert "Disallow: /shelf?\n" in app.test_client().get("/robots.txt").get_data(as_text=True)
    assert "/shelf</loc>" in app.test_client().get("/sitemap-pages.xml").get_data(as_text=True)
    browse.get(SHELF)
    assert browse.page.select_one("meta[name=robots]")["content"] == "nofollow"


def test_the_card_offers_what_can_be_done_to_a_patron(browse, put):
    copy, patron = put("450 シ", "地学"), factories.patron()
    factories.cart_row(patron, Title.get_by_id(copy.title_id))
    browse.be(patron)
    browse.get(f"{SHELF}?at=copy-{copy.id}")
    assert "予約かごをみる" in browse.page.select_one("#walk-card").get_text()
