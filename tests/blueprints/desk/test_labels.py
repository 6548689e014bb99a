"""ラベル at the desk: what is chosen is what comes out."""

import pytest

from tests import factories


@pytest.fixture
def desk(browse, app):
    browse.be(factories.staff("desk"))
    factories.branch("本館")
    return browse


def printed(desk, **typed):
    desk.get("/desk/labels")
    return desk.post("/desk/labels", desk.form("/desk/labels") | typed)


def test_barcodes_that_were_scanned_are_drawn_from_the_place_that_is_free(desk):
    factories.item(barcode="0100000001")
    factories.item(barcode="K:2")
    answer = printed(desk, barcodes="A0100000001A\r\n\r\nK:2\r\n999", sheet="24", first="23")
    assert answer.status_code == 200
    places = desk.page.select(".label-sheet li")
    assert len(places) == 23 and places[22].select_one("svg path") and "0100000001" in places[22].get_text()
    assert "999" in desk.text() and "この用紙のバーコードにできない" in desk.text()


def test_call_numbers_stand_in_steps_and_a_copy_without_one_is_named(desk):
    factories.item(barcode="0100000001", call_number="913.6 ナ 2")
    factories.item(barcode="0100000002")
    printed(desk, barcodes="0100000001\n0100000002", kind="call")
    assert [line.get_text() for line in desk.page.select(".label-call .line")] == ["913.6", "ナ", "2"]
    assert "請求記号のない資料" in desk.text() and "0100000002" in desk.text()


def test_copies_of_a_day_and_of_a_title_can_be_chosen(desk):
    item = factories.item(barcode="0100000001", acquired_on="2026-11-24")
    printed(desk, since="2026/11/24")
    assert len(desk.page.select(".label-bars")) == 1
    printed(desk, since="2026-11-25")
    assert "印刷するラベルがありません" in desk.text()
    desk.get(f"/desk/labels?title={item.title_id}")
    assert desk.form("/desk/labels")["barcodes"] == "0100000001"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "barcodes"),
        ({"since": "きのう"}, "since"),
        ({"barcodes": "1", "first": "45"}, "first"),
        ({"sheet": "7"}, "sheet"),
    ],
)
def test_a_wrong_sheet_of_labels_is_told(typed, field, desk):
    assert printed(desk, **typed).status_code == 422
    assert desk.page.select_one("#error-summary a")["href"] == f"#{field}"
