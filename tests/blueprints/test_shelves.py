"""本棚 as pages: making, filling, looking, ordering, showing to others, files; and what is not mine."""

import io
import re
from pathlib import Path

import pytest
from peewee import IntegrityError

from library import clock
from library.reading import shelved, shelves
from models import CartRow, Series, Shelf, ShelvedTitle, TitleSeries
from tests import engines, factories
from tests.pages import Browser, form_data

LARGEST = 60 * 1024  # bytes of a page


@pytest.fixture
def titles(db):
    return [factories.catalogued(name, copies=1) for name in ("こころ", "三四郎", "門")]


@pytest.fixture
def series(titles):
    """The address of a list whose rows have marks."""
    row = Series.create(name="漱石文庫", key="漱石文庫")
    for position, title in enumerate(titles):
        TitleSeries.create(title=title, series=row, name=row.name, number=str(position), position=0)
    return f"/series/{row.id}"


@pytest.fixture
def shelf(patron, titles):
    return factories.shelf(patron, "夏の本", titles)


@pytest.fixture
def listed(shelf):
    Shelf.update(as_list=True).execute()
    return shelf


def at(shelf, rest=""):
    return f"/my/shelves/{shelf.id}{rest}"


def names(shelf):
    return [book.name for book in shelved.books(shelf)]


def book(shelf, name):
    return ShelvedTitle.get(ShelvedTitle.shelf == shelf, ShelvedTitle.title_text == name)


def spines(browse):
    return [link.b.get_text() for link in browse.page.select("ol.bookcase > li .spine")]


def press(browse, action, **data):
    """Send the form and see where it leads."""
    answer = browse.post(action, data)
    assert answer.status_code == 303
    return browse.get(answer.location)


def pressed_in_row(browse, name):
    """Return the values that this button sends."""
    return {button(browse, name)["name"]: button(browse, name)["value"]}


def button(browse, name):
    found = [
        each for each in browse.page.find_all("button") if name in (each.get("aria-label"), each.get_text(strip=True))
    ]
    assert len(found) == 1, name
    return found[0]


# -- the list --------------------------------------------------------------------------------------------------------
def test_a_patron_without_a_shelf_is_told_so_and_can_make_one(signed_in, patron):
    signed_in.get("/my/")
    assert f"{patron.card_number}さんが作成した本棚一覧" in signed_in.text()
    assert "該当するリストが存在しません。" in signed_in.text()
    signed_in.get("/my/shelves")
    assert "本棚はまだありません。" in signed_in.text()
    assert signed_in.page.find("label", string="棚の名前")
    press(signed_in, "/my/shelves", shelf_name="  夏　の 本 ")
    assert signed_in.h1() == "夏 の 本"
    assert "まだ本がありません" in signed_in.text()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "棚の名前を入力してください"),
        ("夏の本", "同じ名前の本棚があります"),
        ("あ" * 51, "50文字以内で入力してください"),
    ],
)
def test_a_name_that_can_not_be_is_refused_and_kept(signed_in, shelf, name, sentence):
    signed_in.get("/my/shelves")
    answer = signed_in.post("/my/shelves", {"shelf_name": name})
    assert answer.status_code == 422
    assert sentence in signed_in.text()
    assert signed_in.page.find(id="shelf_name")["value"] == name
    assert Shelf.select().count() == 1


def test_the_shelves_stand_on_the_first_page_with_spines_and_number(signed_in, patron, titles):
    for number in range(5):
        factories.shelf(patron, f"棚{number}", titles)
    for page in ("/my/", "/my/shelves"):
        signed_in.get(page)
        assert [len(each.select("span.spine")) for each in signed_in.page.select("ol.spines")] == [3, 3, 3]
        assert not signed_in.page.select("ol.spines a")  # a picture of the shelf, which its name opens
        assert "3点" in signed_in.text() and "自分だけ" in signed_in.text()
        assert len([each for each in signed_in.page.find_all(["a", "button"]) if each.get_text() == "棚作成"]) == 2
    assert len([each for each in signed_in.page.find_all("button") if each.get_text() == "棚作成"]) == 1


def test_a_hundred_shelves_fit_on_the_page(signed_in, patron, titles):
    for number in range(100):
        factories.shelf(patron, f"棚{number}", titles if number < 5 else ())
    assert len(signed_in.get("/my/").data) < LARGEST
    assert "棚19" in signed_in.text() and "棚20" not in signed_in.text() and "すべての本棚を見る" in signed_in.text()
    assert len(signed_in.get("/my/shelves").data) < LARGEST
    assert len(signed_in.get("/my/shelves/order").data) < LARGEST
    assert signed_in.post("/my/shelves", {"shelf_name": "もう一つ"}).status_code == 422
    assert "並べておけます（100まで）" in signed_in.text()


# -- filling ---------------------------------------------------------------------------------------------------------
def test_a_title_is_put_on_a_shelf_of_ones_choice(signed_in, patron, titles):
    shelf = factories.shelf(patron, "夏の本")
    signed_in.get(f"/my/shelves/add?title={titles[0].id}")
    data = signed_in.form("/my/shelves/titles")
    assert data["shelf"] == "to_read"
    press(signed_in, "/my/shelves/titles", **data | {"shelf": str(shelf.id)})
    assert "「こころ」を「夏の本」に入れました" in signed_in.text()
    signed_in.get(f"/titles/{titles[0].id}")
    assert button(signed_in, "本棚に入れる").get_text(strip=True) == "棚に入っています"
    signed_in.get(signed_in.page.find("a", string="ほかの棚にも入れる")["href"])
    assert signed_in.page.find("input", {"name": "shelf", "value": str(shelf.id)}).has_attr("disabled")


def pressed(browse, name, **how):
    """Send a mark."""
    mark, form = button(browse, name), form_data(browse.page.find(id="marks"))
    assert mark["form"] == "marks"
    return browse.post("/my/shelves/marks", form | {mark["name"]: mark["value"]}, **how)


def test_the_mark_of_a_title_puts_it_on_a_shelf_and_takes_it_off(signed_in, patron, titles):
    def mark():
        mark = button(signed_in, "本棚に入れる")
        return mark["aria-pressed"], mark.get_text(strip=True)

    signed_in.get(f"/titles/{titles[0].id}")
    assert mark() == ("false", "棚に入れる")
    assert signed_in.page.find("button", string="読みたい") is None
    signed_in.get(pressed(signed_in, "本棚に入れる").location)
    assert mark() == ("true", "棚に入っています")
    assert "「こころ」を「今度読みたい本」に入れました。" in signed_in.page.find(id=f"title-{titles[0].id}").get_text()
    assert [shelf.name for shelf in shelves.of_patron(patron)] == ["今度読みたい本"]
    pressed(signed_in, "本棚に入れる", htmx=True)
    assert mark() == ("false", "棚に入れる")
    assert not ShelvedTitle.select().exists()


def test_the_mark_of_a_row_puts_its_title_on_the_shelf_and_takes_it_off(signed_in, patron, titles, series):
    def mark():
        return button(signed_in, "「こころ」を本棚に入れる")

    signed_in.get(series)
    assert mark()["aria-pressed"] == "false"
    assert pressed(signed_in, "「こころ」を本棚に入れる").location.endswith(f"#title-{titles[0].id}")
    signed_in.get(series)
    assert "「こころ」を「今度読みたい本」に入れました。" in signed_in.page.find(id=f"title-{titles[0].id}").get_text()
    assert mark()["aria-pressed"] == "true"
    assert pressed(signed_in, "「こころ」を本棚に入れる", htmx=True).status_code == 200
    assert mark()["aria-pressed"] == "false"
    assert signed_in.page.find(id="row-status").get_text() == "「こころ」を「今度読みたい本」から出しました。"
    assert not ShelvedTitle.select().exists()


def test_the_mark_of_a_title_on_another_shelf_leads_to_all_shelves(signed_in, patron, titles, series):
    factories.shelf(patron, "夏の本", titles[:1])
    signed_in.get(series)
    assert button(signed_in, "「こころ」を本棚に入れる")["aria-pressed"] == "true"
    form = form_data(signed_in.page.find(id="marks")) | {"off": str(titles[0].id)}
    address = signed_in.post("/my/shelves/marks", form).location
    assert address.startswith(f"/my/shelves/add?title={titles[0].id}&back=/series")
    assert signed_in.post("/my/shelves/marks", form, htmx=True).headers["HX-Redirect"] == address
    assert "入っています" in signed_in.get(address).text
    assert ShelvedTitle.select().count() == 1


def test_the_mark_of_a_row_leads_who_is_not_signed_in_to_the_choice(app, titles, series):
    browse = Browser(app)
    browse.get(series)
    mark = button(browse, "「こころ」を本棚に入れる")
    assert not mark.has_attr("aria-pressed")
    form = browse.page.find(id=mark["form"])
    assert (form["action"], mark["name"], mark["value"]) == ("/my/shelves/add", "title", str(titles[0].id))
    assert not mark.has_attr("data-hx-post")


def test_a_mark_of_no_title_is_not_there(signed_in, titles):
    signed_in.get("/search?q=こころ")
    assert [
        signed_in.post("/my/shelves/marks", form).status_code for form in ({}, {"title": "9999"}, {"off": "x"})
    ] == [404] * 3


def test_a_visitor_who_is_not_signed_in_is_asked_to_and_goes_on(app, titles):
    browse = Browser(app)
    browse.get(f"/titles/{titles[0].id}")
    mark = button(browse, "本棚に入れる")
    assert browse.page.find(id=mark["form"])["action"] == "/my/shelves/add" and mark["name"] == "title"
    answer = browse.get(f"/my/shelves/add?title={titles[0].id}")
    assert answer.location == f"/login?next=/my/shelves/add?title%3D{titles[0].id}"


def test_several_titles_go_on_a_new_shelf_together(signed_in, patron, titles):
    address = "/my/shelves/add?" + "&".join(f"title={title.id}" for title in titles)
    signed_in.get(address)
    ids = [field["value"] for field in signed_in.page.find_all("input", {"name": "title"})]
    refused = signed_in.post("/my/shelves/titles", {"title": ids, "shelf": "new", "shelf_name": ""})
    assert refused.status_code == 422 and "棚の名前を入力してください" in signed_in.text()
    press(signed_in, "/my/shelves/titles", title=ids, shelf="new", shelf_name="漱石")
    assert "3点を「漱石」に入れました" in signed_in.text()
    assert spines(signed_in) == ["こころ", "三四郎", "門"]
    press(signed_in, "/my/shelves/titles", title=ids[:1], shelf=str(Shelf.get().id))
    assert "すでにこの本棚に入っています" in signed_in.text()
    signed_in.post("/my/shelves/titles", {"title": ids, "shelf": "", "shelf_name": ""})
    assert "本棚を選ぶか、新しい棚の名前を入力してください" in signed_in.text()


def test_a_new_shelf_comes_with_its_titles_or_not_at_all(signed_in, titles, db):
    signed_in.get(f"/my/shelves/add?title={titles[0].id}")
    with engines.inserts_refused("shelved_title"), pytest.raises(IntegrityError):
        press(signed_in, "/my/shelves/titles", title=str(titles[0].id), shelf="new", shelf_name="漱石")
    assert not Shelf.select().exists()


# -- looking ---------------------------------------------------------------------------------------------------------
def test_a_shelf_is_a_list_of_links_and_is_also_seen_as_a_list(signed_in, shelf, titles):
    signed_in.get(at(shelf))
    assert [link["href"] for link in signed_in.page.select("ol.bookcase > li > a")] == [
        f"/titles/{title.id}" for title in titles
    ]
    assert button(signed_in, "背表紙")["aria-pressed"] == "true"
    press(signed_in, at(shelf, "/view"), view="list")
    assert signed_in.page.find("input", {"aria-label": "「三四郎」を選択"})
    assert button(signed_in, "「三四郎」を予約かごに入れる")
    signed_in.get(at(shelf))
    assert button(signed_in, "一覧")["aria-pressed"] == "true"
    press(signed_in, at(shelf, "/view"), view="spines")
    assert spines(signed_in) == ["こころ", "三四郎", "門"]


def test_three_hundred_spines_are_one_small_page(signed_in, patron):
    made = [factories.title(f"夜明け前の道{number}", author="島崎藤村") for number in range(300)]
    shelf = factories.shelf(patron, titles=made)
    for page in ("", "/order"):
        answer = signed_in.get(at(shelf, page))
        assert len(spines(signed_in)) == 300
        assert len(answer.data) < LARGEST
    shelves.set_view(shelf, as_list=True)
    answer = signed_in.get(at(shelf, "?page=2"))
    assert "21–40件目を表示" in signed_in.text()
    assert len(answer.data) < LARGEST


def test_a_thousand_books_come_in_pages(signed_in, patron):
    shelf = factories.shelf(patron, titles=[factories.title(f"本{number}") for number in range(1000)])
    signed_in.get(at(shelf, "?page=4"))
    assert spines(signed_in)[-1] == "本999"
    signed_in.get(at(shelf, "/order?page=4"))
    assert signed_in.page.select_one("ol.bookcase")["start"] == "901"
    last = ShelvedTitle.get(ShelvedTitle.position == 1000)
    press(signed_in, at(shelf, "/order"), book=str(last.id), way="first")
    assert "「本999」を1番目にしました" in signed_in.text()
    assert signed_in.page.find("input", {"name": "book", "checked": True})["value"] == str(last.id)
    away = signed_in.post(at(shelf, "/order"), {"book": str(last.id), "way": "last"}, htmx=True)
    assert away.headers["HX-Redirect"] == at(shelf, "/order?page=4")


def test_a_title_that_is_gone_stays_readable(signed_in, patron, titles):
    shelf = factories.shelf(patron, titles=titles[:1])
    ShelvedTitle.update(title=None, title_text="消えた本").execute()
    signed_in.get(at(shelf))
    assert spines(signed_in) == ["消えた本"]
    assert signed_in.page.select("ol.bookcase a") == []
    shelves.set_view(shelf, as_list=True)
    signed_in.get(at(shelf))
    assert "いまは、この図書館にない資料です" in signed_in.text()


# -- ordering --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("way", "place", "wanted"),
    [
        ("first", "", ["三四郎", "こころ", "門"]), ("before", "", ["三四郎", "こころ", "門"]),
        ("after", "", ["こころ", "門", "三四郎"]), ("last", "", ["こころ", "門", "三四郎"]),
        ("place", "３", ["こころ", "門", "三四郎"]),
    ],
)  # fmt: skip
def test_a_book_is_moved_by_a_button(signed_in, shelf, way, place, wanted):
    signed_in.get(at(shelf, "/order"))
    press(signed_in, at(shelf, "/order"), book=str(book(shelf, "三四郎").id), way=way, place=place)
    assert names(shelf) == wanted
    assert f"「三四郎」を{wanted.index('三四郎') + 1}番目にしました" in signed_in.page.find(role="status").get_text()
    assert signed_in.page.find("button", autofocus=True)["value"] == way


def test_a_move_is_answered_with_a_line_that_is_read_out(signed_in, shelf):
    signed_in.get(at(shelf, "/order"))
    one = book(shelf, "門")
    answer = signed_in.post(at(shelf, "/order"), {"book": str(one.id), "way": "first"}, htmx=True)
    assert "「門」を1番目にしました" in signed_in.text()
    assert f'data-book="{one.id}" data-place="1"' in answer.text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"way": "first"}, "動かすものが選ばれていません"), ({"book": "{}", "way": "place", "place": "4"}, "1から3までの数字"),
        ({"book": "{}", "way": "place", "place": "x"}, "1から3までの数字"), ({"book": "{}"}, "1から3までの数字"),
    ],
)  # fmt: skip
def test_a_move_to_nowhere_is_refused(signed_in, shelf, data, sentence):
    signed_in.get(at(shelf, "/order"))
    data = {name: value.format(book(shelf, "門").id) for name, value in data.items()}
    press(signed_in, at(shelf, "/order"), **data)
    assert sentence in signed_in.text()
    assert names(shelf) == ["こころ", "三四郎", "門"]


def test_shelves_are_moved_too(signed_in, patron):
    first, second = factories.shelf(patron, "夏"), factories.shelf(patron, "秋")
    signed_in.get("/my/shelves/order")
    press(signed_in, "/my/shelves/order", book=str(second.id), way="before")
    assert "「秋」を1番目にしました" in signed_in.text()
    assert [shelf.name for shelf in shelves.of_patron(patron)] == ["秋", "夏"]
    assert first in shelves.of_patron(patron)


# -- notes, marks, taking off ----------------------------------------------------------------------------------------
def test_a_note_is_written_and_a_book_marked_as_read(signed_in, listed):
    one = book(listed, "門")
    signed_in.get(at(listed, f"/books/{one.id}"))
    too_long = signed_in.post(at(listed, f"/books/{one.id}"), {"memo": "あ" * 501})
    assert too_long.status_code == 422 and "あ" * 501 in too_long.text
    press(signed_in, at(listed, f"/books/{one.id}"), memo="友人から\n<b>", is_read="y")
    assert "友人から <b>" in signed_in.text() and "読んだ" in signed_in.text()
    assert pressed_in_row(signed_in, "「門」をまだ読んでいない本にする") == {"read": "n"}
    for _ in range(2):  # from a second tab, too
        press(signed_in, at(listed, f"/books/{one.id}/read"), read="n")
        assert ShelvedTitle.get_by_id(one.id).read_on is None
    assert pressed_in_row(signed_in, "「門」を読んだ本にする") == {"read": "y"}
    for _ in range(2):
        press(signed_in, at(listed, f"/books/{one.id}/read"), read="y")
        assert ShelvedTitle.get_by_id(one.id).read_on == clock.today()
    assert "「門」を読んだ本にしました" in signed_in.text()


def test_ten_thousand_letters_are_refused_on_their_page_and_still_there(signed_in, listed):
    letters = "あ" * 10_000
    for address, field in ((f"/books/{book(listed, '門').id}", "memo"), ("/edit", "description")):
        answer = signed_in.post(at(listed, address), {field: letters, "shelf_name": "夏の本"})
        assert answer.status_code == 422 and "500文字" in signed_in.page.find(id=f"{field}-messages").get_text()
        assert signed_in.page.find("textarea", {"name": field}).get_text(strip=True) == letters


def test_books_are_taken_off_one_by_one_or_ticked(signed_in, listed):
    press(signed_in, at(listed, f"/books/{book(listed, '門').id}/removal"))
    assert "「門」を本棚から出しました" in signed_in.text()
    press(signed_in, at(listed, "/removal"))
    assert "資料が選ばれていません" in signed_in.text()
    press(signed_in, at(listed, "/removal"), book=[str(book(listed, name).id) for name in ("こころ", "三四郎")])
    assert "2点を本棚から出しました" in signed_in.text()
    assert names(listed) == []


def test_a_form_that_ticks_more_than_a_page_shows_means_those_of_one_page(signed_in, patron):
    many = factories.shelf(patron, "多い本", [factories.title(f"本{number}") for number in range(30)], as_list=True)
    ids = [str(one.id) for one in shelved.books(many)]
    press(signed_in, at(many, "/cart"), book=[*ids, *map(str, range(10_000, 12_000))])
    assert "10点を予約かごに入れました" in signed_in.text() and "10点は入れませんでした" in signed_in.text()
    assert len(signed_in.client.get_cookie("session").value) < 4000, "a browser keeps no larger one"
    press(signed_in, at(many, "/removal"), book=ids)
    assert names(many) == [f"本{number}" for number in range(20, 30)]


def test_all_or_the_ticked_go_in_the_cart_with_an_answer_each(signed_in, patron, listed, titles):
    press(signed_in, at(listed, "/cart"))
    assert "資料が選ばれていません" in signed_in.text()
    press(signed_in, at(listed, "/cart"), book=str(book(listed, "門").id))
    assert "1点を予約かごに入れました" in signed_in.text() and "三四郎" not in signed_in.text()
    shelved.put(listed, [factories.title(f"本{number}") for number in range(9)], today=clock.today())
    press(signed_in, at(listed, "/cart"), all="1")
    assert "9点を予約かごに入れました" in signed_in.text()
    rows = [row.get_text(" ", strip=True) for row in signed_in.page.select("ul.outcome li")]
    assert rows[0] == "こころ 予約かごに入れました。"
    assert rows[2] == "門 すでに予約かごに入っています。"
    assert rows[-1] == "本8 予約かごに入れられるのは10点までです。"
    assert CartRow.select().count() == 10


# -- name, link, deletion --------------------------------------------------------------------------------------------
def test_a_shelf_is_named_described_and_deleted_after_a_question(signed_in, shelf):
    signed_in.get(at(shelf, "/edit"))
    press(signed_in, at(shelf, "/edit"), shelf_name="秋の本", description="静かな\n夜に")
    assert signed_in.h1() == "秋の本"
    assert "静かな 夜に" in signed_in.text()
    signed_in.get(at(shelf, "/deletion"))
    assert "並べた3点とメモも消え" in signed_in.text() and Shelf.select().exists()
    press(signed_in, at(shelf, "/deletion"))
    assert "本棚を消しました" in signed_in.text()
    assert not Shelf.select().exists()
    assert signed_in.post(at(shelf, "/deletion")).status_code == 404


def test_a_public_shelf_shows_its_titles_and_nothing_of_its_patron(app, signed_in, patron, shelf):
    shelves.describe(shelf, "夏の本", "暑い日に")
    shelved.annotate(book(shelf, "門"), note="友人から", read_on=clock.today())
    press(signed_in, at(shelf, "/link/publish"))
    address = signed_in.page.find(id="address")["value"]
    stranger = Browser(app)
    answer = stranger.get(address)
    assert stranger.h1() == "夏の本" and "暑い日に" in stranger.text()
    assert spines(stranger) == ["こころ", "三四郎", "門"]
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert stranger.page.find("meta", {"name": "robots"})["content"] == "noindex"
    for secret in (patron.card_number, patron.name, "友人から", "読んだ", "/my/shelves/"):
        assert secret not in answer.text.replace("/my/shelves/add", "")
    signed_in.get(at(shelf))
    assert "リンクを知っている人に公開" in signed_in.text()


def test_a_link_that_was_renewed_or_taken_back_is_dead(app, signed_in, shelf):
    press(signed_in, at(shelf, "/link/publish"))
    old = signed_in.page.find(id="address")["value"]
    press(signed_in, at(shelf, "/link/renew"))
    new = signed_in.page.find(id="address")["value"]
    stranger = Browser(app)
    assert stranger.get(old).status_code == 404
    assert stranger.get(new).status_code == 200
    press(signed_in, at(shelf, "/link/publish"))
    assert stranger.get(new).status_code == 200, "published from an old page it keeps its link"
    press(signed_in, at(shelf, "/link/withdraw"))
    assert stranger.get(new).status_code == 404
    press(signed_in, at(shelf, "/link/renew"))
    assert "いまは、自分だけが見られます" in signed_in.text() and "新しくしました" not in signed_in.text()
    assert stranger.get("/shelves/").status_code == 404


# -- files -----------------------------------------------------------------------------------------------------------
def send(browse, shelf, text):
    browse.get(at(shelf, "/import"))
    return browse.post(at(shelf, "/import"), {"file": (io.BytesIO(text.encode()), "shelf.csv")})


def test_a_shelf_goes_out_as_a_file_without_a_formula(signed_in, shelf):
    shelved.annotate(book(shelf, "門"), note='=HYPERLINK("http://example.com")', read_on=None)
    answer = signed_in.get(at(shelf, ".csv"))
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "\"'=HYPERLINK" in answer.text and '"三四郎"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_file_is_looked_at_before_it_is_read_in(signed_in, patron, shelf, titles):
    other = factories.shelf(patron, "写し", titles[:1])
    answer = send(signed_in, other, "書名,メモ\nこころ,\n門,よかった\nない本,\n")
    assert answer.location == at(other, "/import/confirm")
    signed_in.get(answer.location)
    assert "1点を「写し」に入れます" in signed_in.text() and "2行は入れられません" in signed_in.text()
    assert "すでにこの本棚に入っています" in signed_in.text() and "この図書館の資料に見つかりません" in signed_in.text()
    assert names(other) == ["こころ"]
    press(signed_in, at(other, "/import/confirm"))
    assert "1点を本棚に入れました" in signed_in.text()
    assert [(one.name, one.note) for one in shelved.books(other)] == [("こころ", ""), ("門", "よかった")]
    again = signed_in.post(at(other, "/import/confirm"))
    assert again.status_code == 422 and "もう一度ファイルを選んでください" in signed_in.text()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "ファイルを選んでください"), ("名前,値\nこころ,1\n", "見出しの行に"), ("書名\n" + "あ\n" * 1001, "1000行より多い"),
        ("PK\x03\x04", "表計算のファイルです"),
    ],
)  # fmt: skip
def test_a_file_that_can_not_be_read_is_refused(signed_in, shelf, text, sentence):
    assert send(signed_in, shelf, text).status_code == 422
    assert sentence in signed_in.text()


def test_a_file_of_another_patron_is_not_read_in(app, signed_in, patron, shelf):
    send(signed_in, shelf, "書名\nこころ\n")
    other = factories.patron()
    theirs = factories.shelf(other)
    browse = Browser(app)
    browse.sign_in(other)
    browse.get(at(theirs, "/import"))
    assert browse.post(at(theirs, "/import/confirm")).status_code == 422
    assert names(theirs) == []


def test_however_many_files_a_patron_sends_one_is_there(app, signed_in, shelf):
    send(signed_in, shelf, "書名\n門\n")
    for text in ("名前,値\nこころ,1\n", "書名\n三四郎\n", "書名\nこころ\n"):
        answer = send(signed_in, shelf, text)
    (file,) = (Path(app.instance_path) / "uploads").iterdir()
    assert file.read_text() == "書名\nこころ\n"
    other = Browser(app)
    other.sign_in(reader := factories.patron())
    send(other, factories.shelf(reader), "書名\n門\n")
    assert signed_in.get(answer.location).status_code == 200


# -- what is not mine ------------------------------------------------------------------------------------------------
def test_a_shelf_of_another_does_not_exist(app, shelf, titles):
    browse = Browser(app)
    browse.sign_in(factories.patron())
    one = book(shelf, "門").id
    gets = ("", "/edit", "/order", "/deletion", "/cart", ".csv", "/import", "/import/confirm", f"/books/{one}")
    posts = (
        "/view", "/edit", "/order", "/deletion", "/cart", "/removal", "/import", "/import/confirm", "/link/publish",
        "/link/renew", "/link/withdraw", f"/books/{one}", f"/books/{one}/read", f"/books/{one}/removal",
    )  # fmt: skip
    for rest in gets:
        assert browse.get(at(shelf, rest)).status_code == 404, rest
    browse.get("/my/shelves")
    for rest in posts:
        answer = browse.post(at(shelf, rest), {"book": str(one), "way": "first", "all": "1", "shelf_name": "x"})
        assert answer.status_code == 404, rest
    data = {"title": str(titles[0].id), "shelf": str(shelf.id)}
    assert browse.post("/my/shelves/titles", data).status_code == 404
    assert browse.post("/my/shelves/order", {"book": str(shelf.id), "way": "first"}).status_code in (303, 404)
    assert names(shelf) == ["こころ", "三四郎", "門"]


def test_a_book_of_one_shelf_is_not_on_another(signed_in, patron, shelf):
    other, one = factories.shelf(patron, "秋"), book(shelf, "門")
    signed_in.get(at(other))
    assert signed_in.post(at(other, f"/books/{one.id}/removal")).status_code == 404
    assert signed_in.post(at(other, "/order"), {"book": str(one.id), "way": "first"}).status_code in (303, 404)
    assert names(shelf) == ["こころ", "三四郎", "門"]


def test_no_page_of_the_desk_tells_of_shelves(app, patron, shelf):
    desk = Browser(app)
    desk.be(factories.staff("admin"))
    answer = desk.get(f"/desk/patrons/{patron.card_number}")
    assert not re.search("夏の本|三四郎", answer.text)
