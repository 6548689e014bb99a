import gzip
import io
import itertools
import tracemalloc
import zipfile

import pytest
from hypothesis import given, settings, strategies as st

from library import errors
from library.files import spreadsheets
from library.files.spreadsheets import Column

BOOK = (
    Column("title", ("書名",), required=True),
    Column("title_kana", ("書名ヨミ",)),
    Column("isbn", ("ISBN",)),
    Column("price", ("価格",)),
)


def table(content, columns=BOOK, **options):
    data = content if isinstance(content, bytes) else content.encode()
    return spreadsheets.Table(io.BytesIO(data), columns, **options)


def titles(content, **options):
    return [row.cells["title"] for row in table(content, **options) if not row.problems]


def problems(content):
    return {row.line: row.problems for row in table(content) if row.problems}


@pytest.mark.parametrize(
    ("encoding", "named", "end"),
    [
        *itertools.product(["utf-8", "utf-8-sig"], ["utf-8-sig"], ["\n", "\r\n", "\r"]),
        *itertools.product(["cp932"], ["cp932"], ["\n", "\r\n", "\r"]),
        *itertools.product(["utf-16"], ["utf-16"], ["\n", "\r\n", "\r"]),
        # without a mark, UTF-16 is known by its line feeds
        ("utf-16-le", "utf-16-le", "\r\n"),
        ("utf-16-be", "utf-16-be", "\n"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encoding_delimiter_and_line_ends_are_found_by_looking(encoding, named, end, delimiter):
    rows = [
        ("書名", "書名ヨミ", "価格"),
        ("髙﨑①～㈱", "タカサキ", "0500"),
        ("吾輩は猫である", "ワガハイワネコデアル", ""),
    ]
    read = table(end.join(delimiter.join(row) for row in rows).encode(encoding))
    assert read.encoding == named
    assert [row.cells for row in read] == [
        {"title": "髙﨑①～㈱", "title_kana": "タカサキ", "price": "0500"},
        {"title": "吾輩は猫である", "title_kana": "ワガハイワネコデアル", "price": ""},
    ]


@pytest.mark.parametrize(
    "headings",
    [
        "title,isbn",
        "ＴＩＴＬＥ,ISBN",
        " Title , i-s-b-n ",
        "書名,isbn",
        "isbn,書名",
        '"書　名",ISBN',
        "\ufeff書名,ISBN",
        "書\u2060名,IS\u200dBN",
    ],
)
def test_headings_are_english_or_japanese_in_any_order_and_width(headings):
    assert set(next(iter(table(f"{headings}\nx,y\n"))).cells) == {"title", "isbn"}


def test_cells_lose_the_signs_of_no_width_that_forms_lose():
    assert titles("書名\n坊っ\u200bちゃ\u2060ん\n") == ["坊っちゃん"]


def test_other_headings_by_a_mapping():
    assert titles("作品名,書名\n坊っちゃん,別\n", mapping={"title": "作品名"}) == ["坊っちゃん"]


def test_headings_that_nothing_reads_are_named():
    read = table("書名,棚,底本,\n坊っちゃん,1,2,\n")
    assert read.unknown == ["棚", "底本"]


def zipped(name):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "書名\n本\n")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "options", "refusal", "said"),
    [
        (b"", {}, errors.FileIsEmpty, "空"),
        (b"\n\n  \n", {}, errors.FileIsEmpty, "空"),
        ("ヨミ,価格\na,b\n", {}, errors.HeadingsMissing, "書名。"),
        ("title,書名\na,b\n", {}, errors.HeadingTwice, "「title」「書名」"),
        ("作品名,価格\na,b\n", {"mapping": {"title": "題"}}, errors.HeadingNotInFile, "「作品名」「価格」"),
        (b"PK\x03\x04 and the rest", {}, errors.FileIsSpreadsheet, "Excel"),
        (zipped("[Content_Types].xml"), {}, errors.FileIsSpreadsheet, "Excel"),
        (zipped("書誌.csv"), {}, errors.FileIsPacked, "展開"),
        (gzip.compress("書名\n本\n".encode(), mtime=0), {}, errors.FileIsPacked, "展開"),
        (b"\xd0\xcf\x11\xe0 and the rest", {}, errors.FileIsSpreadsheet, "Excel"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", {}, errors.FileIsNoTable, "CSV"),
        (b"SQLite format 3\x00" + bytes(400), {}, errors.FileIsNoTable, "CSV"),
        (b"00714cam a2200205 a 4500001\x1e12\x1d", {}, errors.FileIsNoTable, "CSV"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", {}, errors.FileIsNoTable, "CSV"),
        (b"x" * 3_000_000, {}, errors.FileIsNoTable, "CSV"),
        ('"書名,ISBN\na,b\n', {}, errors.FileIsNoTable, "CSV"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_with_a_sentence(content, options, refusal, said):
    with pytest.raises(refusal) as refused:
        table(content, **options)
    assert said in refused.value.sentence


def test_one_of_several_columns_must_be_there():
    columns = (Column("source_id", ("書誌番号",)), Column("isbn", ("ISBN",)), Column("shelf"))
    with pytest.raises(errors.HeadingsMissing, match="どれか"):
        table("shelf,x\n1,2\n", columns, either=("source_id", "isbn"))


def test_cells_are_trimmed_and_kept_as_text():
    rows = list(table('書名,ISBN,価格\n　坊っちゃん ,"=""0012""",="007"\n"二行の\n題",a,b\n'))
    assert rows[0].cells == {"title": "坊っちゃん", "isbn": "0012", "price": "007"}
    assert rows[1].cells["title"] == "二行の 題"


def test_quoted_cells_hold_delimiters_quotes_and_line_ends():
    assert titles('書名,ISBN\n"a, ""b""\r\nc",1\nd,2\n') == ['a, "b" c', "d"]


def test_rows_have_the_numbers_that_a_spreadsheet_gives_them():
    rows = list(table('\n書名,ISBN\n\n"a\nb",1\nc,2\n,,\nd,3\n'))
    assert [row.line for row in rows] == [4, 5, 7], "the row of two lines is one"
    assert [row.line for row in table("sep=;\n書名;ISBN\na;1\n")] == [2], "a spreadsheet doesn't show the first line"


def test_short_rows_are_filled_up_and_long_ones_refused():
    assert next(iter(table("書名,ISBN,価格\na\n"))).cells == {"title": "a", "isbn": "", "price": ""}
    assert problems("書名,ISBN\na,b,,\na,b,c\n") == {3: {"": [errors.RowHasMoreCells()]}}


@pytest.mark.parametrize("broken", ['"not closed,2', '"closed" too early,2', '"a"b"c",2'])
def test_a_row_with_broken_quotes_is_refused_and_the_others_are_read(broken):
    content = "書名,ISBN\na,1\n" + broken + "\nb,3\n" + "c,4\n" * 500
    assert problems(content) == {3: {"": [errors.RowQuotesBroken()]}}
    assert titles(content) == ["a", "b"] + ["c"] * 500


def test_quotes_that_are_never_closed_at_the_end_of_the_file_are_refused():
    assert problems('書名,ISBN\na,1\n"b,2') == {3: {"": [errors.RowQuotesBroken()]}}


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x85", "\u202e", "\u2067"])
def test_a_row_with_characters_that_nobody_sees_is_refused_by_its_column(character):
    assert problems(f"書名,ISBN\na,1\nb{character}c,2\nd,3\n") == {3: {"title": [errors.CellHasControl()]}}


def test_a_damaged_character_is_no_other_encoding_and_somebody_should_look_at_its_cell():
    content = ("書名,ISBN\n" + "吾輩は猫である,1\n" * 50).encode() + b"\xe5\x90,2\n" + "坊っちゃん,3\n".encode()
    read = table(content)
    assert read.encoding == "utf-8-sig"
    assert [(row.line, row.odd) for row in read if row.odd] == [(52, ["title"])]
    for damage in (b"\xfd", b"\x81!"):
        cp932 = ("書名,ISBN\n" + "吾輩は猫である,1\n" * 5).encode("cp932") + b"a" + damage + b",2\n"
        assert [row.odd for row in table(cp932) if row.odd] == [["title"]]


def test_a_line_of_a_million_characters_is_refused_and_left_behind():
    content = "書名,ISBN\na,1\n" + "x" * 2_500_000 + ",2\nb,3\n"
    assert problems(content) == {3: {"": [errors.RowTooLong()]}}
    assert titles(content) == ["a", "b"]


# -- headings ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("heading", "known"),
    [
        ("利用者コード", "利用者番号"),
        ("資料ｺｰﾄﾞ", "資料番号"),
        ("登録年月日", "登録日"),
        ("登録館名", "登録館"),
        ("利用者種別", "利用者区分"),
        ("利用者ｶﾅ", "利用者ヨミ"),
        ("館名ﾌﾘｶﾞﾅ", "館名カナ"),
        ("電話番号(1)", "電話番号１"),
        ("ﾒｰﾙｱﾄﾞﾚｽ", "メールアドレス"),
        ("タイトル（カナ）", "タイトルヨミ"),
    ],
)
def test_headings_of_other_systems_end_in_other_words_for_the_same(heading, known):
    assert table(f"{heading}\nx\n", [Column("it", (known,))]).headings_of("it") == [heading]


def test_lines_above_the_headings_are_named():
    read = table("利用者一覧,,\n\n2026年11月25日 出力\n書名,ISBN\na,1\n")
    assert (read.before, read.headings) == (["利用者一覧", "2026年11月25日 出力"], ["書名", "ISBN"])
    assert [(row.line, row.cells["title"]) for row in read] == [(5, "a")]


def test_without_one_that_must_be_there_three_known_headings_make_a_row_of_headings():
    content = "一覧表,,\n書名ヨミ,ISBN,価格\nア,1,2\n"
    with pytest.raises(errors.HeadingsMissing, match="「書名ヨミ」「ISBN」「価格」"):
        table(content)
    assert table("表,,\n作品,ISBN,価格\nア,1,2\n", mapping={"title": "作品"}).before == ["表"]


def test_headings_are_looked_for_in_ten_rows():
    assert table("表\n" * 9 + "書名,ISBN\na,1\n").headings == ["書名", "ISBN"]
    with pytest.raises(errors.Refused):
        table("表\n" * 10 + "書名,ISBN\na,1\n")


def test_columns_that_belong_together_are_joined():
    columns = [Column("address", ("住所", "住所1", "住所2"), joined=" ")]
    read = table("住所１,住所２\n本町1-1,ハイツ101\n本町2,\n,ハイツ\n本町3,本町3\n", columns)
    assert [row.cells["address"] for row in read] == ["本町1-1 ハイツ101", "本町2", "ハイツ", "本町3"]
    assert read.unknown == []
    read = table("町,番地,号\n本町,1,1\n", columns, mapping={"address": "町\n番地\n号"})
    assert [row.cells["address"] for row in read] == ["本町 1 1"], "each part counts"


def test_parts_make_a_column_where_its_own_heading_is_not_there():
    columns = [Column("call_number", ("請求記号",), joined=" ", parts=("分類", "著者記号", "巻冊"))]
    assert next(iter(table("分類,著者記号,巻冊\n913.6,ナ,2\n", columns))).cells["call_number"] == "913.6 ナ 2"
    assert table("請求記号,分類,著者記号\n913.6 ナ,913.6,ナ\n", columns).unknown == ["分類", "著者記号"]
    assert table("分類\n913.6\n", columns).unknown == ["分類"]


def test_the_first_of_several_headings_that_say_the_same_is_taken():
    columns = [Column("branch", ("館", "館コード"), first=True)]
    read = table("館コード,館名\n01,本館\n", columns)
    assert (read.headings_of("branch"), read.unknown) == (["館名"], ["館コード"])


def test_one_heading_given_to_two_columns_stops_the_file():
    with pytest.raises(errors.HeadingGivenTwice, match="「番号」を、書名 と ISBN の両方"):
        table("番号\n1\n", mapping={"title": "番号", "isbn": "番号"})
    assert titles("題,番号\na,1\n", remembered={"isbn": "題"}, mapping={"title": "題"}) == ["a"], "said anew"


def test_a_heading_is_looked_for_as_it_is_written():
    columns = [Column("it")]
    read = table("利用者番号,利用者コード\n1,2\n", columns, mapping={"it": "利用者コード"})
    assert next(iter(read)).cells == {"it": "2"}


def test_a_column_can_be_left_out():
    assert table("書名,ISBN\na,1\n", mapping={"isbn": "-"}).unknown == ["ISBN"]
    with pytest.raises(errors.HeadingsMissing):
        table("書名\na\n", mapping={"title": "-"})


def test_性別_is_never_taken():
    assert table("書名,性別\na,男\n").unknown == ["性別"]
    with pytest.raises(errors.HeadingNeverTaken):
        table("書名,性別\na,男\n", mapping={"isbn": "性別"})


@pytest.mark.parametrize("heading", ["館CD", "館ＣＤ", "館コード", "館No", "館Ｎｏ．", "館番号"])
def test_a_heading_ends_in_any_word_for_number(heading):
    assert table(f"{heading}\n1\n", columns=[Column("branch", ("館番号",))]).has("branch")


def test_an_assignment_of_before_counts_where_the_file_has_it():
    assert titles("作品\na\n", remembered={"title": "作品"}) == ["a"]
    assert titles("書名\na\n", remembered={"title": "作品"}) == ["a"]
    assert titles("書名,作品\na,b\n", remembered={"title": "作品"}, mapping={"title": "書名"}) == ["a"]


# -- values and letters ------------------------------------------------------------------------------------------------
def test_words_of_a_file_become_those_of_the_library_and_what_stood_there_is_known():
    read = table("書名,価格\na,ﾊﾝｶﾞｸ\nb,半 額\nc,定価\n", values={"price": {"ハンガク": "half", "半額": ""}})
    assert [(row.cells["price"], row.written("price"), row.mapped) for row in read] == [
        ("half", "ハンガク", {"price": "ハンガク"}),
        ("", "半 額", {"price": "半 額"}),
        ("定価", "定価", {}),
    ]
    left_out = [row.left_out_by for row in table("書名,価格\na,非売\nb,1\n", values={"price": {"非売": "-"}})]
    assert left_out == ["price", ""]


def test_kana_of_half_width_is_written_in_full():
    assert titles("書名\nｶﾞｲﾄﾞ･ﾌﾞｯｸ 2\n") == ["ガイド・ブック 2"]


@pytest.mark.parametrize("text", ["\ue000田", "\U000f0001", "山\ufffd", "〓橋", "?田", "吉?", "々?"])
def test_letters_that_nobody_can_be_sure_of_are_taken_and_named(text):
    row, _ = table(f"書名,ISBN\n{text},1\n吾輩は猫である,2\n")
    assert (row.cells["title"], row.odd, row.problems) == (text, ["title"], {})


@pytest.mark.parametrize("text", ["なぜ?", "Who?", "髙﨑𠮷", "葛󠄀城", "①㈱～"])
def test_letters_that_are_meant_so_are_not_named(text):
    (row,) = table(f"書名,ISBN\n{text},1\n")
    assert row.odd == []


PIECES = st.sampled_from(
    ["書名,ISBN\n", "a,1\n", '"', ",", "\t", "\r", "\n", "\x00", "吾輩", "\ufeff", ' "x"', "\u202e", "é"]
)


@given(st.lists(PIECES, max_size=40), st.sampled_from(["utf-8", "cp932", "utf-16", "utf-16-le"]), st.binary(max_size=3))
@settings(max_examples=300)
def test_whatever_a_file_holds_it_is_refused_or_read(pieces, encoding, damage):
    content = "".join(pieces).encode(encoding, "replace")
    middle = len(content) // 2
    try:
        rows = list(table(b"title,isbn\n" + content[:middle] + damage + content[middle:]))
        lines = [row.line for row in rows]
        assert lines == sorted(set(lines))
    except errors.Refused as refusal:
        assert refusal.sentence


def test_rows_can_be_read_twice():
    read = table("\n\n書名,ISBN\na,1\nb,2\n")
    assert [row.line for row in read] == [row.line for row in read] == [4, 5]


def test_a_file_is_read_as_a_stream(tmp_path):
    path = tmp_path / "long.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("書名,ISBN\n")
        file.writelines(f"吾輩は猫である その{number},{number}\n" for number in range(100_000))
    tracemalloc.start()
    with spreadsheets.opened(path, BOOK) as read:
        assert sum(1 for _ in read) == 100_000
        assert read.position == read.size
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000 < 100_000 * 100
