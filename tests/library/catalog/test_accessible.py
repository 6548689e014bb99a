"""利用しやすい形式: which words of a record tell of one, and which are only about it."""

import pytest

from library.catalog import editing, exporting, records
from library.catalog.codes import accessible
from library.catalog.readers import marc, title_tables
from library.catalog.records import Record
from library.files import spreadsheets
from tests import factories


def formats(title="港の一日", **given):
    record = Record(title, **given)
    accessible.add_mentioned(record)
    return list(map(accessible.words, accessible.codes(record.formats)))


@pytest.mark.parametrize(
    ("text", "word"),
    {
        "大活字本": "大活字",
        "Large print ed.": "大活字",
        "点字版": "点字",
        "点訳": "点字",
        "さわる絵本": "さわる資料",
        "触ってよむ図鑑": "さわる資料",
        "ＬＬブック": "LLブック",
        "DAISY": "DAISY",
        "デイジー図書": "DAISY",
        "マルチメディアＤＡＩＳＹ": "マルチメディアDAISY",
        "マルチメディアデイジー版": "マルチメディアDAISY",
        "アクセシブルなEPUB": "アクセシブルEPUB",
        "日本語字幕": "字幕",
        "手話付き": "手話",
        "音声ガイド": "音声解説",
        "audio description": "音声解説",
    }.items(),
)
def test_words_tell_of_a_format_wherever_they_stand(text, word):
    for name in ("series", "extent", "note", "material_type", "accessibility", "subtitle", "contents"):
        if name not in ("subtitle", "contents") or text not in ("点訳",):
            assert formats(**{name: f"1枚 ; {text}"}) == [word], name


@pytest.mark.parametrize(
    "title",
    [
        "手話入門",
        "点字の歴史",
        "字幕の翻訳",
        "デイジー・ミラー",
        "Daisy Miller",
        "心にさわる",
        "やさしい音声学",
        "A history of braille",
    ],
)
def test_a_book_about_it_is_not_in_it(title):
    assert formats(title) == []


def test_a_format_said_to_be_missing_is_missing():
    assert formats(note="字幕なし", extent="手話はありません") == []
    assert formats(accessibility=f"{accessible.LACKS}字幕が一部ありません") == []


def test_a_title_in_sign_language_is_one():
    assert formats(language="sgn") == ["手話"]


def test_a_row_of_a_table_tells_by_its_words():
    entry = title_tables.entry(
        spreadsheets.Row(2, {"title": "こころ", "extent": "点字 ; 3冊", "series": "大活字本シリーズ"})
    )
    assert entry.parsed().formats == "large-print braille"


def test_the_desk_has_the_last_word(db):
    title = factories.catalogued("点字つき絵本", formats="braille")
    stored = records.load([title.id])[title.id]

    def change(**typed):
        record = editing.read(editing.typed_of(stored) | typed)
        return accessible.after_edit(accessible.codes(record.formats), record, stored)

    assert change(formats=[]) == accessible.NONE
    assert change(formats=["ll", "nonsense"]) == "ll"
    assert change(formats=["braille"], note="大活字を添える") == "large-print braille"


def test_a_format_that_the_desk_took_away_stays_away():
    record = Record("点字つき絵本", formats=accessible.NONE)
    accessible.add_mentioned(record)
    assert accessible.codes(record.formats) == []


def test_formats_go_out_and_come_back():
    record = Record(
        "港の一日",
        formats="large-print ll captions",
        accessibility="字の大きさは22ポイントです。",
        language="eng",
        year=2001,
    )
    back = marc.record(exporting.marc_from_fields(1, record))
    accessible.add_mentioned(back)
    assert (back.formats, back.language, back.year) == (record.formats, "eng", 2001)
    assert "字の大きさは22ポイントです。" in back.accessibility


def test_a_feature_is_told_in_japanese_however_a_cataloguer_spells_it():
    assert accessible.describe_features(
        ["closed captioning", "Closed captions", "audio description", "手でさわる"]
    ) == ("字幕（表示を選べる）、音声解説、手でさわる")
