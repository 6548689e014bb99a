"""Habits of other systems: what their cells say in words, in several columns, or by a row of zeros."""

from datetime import date

import pytest

from library import clock, errors, policy
from library.files.headings import AND
from library.importing import assignments, holds, loans, numbers, patrons, titles
from models import Contributor, Hold, Loan, Patron, PatronAddress, Title
from tests import factories

TODAY = date(2026, 11, 25)
CARD = "0000000000017"


@pytest.fixture(autouse=True)
def places(db):
    return factories.branch("本館", code="01")


def hand(module, *pairs):
    return assignments.read(pairs, module.COLUMNS).headings


# -- 利用者 ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "stored", "note"),
    [
        ("000-0000-0000", "", ""),
        ("０", "", ""),
        ("070ー3237ー9376", "070-3237-9376", ""),
        ("22―6101", "0575-22-6101", ""),
        ("0575-22-6101（母）", "0575-22-6101", "電話（自宅）：0575-22-6101（母）"),
        ("22-6101 (呼)", "0575-22-6101", "電話（自宅）：22-6101 (呼)"),
    ],
)
def test_a_phone_is_read_as_it_was_jotted_down(text, stored, note, read):
    done = read(patrons, f"利用者番号,氏名,電話自宅\n{CARD},山田,{text}\n", area_code="0575")
    assert (Patron.get().phone_home, Patron.get().desk_note) == (stored, note)
    assert (done.emptied, done.warned) == ([], [(2, "電話自宅")] if note else [])


@pytest.mark.parametrize("nothing", ["9999999", "0000000", "99999999", "00000000"])
def test_a_day_without_end_is_no_fault_of_its_row(nothing, read):
    done = read(
        patrons, f"利用者番号,氏名,有効期限,利用区分,Ｅメール\n{CARD},山田,{nothing},一般,a@example.jp\n総件数,,1,,\n"
    )
    assert (done.emptied, done.counts) == ([], (1, 0, 0, 0))
    assert (Patron.get().category, PatronAddress.get().address) == ("一般", "a@example.jp")


@pytest.mark.parametrize(
    ("cells", "stored"),
    [
        ("0173,52,4594", "0173-52-4594"),
        (",53,4594", "0173-53-4594"),
        ("03,3333,3333", "03-3333-3333"),
        ("173,52,4594", "0173-52-4594"),
        ("000,0000,0000", ""),
        (",,", ""),
    ],
)
def test_a_phone_in_three_columns_is_one_number(cells, stored, read):
    given = {"mapping": hand(patrons, *(("phone_home", f"電話{place}") for place in "１２３"))}
    done = read(
        patrons,
        f"利用者番号,氏名,電話１,電話２,電話３\n{CARD},山田,{cells}\n",
        **given,
        area_code="0173",
        pad_zeros=True,
    )
    assert (Patron.get().phone_home, done.emptied) == (stored, [])


def test_two_phones_in_the_columns_of_one_are_none(read):
    given = {"mapping": hand(patrons, ("phone_home", "自宅"), ("phone_home", "実家"))}
    done = read(patrons, f"利用者番号,氏名,自宅,実家\n{CARD},山田,0575-22-6101,0575-22\n", **given)
    assert (Patron.get().phone_home, done.emptied) == ("", [(2, "電話自宅")])


@pytest.mark.parametrize("text", ["383601", "38-3601"])
def test_a_postal_code_gets_its_lost_zero_back(text, read):
    file = f"利用者番号,氏名,郵便番号\n{CARD},山田,{text}\n"
    assert read(patrons, file, dry_run=True).emptied == [(2, "郵便番号")]
    assert read(patrons, file, pad_zeros=True).mended == [(2, "郵便番号")]
    assert Patron.get().postal_code == "038-3601"


def test_two_columns_say_the_state_together(read):
    given = {"mapping": hand(patrons, ("state", "停止"), ("state", "削除"))}
    values = {"state": {"0 0": "有効", "0 1": "-", "1 0": "停止"}}
    rows = f"{CARD},山田,0,0\n0000000000025,林,0,1\n0000000000033,森,1,0\n"
    read(patrons, f"利用者番号,氏名,停止,削除\n{rows}", **given, values=values)
    assert [(row.name, row.state) for row in Patron.select()] == [("山田", "active"), ("森", "suspended")]


def test_a_letter_alone_is_no_card_number(read):
    assert read(patrons, "利用者番号,氏名\nK,山田\n").refused == [(2, "利用者番号")]


def test_the_same_heading_twice_is_told_apart_as_the_refusal_says(read):
    file = f"利用者番号,氏名,メール,メール\n{CARD},山田,a@example.jp,b@example.jp\n"
    with pytest.raises(errors.HeadingTwice, match=r"--map E-mail1=メール（3列目）"):
        read(patrons, file, mapping=hand(patrons, ("E-mail1", "メール")))
    read(patrons, file, mapping=hand(patrons, ("E-mail1", "メール（3列目）"), ("E-mail2", "メール（4列目）")))
    assert [row.address for row in PatronAddress.select()] == ["a@example.jp", "b@example.jp"]


def test_cells_of_a_known_card_that_are_not_taken_are_told(read):
    read(patrons, f"利用者番号,氏名,E-mail1,予約連絡方法,備考\n{CARD},山田,a@example.jp,電話,甲\n")
    rows = f"{CARD},山田,{{}},電話,{{}}\n"
    head = "利用者番号,氏名,E-mail1,予約連絡方法,備考\n"
    assert read(patrons, head + rows.format("A@example.jp", "")).told == []
    done = read(patrons, head + rows.format("b@example.jp", "乙"))
    assert done.warned == [(2, "E-mail1"), (2, "窓口メモ")]
    assert {finding.reason for finding in done.told} == {patrons.KEPT}
    assert (PatronAddress.get().address, Patron.get().desk_note) == ("a@example.jp", "甲")


def test_zeros_put_back_are_counted_beside_a_shorter_form_with_letters(read):
    card = {"id": 1, "prefix": "K", "length": 5}, {"id": 2, "length": 6, "pads": True, "is_for_new": True}
    policy.put("card_forms", list(card))
    file = "利用者番号,氏名\n10000,山田\nK1001,森\n"
    assert read(patrons, file).refused == [(2, "利用者番号")], "nobody said that its zeros are lost"
    done = read(patrons, file, pad_zeros=True)
    assert done.more[f"補った：{numbers.PADDED}"] == 1 and Patron.get_or_none(Patron.card_number == "010000")


# -- 貸出、予約 --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("back", "counts"), [("済", (0, 0, 0, 0)), ("未", (1, 0, 0, 0)), ("0", (1, 0, 0, 0)), ("本人", (0, 0, 0, 1))]
)
def test_a_return_said_in_a_word_is_one(back, counts, read):
    factories.patron(card_number=CARD), factories.item(barcode="0001")
    file = f"登録番号,利用者番号,貸出日,返却期限日,返却日,延長回数\n0001,{CARD},2026-11-11,2026-12-25,{back},1回\n"
    assert read(loans, file, now=clock.at(TODAY, 10)).counts == counts
    assert [loan.renewals for loan in Loan.select()] == [1] * counts[0]


@pytest.mark.parametrize("rank", ["2", "2番目", "第２位", "2番", "2人目"])
def test_a_rank_said_in_words_is_read(rank, read):
    factories.patron(card_number=CARD), factories.title("こころ", source="csv", source_id="1")
    file = f"利用者番号,書誌番号,受取館,予約順位\n{CARD},1,本館,{rank}\n"
    assert (read(holds, file, now=clock.at(TODAY, 10)).told, Hold.get().rank) == ([], 2)


@pytest.mark.parametrize(
    ("day", "time", "moment"),
    [
        ("20261021", "0421", (2026, 10, 21, 4, 21)),
        ("20261021", "421", (2026, 10, 21, 4, 21)),
        ("R8.10.21", "16:05:59", (2026, 10, 21, 16, 5)),
        ("2026年10月21日", "160500", (2026, 10, 21, 16, 5)),
        ("20261021", "", (2026, 10, 21)),
    ],
)
def test_a_day_and_a_time_in_two_columns_are_a_moment(day, time, moment, read):
    factories.patron(card_number=CARD), factories.title("こころ", source="csv", source_id="1")
    file = f"利用者番号,書誌番号,受取館,予約日,時刻\n{CARD},1,本館,{day},{time}\n"
    mapping = hand(holds, ("placed_at", "予約日"), ("placed_at", "時刻"))
    read(holds, file, mapping=mapping, now=clock.at(TODAY, 10))
    assert Hold.get().placed_at == clock.at(date(*moment[:3]), *moment[3:])


# -- 書誌 --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ("森　鴎外,ﾓﾘ ｵｳｶﾞｲ,林 太郎,ﾊﾔｼ ﾀﾛｳ", [("森鴎外", "モリ オウガイ"), ("林太郎", "ハヤシ タロウ")]),
        ("森　鴎外 著,,林 太郎 訳,ﾊﾔｼ ﾀﾛｳ", [("森鴎外", ""), ("林太郎", "ハヤシ タロウ")]),
        ("森　鴎外,ﾓﾘ ｵｳｶﾞｲ,林 太郎 訳,", [("森鴎外", "モリ オウガイ"), ("林太郎", "")]),
        ("森　鴎外／著,ﾓﾘ ｵｳｶﾞｲ,,", [("森鴎外", "モリ オウガイ")]),
        (",,,", []),
    ],
)
def test_authors_in_two_columns_have_each_their_reading(cells, told, read):
    columns = {"author": "著者", "author_kana": "読み"}
    mapping = {name: f"{heading}1{AND}{heading}2" for name, heading in columns.items()}
    read(titles, f"書名,著者1,読み1,著者2,読み2\n本,{cells}\n", mapping=mapping)
    rows = Contributor.select().order_by(Contributor.position)
    assert [(row.author.name, row.author.kana) for row in rows] == told
    assert [row.role for row in rows if "訳" in cells] in ([], ["著", "訳"], ["", "訳"])
    assert Title.get().author.count(";") == max(len(told) - 1, 0)
