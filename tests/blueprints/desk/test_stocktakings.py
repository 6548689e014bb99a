"""蔵書点検 at the desk."""

import io

import pytest

from models import Item, Stocktaking
from tests import factories


@pytest.fixture
def desk(browse, app):
    browse.be(factories.staff("desk"))
    factories.branch("本館")
    return browse


@pytest.fixture
def begun(desk):
    desk.get("/desk/stocktaking")
    desk.get(desk.post("/desk/stocktaking", desk.form("/desk/stocktaking")).location)
    return desk


def scan(desk, text):
    answer = desk.post("/desk/stocktaking/1/scans", {"item": text})
    if answer.status_code == 303:
        answer = desk.get(answer.location)
    return answer


def send(desk, content):
    return desk.post("/desk/stocktaking/1/file", {"file": (io.BytesIO(content), "scans.txt")})


def test_a_branch_is_begun_read_and_seen_in_the_list(begun):
    factories.item(factories.title("こころ"), barcode="0100000001")
    scan(begun, "Ａ0100000001A")
    assert "この場所の資料" in begun.text() and "「こころ」" in begun.text()
    scan(begun, "0100000001")
    assert "前に読み取った番号です" in begun.text()
    scan(begun, "999")
    assert "登録のない番号" in begun.text()
    begun.get("/desk/stocktaking")
    assert "点検中" in begun.text() and "2件" in begun.text()


def counts(desk):
    """Return the counts of copies read, expected, not found, and expected to be out."""
    rows = [row.get_text(" ", strip=True) for row in desk.page.select(".tally > div, .tabs li")]
    wanted = ("読み取った番号", "書架にあるはずの資料", "見つからない資料", "貸出中のはずの資料")
    return [row.removeprefix(name).strip() for name in wanted for row in rows if row.startswith(name)]


def test_all_counts_follow_each_scan(begun, patron):
    first, _, out = (factories.item() for _ in range(3))
    factories.loan(patron, item=out)
    for barcode, after in (
        (first.barcode, ["1", "2", "1", "0"]),
        (out.barcode, ["2", "2", "1", "1"]),
        (first.barcode, ["2", "2", "1", "1"]),
    ):
        scan(begun, barcode)
        assert counts(begun) == after


def test_a_copy_with_a_fault_is_told_with_its_remedy(begun, patron):
    item = factories.item(factories.title("こころ"))
    factories.loan(patron, item=item)
    scan(begun, item.barcode)
    assert "貸出中のはずの資料" in begun.text() and "返却の手続き" in begun.text() and patron.name not in begun.text()
    scan(begun, factories.item(branch=factories.branch("東部")).barcode)
    assert "東部の資料です" in begun.text()


def test_the_lists_and_the_table_tell_what_came_of_it(begun):
    lost = factories.item(factories.title("行方不明"), barcode="0100000009")
    scan(begun, factories.item(factories.title("よその本"), branch=factories.branch("東部")).barcode)
    begun.get("/desk/stocktaking/1/missing")
    assert begun.h1() == "見つからない資料" and "行方不明" in begun.text()
    begun.get("/desk/stocktaking/1/misplaced")
    assert "よその本" in begun.text() and "ほかの館の資料" in begun.text()
    begun.get("/desk/stocktaking/1/unknown")
    assert "ありません" in begun.text()
    answer = begun.get("/desk/stocktaking/1.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf") and lost.barcode in answer.text
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_file_of_scans_comes_in_and_what_is_none_is_refused(begun):
    factories.item(barcode="0100000001")
    answer = send(begun, b"0100000001\n0100000002\n")
    begun.get(answer.location)
    assert "ファイルから2件を加えました" in begun.text()
    for content in (b"", b"PK\x03\x04" + b"\x00" * 50):
        assert send(begun, content).status_code == 422
    assert "資料番号の並んだファイルとして読めません" in begun.text()
    assert begun.post("/desk/stocktaking/1/file", {}).status_code == 422


def test_the_end_is_asked_and_missing_copies_become_unknown_of_place_only_where_it_is_said(begun):
    item = factories.item()
    begun.get("/desk/stocktaking/1/close")
    assert "見つからない1点を「不明」にして終える" in begun.text()
    assert begun.post("/desk/stocktaking/1/close", {}).status_code == 422
    assert Item.get_by_id(item.id).state == "available" and Stocktaking.get().closed_at is None
    answer = begun.post("/desk/stocktaking/1/close", {"missing": "set"})
    begun.get(answer.location)
    assert "不明にした資料 1点" in begun.text() and Item.get_by_id(item.id).state == "missing"
    assert scan(begun, item.barcode).status_code == 409
    assert begun.post("/desk/stocktaking/1/close", {"missing": "keep"}).status_code == 409


def test_an_end_without_consequences(begun):
    item = factories.item()
    begun.get("/desk/stocktaking/1/close")
    begun.post("/desk/stocktaking/1/close", {"missing": "keep"})
    assert Stocktaking.get().closed_at and Item.get_by_id(item.id).state == "available"


def test_a_shelf_that_nobody_has_is_refused(desk):
    desk.get("/desk/stocktaking")
    assert desk.post("/desk/stocktaking", desk.form("/desk/stocktaking") | {"shelf": "月"}).status_code == 422
