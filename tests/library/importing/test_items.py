from datetime import date

import pytest

from library.catalog import ndc
from library.importing import items
from library.lending import items as copies
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


# -- numbers ---------------------------------------------------------------------------------------------------------
def barcodes():
    return sorted(row.barcode for row in Item.select())


def rows_of(numbers):
    title = factories.title()
    return "登録番号,書誌ID,所蔵館\n" + "".join(f"{number},{title.id},本館\n" for number in numbers)


def test_two_copies_with_one_number_in_a_file_are_both_refused_and_named(read):
    kokoro, sanshiro = factories.title("こころ"), factories.title("三四郎")
    file = f"登録番号,書誌ID,所蔵館\na000012b,{kokoro.id},本館\n0002,{kokoro.id},本館\nＡ000012B,{sanshiro.id},本館\n0002,{kokoro.id},本館\n"
    for _ in range(2):
        done = read(items, file)
        assert done.refused == [(2, "登録番号"), (4, "登録番号")]
        assert {refusal.reason for refusal in done.told} == {"A000012B が 2行目と 4行目にあり、内容が違います。"}
        assert barcodes() == ["0002"]


def test_letters_of_a_number_are_large_whoever_typed_them(read):
    done = read(items, rows_of(["a000012b"]))
    assert (done.counts, barcodes()) == ((1, 0, 0, 0), ["A000012B"])
    assert read(items, "登録番号,所蔵館,書誌ID\nA000012B,東部,1\n").counts == (0, 1, 0, 0)


def test_numbers_that_lost_their_zeros_are_named_with_what_they_were(read):
    file = rows_of(["00000002", "1", "00000004", "A000012B", "100000017", "12345"])
    for dry_run in (True, False):
        done = read(items, file, dry_run=dry_run)
        assert (done.counts, done.warned) == ((6, 0, 0, 0), [(3, "登録番号"), (7, "登録番号")])
        assert done.more == {f"注意：{items.ZERO_MISSING}": 2}
    assert [warning.reason for warning in done.told] == [
        f"{items.ZERO_MISSING}（1 → 00000001）",
        f"{items.ZERO_MISSING}（12345 → 00012345）",
    ]


def test_the_library_knows_the_length_of_its_numbers_where_a_file_does_not(read):
    assert read(items, rows_of(["1", "22", "333"])).warned == []
    factories.item(barcode="00000444")
    assert read(items, rows_of(["5", "66"])).warned == [(2, "登録番号"), (3, "登録番号")]


def test_a_length_that_nearly_all_numbers_have_is_that_of_the_library(read):
    numbers = [*range(20_000_001, 20_000_020), 123]
    assert read(items, rows_of(numbers)).warned == [(21, "登録番号")]


def test_a_copy_whose_number_was_kept_in_small_letters_is_found_after_an_upgrade(db):
    small, large = factories.item(barcode="a000012b"), factories.item(barcode="C7")
    other = factories.item(barcode="c7")
    assert copies.fold_again() == ["c7"]
    assert copies.by_barcode("a000012b") == copies.by_barcode("A000012B") == small
    assert (copies.by_barcode("c7"), copies.by_barcode("C7")) == (other, large)
    assert barcodes() == ["A000012B", "C7", "c7"]
