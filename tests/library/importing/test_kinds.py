"""The kind of a file is told by its headings, as many systems write them; where two fit, nobody guesses."""

import pytest

from library.importing import assignments, kinds
from library.importing.assignments import Assignments
from tests.library.catalog import sources

HEADINGS = {
    "branches": (
        "館コード,館名",
        "館コード,館名称,館名カナ,郵便番号,住所,ＴＥＬ,休館曜日",
        "館番号,館名称,館名ﾌﾘｶﾞﾅ,所在地,TEL,休館日",
        "館番号,館名,電話番号,表示順",
    ),
    "titles": (
        "書名",
        "書名,著者",
        "書名,著者,登録番号,所蔵館",
        "書誌番号,書名,備考",
        "書誌番号,書名,登録番号,所蔵館,受入日,著者,出版者",
        "書誌ID,書名,書名カナ,副書名,巻次,著者名,著者名カナ,出版者,出版年月,ISBN,分類番号,件名,価格,ページ/大きさ,叢書名,資料種別,備考１,備考２",
        "書誌ﾚｺｰﾄﾞ番号,タイトル,タイトルカナ,巻次,責任表示,出版社,出版年,ISBNｺｰﾄﾞ,分類,本体価格,対象,資料種別",
        "作品ID,作品名,作品名読み,ソート用読み,副題,副題読み,原題,分類番号",
        "タイトルコード,タイトル,タイトルヨミ,著者,出版者,出版年,ISBN,NDC",
    ),
    "items": (
        "登録番号,書誌番号,所蔵館",
        "登録番号,ISBN,所蔵館,請求記号",
        "資料コード,書誌ID,館コード,配架場所,請求記号１,請求記号２,請求記号３,資料種別,状態,受入日,購入価格,備考１,備考２",
        "資料ｺｰﾄﾞ,書誌ﾚｺｰﾄﾞ番号,所蔵館名,場所,請求記号,資料状態,受入年月日,資料種別",
        "バーコード,書誌コード,所蔵館コード,場所,請求記号,状態,受入年月日,金額",
    ),
    "patrons": (
        "利用者番号,氏名",
        "利用者ID,氏名（漢字）,氏名カナ,性別,生年月日,郵便番号,住所１,住所２,方書,電話１,電話２,携帯,メールアドレス,利用者区分,状態,登録館コード,登録日,有効期限,保護者氏名,備考１,備考２",
        "利用者コード,利用者氏名,利用者ｶﾅ,生年月日,性別,郵便番号,住所１,電話番号１,電話番号２,ﾒｰﾙｱﾄﾞﾚｽ,利用者種別,登録館名,登録年月日,有効期限日,備考,ﾒﾓ",
        "貸出券番号,漢字氏名,カナ氏名,生年月日,自宅電話,携帯電話,館",
        "カードＮｏ,氏名,フリガナ,生年月日,住所,電話番号",
        "カードNo,名前,よみ,男女,誕生日,区分,〒,住所,番地・アパート,電話,携帯,メール1,期限,状態,メモ",
    ),
    "loans": (
        "登録番号,利用者番号,貸出日,返却期限日",
        "資料コード,利用者ID,貸出日,返却期限,貸出館コード,延長回数,督促回数,返却日,備考１",
        "資料番号,貸出券番号,貸出年月日,返却予定日,館",
        "利用者番号,氏名,登録番号,書名,貸出日,返却期限日,貸出館",
    ),
    "holds": (
        "利用者番号,ISBN,受取館",
        "利用者ID,書誌コード,資料コード,受取館,予約日時,予約順位,連絡方法,状態,取置期限,備考１",
        "利用者カード番号,書誌番号,予約受取館,予約日,順位,氏名",
    ),
}
UNCLEAR = (
    "登録番号,書誌番号,タイトル,所蔵館,配架場所,請求記号,状態,受入日",  # copies with the titles beside, or titles with copies
    "登録番号,書誌ID,請求1,請求2,館CD,受入,貸区,金額,備考3",
    "利用者番号,登録番号,館",
    "コード,名称",
    "1,2,3",
)


def kind_of(tmp_path, content, remembered=lambda kind: Assignments()):
    path = tmp_path / "file"
    path.write_bytes(content if isinstance(content, bytes) else f"{content}\n".encode())
    return kinds.recognise(path, remembered)


@pytest.mark.parametrize(("kind", "headings"), [(kind, line) for kind, lines in HEADINGS.items() for line in lines])
def test_headings_of_many_systems_tell_the_kind(kind, headings, tmp_path):
    assert kind_of(tmp_path, headings) == (kind, True)
    tabs = f"一覧表\t2026/11/30 現在\n\n{headings.replace(',', chr(9))}\n".encode("cp932", "ignore")
    assert kind_of(tmp_path, tabs) == (kind, True)


@pytest.mark.parametrize("headings", UNCLEAR)
def test_headings_that_fit_two_kinds_tell_none(headings, tmp_path):
    assert kind_of(tmp_path, headings) == ("", True)


def test_records_that_are_no_table_are_titles(tmp_path):
    record = sources.marc(sources.Example(lines=["=LDR cam", "=001 1", "=003 X", "=245 $a雪国"], packed="utf-8"))
    assert kind_of(tmp_path, record) == ("titles", False)


def test_earlier_assignments_help_to_tell(db, tmp_path):
    headings = "バンゴウ,ナマエ,ジュウショ\n"
    assert kind_of(tmp_path, headings) == ("", True)
    made = Assignments({"card_number": "バンゴウ", "name": "ナマエ", "address": "ジュウショ"})
    assignments.remember("patrons", made, "A社")
    assert kind_of(tmp_path, headings, lambda kind: assignments.remembered(kind, "A社")) == ("patrons", True)
    assert kind_of(tmp_path, headings, lambda kind: assignments.remembered(kind, "B社")) == ("", True)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("ZOSHO_02.TXT", "items"), ("蔵書（東分館）.csv", "items"), ("予約.csv", "holds"), ("ﾀｲﾄﾙ.csv", "titles"),
     ("予約の利用者.csv", ""), ("図書館.csv", ""), ("data.csv", "")],
)  # fmt: skip
def test_the_name_of_a_file_offers_a_kind_where_it_tells_one(name, kind):
    assert kinds.offered(name) == kind
