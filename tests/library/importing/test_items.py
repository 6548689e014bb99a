from datetime import date

import pytest

from library import clock, errors, policy
from library.catalog import exporting, ndc
from library.importing import items, numbers, words
from library.lending import items as copies
from models import Item, ItemSet, Partner, SaidOut, Title
from tests import factories


@pytest.fixture(autouse=True)
def places(db):
    return factories.branch("本館"), factories.branch("東部")


def test_an_item_goes_under_the_title_of_its_id_source_id_or_isbn(read):
    kokoro = factories.title("こころ", source="csv", source_id="000773")
    sanshiro = factories.title("三四郎", isbn="9784101010137")
    done = read(
        items,
        "登録番号,title_id,書誌番号,ISBN,所蔵館,配架場所,請求記号,状態,受入日\n"
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
    there = factories.title("下", isbn="9784101010137").id
    done = read(
        items,
        "barcode,title_id,source_id,isbn,branch,state\n"
        "0001,,,,本館,\n"
        "0002,99999999999999999999,,,本館,\n"
        "0003,,nothing,,本館,\n"
        "0004,,,9784101010137,本館,\n"
        ",,,1234567890123,,\n"
        f"{'9' * 21},{there},,,本館,\n",
    )
    assert done.counts == (0, 0, 0, 6)
    assert done.refused == [
        (2, ""),
        (3, "この図書館の書誌の番号"),
        (4, "書誌番号"),
        (5, "ISBN"),
        (6, "所蔵館"),
        (6, "登録番号"),
        (6, "ISBN"),
        (7, "登録番号"),
    ]
    assert "2件" in done.told[3].reason
    assert Item.select().count() == 0


# -- words -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("word", "state"),
    [
        *((word, "available") for word in ("貸出可能", "貸出中", "在庫", "在架", "available", "")),
        *((word, "reference") for word in ("館内閲覧", "貸出禁止", "禁帯出")),
        *((word, "repair") for word in ("補修中", "製本中", "修理中")),
        *(("所在不明", "missing"), ("亡失", "lost"), ("廃棄", "withdrawn"), ("除籍", "withdrawn")),
    ],
)
def test_the_words_of_other_systems_are_known(word, state, read):
    assert read(items, f"登録番号,title_id,所蔵館,資料状態\n0001,{factories.title().id},本館,{word}\n").counts == (
        1,
        0,
        0,
        0,
    )
    assert Item.get().state == state


def test_a_copy_that_moves_to_another_title_is_told_of(read):
    factories.title("猫", source="csv", source_id="1"), factories.title("犬", source="csv", source_id="2")
    read(items, "barcode,source_id,branch\n0001,1,本館\n0002,1,本館\n")
    file = "barcode,source_id,branch,shelf\n0001,2,本館,開架\n0002,1,本館,開架\n"
    for dry_run in (True, False):
        done = read(items, file, dry_run=dry_run)
        assert (done.counts, done.warned) == ((0, 2, 0, 0), [(2, "登録番号")])
        assert done.told[0].reason == "別の書誌に移ります"
    assert read(items, file).warned == []


def test_a_state_that_nobody_knows_stops_the_file_until_it_is_mapped(read):
    file = f"登録番号,title_id,所蔵館,状態\n0001,{factories.title().id},本館,寝ている\n"
    for dry_run in (True, False):
        with pytest.raises(
            errors.ValuesUnknown, match=r"状態「寝ている」1行。.*--map 状態:寝ている=- でその行を取り込まない"
        ):
            read(items, file, dry_run=dry_run)
    assert not Item.select().exists()
    assert read(items, file, values={"state": {"寝て いる": "missing"}}).counts == (1, 0, 0, 0)
    assert Item.get().state == "missing"
    done = read(items, file, values={"state": {"寝ている": ""}})
    assert (done.counts, done.emptied, done.told[0].value) == ((0, 0, 1, 0), [(2, "状態")], "寝ている")


@pytest.mark.parametrize(("column", "word"), [("branch", "77"), ("material_type", "謎"), ("state", "寝ている")])
def test_rows_of_a_value_that_is_mapped_to_nothing_stay_out_and_are_named(column, word, read):
    title = factories.title("こころ", source="csv", source_id="1")
    row = {"branch": "本館", "material_type": "図書", "state": "在架"}
    file = "barcode,source_id,branch,material_type,state\n" + "".join(
        f"{number},1,{','.join((row | more).values())}\n" for number, more in ((1, {}), (2, {column: word}))
    )
    for dry_run in (True, False):
        done = read(items, file, values={column: {word: "-"}}, dry_run=dry_run)
        assert done.counts == (1, 0, 0, 0)
        assert [(each.kind, each.line, each.value) for each in done.told] == [("取り込まない", 3, word)]
    assert [item.barcode for item in title.items] == ["1"]


# -- numbers of titles -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("heading", ["書誌ID", "書誌ＩＤ", "書誌コード", "書誌番号"])
def test_the_number_of_a_title_is_that_of_the_other_system_whatever_it_is_called(heading, read):
    first, second = factories.title("一"), factories.title("二")
    Title.update(source="csv", source_id=str(second.id)).where(Title.id == first.id).execute()
    read(items, f"登録番号,{heading},所蔵館\n0001,{second.id},本館\n")
    assert Item.get().title == first


def test_a_number_of_a_title_that_lost_its_zeros_is_found_where_one_fits(read):
    for number in ("000773", "000774", "00774", "12"):
        factories.title(f"題{number}", source="csv", source_id=number)
    done = read(items, "登録番号,書誌番号,所蔵館\n0001,773,本館\n0002,774,本館\n0003,0012,本館\n0004,13,本館\n")
    assert (done.counts, done.refused) == ((2, 0, 0, 2), [(3, "書誌番号"), (5, "書誌番号")])
    assert {item.barcode: item.title.source_id for item in Item.select()} == {"0001": "000773", "0003": "12"}
    assert done.mended == [(2, "書誌番号"), (4, "書誌番号")]


def test_a_call_number_in_several_columns_is_joined_in_their_order(read):
    factories.title("こころ", source="csv", source_id="1")
    read(items, "登録番号,書誌番号,所蔵館,分類,著者記号,巻冊\n0001,1,本館,913.6,ナ,2\n0002,1,本館,E,,\n")
    assert [row.call_number for row in Item.select().order_by(Item.barcode)] == ["913.6 ナ 2", "E"]


def test_a_code_of_a_branch_goes_before_nothing_and_its_name_before_the_code(read):
    factories.title("こころ", source="csv", source_id="1")
    assert read(items, "登録番号,書誌番号,館コード,所蔵館名\n0001,1,77,東部\n").counts == (1, 0, 0, 0)
    assert Item.get().branch.name == "東部"


def test_a_copy_that_is_said_to_be_out_is_kept_in_mind_until_it_is_said_to_be_in(read):
    file = "登録番号,title_id,所蔵館,状態\n0001,{0},本館,{1}\n0002,{0},本館,在架\n"
    title = factories.title().id
    assert read(items, file.format(title, "貸出中"), dry_run=True).counts == (2, 0, 0, 0)
    assert SaidOut.select().count() == 0
    for _ in range(2):
        read(items, file.format(title, "貸出中"))
        assert [row.item.barcode for row in SaidOut.select()] == ["0001"]
    read(items, file.format(title, "在架"))
    assert SaidOut.select().count() == 0


def test_a_copy_that_somebody_has_is_not_missing_whatever_its_file_says(read):
    copy = factories.item(barcode="0001", branch=factories.branch("本館"))
    file = f"登録番号,title_id,所蔵館,状態\n0001,{copy.title_id},本館,所在不明\n"
    loan = factories.loan(factories.patron(), item=copy)
    done = read(items, file)
    assert (done.counts, done.warned, Item.get().state) == ((0, 0, 1, 0), [(2, "状態")], "available")
    loan.delete_instance()
    assert read(items, file).counts == (0, 1, 0, 0)


def test_branches_and_material_types_that_the_library_lacks_stop_the_file(read):
    title = factories.title().id
    file = f"登録番号,title_id,所蔵館,資料区分\n0001,{title},西部,郷土資料\n0002,{title},西部,図書\n"
    with pytest.raises(errors.ValuesUnknown, match="資料区分「郷土資料」1行、所蔵館「西部」2行") as stopped:
        read(items, file)
    assert stopped.value.facts["unknown"] == {"material_type": {"郷土資料": 1}, "branch": {"西部": 2}}
    values = {"branch": {"西部": "本館"}}
    with pytest.raises(errors.ValuesUnknown, match="何も取り込んでいません：資料区分「郷土資料」1行。"):
        read(items, file, values=values)
    types = policy.get("material_types")
    assert read(items, file, values=values, adding=words.Adding(all=True), dry_run=True).counts == (2, 0, 0, 0)
    assert policy.get("material_types") == types
    assert read(items, file, values=values, adding=words.Adding(all=True)).counts == (2, 0, 0, 0)
    assert policy.get("material_types") == [*types, "郷土資料"]


def test_a_title_stands_on_the_shelf_where_its_copy_does(read):
    factories.branch("本館")
    title = factories.title(ndc="007")
    rows = "title_id,登録番号,所蔵館,請求記号\n{},0001,本館,{}\n"
    read(items, rows.format(title.id, "913.6 ナ"))
    assert Title.get_by_id(title.id).shelf_key == ndc.shelf_key("913.6 ナ")
    read(items, rows.format(title.id, "K913"))
    assert Title.get_by_id(title.id).shelf_key == ndc.shelf_key("K913")


# -- numbers ---------------------------------------------------------------------------------------------------------
def barcodes():
    return sorted(row.barcode for row in Item.select())


def rows_of(numbers):
    title = factories.title()
    return "登録番号,title_id,所蔵館\n" + "".join(f"{number},{title.id},本館\n" for number in numbers)


def test_start_and_stop_are_no_part_of_a_number_whose_length_is_known(read):
    anything, ten = {"id": 1, "letters": True}, {"id": 2, "length": 10, "pads": True, "is_for_new": True}
    for forms, stored in (([anything], "A0300055000A"), ([anything, ten], "0300055000")):
        policy.put("item_forms", forms)
        read(items, rows_of(["a0300055000a"]))
        assert barcodes() == [stored]
        Item.delete().execute()


def test_two_copies_with_one_number_in_a_file_are_both_refused_and_named(read):
    kokoro, sanshiro = factories.title("こころ"), factories.title("三四郎")
    file = f"登録番号,title_id,所蔵館\na000012b,{kokoro.id},本館\n0002,{kokoro.id},本館\nＡ000012B,{sanshiro.id},本館\n0002,{kokoro.id},本館\n"
    for _ in range(2):
        done = read(items, file)
        assert done.refused == [(2, "登録番号"), (4, "登録番号")]
        assert {refusal.reason for refusal in done.told} == {
            "登録番号 A000012B が 2行目と 4行目にあり、内容が違います。"
        }
        assert barcodes() == ["0002"]


def test_letters_of_a_number_are_large_whoever_typed_them(read):
    done = read(items, rows_of(["a000012b"]))
    assert (done.counts, barcodes()) == ((1, 0, 0, 0), ["A000012B"])
    assert read(items, "登録番号,所蔵館,title_id\nA000012B,東部,1\n").counts == (0, 1, 0, 0)


@pytest.fixture
def eight(db):
    """Numbers of eight digits whose zeros are put back, and others of eight characters."""
    padded = {"id": 1, "length": 8, "pads": True, "is_for_new": True}
    policy.put("item_forms", [padded, {"id": 2, "length": 8, "letters": True}])


def test_numbers_that_lost_their_zeros_are_refused_with_what_they_were(read, eight):
    file = rows_of(["00000002", "1", "00000004", "A000012B", "100000017", "12345"])
    for dry_run in (True, False):
        done = read(items, file, dry_run=dry_run)
        assert (done.counts, done.refused) == ((4, 0, 0, 2), [(3, "登録番号"), (7, "登録番号")])
        assert "1 → 00000001" in done.told[0].reason
        assert (done.warned, done.told[1].reason) == ([(6, "登録番号")], numbers.NO_FORM)
    done = read(items, file, pad_zeros=True)
    assert (done.counts, done.mended) == ((2, 0, 4, 0), [(3, "登録番号"), (7, "登録番号")])
    assert barcodes() == ["00000001", "00000002", "00000004", "00012345", "100000017", "A000012B"]
    assert [finding.value for finding in done.told] == ["1", "12345"]
    assert read(items, file).counts == (0, 0, 6, 0), "what is stored is found without its zeros"


def test_a_number_with_and_without_its_zeros_is_one(read, eight):
    done = read(items, rows_of(["00000001", "1"]), pad_zeros=True)
    assert (done.counts, barcodes()) == ((1, 0, 1, 0), ["00000001"])


def test_a_wrong_check_digit_is_taken_and_named(read):
    policy.put("item_forms", [{"id": 1, "length": 8, "check": "m10w21s", "is_for_new": True}])
    done = read(items, rows_of(["12345674", "12345675"]))
    assert (done.counts, done.warned, done.told[0].reason) == ((2, 0, 0, 0), [(3, "登録番号")], numbers.WRONG_DIGIT)


def test_a_copy_whose_number_is_in_small_letters_beside_another_is_found_as_it_is_typed(db):
    large, small = factories.item(barcode="C7"), factories.item(barcode="c7")
    assert (copies.by_barcode("c7"), copies.by_barcode("C7")) == (small, large)


def of_numbers(*numbers):
    factories.title("こころ", source="csv", source_id="1")
    return "登録番号,書誌番号,所蔵館\n" + "".join(f"{number},1,本館\n" for number in numbers)


SHORTER = f"注意：{numbers.SHORTER.format(length=8, example='34')}"


def test_numbers_shorter_than_most_are_told_where_any_length_will_do(read):
    file = of_numbers(*range(10000001, 10000005), "34", "1234567", "A1")
    done = read(items, file, dry_run=True)
    assert (done.counts, done.more[SHORTER], done.report.shorter) == ((7, 0, 0, 0), 2, 2)
    read(items, file)
    assert not read(items, file).report.shorter, "what is stored is right, or was seen before"


@pytest.mark.parametrize("given", [("34", "1234", "12345678"), ("12345678", "123456789"), ("A1", "12345678")])
def test_where_most_numbers_are_of_no_one_length_or_none_is_shorter_nothing_is_told(read, given):
    assert not read(items, of_numbers(*given)).report.shorter


def test_a_form_of_that_length_that_pads_refuses_them_by_name(read):
    policy.put("item_forms", [{"id": 1, "length": 8, "pads": True, "is_for_new": True}])
    done = read(items, of_numbers("10000001", "10000002", "34"))
    assert done.refused == [(4, "登録番号")] and not done.report.shorter


# -- accession and withdrawal ------------------------------------------------------------------------------------------
def test_a_file_brings_accession_and_withdrawal_in_the_words_of_other_systems(read):
    title = factories.title()
    file = (
        "登録番号,title_id,所蔵館,受入区分,定価,納入業者,予算,除籍年月日,除籍区分,資料状態\n"
        f'0001,{title.id},本館,寄附,"￥1,980円",町の書店,図書費,,,\n'
        f"0002,{title.id},本館,購入,たかい,,,2020/4/1,亡失,在架\n"
        f"0003,{title.id},本館,,,,,,,廃棄\n"
    )
    done = read(items, file)
    assert done.counts == (3, 0, 0, 0) and done.emptied == [(3, "購入価格")]
    one, two, three = Item.select().order_by(Item.barcode)
    assert (one.acquired_how, one.price, one.supplier, one.budget_word) == ("寄贈", 1980, "町の書店", "図書費")
    assert (two.state, two.withdrawn_on, two.withdrawn_reason) == ("withdrawn", date(2020, 4, 1), "紛失・不明")
    assert (three.state, three.withdrawn_on, three.former_state) == ("withdrawn", None, "available")
    assert read(items, file).counts == (0, 0, 3, 0)


def test_a_file_withdraws_a_copy_today_and_brings_it_back_but_none_that_somebody_has(read, patron):
    lent, here = factories.item(barcode="0001"), factories.item(barcode="0002")
    factories.loan(patron, item=lent)
    rows = "".join(f"{item.barcode},{item.title_id},本館,{{}}\n" for item in (lent, here))
    file = "登録番号,title_id,所蔵館,状態\n" + rows
    assert read(items, file.format("除籍", "除籍")).counts == (0, 1, 1, 0)
    stored = {row.barcode: (row.state, row.withdrawn_on, row.former_state) for row in Item.select()}
    assert stored == {"0001": ("available", None, ""), "0002": ("withdrawn", clock.today(), "available")}
    assert read(items, file.format("在架", "在架")).counts == (0, 1, 1, 0)
    assert {(row.state, row.withdrawn_on, row.former_state) for row in Item.select()} == {("available", None, "")}


def test_the_number_of_a_withdrawn_copy_goes_to_no_other_title(read):
    gone, other = factories.item(barcode="0001"), factories.title()
    factories.withdraw(gone)
    done = read(items, f"登録番号,title_id,所蔵館\n0001,{other.id},本館\n")
    assert done.counts == (0, 0, 0, 1) and "ほかの資料に使えません" in done.told[0].reason
    assert Item.get().title == gone.title


def test_exported_copies_come_in_again_without_a_change(read, tmp_path):
    title = factories.title(isbn="9784101010137")
    given = {"acquired_how": "購入", "price": 1980, "supplier": "書店", "budget_word": "図書費", "note": "付録"}
    factories.item(title, call_number="913.6 ナ", **given)
    exporting.write_items(tmp_path / "out.csv")
    assert read(items, (tmp_path / "out.csv").read_bytes()).counts == (0, 0, 1, 0)
    assert Item.get().price == 1980


def test_a_row_does_not_overwrite_a_copy_of_another_library(read):
    title = factories.title("こころ", source="csv", source_id="1")
    lent = factories.item(title, barcode="9000000001", owner=Partner.create(name="県立図書館"))
    done = read(items, "barcode,source_id,branch,shelf\n9000000001,1,東部,一般\n")
    assert done.counts == (0, 0, 0, 1) and done.refused == [(2, "登録番号")]
    assert "ほかの図書館から借りた資料です" in str(done.told[0])
    assert Item.get_by_id(lent.id).branch.name == "本館"


def test_a_number_of_a_set_is_taken_for_no_copy(read, places):
    ItemSet.create(name="よみきかせ", barcode="S0001", branch=places[0])
    title = factories.title().id
    done = read(items, f"登録番号,title_id,所蔵館\nS0001,{title},本館\n0002,{title},本館\n")
    assert done.refused == [(2, "登録番号")] and [copy.barcode for copy in Item.select()] == ["0002"]
