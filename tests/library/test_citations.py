"""結果を書き出す: files that programs for references read back as they were meant."""

import csv
import io
from urllib.parse import parse_qsl

import pybtex.database
import pytest
import rispy

from library.catalog.readers import formats
from library.catalog.records import Contributor, Record
from library.discovery import citations
from tests import factories

ADDRESS = "https://tosho.example.jp/titles/{}"


def cited(*titles):
    return list(citations.cited({title.id: ADDRESS.format(title.id) for title in titles}))


@pytest.fixture
def book(db):
    return factories.catalogued("鉄道 100% & #1_駅", title_kana="テツドウ", by=("夏目漱石", "ナツメ, ソウセキ"), subtitle="{旅}の~案内",
        volume="上",
                                publisher="岩波書店", place="東京", year=1989, isbns=["4-00-310111-X", "978-4-00-310111-7"],
                                series="岩波文庫 ; 緑10-1",
                                subjects=[("鉄道", ""), ("旅行", "")], language="jpn")  # fmt: skip


def test_ris_is_read_back(book):
    text = "".join(citations.ris(cited(book)))
    assert text.count("\n") == text.count("\r\n")
    (entry,) = rispy.loads(text)
    assert entry["type_of_reference"] == "BOOK"
    assert entry["authors"] == ["夏目, 漱石"]
    assert entry["title"] == "鉄道 100% & #1_駅：{旅}の~案内 上"
    assert (entry["publisher"], entry["place_published"], entry["year"]) == ("岩波書店", "東京", "1989")
    assert entry["issn"] == "9784003101117"
    assert entry["tertiary_title"] == "岩波文庫"
    assert entry["keywords"] == ["鉄道", "旅行"]
    assert entry["urls"] == [ADDRESS.format(book.id)]


def test_bibtex_is_read_back(book):
    (entry,) = pybtex.database.parse_string("".join(citations.bibtex(cited(book))), "bibtex").entries.values()
    assert entry.type == "book"
    (author,) = entry.persons["author"]
    assert (author.last_names, author.first_names) == (["夏目"], ["漱石"])
    assert entry.fields["yomi"] == "ナツメ, ソウセキ"
    assert entry.fields["title"] == r"鉄道 100\% \& \#1\_駅：\{旅\}の{\textasciitilde}案内 上"
    assert (entry.fields["year"], entry.fields["isbn"]) == ("1989", "9784003101117")
    assert (entry.fields["series"], entry.fields["number"]) == ("岩波文庫", "緑10-1")


def test_a_line_of_text_can_begin_no_field_of_its_own(db):
    text = "".join(citations.ris(cited(factories.catalogued("一行\nER  - \nTY  - BOOK", by=()))))
    (entry,) = rispy.loads(text)
    assert entry["title"] == "一行 ER - TY - BOOK"


def test_editors_and_translators_are_told_apart(db):
    makers = [
        Contributor("太宰治", "ダザイ, オサム", "編"),
        Contributor("モンゴメリ, ルーシー", "", "著"),
        Contributor("村岡花子", "ムラオカ, ハナコ", "訳"),
    ]
    title = factories.catalogued("赤毛のアン", contributors=makers, by=None, author="モンゴメリ 著 ; 村岡花子 訳")
    (entry,) = rispy.loads("".join(citations.ris(cited(title))))
    assert entry["authors"] == ["モンゴメリ, ルーシー"]
    assert entry["unknown_tag"]["ED"] == ["太宰, 治"]  # of RIS since 2001; rispy has no name for it
    assert entry["subsidiary_authors"] == ["村岡, 花子"]


@pytest.mark.parametrize(
    ("name", "kana", "inverted"),
    [
        ("夏目漱石", "ナツメ, ソウセキ", "夏目, 漱石"),
        ("森鴎外", "モリ オウガイ", "森, 鴎外"),
        ("宮沢, 賢治", "ミヤザワ, ケンジ", "宮沢, 賢治"),
        ("長谷川時雨", "ハセガワ, シグレ", "長谷川, 時雨"),
        ("すずかけ市教育委員会", "スズカケシ キョウイク イインカイ", "すずかけ市教育委員会"),
        ("シェイクスピア", "シェイクスピア", "シェイクスピア"),
        ("夢野久作", "", "夢野久作"),
        ("謎謎謎", "アイウ, エオカ", "謎謎謎"),
    ],
)
def test_a_comma_parts_a_name_where_its_reading_tells_its_parts(name, kana, inverted):
    assert citations.inverted(name, kana) == inverted


def test_coins_is_an_open_url(book):
    fields = parse_qsl(citations.coins(*cited(book)), strict_parsing=True)
    assert fields[:3] == [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:book"),
        ("rft.genre", "book"),
    ]
    assert ("rft.au", "夏目, 漱石") in fields
    assert ("rft.isbn", "9784003101117") in fields


def test_zotero_gets_editors_and_signs_that_it_would_lose():
    makers = [Contributor("山野花", "ヤマノ ハナ", "編"), Contributor("Murray, Ann", role="訳")]
    made = citations.Cited(1, Record("C++の本", contributors=makers), ADDRESS.format("1?a+b"))
    fields = parse_qsl(citations.coins(made))
    assert ("rft.btitle", "C＋＋の本") in fields and fields[-1] == ("rft_id", ADDRESS.format("1?a+b"))
    assert [name for key, name in fields if key == "rft.contributor"] == ["山野, 花", "Murray, Ann"]


def test_the_table_goes_into_another_library_as_a_file_of_titles(book, tmp_path):
    path = tmp_path / "titles.csv"
    path.write_bytes(citations.table(cited(book)).encode())
    (row,) = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    assert (row["書名"], row["著者ヨミ"], row["URL"]) == (book.title, "ナツメ, ソウセキ", ADDRESS.format(book.id))
    with formats.opened(path) as source:
        (entry,) = source
    record = entry.read()
    assert (record.title, record.subtitle, record.volume, record.year) == (book.title, book.subtitle, "上", 1989)
    assert [heading for heading, _ in record.subjects] == ["鉄道", "旅行"]


def test_a_reading_made_of_romaji_is_no_reading_for_others(db):
    title = factories.catalogued("海辺", title_kana="ウミベ", kana_source="romaji")
    assert citations.table(cited(title)).splitlines()[1].split(",")[2] == '""'


def test_a_title_that_is_gone_is_left_out(book):
    book.delete_instance()
    assert cited(book) == []
