"""Finding (spec 12, 2): the four levels of a word, each after the one before, and within each the places of a rank."""

import pytest

from library import clock
from library.catalog.query.query import Query, Row
from library.catalog.records import Contributor, OtherTitle, Record
from library.catalog.shown import results
from library.catalog.store import Store, next_id
from library.store import database
from models import Title


@pytest.fixture
def stock(db):
    """Put titles in, in this order, each the newest: ``stock(*records)``."""

    def put(*made):
        for year, record in enumerate(made, 1990):
            record.year = record.year or year
        with database.writing():
            first = next_id("title")
            Store().add(list(enumerate(made, first)), [""] * len(made), now=clock.now())

    return put


def book(title, kana="", **values):
    by = values.pop("by", ())
    return Record(title=title, title_kana=kana, contributors=[Contributor(*each) for each in by], **values)


def found(text="", **asked):
    """The full names of what is found, in order, and not instead of what was typed."""
    names = {title.id: title.full_name for title in Title.select()}
    page = results.find(Query(q=text, **asked), size=100)
    return [] if page.instead else [names[each] for each in page.ids]


KANA = [
    ("芥川りゅうのすけ", book("鼻", "ハナ", by=[("芥川, 竜之介", "アクタガワ, リュウノスケ")])),
    ("あくたがわ竜之介", book("鼻", "ハナ", by=[("芥川, 竜之介", "アクタガワ, リュウノスケ")])),
    (
        "島崎とうそん",
        book("破戒", by=[("島崎藤村", "", "著", "Shimazaki, Tōson")]),
    ),  # by a reading made of the romanisation
    ("子ども", book("子供の本", "コドモ ノ ホン")),
    ("子供", book("子どもの本")),
    ("子供", book("こどもの本")),
    ("子ども", book("子供の本")),
    ("こども", book("子供の本")),
    ("生まれかわる", book("生まれ変わる町", "ウマレカワル マチ")),
    ("生まれ変わる", book("生まれかわる町")),
    ("邊見さわお", book("龍神", "リュウジン", by=[("邊見, 澤男", "ヘンミ, サワオ")])),
    ("渡良瀬川", book("わたらせがわの本", by=[("渡良瀬川, 一", "ワタラセガワ, ハジメ")])),
]
NOT_KANA = [
    ("公園", book("講演の記録", "コウエン ノ キロク")),
    ("公えん", book("講演の記録", "コウエン ノ キロク")),
    ("子供", book("小供の本", "コドモ ノ ホン")),
    ("花", book("はなし方の本", "ハナシカタ ノ ホン")),
]


@pytest.mark.parametrize(("text", "record"), KANA)
def test_kana_stand_for_kanji(stock, text, record):
    stock(record)
    assert found(text) == [record.title]


@pytest.mark.parametrize(("text", "record"), NOT_KANA)
def test_kanji_never_stand_for_other_kanji(stock, text, record):
    stock(record)
    assert found(text) == []


def test_a_title_that_agrees_from_end_to_end_is_exact(stock):
    stock(book("宮沢賢治", "ミヤザワ ケンジ"), book("宮沢賢治の宇宙", "ミヤザワ ケンジ ノ ウチュウ"))
    assert found("宮沢けんじ") == ["宮沢賢治", "宮沢賢治の宇宙"]


@pytest.mark.parametrize(
    ("text", "title"),
    [("シェークスピア", "シェイクスピア全集"), ("ウィーン", "ヴィーンの森"), ("ヴィーン", "ウィーンの森"), ("ワーグナー", "ヴァーグナー伝"), ("ディジタル", "デジタルカメラ"),
     ("メート", "メイト"), ("ヴェネチア", "ベネチア紀行")],
)  # fmt: skip
def test_foreign_words_are_found_however_they_are_written(stock, text, title):
    stock(book(title))
    assert found(text) == [title]


def test_other_foreign_words_are_not_found(stock):
    stock(book("ビーンズ"))
    assert found("ウィーン") == []


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("art", ["The art of tea", "Artists"]),
        ("arti", ["Artists"]),
        ("rtis", ["Artists"]),
        ("tis", []),
        ("rtla", ["Heartland"]),
        ("mail", ["e-mail入門", "Mailbox"]),
        ("email", ["e-mail入門"]),
    ],
)
def test_latin_words_are_found_whole_then_as_beginnings_inside_of_others_from_four_letters_on(stock, text, titles):
    stock(book("Heartland"), book("Artists"), book("The art of tea"), book("Mailbox"), book("e-mail入門"))
    assert found(text) == titles


def test_one_or_two_latin_letters_are_kana_if_no_word_is_so(stock):
    stock(book("絵の本", "エ ノ ホン"))
    assert found("e") == ["絵の本"]
    stock(book("E"))
    assert found("e") == ["E"]


@pytest.mark.parametrize("text", ["toukyou", "tokyo", "TOUKYOU", "とうきょう", "ko-hi-", "sensou to heiwa"])
def test_kana_may_be_typed_in_latin_letters(stock, text):
    stock(book("東京のコーヒー 戦争と平和", "トウキョウ ノ コーヒー センソウ ト ヘイワ"))
    assert len(found(text)) == 1


def test_signs_alone_find_only_values_of_them(stock):
    stock(book("？"), book("なぜ？"), book("C++入門"))
    assert (found("?"), found("++"), found("゛"), found("C++")) == (["？"], [], [], ["C++入門"])


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("子供12", ["大子供12", "大子供十二", "大こども12"]),  # typed, other numbers, kana for kanji
        ("ディザイア", ["大ディザイア", "大ジザイア"]),  # typed, a foreign word
    ],
)
def test_each_level_comes_after_the_one_before(stock, text, titles):
    stock(*(book(title) for title in titles))
    assert found(text) == titles


def test_an_exact_title_of_another_spelling_comes_right_after_those_that_were_typed(stock):
    stock(book("子供と大人"), book("子供の町"), book("こども"), book("子供"))
    assert found("子供")[:2] == ["子供", "こども"]


def test_the_places_of_a_rank(stock):
    stock(
        book("件名に", subjects=[("山の夜明", "")]),
        book("内容に", contents="山の夜明ほか"),
        book("著者に", by=[("山の夜明会", "")]),
        book("早い山の夜明"),
        book("山の夜明の頃"),
        book("別の名", names=[OtherTitle("別書名", "山の夜明")]),
        book("叢書に", series="山の夜明"),
        book("その人", by=[("山の夜明", "")]),
        book("読まれる", "ヤマノヨアケ"),
        book("山の夜明"),
        book("番号", source="x", source_id="77001"),
    )
    names = ["山の夜明", "その人", "叢書に", "別の名", "山の夜明の頃", "早い山の夜明", "著者に", "件名に", "内容に"]
    assert found("山の夜明") == names
    assert found("ヤマノヨアケ")[0] == "読まれる"
    assert found("77001") == ["番号"]


def test_numbers_of_series_and_works_inside_are_found(stock):
    stock(
        book("茶の書", series="東洋文庫 ; 201"), book("全集", names=[OtherTitle("収録作品", "名人伝", "メイジンデン")])
    )
    assert found("東洋文庫 201") == ["茶の書"]
    assert found("名人伝") == found("めいじんでん") == found(rows=(Row("名人伝", "note", "equals"),)) == ["全集"]


def test_several_words_have_the_worst_of_their_ranks(stock):
    stock(book("茶と山", publisher="海書房"), book("海と山"))
    assert found("海 山") == ["海と山", "茶と山"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("東京大学は変る", "東京大学は変わる"),
        ("変わる東大", "変る東大"),
        ("取り調べとその適正化", "取調べとその適正化"),
        ("カエサルくんとほんの絵", ""),
        ("男ごころ", ""),
    ],
)
def test_kana_beside_kanji_and_kanji_typed_for_kana_are_found(stock, text, title):
    stock(
        book("東京大学は変わる", "トウキョウ ダイガク ワ カワル"),
        book("変る東大", "カワル トウダイ"),
        book("カエサルくんと本のおはなし", "カエサルクン ト ホン ノ オハナシ"),
        book("東京大学は大変な所", "トウキョウ ダイガク ワ タイヘン ナ トコロ"),
        book("釘抜藤吉捕物覚書", "クギヌキ トウキチ トリモノ オボエガキ"),
        book("取調べとその適正化", "トリシラベ ト ソノ テキセイカ"),
        book("百万人のそして唯一人の文学", "ヒャクマンニン ノ ソシテ ユイイツニン ノ ブンガク"),
        book("男心とはかうしたもの", "オトコゴコロ トハ コウ シタ モノ"),
    )
    assert found(text) == ([title] if title else [])


@pytest.mark.parametrize(
    "typed", ["ぎんがてつどうのよる", "ギンガテツドウ", "銀河てつどう", "ぎんが鉄道の夜", "gingatetsudou no yoru"]
)
def test_a_title_whose_record_has_no_reading_is_found_as_its_words_are_read(stock, typed):
    stock(book("銀河鉄道の夜"), book("夜の車"))
    assert found(typed) == ["銀河鉄道の夜"]


@pytest.mark.parametrize(
    ("typed", "title"), [("はんかちょう", "鬼の犯科帳"), ("よるはみじかし", "夜は短し"), ("やまのこうげん", "山の高原")]
)
def test_a_kanji_among_others_of_such_a_title_has_several_readings(stock, typed, title):
    stock(book("鬼の犯科帳"), book("夜は短し"), book("山の高原"))
    assert found(typed) == [title]


def test_other_titles_works_and_subtitles_without_a_reading_are_found_so_too(stock):
    names = [OtherTitle("別書名", "海辺の歴史"), OtherTitle("収録作品", "山村の教室")]
    stock(book("すなはま", names=names), book("そら", subtitle="天体望遠鏡入門"))
    assert found("うみべのれきし") == found("さんそんのきょうしつ") == ["すなはま"]
    assert found("てんたいぼうえんきょう") == ["そら"]


def test_a_reading_in_the_record_counts_and_comes_before_a_guess(stock):
    stock(book("海辺の町", "ウミベ ノ マチ"), book("日本の歴史", "ニホン ノ レキシ", volume="上"), book("日本の歴史"))
    assert found("かいへんのまち") == []
    assert found("にほんのれきし") == ["日本の歴史 上", "日本の歴史"]
