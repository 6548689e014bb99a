from datetime import date

import pytest

from library.catalog import ndc
from library.importing import items
from models import Item, Title
from tests import factories


@pytest.fixture(autouse=True)
def places(db):
    return factories.branch("本館"), factories.branch("東部")


def test_an_item_goes_under_the_title_of_its_id_source_id_or_isbn(read):
    kokoro = factories.title("こころ", source="csv", source_id="000773")
    sanshiro = factories.title("三四郎", isbn="9784101010137")
    done = read(
        items,
        "登録番号,書誌ID,書誌番号,ISBN,所蔵館,配架場所,請求記号,状態,受入日\n"
        f"0001,{kokoro.id},,,本館,一般,913.6 ナ,禁帯出,2020/4/1\n"
        "0002,,000773,,東部,,,,\n"
        "０００３,,,4-10-101013-7,本館,,,貸出可,\n",
    )
    assert done.counts == (3, 0, 0, 0)
    rows = {row.barcode: row for row in Item.select()}
    assert [rows[code].title for code in ("0001", "0002", "0003")] == [kokoro, kokoro, sanshiro]
    assert (rows["0001"].state, rows["0001"].call_number, rows["0001"].acquired_on) == (
        "reference",
        "913.6 ナ",
        date(2020, 4, 1),
    )
    assert (rows["0002"].state, rows["0002"].branch.name) == ("available", "東部")


def test_the_same_file_again_changes_nothing_and_an_empty_cell_leaves_what_is_stored(read):
    factories.title("こころ", source="csv", source_id="1")
    first = "barcode,source_id,branch,shelf,state\n0001,1,本館,開架,available\n"
    assert read(items, first).counts == (1, 0, 0, 0)
    assert read(items, first).counts == (0, 0, 1, 0)
    assert read(items, "barcode,source_id,branch,shelf,state\n0001,1,東部,,lost\n").counts == (0, 1, 0, 0)
    row = Item.get()
    assert (row.branch.name, row.shelf, row.state) == ("東部", "開架", "lost")


def test_wrong_rows_are_named(read):
    factories.title("上", isbn="9784101010137")
    factories.title("下", isbn="9784101010137")
    done = read(
        items,
        "barcode,title_id,source_id,isbn,branch,state\n"
        "0001,,,,本館,\n"
        "0002,99999999999999999999,,,本館,\n"
        "0003,,nothing,,本館,\n"
        "0004,,,9784101010137,本館,\n"
        "0005,,,9784101010137,西部,寝ている\n"
        ",,,1234567890123,,\n",
    )
    assert done.counts == (0, 0, 0, 6)
    assert done.refused == [
        (2, ""),
        (3, "書誌ID"),
        (4, "書誌番号"),
        (5, "ISBN"),
        (6, "所蔵館"),
        (6, "ISBN"),
        (6, "状態"),
        (7, "登録番号"),
        (7, "所蔵館"),
        (7, "ISBN"),
    ]
    assert "2件" in done.told[3].reason
    assert Item.select().count() == 0


def test_a_title_stands_on_the_shelf_where_its_copy_does(read):
    factories.branch("本館")
    title = factories.title(ndc="007")
    rows = "書誌ID,登録番号,所蔵館,請求記号\n{},0001,本館,{}\n"
    read(items, rows.format(title.id, "913.6 ナ"))
    assert Title.get_by_id(title.id).shelf_key == ndc.shelf_key("913.6 ナ")
    read(items, rows.format(title.id, "K913"))
    assert Title.get_by_id(title.id).shelf_key == ndc.shelf_key("K913")
