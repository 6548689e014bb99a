"""書誌 and 所蔵 at the desk."""

import pytest

from models import Hold, Item, Title
from tests import factories


@pytest.fixture
def desk(browse, app):
    browse.be(factories.staff("desk", login="suzuki"))
    factories.branch("本館")
    return browse


FILLED = {
    "title": "銀河鉄道の夜",
    "title_kana": "ギンガ テツドウ ノ ヨル",
    "isbns": "9784101092065",
    "year_text": "1989",
}


def filled(desk, **typed):
    desk.get("/desk/titles/new")
    people = {
        "contributor_name": ["宮沢賢治", "", ""],
        "contributor_kana": ["ミヤザワ, ケンジ", "", ""],
        "contributor_role": ["著", "", ""],
    }
    return desk.form("/desk/titles/new") | FILLED | people | typed


def test_a_title_is_written_by_hand_gets_a_copy_and_is_found_by_everybody(desk):
    answer = desk.post("/desk/titles/new", filled(desk))
    title = Title.get()
    assert answer.status_code == 303 and answer.location == f"/desk/titles/{title.id}"
    desk.get(answer.location)
    assert desk.h1() == "銀河鉄道の夜" and "宮沢賢治（ミヤザワ, ケンジ） 著" in desk.text() and "手入力" in desk.text()
    form = desk.form(f"/desk/titles/{title.id}/items")
    assert form["barcode"] == "0000000001"
    answer = desk.post(f"/desk/titles/{title.id}/items", form | {"barcode": "A0100000001A", "call_number": "913.6 ミ"})
    assert answer.status_code == 303
    desk.get(answer.location)
    assert desk.page.select_one("tr.row-new td a").get_text() == "0100000001"
    assert desk.form(f"/desk/titles/{title.id}/items")["call_number"] == "913.6 ミ"
    desk.get("/search?q=ぎんが")
    assert "1件" in desk.h1()


def test_a_wrong_title_is_told_and_typed_words_stay(desk):
    answer = desk.post("/desk/titles/new", filled(desk, title="", accession_date="いつか", note="一行目\r\n二行目"))
    assert answer.status_code == 422
    assert [link["href"] for link in desk.page.select("#error-summary a")] == ["#title", "#accession_date"]
    assert desk.page.find(id="contributor-first")["value"] == "宮沢賢治"
    assert desk.page.find(id="note").get_text() == "\n一行目\n二行目"
    assert Title.select().count() == 0


def test_a_title_is_changed_where_nobody_changed_it_meanwhile(desk):
    title = factories.catalogued("こころ")
    desk.get(f"/desk/titles/{title.id}/edit")
    form = desk.form(f"/desk/titles/{title.id}/edit")
    assert form["contributor_name"] == ""  # the last of several rows of the same name
    answer = desk.post(f"/desk/titles/{title.id}/edit", form | {"volume": "2"})
    assert answer.status_code == 303 and Title.get().volume == "2"
    desk.get(f"/desk/titles/{title.id}/edit")
    again = desk.post(f"/desk/titles/{title.id}/edit", form | {"volume": "3", "csrf_token": desk.token()})
    assert again.status_code == 422 and "ほかの画面で変更されました" in desk.text() and Title.get().volume == "2"


def test_one_field_finds_by_words_isbn_and_barcode(desk):
    title = factories.catalogued("銀河鉄道の夜", isbns=["9784101092065"], copies=1)
    desk.get("/desk/titles?q=銀河")
    assert "銀河鉄道の夜" in desk.text() and "1点" in desk.text()
    assert desk.get("/desk/titles?q=4-10-109206-0").location == f"/desk/titles/{title.id}"
    barcode = Item.get().barcode
    assert desk.get(f"/desk/titles?q=a{barcode}a").location == f"/desk/titles/{title.id}?item={barcode}"
    desk.get("/desk/titles?q=1920093012004")
    assert "上のバーコード" in desk.text()


def test_an_isbn_that_is_not_there_leads_to_the_form_with_it(desk):
    desk.get("/desk/titles?q=9784101092065")
    assert "この ISBN の書誌はありません" in desk.text()
    desk.get(desk.page.find("a", string="この ISBN で入力する")["href"])
    assert desk.form("/desk/titles/new")["isbns"] == "9784101092065"


def test_a_title_that_a_file_brought_in_is_found_by_its_isbn_and_takes_its_first_copy(desk):
    factories.catalogued("上", isbns=["9784101092065"])
    factories.catalogued("下", isbns=["9784101092065"], copies=1)
    desk.get("/desk/titles?q=9784101092065")
    rows = [row.get_text(" ", strip=True) for row in desk.page.select("tbody tr")]
    assert rows[0].startswith("下") and rows[1].startswith("上") and "所蔵なし" in rows[1]


def test_a_title_is_deleted_only_when_nothing_hangs_on_it(desk, patron):
    title = factories.catalogued("こころ")
    factories.hold(patron, title, state="cancelled")
    desk.get(f"/desk/titles/{title.id}")
    button = desk.page.find("button", string="この書誌を削除する")
    assert button.has_attr("disabled") and "予約の記録があります" in desk.text()
    assert desk.post(f"/desk/titles/{title.id}/remove").status_code == 409
    Hold.delete().execute()
    assert desk.post(f"/desk/titles/{title.id}/remove").location == "/desk/titles"
    assert Title.select().count() == 0


def test_a_copy_is_changed_and_withdrawn(desk):
    item = factories.item(factories.catalogued("こころ"))
    other = factories.item(factories.catalogued("それから"))
    address = f"/desk/items/{item.barcode}/edit"
    desk.get(address)
    form = desk.form(address)
    assert desk.post(address, form | {"barcode": other.barcode}).status_code == 422
    assert "すでに登録されています" in desk.text()
    answer = desk.post(address, form | {"shelf": "閉架", "branch": str(factories.branch("東部").id)})
    assert answer.status_code == 303 and Item.get_by_id(item.id).shelf == "閉架"
    desk.get(address)
    desk.get(desk.page.find("a", string="除籍する…")["href"])
    desk.post("/desk/withdrawals", desk.form("/desk/withdrawals") | {f"reason-{item.id}": "複本"})
    assert Item.get_by_id(item.id).state == "withdrawn"
    desk.get(f"/desk/titles/{item.title_id}")
    assert "除籍" in desk.text()


@pytest.mark.parametrize("address", ["/desk/titles/99999", "/desk/titles/99999/edit", "/desk/items/nothing/edit"])
def test_a_title_that_is_not_there_is_not_found(address, desk):
    assert desk.get(address).status_code == 404


def test_the_staff_find_what_is_withdrawn_and_readers_do_not(desk):
    lost = factories.catalogued("こころ")
    factories.item(lost, state="withdrawn")
    for address in ("/desk/titles?q=こころ", "/desk/works?q=こころ"):
        desk.get(address)
        assert desk.page.select_one(".tag-care").get_text() == "除籍", address
    desk.get("/search?q=こころ")
    assert "0件" in desk.h1() or "見つかりませんでした" in desk.text()
