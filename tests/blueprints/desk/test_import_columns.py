"""列: each column of a file is put where it belongs, and what the page shows is what comes in. 確認: one row of it, as it
would be stored.
"""

from datetime import date

import pytest

from library.importing import assignments
from models import Branch, Hold, Item, Loan, Patron, Title
from tests import factories
from tests.blueprints.desk.test_imports import choose, chosen, columns, press, selects, send


@pytest.fixture
def desk(browse):
    browse.be(factories.staff("admin", login="kanri"))
    factories.branch("本館", code="01")
    return browse


def cells(desk):
    """Return the cells of the one row that is shown: our column → (text of the file, as stored)."""
    rows = desk.page.select("#one-row tbody tr")
    return {
        next(row.th.stripped_strings): tuple(" ".join(cell.get_text().split()) for cell in row.find_all("td"))
        for row in rows
    }


def sentence_of(desk):
    return " ".join(desk.page.select_one("#one-row").get_text().split())


# -- the columns of a file ---------------------------------------------------------------------------------------------
def test_each_column_of_a_file_is_a_row_with_its_first_values(desk):
    send(desk, "登録番号,,備考3,備考3\n1,,甲,\n2,a,,乙\n3,,,\n4,,,丁\n".encode(), "items")
    rows = [[" ".join(cell.get_text().split()) for cell in row.find_all(["th", "td"])[:2]]
            for row in desk.page.select("main tbody tr")]  # fmt: skip
    assert rows == [
        ["登録番号", "1 ／ 2 ／ 3"],
        ["見出しなし（2列目）", "（空） ／ a ／ （空）"],
        ["備考3（3列目）", "甲 ／ （空） ／ （空）"],
        ["備考3（4列目）", "（空） ／ 乙 ／ （空）"],
    ]
    facts = {each.dt.get_text(): each.dd.get_text() for each in desk.page.select("dl.tally > div")}
    assert facts == {"文字コード": "UTF-8", "行": "4", "列": "4", "まだ選んでいない列": "3"}
    assert "4列のうち1列は、見出しから分かりました。" in desk.text()


def test_性別_counts_as_chosen_and_is_never_taken(desk):
    send(desk, "利用者番号,氏名,性別\n0000002377570,山田,男\n".encode(), "patrons")
    assert "性別は取り込みません。" in desk.text() and "性別" not in selects(desk)
    assert desk.page.find(id="columns-open").get_text() == "0"
    press(desk, "/columns", column_2="note")
    press(desk, "/run")
    assert Patron.get().desk_note == ""


@pytest.mark.parametrize("open_or_left_out", ["", "-"])
def test_a_column_that_is_not_chosen_is_not_taken_whatever_its_heading_says(open_or_left_out, desk):
    send(desk, "利用者番号,氏名,住所,住所２\n0000002377570,山田,本町1,ハイツ2\n".encode(), "patrons")
    choose(desk, {"住所": open_or_left_out})
    press(desk, "/run")
    assert Patron.get().address == "ハイツ2"


def test_a_missing_column_is_told_in_the_words_of_the_page(desk):
    send(desk, "番号甲,氏名\n0000002377570,山田\n".encode(), "patrons")
    press(desk, "/columns")
    assert (
        "必要な見出しがありません：利用者番号。" in desk.text() and "「入れるところ」を選んでください。" in desk.text()
    )
    assert "card_number" not in desk.text() and "--map" not in desk.text()


def test_columns_of_one_heading_go_where_each_is_put(desk):
    factories.title("こころ", source="csv", source_id="1")
    many = ",".join(f"列{number}" for number in range(40))
    head, row = f"番号,番号,,館,記号,記号,{many}\n", f"0100000001,1,前,本館,913.6,ナ,{',' * 39}\n"
    send(desk, (head + row).encode(), "items")
    choose(desk, {"番号（1列目）": "barcode", "番号（2列目）": "source_id", "見出しなし（3列目）": "shelf",
                  "記号（5列目）": "call_number", "記号（6列目）": "call_number"})  # fmt: skip
    press(desk, "/run")
    item = Item.get()
    assert (item.barcode, item.title.title, item.shelf, item.call_number) == ("0100000001", "こころ", "前", "913.6 ナ")
    send(desk, (head + row).encode(), "items")
    assert columns(desk)["番号（2列目）"] == "source_id" and chosen(desk, "call_number") == [
        "記号（5列目）",
        "記号（6列目）",
    ]


def test_a_change_shows_what_is_joined_and_how_many_are_left_without_trying_the_file(desk):
    send(desk, "登録番号,請求1,請求2,館\n1,913.6,ナ,本館\n".encode(), "items")
    form = desk.page.select_one("form[action$='/columns']")["action"]
    given = desk.form(form) | {"column_1": "call_number", "column_2": "call_number", "look": "y"}
    answer = desk.post(form, given, headers={"HX-Request": "true", "HX-Target": "chosen"}).get_data(as_text=True)
    assert '請求記号は「<span class="lines">913.6 ナ</span>」になります。' in answer
    assert '<b id="columns-open" data-hx-swap-oob="innerHTML">0</b>' in answer
    desk.get(desk.address)
    assert chosen(desk, "call_number") == ["請求1", "請求2"], "it is kept"


def test_the_longer_of_two_years_is_said_to_be_taken(desk):
    send(desk, "書名,出版年,出版年月\nこころ,1914,1914.9\n".encode())
    joined = desk.page.select_one("#chosen").get_text()
    assert "「出版年」と「出版年月」のうち、長い方を入れます。出版年は「1914.9」になります。" in joined


def test_a_heading_left_out_once_may_be_taken_later(db):
    assignments.remember("patrons", assignments.Assignments({"-": "家族\n続柄"}), "前のシステム")
    assignments.remember("patrons", assignments.Assignments({"note": "続柄"}), "前のシステム")
    assert assignments.remembered("patrons", "前のシステム").headings == {"-": "家族", "note": "続柄"}
    assignments.remember("patrons", assignments.Assignments({"note": "家族"}), "前のシステム")
    assert assignments.remembered("patrons", "前のシステム").headings == {"note": "家族"}


# -- one row -----------------------------------------------------------------------------------------------------------
def test_one_row_of_copies_is_shown_as_it_would_be_stored_and_nothing_stays(desk):
    factories.title("こころ", source="csv", source_id="1")
    file = "登録番号,書誌ID,請求1,請求2,館CD,受入日,状態\n0100000001,1,,,01,,\n0100000002,1,913.6,ナ,1,R6.4.12,在架\n"
    send(desk, file.encode(), "items")
    choose(desk, {"請求1": "call_number", "請求2": "call_number", "館CD": "branch"})
    assert "3行目：新しく入ります。" in sentence_of(desk), "of two rows the fuller one"
    assert cells(desk) == {
        "登録番号": ("0100000002", "0100000002"), "書誌番号": ("1", "こころ"), "請求記号": ("913.6 ナ", "913.6 ナ"),
        "所蔵館": ("1", "本館"), "受入日": ("R6.4.12", "2024年4月12日"), "状態": ("在架", "貸出可"),
    }  # fmt: skip
    desk.get(f"{desk.address}?row=2")
    assert "2行目：新しく入ります。" in sentence_of(desk) and cells(desk)["受入日"] == ("（空）", "（空）")
    assert not Item.select().exists()
    press(desk, "/run")
    assert Item.get(Item.barcode == "0100000002").acquired_on == date(2024, 4, 12)


def test_one_row_of_patrons_says_what_was_mended_and_left_empty(desk):
    factories.patron(card_number="0000002377588", name="森")
    file = "利用者番号,氏名,住所,電話自宅,生年月日,予約連絡方法,登録館\n0000002377570,山田,本町1,22-6101,昭和99年1月1日,メール,本館\n"
    send(desk, (file + "0000002377588,林,,,,,\n").encode(), "patrons")
    press(desk, "/columns", area_code="0575")
    shown = cells(desk)
    assert (
        shown["氏名"] == ("山田", "山田")
        and shown["登録館"] == ("本館", "本館")
        and shown["予約連絡方法"] == ("メール", "メール")
    )
    assert shown["電話自宅"] == ("22-6101", "0575-22-6101市外局番を補いました（22-6101 → 0575-22-6101）")
    assert shown["生年月日"][0] == "昭和99年1月1日" and shown["生年月日"][1].startswith("（空）日付として読めません")
    desk.get(f"{desk.address}?row=3")
    assert "3行目：いまあるものが変わります。" in sentence_of(desk) and Patron.get().name == "森"


def test_one_row_that_is_refused_shows_its_reasons(desk):
    send(desk, "利用者番号,氏名\n0000002377570,山田\n0000002377588,\n0000002377570,別人\n".encode(), "patrons")
    press(desk, "/columns")
    assert not desk.page.select("#one-row td") and desk.page.find(id="row"), "no row of this file goes in"
    desk.get(f"{desk.address}?row=3")
    assert "3行目：この行は入りません。 氏名：空です。" in sentence_of(desk) and cells(desk)["利用者番号"] == (
        "0000002377588",
        "–",
    )
    desk.get(f"{desk.address}?row=2")
    assert "利用者番号 0000002377570 が 2行目と 4行目にあり、内容が違います。" in sentence_of(desk), "by the whole file"


@pytest.mark.parametrize("row", ["1", "99", "x", "0"])
def test_a_number_that_no_row_has_is_said(row, desk):
    send(desk, "利用者番号,氏名\n0000002377570,山田\n".encode(), "patrons")
    press(desk, "/columns")
    answer = desk.get(f"{desk.address}?row={row}")
    assert answer.status_code == 422 and "その番号の行はありません。" in sentence_of(desk)
    assert desk.page.find(id="row")["value"] == row and desk.page.select_one("form[action$='/run']")


def test_one_row_of_titles_is_shown_with_its_creators_and_its_copy(desk):
    file = "書誌番号,書名,著者,著者ヨミ,ISBN,出版年月,登録番号,所蔵館\n1,こころ,夏目漱石著,ナツメ ソウセキ,9784101010137,1914.9,0100000001,1\n"
    send(desk, file.encode())
    press(desk, "/columns")
    assert "2行目：新しく入ります。" in sentence_of(desk)
    shown = cells(desk)
    assert (shown["書名"], shown["所蔵館"]) == (("こころ", "こころ"), ("1", "本館"))
    assert shown["著者ヨミ"] == ("ナツメ ソウセキ", "ナツメ ソウセキ") and not Title.select().exists()


def test_one_row_of_branches_loans_and_holds_is_shown(desk):
    send(desk, "館コード,館名,休館日,開館時間,受取可\n02,東部,月曜日,9:30-17:00,1\n".encode(), "branches")
    press(desk, "/columns")
    assert cells(desk)["館名"] == ("東部", "東部") and cells(desk)["休館日"] == ("月曜日", "月")
    assert "9:30–17:00" in cells(desk)["開館時間"][1] and cells(desk)["受取可"] == ("1", "はい")
    title = factories.title("こころ", source="csv", source_id="1")
    factories.item(title, barcode="0100000001", branch=Branch.get())
    factories.patron(card_number="0000002377570", name="山田")
    send(
        desk,
        "登録番号,利用者番号,貸出日,返却期限日,督促回数\n0100000001,0000002377570,R8.11.1,R8.11.15,1\n".encode(),
        "loans",
    )
    press(desk, "/columns")
    assert (
        cells(desk)["登録番号"][1] == "0100000001（こころ）" and cells(desk)["利用者番号"][1] == "0000002377570（山田）"
    )
    assert cells(desk)["返却期限日"] == ("R8.11.15", "2026年11月15日") and "督促は済み" in cells(desk)["督促回数"][1]
    send(desk, "利用者番号,書誌番号,受取館,予約日\n0000002377570,1,1,R8.11.1\n".encode(), "holds")
    press(desk, "/columns")
    assert cells(desk)["書誌番号"] == ("1", "こころ") and cells(desk)["受取館"] == ("1", "本館")
    assert cells(desk)["予約日時"][1].startswith("2026年11月1日(日)")
    copies = "登録番号,利用者番号,受取館,予約日,状態\n0100000001,0000002377570,1,R8.11.1,{}\n"
    for state, shown in (("予約中", "こころ"), ("取置済", "0100000001（こころ）")):
        send(desk, copies.format(state).encode(), "holds")
        press(desk, "/columns")
        assert cells(desk)["登録番号"] == ("0100000001", shown)
    assert not Loan.select().exists() and not Hold.select().exists() and Branch.select().count() == 1


def test_a_row_that_a_word_leaves_out_is_shown_as_not_taken(desk):
    send(desk, "利用者番号,氏名,登録館\n0000002377570,山田,77\n0000002377588,森,本館\n".encode(), "patrons")
    press(desk, "/columns")
    press(desk, "/values", means_branch_0="=-")
    desk.get(f"{desk.address}?row=2")
    assert "2行目：この行は取り込みません。 値の対応づけで、取り込まない行にしました" in sentence_of(desk)
